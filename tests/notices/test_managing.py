"""What the office decides: pause, cap, hold, schedule."""

from datetime import timedelta

import pytest

from common.clock import morning_of
from common.errors import NotAllowed, StaleVersion
from notices.enums import NoticeState
from notices.models import Notice, ReminderSchedule, ReminderSetting
from notices.rules import Schedule
from notices.services.delivering import deliver_notices
from notices.services.managing import (
    Limits,
    cancel_held,
    release_held,
    set_limits,
    set_schedule,
)
from notices.services.planning import plan_notices
from tests.builders import NOW, TODAY
from tests.notices.conftest import QUARTER

pytestmark = pytest.mark.django_db


def limits(people, *, is_paused=False, cap=2000, version=0) -> None:
    set_limits(Limits(is_paused, cap), version=version, actor=people.office, at=NOW, reason="测试")


def run(day=TODAY) -> tuple[int, int]:
    at = morning_of(day)
    return plan_notices(at=at, today=day), deliver_notices(at=at, today=day)


def test_a_pause_is_caught_up_by_one_notice(people, duties):
    duties.add_quarter(1, people.zjj)
    limits(people, is_paused=True)
    assert run() == (0, 0)
    assert run(TODAY + timedelta(days=6)) == (0, 0)

    limits(people, version=1)

    assert run(TODAY + timedelta(days=7)) == (1, 1)
    assert Notice.objects.get().rule == "workdays-5"


def test_more_than_the_cap_waits_for_the_office(people, duties):
    limits(people, cap=2)
    for number in (1, 2, 3):
        duties.add_quarter(number, people.zjj)

    assert run() == (3, 0)
    assert run() == (0, 0)
    assert {notice.reason for notice in Notice.objects.all()} == {
        "一次要发 3 条，超过上限 2 条，等安委办核对"
    }

    assert release_held(actor=people.office, at=NOW, reason="已核对。") == 3
    assert run() == (0, 3)
    assert Notice.objects.filter(decided_by=people.office).count() == 3


def test_what_the_office_called_off_is_not_planned_again(people, duties):
    limits(people, cap=1)
    duties.add_quarter(1, people.zjj)
    duties.add_quarter(2, people.zjj)
    run()

    assert cancel_held(actor=people.office, at=NOW, reason="时限有误。") == 2
    assert run() == (0, 0)
    assert Notice.objects.filter(state=NoticeState.CANCELLED).count() == 2


def test_what_fits_under_the_cap_is_not_held(people, duties):
    limits(people, cap=1)
    duties.add_quarter(1, people.zjj)

    assert run() == (1, 1)


def test_the_office_sets_the_days_of_a_kind(people, duties):
    duties.add_quarter(1, people.zjj)
    schedule = Schedule(days_before=(12,), ladder=(2,))

    set_schedule(QUARTER, schedule, version=0, actor=people.office, at=NOW, reason="测试")

    assert run() == (1, 1)
    assert Notice.objects.get().rule == "days-12"
    assert ReminderSchedule.objects.get().schedule == schedule


def test_whoever_saves_second_is_told(people):
    limits(people)
    with pytest.raises(StaleVersion):
        limits(people)
    set_schedule(QUARTER, Schedule(), version=0, actor=people.office, at=NOW, reason="测试")
    with pytest.raises(StaleVersion):
        set_schedule(QUARTER, Schedule(), version=0, actor=people.office, at=NOW, reason="测试")


def test_only_the_office_decides(people):
    with pytest.raises(NotAllowed):
        set_limits(
            Limits(is_paused=True, cap=1), version=0, actor=people.head, at=NOW, reason="测试"
        )
    with pytest.raises(NotAllowed):
        release_held(actor=people.liaison, at=NOW, reason="测试")
    assert ReminderSetting.current().version == 0
