"""A change of units or of a deadline undoes neither an extension nor lateness."""

from datetime import date

import pytest

from common.errors import DomainError
from common.tracked import save_with_history
from organizations.models import Unit
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, Frequency, FulfilmentMode, TaskState
from responsibilities.exceptions import NoBasis
from responsibilities.models import Obligation, Task
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.expected import late_for_newcomers, top_up_tasks
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit

pytestmark = pytest.mark.django_db


def redate(row: Obligation, deadline: Deadline) -> Obligation:
    row.refresh_from_db()
    return set_deadline(
        row,
        deadline,
        version=row.version,
        actor=get_system_user(),
        at=NOW,
        today=TODAY,
        reason="改时限",
    )


def give_to(
    row: Obligation, mode: FulfilmentMode, *leads: Unit, assist: Unit | None = None
) -> None:
    row.refresh_from_db()
    roles = UnitRoles(mode, [(u, None) for u in leads], [(assist, None)] if assist else [])
    assign_units(
        row,
        roles,
        version=row.version,
        actor=get_system_user(),
        at=NOW,
        today=TODAY,
        reason="调整单位",
    )


def owed(unit: Unit) -> list[str]:
    tasks = Task.objects.filter(unit=unit, state=TaskState.AWAITING_RECEIPT)
    return sorted(tasks.values_list("period", flat=True))


def test_another_unit_on_the_row_leaves_an_extension_as_it_was_granted() -> None:
    lead, other = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    plan = make_plan()
    row = make_row(plan, "02-02", leads=[lead], due_on=date(2019, 8, 31))
    dispatch(plan, row)
    task = Task.objects.get()
    task.due_on = date(2019, 12, 15)
    save_with_history(task, actor=get_system_user(), reason="延期", at=NOW)

    give_to(row, FulfilmentMode.JOINT, lead, assist=other)
    redate(row, Deadline(DeadlineKind.FIXED, "会议纪要〔2019〕3号", date(2019, 8, 31)))

    task.refresh_from_db()
    assert (task.due_on, task.original_due_on) == (date(2019, 12, 15), date(2019, 8, 31))


def test_a_later_deadline_leaves_the_former_date_to_be_seen() -> None:
    plan = make_plan()
    row = make_row(plan, "02-02", leads=[make_unit("zjj", "区住建局")], due_on=date(2019, 3, 31))
    dispatch(plan, row)

    redate(row, Deadline(DeadlineKind.FIXED, "会议纪要〔2019〕3号", date(2019, 12, 31)))

    task = Task.objects.get()
    assert (task.due_on, task.original_due_on) == (date(2019, 12, 31), date(2019, 3, 31))
    assert task.is_extended
    redate(row, Deadline(DeadlineKind.FIXED, "会议纪要〔2019〕5号", date(2019, 2, 28)))
    task.refresh_from_db()
    assert (task.due_on, task.is_extended) == (date(2019, 2, 28), False)


def test_what_is_overdue_by_the_old_interval_stays_owed() -> None:
    lead = make_unit("zjj", "区住建局")
    plan = make_plan()
    row = make_row(plan, "02-01", leads=[lead], frequency=Frequency.QUARTERLY)
    dispatch(plan, row, starts_on=date(2019, 4, 1))
    # 二季度已过，三季度到9月30日，今天是9月18日。
    assert owed(lead) == ["2019Q2", "2019Q3", "2019Q4"]

    redate(row, Deadline(DeadlineKind.FIXED, "会议纪要〔2019〕3号", date(2019, 12, 20)))

    assert owed(lead) == ["", "2019Q2"]
    redate(row, Deadline(DeadlineKind.PERIODIC, "会议纪要〔2019〕4号", None, Frequency.MONTHLY))
    assert owed(lead) == ["2019-09", "2019-10", "2019-11", "2019-12", "2019Q2"]


def test_who_joins_separate_work_owes_nothing_of_the_periods_before() -> None:
    first, late = make_unit("zjj", "区住建局"), make_unit("czj", "区财政局", order=11)
    plan = make_plan()
    row = make_row(
        plan,
        "02-01",
        leads=[first],
        mode=FulfilmentMode.SEPARATE,
        frequency=Frequency.QUARTERLY,
    )
    dispatch(plan, row, starts_on=date(2019, 1, 1))

    give_to(row, FulfilmentMode.SEPARATE, first, late)
    top_up_tasks(actor=get_system_user(), at=NOW, today=TODAY)

    assert owed(first) == ["2019Q1", "2019Q2", "2019Q3", "2019Q4"]
    assert owed(late) == ["2019Q3", "2019Q4"]


def test_who_takes_over_joint_work_owes_what_is_still_open_of_it() -> None:
    first, heir = make_unit("zjj", "区住建局"), make_unit("czj", "区财政局", order=11)
    plan = make_plan()
    row = make_row(plan, "02-01", leads=[first], frequency=Frequency.QUARTERLY)
    dispatch(plan, row, starts_on=date(2019, 4, 1))

    give_to(row, FulfilmentMode.JOINT, heir)

    assert (owed(first), owed(heir)) == ([], ["2019Q2", "2019Q3", "2019Q4"])


