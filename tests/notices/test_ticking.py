"""The planner's own clock: held while the wall clock stands wrong, going on when it is right."""

from datetime import datetime, timedelta

import pytest

from common.clock import Reading
from notices.models import Notice, PlannerScan
from notices.rules import Schedule
from notices.services.managing import Limits, set_limits, set_schedule
from notices.services.ticking import LEASE, clock_is_sound, confirm_clock, plan_if_needed
from organizations.services.people import get_system_user
from tests.builders import NOW, TODAY
from tests.notices.conftest import QUARTER

pytestmark = pytest.mark.django_db
HOUR, DAY = 3600.0, 86400.0


def sound(wall: float, passed: float, host: str = "a") -> bool:
    return clock_is_sound(Reading(host, 1_000_000_000.0 + wall, 5000.0 + passed))


def test_time_that_passes_is_sound():
    assert [sound(0, 0), sound(30, 30), sound(30 * DAY, 30 * DAY)] == [True, True, True]


@pytest.mark.parametrize("jump", [-2 * HOUR, 2 * HOUR, DAY, 95 * DAY])
def test_nothing_is_planned_while_the_clock_is_wrong_and_it_goes_on_when_put_right(jump):
    sound(0, 0)

    assert not sound(jump + 30, 30)
    assert not sound(jump + 60, 60)
    assert sound(90, 90)


def test_a_small_correction_is_no_jump():
    sound(0, 0)

    assert sound(590, 0.5)
    assert not sound(590 + 700, 1.0)


def test_after_a_restart_only_a_step_back_can_be_told():
    sound(DAY, 100)

    assert not sound(0, 0, host="b")
    assert sound(DAY + 60, 60, host="b")


def test_the_office_can_take_the_clock_for_right():
    sound(0, 0)
    assert not sound(DAY, 30)
    right = Reading("a", 1_000_000_000.0 + DAY, 5030.0)

    confirm_clock(right, actor=get_system_user(), at=NOW)

    assert sound(DAY + 30, 60)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def look(minutes: float) -> int:
    return plan_if_needed(lambda: at(minutes))


def test_a_day_is_looked_through_once_and_again_after_a_quarter_of_an_hour(people, duties):
    duties.add_quarter(1, people.zjj)
    assert look(0) == 1
    duties.add_quarter(2, people.zjj)

    assert look(1) == 0
    assert look(16) == 1
    assert PlannerScan.objects.get().day == TODAY


def test_a_planner_that_died_keeps_nobody_waiting_long(people, duties):
    duties.add_quarter(1, people.zjj)
    PlannerScan.objects.claim(at=at(0), until=at(0) + LEASE, longest=at(0) + LEASE)

    assert look(0.3) == 0
    assert look(0.4) == 1


def test_a_lease_from_a_clock_that_was_put_back_is_stale(people, duties):
    duties.add_quarter(1, people.zjj)
    PlannerScan.objects.claim(at=at(120), until=at(121), longest=at(121))

    assert look(0) == 1


def test_a_clock_put_back_does_not_stop_the_day(people, duties):
    duties.add_quarter(1, people.zjj)
    look(0)
    duties.add_quarter(2, people.zjj)

    assert look(-120) == 1
    assert Notice.objects.count() == 2


def test_what_the_office_decides_is_followed_by_the_next_tick(people, duties):
    office = {"actor": people.office, "at": NOW, "reason": "系统割接"}
    look(0)
    set_limits(Limits(is_paused=True, cap=2000), version=0, **office)
    duties.add_quarter(1, people.zjj)
    assert look(1) == 0
    scan = PlannerScan.objects.get()
    assert (scan.runs, scan.finished_at) == (1, at(0))

    set_limits(Limits(is_paused=False, cap=2000), version=1, **office)
    assert look(2) == 1
    assert look(3) == 0

    set_schedule(QUARTER, Schedule(days_before=(14,)), version=0, **office)
    look(4)
    assert PlannerScan.objects.get().runs == 3
