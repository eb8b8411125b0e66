"""One decision for many rows: shown first, then made for all of them or none."""

from datetime import date
from typing import Any

import pytest

from clauses.models import Plan
from common.errors import DomainError, NotAllowed, StaleVersion
from common.tracked import save_with_history
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import (
    AssignmentRole,
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    TaskState,
)
from responsibilities.models import Obligation, Task
from responsibilities.services.breakdown import void_obligation
from responsibilities.services.bulk import (
    DeadlineChange,
    LeadChange,
    StaleRows,
    change_many,
    proposals,
)
from responsibilities.services.deadlines import Deadline
from tests.builders import (
    NOW,
    TODAY,
    dispatch,
    make_plan,
    make_row,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
BY_DECEMBER = DeadlineChange(
    Deadline(
        DeadlineKind.FIXED,
        "区安委会第三次会议纪要",
        due_on=date(2019, 12, 31),
        frequency=Frequency.ONCE,
    )
)


@pytest.fixture
def plan() -> Plan:
    return make_plan()


@pytest.fixture
def unit() -> Unit:
    return make_unit("jtj", "区交通运输局")


@pytest.fixture
def office() -> User:
    return make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))


def _change(rows: list[Obligation], change: DeadlineChange | LeadChange, actor: User) -> None:
    picked = {row.pk: row.version for row in rows}
    change_many(picked, [change], actor=actor, at=NOW, today=TODAY, reason="会议决定")


def test_asks_no_more_of_many_rows_whose_new_lead_would_be_late(
    plan: Plan, unit: Unit, django_assert_num_queries: Any
) -> None:
    codes = ["02-01", "02-02", "02-03"]
    rows = [make_row(plan, code, leads=[unit], frequency=Frequency.QUARTERLY) for code in codes]
    dispatch(plan, *rows, starts_on=date(2019, 4, 1))
    heir = LeadChange(make_unit("czj", "区财政局", order=11))

    for few in (rows[:1], rows):
        ledger = list(Obligation.objects.filter(pk__in=[r.pk for r in few]).with_assignments())
        with django_assert_num_queries(1):
            shown = proposals(ledger, heir, today=TODAY)
        assert [item.late_on for item in shown] == [date(2019, 6, 30)] * len(few)


def test_shows_each_row_before_and_after_and_writes_nothing(plan: Plan, unit: Unit) -> None:
    rows = [
        make_row(plan, "02-01", leads=[unit], frequency=Frequency.QUARTERLY),
        make_row(plan, "02-02", leads=[unit], due_on=date(2019, 10, 1)),
        make_row(plan, "02-03", leads=[unit]),
    ]

    shown = proposals(rows, BY_DECEMBER, today=TODAY)

    assert [(item.before, item.after, item.refusal) for item in shown] == [
        ("每季度", "2019-12-31", ""),
        ("2019-10-01", "2019-12-31", ""),
        ("待明确", "2019-12-31", ""),
    ]
    assert [row.version for row in Obligation.objects.order_by("pk")] == [r.version for r in rows]


def test_sets_the_deadline_of_all_rows_for_one_reason(plan: Plan, unit: Unit, office: User) -> None:
    rows = [make_row(plan, code, leads=[unit]) for code in ("02-01", "02-02")]

    _change(rows, BY_DECEMBER, office)

    for row in Obligation.objects.all():
        assert (row.deadline_kind, row.due_on) == (DeadlineKind.FIXED, date(2019, 12, 31))
        assert row.decision_basis == "区安委会第三次会议纪要"
        latest = row.history.latest()
        assert (latest.history_user, latest.history_change_reason) == (office, "会议决定")


def test_moves_the_open_tasks_of_dispatched_rows(plan: Plan, unit: Unit, office: User) -> None:
    row = make_row(plan, "02-02", leads=[unit], due_on=date(2019, 10, 1))
    dispatch(plan, row)
    row.refresh_from_db()

    _change([row], BY_DECEMBER, office)

    assert Task.objects.get().due_on == date(2019, 12, 31)
    row.refresh_from_db()
    assert row.open_due_on == date(2019, 12, 31)


def test_changes_the_lead_and_keeps_the_others(plan: Plan, unit: Unit, office: User) -> None:
    helper, other = make_unit("gaj", "公安分局", order=20), make_unit("slj", "区水利局", order=30)
    row = make_row(plan, "02-02", leads=[unit], assists=[helper], due_on=date(2019, 10, 1))
    dispatch(plan, row)
    row.refresh_from_db()

    _change([row], LeadChange(other), office)

    held = {item.unit.code: item.role for item in row.assignments.select_related("unit")}
    assert held == {"slj": AssignmentRole.LEAD, "gaj": AssignmentRole.ASSIST}
    assert dict(Task.objects.values_list("unit__code", "state")) == {
        "jtj": TaskState.VOID,
        "slj": TaskState.AWAITING_RECEIPT,
    }


