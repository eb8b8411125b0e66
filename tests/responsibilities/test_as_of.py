"""A row, its tasks and a clause as they stood on past days."""

from datetime import date, timedelta

import pytest

from clauses.enums import Disposition
from common.clock import day_of
from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.as_of import (
    clause_rows_as_of,
    dispositions_as_of,
    ledger_as_of,
    row_as_of,
    tasks_as_of,
)
from responsibilities.enums import (
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    LampKind,
    ReportKind,
    TaskState,
)
from responsibilities.models import Obligation, Task
from responsibilities.services.assigning import change_lead
from responsibilities.services.breakdown import void_obligation
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.progress import ReportContent, submit_report
from tests.builders import (
    NOW,
    TODAY,
    dispatch,
    make_plan,
    make_row,
    make_unit,
    make_user,
    rights,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> User:
    return make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))


@pytest.fixture
def units() -> list[Unit]:
    return [make_unit("zjj", "区住建局", order=11), make_unit("jtj", "区交通局", order=12)]


def test_two_writes_of_one_instant_count_once_and_the_last_holds(
    units: list[Unit], office: User
) -> None:
    plan = make_plan()
    row = make_row(plan, "02-02", leads=units[:1], due_on=date(2019, 9, 20))
    dispatch(plan, row)
    liaison = make_user("liaison", (units[0], PostKind.LIAISON))
    report = ReportContent(kind=ReportKind.PROGRESS, summary="已起草。")
    submit_report(Task.objects.get(), report, token="t", actor=liaison, at=NOW)

    past = row_as_of(row, TODAY, rights(office))
    assert past is not None
    (task,) = tasks_as_of(past, TODAY, rights(office))

    assert task.state == TaskState.UNDER_REVIEW
    assert (past.owed.total, past.owed.open) == (1, 1)


def test_a_past_task_is_lit_by_the_kind_of_deadline_that_held_then(
    units: list[Unit], office: User
) -> None:
    plan, access = make_plan(), rights(office)
    row = make_row(plan, "02-01", leads=units[:1], frequency=Frequency.QUARTERLY)
    dispatch(plan, row)
    row.refresh_from_db()
    later = NOW + timedelta(days=1)
    set_deadline(
        row,
        Deadline(kind=DeadlineKind.FIXED, basis="会议纪要", due_on=date(2019, 12, 31)),
        version=row.version,
        actor=office,
        at=later,
        today=day_of(later),
        reason="改为一次办成",
    )

    past = row_as_of(Obligation.objects.with_plan().get(), TODAY, access)
    assert past is not None
    lit = {task.period: task.lamp_on(TODAY).kind for task in tasks_as_of(past, TODAY, access)}

    # 当天还是每季度一次：四季度 10 月 1 日才起办，未启动；按今天的“固定日期”会亮成正常。
    assert lit["2019Q4"] == LampKind.NOT_STARTED


def test_a_unit_sees_the_rows_it_was_in_on_the_day_and_not_later(units: list[Unit]) -> None:
    plan = make_plan()
    row = make_row(plan, "02-02", leads=units[:1], due_on=date(2019, 9, 30))
    dispatch(plan, row)
    row.refresh_from_db()
    later = NOW + timedelta(days=1)
    change_lead(
        row,
        units[1],
        actor=get_system_user(),
        at=later,
        today=day_of(later),
        reason="职责调整",
    )
    before = make_user("before", (units[0], PostKind.LIAISON))
    after = make_user("after", (units[1], PostKind.LIAISON))

    def codes(user: User, day: date) -> list[str]:
        return [past.obligation.code for past in ledger_as_of(plan, day, rights(user))]

    assert (codes(before, TODAY), codes(after, TODAY)) == (["02-02"], [])
    assert (codes(before, day_of(later)), codes(after, day_of(later))) == ([], ["02-02"])


def test_a_day_counts_the_tasks_of_its_own_period(office: User, units: list[Unit]) -> None:
    plan = make_plan()
    row = make_row(
        plan, "02-01", leads=units, mode=FulfilmentMode.SEPARATE, frequency=Frequency.QUARTERLY
    )
    dispatch(plan, row, starts_on=date(2019, 7, 1))
    assert row.tasks.count() == 4  # two units, the third quarter and the fourth

    past = ledger_as_of(plan, TODAY, rights(office))[0]

    assert (past.owed.done, past.owed.current) == (0, 2)


def test_a_unit_is_not_late_because_another_unit_is(units: list[Unit]) -> None:
    plan = make_plan()
    row = make_row(
        plan, "02-02", leads=units, mode=FulfilmentMode.SEPARATE, due_on=date(2019, 9, 10)
    )
    dispatch(plan, row)
    done, late = row.tasks.order_by("unit__order")
    done.state = TaskState.CLOSED
    done.closed_on, done.closed_at, done.closed_by = TODAY, NOW, get_system_user()
    done._change_reason = "测试"
    done._history_date = NOW
    done.save()
    assert late.state == TaskState.AWAITING_RECEIPT

    for unit, kind in zip(units, (LampKind.CLOSED, LampKind.OVERDUE), strict=True):
        (past,) = ledger_as_of(plan, TODAY, rights(make_user(unit.code, (unit, PostKind.HEAD))))
        assert past.lamp_on(TODAY).kind == kind


def test_a_clause_shows_the_dispositions_and_rows_of_the_day(
    units: list[Unit], office: User
) -> None:
    plan = make_plan()
    row = make_row(plan, "02-02", leads=units[:1])
    later = NOW + timedelta(days=1)
    void_obligation(row, actor=get_system_user(), at=later, reason="另行安排")

    for day, disposition, count in (
        (TODAY, Disposition.OBLIGATION, 1),
        (day_of(later), Disposition.OPEN, 0),
    ):
        sentences = dispositions_as_of(row.clause, day)
        rows = clause_rows_as_of(row.clause, sentences, day, rights(office))
        assert [s.disposition for s in sentences if s.code == "02-02"] == [disposition]
        assert sum(map(len, rows.values())) == count


def test_the_ledger_of_a_day_costs_the_same_for_two_rows_and_for_twenty(
    office: User, django_assert_num_queries
) -> None:
    access, plan = rights(office), make_plan()
    assert access.sees_all
    for first, last in ((0, 2), (2, 20)):
        units = [make_unit(f"u{n}", f"单位{n}", order=20 + n) for n in range(first, last)]
        rows = [make_row(plan, "02-02", leads=[u], due_on=date(2019, 9, 30)) for u in units]
        dispatch(plan, *rows)
        with django_assert_num_queries(5):
            assert len(ledger_as_of(plan, TODAY, access)) == last
