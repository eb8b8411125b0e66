"""Cells of the matrix by hand-worked cases: nobody types one, records and the day decide."""

from datetime import date

import pytest

from common.clock import morning_of
from inspections.enums import CellKind, LeaderKind
from inspections.facts import QuarterFacts, quarter_facts
from inspections.matrix import matrix_of, quarter_asked
from inspections.rules import CellFacts, cell_kind, worst_cell
from organizations.enums import UnitKind
from organizations.models import Unit
from organizations.services.people import get_system_user
from responsibilities.models import Task
from responsibilities.periods import Period
from responsibilities.services.succession import hand_over_to_successors
from tests.builders import TODAY, make_content, make_unit, rights
from tests.counting import statements_of
from tests.inspections.worlds import Department

Q3 = {"starts_on": date(2019, 7, 1), "due_on": date(2019, 9, 30)}


@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        ({"required": 1}, date(2019, 6, 30), CellKind.NOT_BEGUN),
        ({"required": 1}, date(2019, 7, 1), CellKind.NOT_FILED),
        ({"required": 1}, date(2019, 9, 30), CellKind.NOT_FILED),
        ({"required": 1}, date(2019, 10, 1), CellKind.MISSING),
        ({"required": 1, "is_awaiting": True}, date(2019, 9, 30), CellKind.AWAITING),
        ({"required": 1, "is_awaiting": True}, date(2019, 10, 1), CellKind.MISSING),
        ({"required": 1, "confirmed_on": (date(2019, 9, 30),)}, TODAY, CellKind.CONFIRMED),
        ({"required": 1, "confirmed_on": (date(2019, 10, 1),)}, TODAY, CellKind.LATE),
        ({"required": 2, "confirmed_on": (date(2019, 8, 1),)}, TODAY, CellKind.NOT_FILED),
        ({"required": 0}, date(2020, 1, 1), CellKind.NOT_EXPECTED),
        ({"required": 0, "confirmed_on": (date(2019, 10, 9),)}, TODAY, CellKind.CONFIRMED),
    ],
)
def test_the_word_of_a_cell(facts: dict, today: date, expected: CellKind) -> None:
    assert cell_kind(CellFacts(**Q3 | facts), today=today) == expected


def test_of_several_units_in_one_row_what_is_owed_is_said() -> None:
    assert worst_cell([CellKind.CONFIRMED, CellKind.MISSING]) == CellKind.MISSING
    assert worst_cell([CellKind.NOT_EXPECTED, CellKind.LATE]) == CellKind.LATE
    assert worst_cell([CellKind.NOT_EXPECTED]) == CellKind.NOT_EXPECTED


def facts_of(unit: Unit, quarter: str, today: date = TODAY) -> QuarterFacts:
    return quarter_facts([quarter], today=today, units=[unit.pk])[unit.pk, quarter]


def test_expected_counted_late_and_missing(department: Department) -> None:
    department.confirmed(date(2019, 3, 28), date(2019, 4, 2))
    department.confirmed(date(2019, 8, 1), date(2019, 8, 2))
    department.sent(make_content(leader_kind=LeaderKind.DEPUTY, leader_name="韦副局长"))

    told = {
        quarter: (f.expected, f.counted, f.late, f.missing, f.kind)
        for quarter in ("2019Q1", "2019Q2", "2019Q3")
        if (f := facts_of(department.unit, quarter))
    }

    assert told == {
        "2019Q1": (1, 1, 1, 0, CellKind.LATE),
        "2019Q2": (1, 0, 0, 1, CellKind.MISSING),
        "2019Q3": (1, 1, 0, 0, CellKind.CONFIRMED),
    }
    assert facts_of(department.unit, "2019Q3").deputies == 1
    assert facts_of(department.unit, "2019Q4", date(2019, 12, 31)).missing == 0
    assert facts_of(department.unit, "2019Q4", date(2020, 1, 1)).missing == 1


def test_a_leap_quarter_ends_on_its_last_day(department: Department) -> None:
    assert Period.parse("2020Q1").last_day == date(2020, 3, 31)
    task = Task(starts_on=date(2020, 1, 1), due_on=date(2020, 3, 31))
    facts = CellFacts(required=1, starts_on=task.starts_on, due_on=task.due_on)
    assert cell_kind(facts, today=date(2020, 2, 29)) == CellKind.NOT_FILED


def test_the_heir_answers_for_what_its_predecessor_did(department: Department) -> None:
    department.confirmed(date(2019, 5, 9), date(2019, 5, 10))
    heir = make_unit("zjj2", "区住房和城乡建设局", order=12)
    old = department.unit
    old.valid_to, old.successor = date(2019, 6, 30), heir
    old.save()
    at = morning_of(date(2019, 7, 1))
    hand_over_to_successors(actor=get_system_user(), at=at, today=date(2019, 7, 1))

    found = quarter_facts(["2019Q1", "2019Q2", "2019Q3"], today=TODAY)

    assert {(unit, quarter): facts.kind for (unit, quarter), facts in found.items()} == {
        (heir.pk, "2019Q1"): CellKind.MISSING,
        (heir.pk, "2019Q2"): CellKind.CONFIRMED,
        (heir.pk, "2019Q3"): CellKind.NOT_FILED,
    }


def test_townships_follow_by_choice_and_are_never_missing(
    department: Department, settings: object
) -> None:
    make_unit("shabu", "沙埠镇", kind=UnitKind.TOWN, order=40)
    office = rights(department.people["office"])
    centre = quarter_asked("", TODAY)

    shown = matrix_of(office, today=TODAY, centre=centre)
    assert [row.unit.code for row in shown.following] == ["shabu"]
    assert {cell.kind for cell in shown.following[0].cells} == {CellKind.NOT_EXPECTED}
    assert shown.counts["expected"] == 1
    assert [row.unit.code for row in shown.idle] == ["shabu"]
    assert [name for name, _ in shown.groups] == ["部门"]
    settings.TOWNSHIP_INSPECTIONS = False  # type: ignore[attr-defined]
    assert not matrix_of(office, today=TODAY, centre=centre).following


def test_a_unit_sees_its_own_row_only(department: Department) -> None:
    shown = matrix_of(
        rights(department.people["stranger"]), today=TODAY, centre=quarter_asked("", TODAY)
    )

    assert [row.unit.code for row in (*shown.bound, *shown.following)] == ["jtj"]


@pytest.mark.parametrize("code", ["", "2019", "2019-09", "x", "9999Q1", "2019Q5"])
def test_an_address_that_names_no_quarter_shows_this_one(code: str) -> None:
    assert quarter_asked(code, TODAY).code == "2019Q3"


def test_the_matrix_costs_the_same_however_many_units(department: Department, client) -> None:
    client.force_login(department.people["office"])
    before = statements_of(client, "/inspections/")
    for number in range(5):
        make_unit(f"town{number}", f"第{number}镇", kind=UnitKind.TOWN, order=50 + number)

    assert statements_of(client, "/inspections/") == before
