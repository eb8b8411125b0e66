"""Acts on the same work wait for one another in one order, and none overwrites what it missed."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.tracked import delete_with_history, save_with_history
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, FulfilmentMode
from responsibilities.models import Obligation
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.breakdown import void_obligation
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.events import register_event, void_event
from responsibilities.services.extensions import decide_extension, request_extension
from responsibilities.services.progress import receive_task, withdraw_report
from responsibilities.services.signing import sign_report
from responsibilities.services.succession import hand_over_to_successors
from tests.builders import NOW, TODAY
from tests.responsibilities.happenings import accident, event_row
from tests.responsibilities.town import Signing

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LATER = date(2019, 12, 20)
ROW, TASK, REPORT, EXTENSION = (
    f"responsibilities_{name}" for name in ("obligation", "task", "progressreport", "extension")
)
HELD = re.compile(r'FROM "(\w+)".* FOR (?:NO KEY )?UPDATE')


@pytest.fixture
def town() -> Signing:
    return Signing()


def held_by(act: Callable[[], Any]) -> list[str]:
    """The tables of which ``act`` holds rows, in the order in which it took them."""
    with CaptureQueriesContext(connection) as queries:
        act()
    found = [HELD.search(query["sql"]) for query in queries]
    return list(dict.fromkeys(match[1] for match in found if match))


def test_a_task_is_taken_after_its_row_and_before_what_hangs_on_it(town: Signing) -> None:
    by_head, by_office = ({"actor": who, "at": NOW} for who in (town.head, town.office))

    assert held_by(lambda: receive_task(town.first, actor=town.liaison, at=NOW))[:2] == [ROW, TASK]
    report = town.report()
    seen = report.current_sha256
    assert held_by(lambda: sign_report(report, seen_sha256=seen, **by_head)) == [ROW, TASK, REPORT]
    assert held_by(lambda: town.review(report, seen)) == [ROW, TASK, REPORT]
    asked = request_extension(town.first, asked_due_on=LATER, reason="等批复", **by_head)
    granted = {"granted_due_on": LATER, "note": "", **by_office}
    assert held_by(lambda: decide_extension(asked, **granted)) == [ROW, TASK, EXTENSION]
    again = town.report(town.head, token="again")
    assert held_by(lambda: withdraw_report(again, **by_head)) == [ROW, TASK, REPORT]


def test_an_act_on_a_row_takes_its_tasks_before_it_decides_about_them(town: Signing) -> None:
    row = town.first.obligation
    stamp = {"actor": town.office, "at": NOW, "reason": "区安委会会议纪要第 2 期"}
    due = Deadline(DeadlineKind.FIXED, "区安委会会议纪要第2期", due_on=LATER)
    led = UnitRoles(mode=FulfilmentMode.JOINT, leads=[(town.jtj, None)])

    def redate() -> None:
        set_deadline(row, due, version=row.version, today=TODAY, **stamp)

    def reassign() -> None:
        now = Obligation.objects.get(pk=row.pk)
        assign_units(now, led, version=now.version, today=TODAY, **stamp)

    for act in (redate, reassign, lambda: void_obligation(row, **stamp)):
        assert held_by(act)[:2] == [ROW, TASK]


def test_a_reform_holds_every_row_whose_tasks_it_moves_before_them(town: Signing) -> None:
    """Also a row in which the unit that is gone has no role any more, but still owes a task."""
    row, today = town.first.obligation, date(2019, 10, 1)
    for item in row.assignments.filter(unit=town.zjj):
        delete_with_history(item, actor=town.office, reason="测试", at=NOW)
    town.zjj.valid_to, town.zjj.successor = date(2019, 9, 30), town.jtj
    save_with_history(town.zjj, actor=town.office, reason="机构改革", at=NOW)

    with CaptureQueriesContext(connection) as queries:
        hand_over_to_successors(actor=get_system_user(), at=NOW, today=today)

    held = [query["sql"] for query in queries if HELD.search(query["sql"])]
    rows, tasks = (next(sql for sql in held if HELD.search(sql)[1] == t) for t in (ROW, TASK))
    assert held.index(rows) < held.index(tasks)
    town.first.refresh_from_db()
    assert town.first.unit == town.jtj
    ids = re.search(r'"id" IN \(([\d, ]+)\)', rows)
    assert ids is not None
    assert str(row.pk) in ids[1].split(", ")


def test_taking_an_event_back_too(town: Signing) -> None:
    plan = town.first.obligation.plan
    row = event_row(plan, "02-01", town.zjj)
    dues = {row: LATER}
    event = register_event(plan, accident(unit=town.zjj), dues, actor=town.office, at=NOW)

    held = held_by(lambda: void_event(event, reason="误登", actor=town.office, at=NOW))

    assert held == ["responsibilities_event", ROW, TASK]
