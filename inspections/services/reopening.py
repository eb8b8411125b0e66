"""A hazard that is back (重开): who opens it again, and who settles its new date."""

from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from common.days import full_day
from common.errors import DomainError, require
from inspections.enums import HazardStage, StampKind
from inspections.models import Hazard
from inspections.permissions import can_judge_hazard, can_list_hazards
from inspections.services.hazards import (
    Stamp,
    check_near,
    finish,
    lock_hazard,
    move,
    need_words,
)
from notices.addressees import Directory
from notices.rules import SIGNATURE, fit
from notices.services.posting import Message, post_notice
from organizations.models import User


def reopen_hazard(
    hazard: Hazard, stamp: Stamp, *, version: int, due_on: date | None = None
) -> Hazard:
    """Open a closed hazard again because it is back (重开); each time is counted.

    The office sets the new date. A unit opens its own hazard at once and goes by the date that was
    settled before: it may set an earlier one for a 一般隐患; for a 重大隐患 it sets none, and the
    office is told to.
    Source: 挂牌督办的期限要求由安委办提出; a date once settled is the office's to move.
    """
    with transaction.atomic():
        hazard = lock_hazard(hazard, version=version)
        require(can_judge_hazard(stamp.actor, hazard.unit_id, today=day_of(stamp.at)))
        need_words(stamp, "重开要写明理由：什么情况又出现了。")
        if hazard.stage != HazardStage.CLOSED:
            raise DomainError("只有已销号的隐患可以重开。")
        is_office = can_list_hazards(stamp.actor, today=day_of(stamp.at))
        due_on = _due_again(hazard, due_on, is_office=is_office, today=day_of(stamp.at))
        hazard.was_late = hazard.is_late
        move(hazard, HazardStage.REGISTERED)
        hazard.reopened += 1
        hazard.closed_on = hazard.treated_by = None
        hazard.due_on = due_on
        hazard.third_party = hazard.third_party_no = ""
        finish(hazard, StampKind.REOPENED, stamp)
        if hazard.is_major and not is_office:
            _ask_office_for_date(hazard, actor=stamp.actor, at=stamp.at)
    return hazard


def _due_again(hazard: Hazard, due_on: date | None, *, is_office: bool, today: date) -> date:
    """Return the date of a reopened hazard. Raises: DomainError for one that is not to be set."""
    latest = hazard.again_until(today)
    if hazard.is_major and not is_office:
        return latest
    if due_on is None:
        raise DomainError("重开要定新的时限。")
    check_near(due_on, today=today)
    if due_on < today:
        raise DomainError("新的时限不能早于今天。")
    if due_on > latest and not is_office:
        raise DomainError(f"新的时限最迟定在{full_day(latest)}，要更晚的由区安委办定。")
    return due_on


def _ask_office_for_date(hazard: Hazard, *, actor: User, at: datetime) -> None:
    before = f"{SIGNATURE}{hazard.unit.short_name}重开重大隐患 {hazard.number} "
    message = Message(
        subject=f"hazard:{hazard.pk}",
        text=fit(before, hazard.title, "，请定新的时限。"),
        url=hazard.get_absolute_url(),
        kind="hazard-reopened",
    )
    clerks = User.objects.filter(pk__in=Directory.on(day_of(at)).clerks)
    post_notice(clerks, message, actor=actor, at=at)
