"""Whether and how much to plan now: the clock must be sound, one planner looks, a day once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from common.clock import Reading, day_of
from common.errors import require
from notices.models import PlannerClock, PlannerScan, ReminderSetting
from notices.permissions import can_manage_reminders
from notices.rules import clock_jumped
from notices.services.planning import plan_notices
from organizations.models import User

LEASE = timedelta(seconds=20)  # 每看完一批续一次
LOOK_AGAIN_AFTER = timedelta(minutes=15)  # 当天新下发、改期的事项隔这么久再看一遍


def clock_is_sound(reading: Reading) -> bool:
    """Compare the wall clock with what has passed since the last run, and note the reading.

    While the clock stands wrong nothing is planned, so that a period which is not reached
    reminds nobody; the last good reading is kept, and planning goes on by itself as soon as the
    clock is right again.
    """
    with transaction.atomic():
        rows = PlannerClock.objects.order_by("-wall")
        known = rows.filter(host=reading.host).first()
        last = known or rows.first()
        if last is not None and clock_jumped(
            last.wall, reading.wall, reading.steady - known.steady if known else None
        ):
            held = last.held_since if last.held_since is not None else reading.wall
            PlannerClock.objects.note(
                last.host, wall=last.wall, steady=last.steady, held_since=held
            )
            return False
        PlannerClock.objects.note(
            reading.host, wall=reading.wall, steady=reading.steady, held_since=None
        )
        if last is not None and last.held_since is not None and last.host != reading.host:
            PlannerClock.objects.note(
                last.host, wall=last.wall, steady=last.steady, held_since=None
            )
        return True


def plan_if_needed(instant: Callable[[], datetime]) -> int:
    """Plan the day unless it was looked through just now, or another planner is at it."""
    at = instant()
    return plan_day(instant, at=at, today=day_of(at)) if _is_wanted(at) else 0


def plan_day(instant: Callable[[], datetime], *, at: datetime, today: date) -> int:
    """Plan a day unless another planner is at it.

    When two planners do meet, the unique key still lets each reminder in once. What is planned
    goes out when a planner has finished; a lease that nobody gave back says that none has.
    Returns: how many reminders were added.
    """
    with transaction.atomic():
        if not PlannerScan.objects.claim(at=at, until=at + LEASE, longest=at + LEASE):
            return 0
    added = plan_notices(
        at=at,
        today=today,
        after_chunk=lambda: PlannerScan.objects.renew(until=instant() + LEASE),
    )
    with transaction.atomic():
        PlannerScan.objects.finish(day=today, at=instant())
    return added


def _is_wanted(at: datetime) -> bool:
    if ReminderSetting.current().is_paused:
        return False
    scan = PlannerScan.objects.first()
    if scan is None or scan.finished_at is None or scan.day != day_of(at):
        return True
    if scan.lease_until is not None:  # 没看完的，占用到期就接着看
        return True
    since = at - scan.finished_at
    return not timedelta(0) <= since < LOOK_AGAIN_AFTER


def confirm_clock(reading: Reading, *, actor: User, at: datetime) -> None:
    """Take the clock as it stands now for right (时钟已核对), after somebody looked at it."""
    require(can_manage_reminders(actor, today=day_of(at)))
    with transaction.atomic():
        PlannerClock.objects.forget()
        PlannerClock.objects.note(reading.host, wall=reading.wall, steady=reading.steady)
