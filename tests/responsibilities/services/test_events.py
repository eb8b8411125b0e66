"""What happened opens the tasks tied to it, each with its own date, and nothing else does."""

from datetime import date

import pytest

from clauses.models import Plan
from common.errors import DomainError, NotAllowed
from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import (
    FulfilmentMode,
    TaskState,
)
from responsibilities.models import Task
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.events import (
    months_later,
    register_event,
    void_event,
)
from responsibilities.services.expected import top_up_tasks
from responsibilities.services.progress import receive_task
from tests.builders import NOW, TODAY, make_plan, make_row, make_unit, make_user
from tests.responsibilities.happenings import accident, event_row

pytestmark = pytest.mark.django_db
DUE = date(2019, 10, 18)


@pytest.fixture
def plan() -> Plan:
    return make_plan()


@pytest.fixture
def zjj() -> Unit:
    return make_unit("zjj", "区住建局")


@pytest.fixture
def jtj() -> Unit:
    return make_unit("jtj", "区交通局", order=11)


@pytest.fixture
def office() -> User:
    return make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))


def test_nothing_is_owed_before_it_happens_and_one_task_after(
    plan: Plan, zjj: Unit, office: User
) -> None:
    row = event_row(plan, "02-02", zjj)
    top_up_tasks(actor=get_system_user(), at=NOW, today=TODAY)
    assert not Task.objects.exists()

    register_event(plan, accident(), {row: DUE}, actor=office, at=NOW)

    task = Task.objects.get()
    assert (task.unit, task.due_on, task.state) == (zjj, DUE, TaskState.AWAITING_RECEIPT)
    assert task.period_label == "第1号事件"
    row.refresh_from_db()
    assert (row.open_due_on, row.open_count) == (DUE, 1)


def test_a_second_event_owes_again(plan: Plan, zjj: Unit, office: User) -> None:
    row = event_row(plan, "02-02", zjj)
    for title in ("9·12 事故", "9·15 事故"):
        register_event(plan, accident(title=title), {row: DUE}, actor=office, at=NOW)

    assert sorted(Task.objects.values_list("period", flat=True)) == ["E1", "E2"]


def test_separate_work_is_owed_by_the_unit_concerned_alone(
    plan: Plan, zjj: Unit, jtj: Unit, office: User
) -> None:
    row = event_row(plan, "02-02", zjj, jtj, mode=FulfilmentMode.SEPARATE)
    register_event(plan, accident(unit=jtj), {row: DUE}, actor=office, at=NOW)
    assert Task.objects.get().unit == jtj

    with pytest.raises(DomainError, match="涉及单位"):
        register_event(plan, accident(), {row: DUE}, actor=office, at=NOW)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2019, 9, 12), 12, date(2020, 9, 12)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),  # 结案日是闰日
        (date(2019, 12, 31), 2, date(2020, 2, 29)),
    ],
)
def test_a_year_after_the_case_is_the_same_day(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected


def test_a_new_lead_takes_over_what_the_event_opened(
    plan: Plan, zjj: Unit, jtj: Unit, office: User
) -> None:
    row = event_row(plan, "02-02", zjj)
    register_event(plan, accident(), {row: DUE}, actor=office, at=NOW)
    row.refresh_from_db()

    roles = UnitRoles(FulfilmentMode.JOINT, [(jtj, None)], [])
    assign_units(
        row, roles, version=row.version, actor=office, at=NOW, today=TODAY, reason="改牵头"
    )

    states = dict(Task.objects.values_list("unit__code", "state"))
    assert states == {"zjj": TaskState.VOID, "jtj": TaskState.AWAITING_RECEIPT}
    assert Task.objects.get(unit=jtj).due_on == DUE


def test_an_event_registered_by_mistake_takes_its_open_tasks_back(
    plan: Plan, zjj: Unit, office: User
) -> None:
    row = event_row(plan, "02-02", zjj)
    event = register_event(plan, accident(), {row: DUE}, actor=office, at=NOW)
    receive_task(Task.objects.get(), actor=make_user("li", (zjj, PostKind.LIAISON)), at=NOW)

    void_event(event, reason="不属于本区。", actor=office, at=NOW)

    assert Task.objects.get().state == TaskState.VOID
    row.refresh_from_db()
    assert row.open_count == 0


def test_what_cannot_be_is_refused_in_words(plan: Plan, zjj: Unit, office: User) -> None:
    row, plain = event_row(plan, "02-02", zjj), make_row(plan, "02-03", leads=[zjj], due_on=DUE)
    liaison = make_user("li", (zjj, PostKind.LIAISON))

    with pytest.raises(DomainError, match="不能晚于今天"):
        register_event(
            plan, accident(happened_on=date(2019, 9, 19)), {row: DUE}, actor=office, at=NOW
        )
    with pytest.raises(DomainError, match="早于事件"):
        register_event(plan, accident(), {row: date(2019, 9, 11)}, actor=office, at=NOW)
    with pytest.raises(DomainError, match="不是已下发的事件触发任务"):
        register_event(plan, accident(), {plain: DUE}, actor=office, at=NOW)
    with pytest.raises(NotAllowed):
        register_event(plan, accident(), {row: DUE}, actor=liaison, at=NOW)
    assert not Task.objects.filter(obligation=row).exists()