def test_keeps_the_number_of_times_when_the_interval_stays(
    plan: Plan, unit: Unit, office: User
) -> None:
    row = make_row(plan, "02-01", leads=[unit], frequency=Frequency.QUARTERLY)
    row.times_per_period = 3
    save_with_history(row, actor=office, reason="测试", at=NOW)
    quarterly = Deadline(DeadlineKind.PERIODIC, "新依据", frequency=Frequency.QUARTERLY)

    _change([row], DeadlineChange(quarterly), office)

    row.refresh_from_db()
    assert row.times_per_period == 3


def test_says_why_a_void_row_cannot_take_it(plan: Plan, unit: Unit, office: User) -> None:
    row = make_row(plan, "02-02", leads=[unit])
    void_obligation(row, actor=office, at=NOW, reason="重复")
    row.refresh_from_db()

    assert "已撤销" in proposals([row], BY_DECEMBER, today=TODAY)[0].refusal
    assert "已撤销" in proposals([row], LeadChange(unit), today=TODAY)[0].refusal


def test_says_which_unit_of_the_row_is_gone(plan: Plan, unit: Unit) -> None:
    old = make_unit("nongyeju", "区农业局", order=40)
    row = make_row(plan, "02-02", leads=[unit], assists=[old])
    old.valid_to = date(2019, 3, 1)
    save_with_history(old, actor=get_system_user(), reason="撤并", at=NOW)

    [shown] = proposals([row], LeadChange(make_unit("slj", "区水利局")), today=TODAY)

    assert shown.refusal == "区农业局已撤销或尚未设立，请改选承接单位。"


def test_leaves_rows_with_many_leads_to_their_own_page(plan: Plan, unit: Unit) -> None:
    other = make_unit("gaj", "公安分局", order=20)
    row = make_row(plan, "02-01", leads=[unit, other], mode=FulfilmentMode.SEPARATE)

    [shown] = proposals([row], LeadChange(other), today=TODAY)

    assert (shown.before, shown.is_possible) == ("区交通运输局等 2 家", False)
    assert "分别落实" in shown.refusal


def test_a_body_that_is_only_linked_cannot_lead(plan: Plan, unit: Unit) -> None:
    congress = make_unit("rd", "区人大常委会", kind=UnitKind.SUPERVISORY_BODY)
    row = make_row(plan, "02-02", leads=[unit])

    assert "只作联系" in proposals([row], LeadChange(congress), today=TODAY)[0].refusal


def test_a_row_that_is_so_already_is_left_alone(plan: Plan, unit: Unit) -> None:
    row = make_row(plan, "02-02", leads=[unit])

    assert "与现在相同" in proposals([row], LeadChange(unit), today=TODAY)[0].refusal


def test_changes_nothing_when_one_row_moved_since_it_was_shown(
    plan: Plan, unit: Unit, office: User
) -> None:
    rows = [make_row(plan, code, leads=[unit]) for code in ("02-01", "02-02")]
    _change(rows[:1], DeadlineChange(Deadline(DeadlineKind.CONTINUOUS, "依据")), office)

    with pytest.raises(StaleRows) as refused:
        _change(rows, BY_DECEMBER, office)

    assert refused.value.codes == ("02-01",)
    assert isinstance(refused.value, StaleVersion)
    assert not Obligation.objects.filter(due_on=date(2019, 12, 31)).exists()


def test_changes_nothing_when_one_row_refuses(plan: Plan, unit: Unit, office: User) -> None:
    good = make_row(plan, "02-02", leads=[unit])
    gone = make_row(plan, "02-03", leads=[unit])
    void_obligation(gone, actor=office, at=NOW, reason="重复")
    gone.refresh_from_db()

    with pytest.raises(DomainError, match="02-03 已撤销"):
        _change([good, gone], BY_DECEMBER, office)

    good.refresh_from_db()
    assert good.deadline_kind == DeadlineKind.UNDECIDED


@pytest.mark.parametrize("post", [PostKind.LIAISON, PostKind.LEADER, PostKind.AUDITOR])
def test_only_the_office_changes_rows(plan: Plan, unit: Unit, post: PostKind) -> None:
    row = make_row(plan, "02-02", leads=[unit])

    with pytest.raises(NotAllowed):
        _change([row], BY_DECEMBER, make_user("other", (unit, post)))


def test_refuses_an_empty_choice(office: User) -> None:
    with pytest.raises(DomainError, match="重新勾选"):
        _change([], BY_DECEMBER, office)
