"""What the office decides: pause, cap, hold, schedule."""

from datetime import date, timedelta

import pytest

from common.clock import morning_of
from common.errors import NotAllowed, StaleVersion
from notices.enums import NoticeState, Rung
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
from notices.services.rechecking import OVER
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


def test_whoever_was_never_chased_is_not_reported_above(people, duties):
    """Due on Friday 23 August 2019: rungs on the 1st, 4th, 7th… working day after.

    26 August is the first; what was held from then on and called off on Friday the 30th is tried
    again three working days later (2, 3, 4 September), and the deputy hears of it three after
    that (5, 6, 9 September).
    """
    limits(people, cap=1)
    for number in (1, 2):
        duties.add(number, people.zjj, date(2019, 8, 23))
    heard = {}
    for n in range(1, 20):
        day = date(2019, 8, 23) + timedelta(days=n)
        if day == date(2019, 8, 30):
            cancel_held(actor=people.office, at=morning_of(day), reason="先电话核对。")
            limits(people, version=1)
        if run(day)[1]:
            sent = Notice.objects.filter(sent_at=morning_of(day), subject="duty:1").get()
            heard[day] = (sent.recipient.full_name, sent.words)

    assert heard == {
        date(2019, 9, 4): (
            "李科员",
            "23-01 建立信息平台已逾期 12 天，请报进展或申请延期。",
        ),
        date(2019, 9, 9): (
            "方副局长",
            "区住建局23-01 建立信息平台已逾期 17 天，联络员未办，请您督促。",
        ),
    }
    called_off = Notice.objects.filter(state=NoticeState.CANCELLED, subject="duty:1").get()
    assert (called_off.decided_by, called_off.reason) == (people.office, "取消：先电话核对。")


def test_the_next_rung_counts_from_the_day_on_which_what_was_held_went_out(people, duties):
    """Held on Monday 26 August, let out on Friday the 30th: the deputy on Wednesday 4 September."""
    limits(people, cap=1)
    for number in (1, 2):
        duties.add(number, people.zjj, date(2019, 8, 23))
    assert run(date(2019, 8, 26)) == (2, 0)
    assert run(date(2019, 8, 30)) == (0, 0)
    release_held(actor=people.office, at=morning_of(date(2019, 8, 30)), reason="已核对。")
    limits(people, version=1)

    assert run(date(2019, 8, 30)) == (0, 2)
    assert "已逾期 7 天" in Notice.objects.filter(rule=Rung.LIAISON).first().text
    assert run(date(2019, 9, 3)) == (0, 0)
    assert run(date(2019, 9, 4)) == (2, 2)


def test_what_was_held_until_its_date_had_passed_is_not_sent_as_if_it_were_to_come(people, duties):
    limits(people, cap=1)
    for number in (1, 2):
        duties.add_quarter(number, people.zjj)
    assert run() == (2, 0)
    release_held(actor=people.office, at=NOW, reason="已核对。")

    assert run(date(2019, 10, 1)) == (0, 0)
    assert {notice.reason for notice in Notice.objects.all()} == {OVER}


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
