"""What the office decides about reminders: pause, cap, schedule, and what was held."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, StaleVersion, require
from common.tracked import save_with_history
from notices.enums import DeliveryState, NoticeState
from notices.models import Delivery, Notice, PlannerScan, ReminderSchedule, ReminderSetting
from notices.permissions import can_manage_reminders
from notices.rules import Schedule
from organizations.models import User


@dataclass(frozen=True)
class Limits:
    """Whether reminders go out by themselves, and how many at once at most."""

    is_paused: bool
    cap: int


def set_limits(limits: Limits, *, version: int, actor: User, at: datetime, reason: str) -> None:
    """Pause or resume reminders and set the cap (提醒设置); the next tick goes by it.

    Raises: StaleVersion when somebody saved after the form was shown.
    """
    with transaction.atomic():
        require(can_manage_reminders(actor, today=day_of(at)))
        stored = ReminderSetting.objects.select_for_update(of=("self",)).first()
        setting = stored or ReminderSetting.current()
        if setting.version != version:
            raise StaleVersion
        setting.is_paused, setting.cap = limits.is_paused, limits.cap
        setting.version += 1
        save_with_history(setting, actor=actor, reason=reason, at=at)
        PlannerScan.objects.reopen()


def set_schedule(
    kind: str, schedule: Schedule, *, version: int, actor: User, at: datetime, reason: str
) -> None:
    """Set on which days one kind of duty is called to mind (提醒安排).

    What was given stays given; the next tick goes by the new days.
    Raises: StaleVersion when somebody saved after the form was shown.
    """
    with transaction.atomic():
        require(can_manage_reminders(actor, today=day_of(at)))
        stored = ReminderSchedule.objects.select_for_update(of=("self",)).filter(kind=kind).first()
        if (stored.version if stored else 0) != version:
            raise StaleVersion
        row = stored or ReminderSchedule(kind=kind, version=0)
        row.at_start, row.at_middle = schedule.at_start, schedule.at_middle
        row.days_before = list(schedule.days_before)
        row.workdays_before = list(schedule.workdays_before)
        row.ladder = list(schedule.ladder)
        row.version += 1
        save_with_history(row, actor=actor, reason=reason, at=at)
        PlannerScan.objects.reopen()


def release_held(*, actor: User, at: datetime, reason: str) -> int:
    """Let what was held go out with the next run (放行). Returns: how many."""
    return _decide(NoticeState.PLANNED, actor=actor, at=at, reason=f"放行：{reason}")


def cancel_held(*, actor: User, at: datetime, reason: str) -> int:
    """Call off what was held (全部取消); a rung of the ladder is tried again some days later.

    Returns: how many.
    """
    return _decide(NoticeState.CANCELLED, actor=actor, at=at, reason=f"取消：{reason}")


def resend_delivery(delivery: Delivery, *, actor: User, at: datetime) -> None:
    """Try once more to get a message out (再投递一次), after somebody looked why it did not."""
    with transaction.atomic():
        require(can_manage_reminders(actor, today=day_of(at)))
        stuck = [DeliveryState.FAILED, DeliveryState.UNCERTAIN]
        if not Delivery.objects.again(delivery.pk, stuck, not_before=at):
            raise DomainError("这条消息的状态已经变了，请刷新页面查看。")


def _decide(to: NoticeState, *, actor: User, at: datetime, reason: str) -> int:
    with transaction.atomic():
        require(can_manage_reminders(actor, today=day_of(at)))
        held = Notice.objects.filter(state=NoticeState.HELD)
        stamps = {"cancelled_at": at} if to == NoticeState.CANCELLED else {}
        count = held.move_all(to, reason=reason[:100], decided_by=actor, **stamps)
        if not count:
            raise DomainError("现在没有暂缓的提醒，可能已经有人处理，请刷新页面。")
    return count
