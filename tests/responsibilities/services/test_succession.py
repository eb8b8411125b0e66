"""A reform in the middle of a plan: who owes what afterwards."""

from datetime import date

import pytest

from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.models import AliasMember, Unit, UnitAlias
from organizations.services.people import get_system_user
from responsibilities.enums import (
    AssignmentRole,
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    ReportKind,
    ReportState,
    TaskState,
)
from responsibilities.models import Assignment, ProgressReport, Task
from responsibilities.services.assigning import change_lead
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.expected import top_up_tasks
from responsibilities.services.progress import ReportContent, submit_report
from responsibilities.services.succession import hand_over_to_successors
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
REFORM = date(2019, 10, 1)


def abolish(unit: Unit, heir: Unit) -> None:
    """Let ``unit`` end the day before the reform."""
    unit.valid_to, unit.successor = date(2019, 9, 30), heir
    save_with_history(unit, actor=get_system_user(), reason="机构改革", at=NOW)


def hand_over(today: date = REFORM) -> int:
    return hand_over_to_successors(actor=get_system_user(), at=NOW, today=today)


def test_open_work_moves_to_the_successor_and_keeps_its_date() -> None:
    old, new = make_unit("ajj", "区安监局"), make_unit("yjj", "区应急局", order=11)
    plan = make_plan()
    dispatch(plan, make_row(plan, "02-02", leads=[old], due_on=date(2020, 12, 31)))
    abolish(old, new)

    assert hand_over() == 1

    task = Task.objects.get()
    assert (task.unit, task.due_on, task.state) == (
        new,
        date(2020, 12, 31),
        TaskState.AWAITING_RECEIPT,
    )
    lead = Assignment.objects.get()
    assert (lead.unit, lead.role, lead.is_sole_lead) == (new, AssignmentRole.LEAD, True)
    assert task.history.first().history_change_reason == "机构改革承接"


def test_a_second_run_and_the_day_before_change_nothing() -> None:
    old, new = make_unit("ajj", "区安监局"), make_unit("yjj", "区应急局", order=11)
    plan = make_plan()
    dispatch(plan, make_row(plan, "02-02", leads=[old], due_on=date(2020, 12, 31)))
    abolish(old, new)

    assert hand_over(today=date(2019, 9, 30)) == 0
    hand_over()
    assert hand_over() == 0


def test_periods_done_before_the_reform_are_not_asked_for_again() -> None:
    old, new = make_unit("ajj", "区安监局"), make_unit("yjj", "区应急局", order=11)
    plan = make_plan()
    dispatch(plan, make_row(plan, "02-01", leads=[old], frequency=Frequency.QUARTERLY))
    third = Task.objects.get(period="2019Q3")
    third.state, third.closed_on = TaskState.CLOSED, date(2019, 9, 20)
    third.closed_at, third.closed_by = NOW, get_system_user()
    save_with_history(third, actor=get_system_user(), reason="办结", at=NOW)
    abolish(old, new)

    hand_over()
    top_up_tasks(actor=get_system_user(), at=NOW, today=REFORM)

    # 三季度由原单位办结，四季度及来年四个季度由承接单位接着办。
    owed = {(t.unit.code, t.period) for t in Task.objects.select_related("unit")}
    assert owed == {("ajj", "2019Q3"), ("yjj", "2019Q4")} | {
        ("yjj", f"2020Q{quarter}") for quarter in range(1, 5)
    }


def test_work_done_before_the_reform_is_not_asked_for_again_with_a_new_date() -> None:
    old, new = make_unit("ajj", "区安监局"), make_unit("yjj", "区应急局", order=11)
    plan = make_plan()
    row = make_row(plan, "02-02", leads=[old], due_on=date(2019, 9, 25))
    dispatch(plan, row)
    done = Task.objects.get()
    done.state, done.closed_on = TaskState.CLOSED, date(2019, 9, 20)
    done.closed_at, done.closed_by = NOW, get_system_user()
    save_with_history(done, actor=get_system_user(), reason="办结", at=NOW)
    abolish(old, new)
    hand_over()
    row.refresh_from_db()

    later = Deadline(DeadlineKind.FIXED, "会议纪要第2期", due_on=date(2019, 12, 31))
    set_deadline(
        row,
        later,
        version=row.version,
        actor=get_system_user(),
        at=NOW,
        today=REFORM,
        reason="延长时限",
    )

    assert [(task.unit, task.state) for task in Task.objects.all()] == [(old, TaskState.CLOSED)]