def close(unit: Unit, period: str) -> None:
    task = Task.objects.get(unit=unit, period=period)
    task.state, task.closed_on, task.closed_at = TaskState.CLOSED, TODAY, NOW
    task.closed_by = get_system_user()
    save_with_history(task, actor=get_system_user(), reason="测试", at=NOW)


def test_joint_periods_closed_by_the_former_lead_are_not_owed_by_the_next() -> None:
    first, heir = make_unit("zjj", "区住建局"), make_unit("czj", "区财政局", order=11)
    plan = make_plan()
    row = make_row(plan, "02-01", leads=[first], frequency=Frequency.QUARTERLY)
    dispatch(plan, row, starts_on=date(2019, 1, 1))
    close(first, "2019Q1")

    give_to(row, FulfilmentMode.JOINT, heir)
    top_up_tasks(actor=get_system_user(), at=NOW, today=TODAY)

    assert owed(heir) == ["2019Q2", "2019Q3", "2019Q4"]
    row.refresh_from_db()
    assert (row.open_count, row.task_count) == (3, 4)


def test_a_lead_that_comes_back_owes_nothing_that_was_closed_meanwhile() -> None:
    first, between = make_unit("zjj", "区住建局"), make_unit("czj", "区财政局", order=11)
    plan = make_plan()
    row = make_row(plan, "02-01", leads=[first], frequency=Frequency.QUARTERLY)
    dispatch(plan, row, starts_on=date(2019, 4, 1))
    give_to(row, FulfilmentMode.JOINT, between)
    close(between, "2019Q2")

    give_to(row, FulfilmentMode.JOINT, first)

    assert (owed(between), owed(first)) == ([], ["2019Q3", "2019Q4"])


def test_the_change_of_a_lead_warns_of_no_lateness_where_the_past_periods_are_closed() -> None:
    first = make_unit("zjj", "区住建局")
    plan = make_plan()
    row = make_row(plan, "02-01", leads=[first], frequency=Frequency.QUARTERLY)
    dispatch(plan, row, starts_on=date(2019, 1, 1))
    row.refresh_from_db()

    close(first, "2019Q1")
    assert late_for_newcomers([row], today=TODAY) == {row.pk: date(2019, 6, 30)}
    close(first, "2019Q2")
    assert late_for_newcomers([row], today=TODAY) == {}


@pytest.mark.parametrize(
    ("code", "deadline", "said"),
    [
        ("02-02", (DeadlineKind.FIXED, date(2020, 12, 31), None), "没有写明 2020-12-31 这个日期"),
        ("02-03", (DeadlineKind.PERIODIC, None, Frequency.QUARTERLY), "没有写明“每季度”这个周期"),
        ("02-01", (DeadlineKind.PERIODIC, None, Frequency.MONTHLY), "没有写明“每月”这个周期"),
    ],
)
def test_the_text_is_no_basis_for_what_it_does_not_say(code, deadline, said) -> None:
    kind, due_on, frequency = deadline
    row = make_row(make_plan(), code, leads=[make_unit("zjj", "区住建局")])

    with pytest.raises(DomainError, match=said):
        redate(row, Deadline(kind, "条文原文", due_on, frequency))

    assert redate(row, Deadline(kind, "会议纪要〔2019〕3号", due_on, frequency)).due_on == due_on


@pytest.mark.parametrize(
    ("basis", "deadline", "said"),
    [
        ("会议纪要", (DeadlineKind.FIXED, date(2019, 12, 31), None), "还是原来的“会议纪要”"),
        ("条文原文", (DeadlineKind.CONTINUOUS, None, Frequency.CONTINUOUS), "没有写明“长期坚持”"),
    ],
)
def test_a_deadline_does_not_move_on_the_basis_that_it_had(basis, deadline, said) -> None:
    kind, due_on, frequency = deadline
    row = make_row(make_plan(), "02-01", leads=[make_unit("zjj", "区住建局")])
    row = redate(row, Deadline(DeadlineKind.PERIODIC, basis, None, Frequency.QUARTERLY))

    with pytest.raises(NoBasis, match=said):
        redate(row, Deadline(kind, basis, due_on, frequency))

    assert redate(row, Deadline(kind, "会议纪要〔2019〕3号", due_on, frequency)).due_on == due_on


def test_the_text_is_the_basis_of_what_it_says() -> None:
    row = make_row(make_plan(), "02-01", leads=[make_unit("zjj", "区住建局")])

    row = redate(row, Deadline(DeadlineKind.PERIODIC, "条文原文", None, Frequency.QUARTERLY))

    assert row.frequency == Frequency.QUARTERLY
