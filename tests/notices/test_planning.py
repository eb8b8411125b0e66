"""Who is reminded of what on a day: once, by the right rung, of nothing that is not yet owed."""

from datetime import date, timedelta

import pytest

from common.clock import morning_of
from notices.enums import NoticeState, Rung
from notices.models import Notice
from notices.rules import DONE
from notices.services.delivering import deliver_notices
from notices.services.past import Pasts
from notices.services.planning import plan_notices
from notices.services.rechecking import LEFT, MOVED
from organizations.services.people import appoint, end_appointment, get_system_user
from tests.builders import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db


def plan(day: date) -> int:
    return plan_notices(at=morning_of(day), today=day)


def send(day: date) -> int:
    return deliver_notices(at=morning_of(day), today=day)


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.order_by("pk").values_list("recipient__full_name", "rule")
    return list(rows)


def test_a_reminder_goes_to_the_liaison_once(people, duties):
    duties.add_quarter(1, people.zjj)

    assert plan(TODAY) == 1
    assert plan(TODAY) == 0
    assert plan(TODAY + timedelta(days=1)) == 0
    notice = Notice.objects.get()
    assert (notice.recipient, notice.rule, notice.window) == (
        people.liaison,
        "days-15",
        "2019-09-30",
    )
    assert notice.text == "【区安委办】23-01 建立信息平台，9月30日前，请报进展或申请延期。"


def test_two_months_of_silence_are_caught_up_by_one_notice(people, duties):
    duties.add_quarter(1, people.zjj)
    duties.add(2, people.zjj, date(2019, 6, 28))

    assert plan(date(2019, 9, 25)) == 2
    assert told() == [("李科员", "workdays-5"), ("李科员", Rung.LIAISON)]


def test_a_period_not_reached_reminds_nobody(people, duties):
    duties.add(1, people.zjj, date(2019, 12, 31), starts_on=date(2019, 10, 1))

    assert plan(date(2019, 9, 30)) == 0
    assert plan(date(2019, 10, 1)) == 1


def test_the_ladder_reaches_each_post_in_turn(people, duties):
    """Due on Friday 23 August: rungs on the 1st, 4th, 7th, 10th and 15th working day after."""
    duties.add(1, people.zjj, date(2019, 8, 23))

    day = date(2019, 8, 24)
    while day <= date(2019, 9, 30):
        plan(day)
        send(day)
        day += timedelta(days=1)

    rows = Notice.objects.order_by("pk").values_list("planned_on", "recipient__full_name")
    assert list(rows) == [
        (date(2019, 8, 26), "李科员"),
        (date(2019, 8, 29), "方副局长"),
        (date(2019, 9, 3), "覃局长"),
        (date(2019, 9, 6), "莫主任"),
        (date(2019, 9, 16), "陆科员"),
    ]


def test_an_empty_post_is_answered_by_the_one_above_and_an_empty_unit_by_the_office(people, duties):
    duties.add(1, people.jtj, date(2019, 9, 12))
    duties.add(2, people.lyj, date(2019, 9, 12))
    duties.add_quarter(3, people.lyj)

    plan(TODAY)

    assert told() == [("黄局长", Rung.LIAISON), ("陆科员", Rung.LIAISON)]


def test_a_new_date_begins_a_new_series(people, duties):
    duties.add(1, people.zjj, date(2019, 8, 23))
    plan(TODAY)
    duties.add(1, people.zjj, date(2019, 9, 20))

    assert plan(TODAY) == 1
    assert [window for (window,) in Notice.objects.order_by("pk").values_list("window")] == [
        "2019-08-23",
        "2019-09-20",
    ]


def test_what_is_done_moved_or_handed_over_is_not_sent(people, duties):
    for number in (1, 2, 3):
        duties.add_quarter(number, people.zjj)
    duties.add_quarter(4, people.jtj)
    plan(TODAY)
    del duties.owed["duty:1"]
    duties.add(2, people.zjj, date(2019, 10, 31), starts_on=date(2019, 7, 1))
    successor, system = make_user("liaison-2", name="新科员"), get_system_user()
    held = people.liaison.appointments.get()
    end_appointment(held, last_day=date(2019, 9, 17), actor=system, at=NOW, reason="调离")
    appoint(successor, held.post, starts_on=TODAY, actor=system, at=NOW)

    assert send(TODAY) == 1

    sent = Notice.objects.exclude(state=NoticeState.CANCELLED)
    assert [notice.recipient for notice in sent] == [people.other]
    reasons = Notice.objects.filter(state=NoticeState.CANCELLED).order_by("pk")
    assert [notice.reason for notice in reasons] == [DONE, MOVED, LEFT]
    assert plan(TODAY) == 2  # the successor inherits both that are still owed
    assert send(TODAY) == 2


def test_a_cancelled_reminder_is_taken_up_again_when_it_is_owed_again(people, duties):
    subject = duties.add_quarter(1, people.zjj)
    plan(TODAY)
    duties.owed.clear()
    send(TODAY)
    duties.owed[subject.key] = subject

    assert plan(TODAY + timedelta(days=1)) == 1
    assert send(TODAY + timedelta(days=1)) == 1
    notice = Notice.objects.get()
    assert (notice.state, notice.reason, notice.planned_on) == (
        NoticeState.SENT,
        "",
        date(2019, 9, 19),
    )


def test_sending_twice_sends_once(people, duties):
    duties.add_quarter(1, people.zjj)
    plan(TODAY)

    assert [send(TODAY), send(TODAY)] == [1, 0]
    assert Notice.objects.get().sent_at == morning_of(TODAY)


def test_two_planners_at_once_add_each_reminder_once(people, duties, monkeypatch):
    """The second planner looked before the first one wrote."""
    duties.add_quarter(1, people.zjj)
    monkeypatch.setattr("notices.services.planning.pasts_of", lambda subjects: Pasts({}, {}))

    assert [plan(TODAY), plan(TODAY)] == [1, 0]
    assert Notice.objects.count() == 1