def test_two_units_that_become_one_owe_the_work_once() -> None:
    first, second = make_unit("gszj", "区工商质监局"), make_unit("syj", "区食药监局", order=11)
    heir = make_unit("scj", "区市场监管局", order=12)
    plan = make_plan()
    row = make_row(
        plan,
        "02-01",
        leads=[first, second],
        mode=FulfilmentMode.SEPARATE,
        frequency=Frequency.YEARLY,
    )
    dispatch(plan, row)
    abolish(first, heir)
    abolish(second, heir)

    hand_over(today=date(2019, 12, 1))

    open_tasks = Task.objects.open().filter(period="2019")
    assert [task.unit for task in open_tasks] == [heir]
    assert Task.objects.filter(state=TaskState.VOID, period="2019").count() == 1
    assert Assignment.objects.get().unit == heir


def test_the_heavier_role_wins_when_lead_and_assistant_become_one() -> None:
    lead, assist = make_unit("ny", "区农业局"), make_unit("sc", "区水产局", order=11)
    heir = make_unit("nync", "区农业农村局", order=12)
    plan = make_plan()
    dispatch(plan, make_row(plan, "02-02", leads=[lead], assists=[assist], due_on=date(2020, 1, 1)))
    abolish(lead, heir)
    abolish(assist, heir)

    hand_over()

    held = Assignment.objects.get()
    assert (held.unit, held.role) == (heir, AssignmentRole.LEAD)


def test_a_unit_set_up_later_joins_the_rows_whose_phrase_names_it_once() -> None:
    old = make_unit("jtj", "区交通局")
    young = make_unit("tyj", "区退役军人局", order=12)
    young.valid_from = REFORM
    save_with_history(young, actor=get_system_user(), reason="设立", at=NOW)
    alias = UnitAlias(phrase="各有关部门")
    save_with_history(alias, actor=get_system_user(), reason="测试", at=NOW)
    for unit in (old, young):
        member = AliasMember(alias=alias, unit=unit)
        save_with_history(member, actor=get_system_user(), reason="测试", at=NOW)
    plan = make_plan()
    row = make_row(
        plan,
        "02-01",
        leads=[old],
        alias=alias,
        mode=FulfilmentMode.SEPARATE,
        frequency=Frequency.QUARTERLY,
    )
    dispatch(plan, row)

    assert (hand_over(), hand_over()) == (1, 0)

    # 10 月 1 日设立，三季度以前的期次与它无关。
    owed = set(Task.objects.filter(unit=young).values_list("period", flat=True))
    assert owed == {"2019Q4"} | {f"2020Q{quarter}" for quarter in range(1, 5)}


def test_what_waits_for_review_is_owed_by_one_unit_and_asked_of_the_office_once() -> None:
    first, second = make_unit("gszj", "区工商质监局"), make_unit("syj", "区食药监局", order=11)
    heir = make_unit("scj", "区市场监管局", order=12)
    clerks = {unit: make_user(unit.code, (unit, PostKind.LIAISON)) for unit in (first, second)}
    plan = make_plan()
    due, both = date(2019, 12, 31), [first, second]
    dispatch(plan, make_row(plan, "02-02", leads=both, mode=FulfilmentMode.SEPARATE, due_on=due))
    for task in Task.objects.select_related("unit"):
        words = ReportContent(ReportKind.PROGRESS, "已印发方案。")
        submit_report(task, words, token=task.unit.code, actor=clerks[task.unit], at=NOW)
    for unit in both:
        abolish(unit, heir)

    hand_over()

    waiting = ProgressReport.objects.awaiting_review().get()
    assert (waiting.task.unit, waiting.task.state) == (heir, TaskState.UNDER_REVIEW)
    withdrawn = ProgressReport.objects.get(state=ReportState.WITHDRAWN)
    assert (withdrawn.task.unit, withdrawn.task.state) == (second, TaskState.VOID)
    assert withdrawn.history.first().history_change_reason == "机构改革承接"


def test_an_heir_that_led_before_owes_the_work_again() -> None:
    old, heir = make_unit("ajj", "区安监局"), make_unit("yjj", "区应急局", order=11)
    plan, system = make_plan(), get_system_user()
    row = make_row(plan, "02-02", leads=[heir], due_on=date(2020, 12, 31))
    dispatch(plan, row)
    row.refresh_from_db()
    change_lead(row, old, actor=system, at=NOW, today=NOW.date(), reason="会议纪要")
    abolish(old, heir)

    hand_over()

    (owed,) = Task.objects.open()
    assert (owed.unit, owed.state) == (heir, TaskState.AWAITING_RECEIPT)
    assert owed.due_on == date(2020, 12, 31)
