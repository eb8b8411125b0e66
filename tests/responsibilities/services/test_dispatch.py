"""Dispatch: what stands in its way, and the tasks that it makes."""

from datetime import date

import pytest

from clauses.models import Plan
from common.errors import NotAllowed, TransitionNotAllowed
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, Frequency, FulfilmentMode, TaskState
from responsibilities.exceptions import NotReadyForDispatch
from responsibilities.models import Task
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.dispatch import dispatch_obligations
from responsibilities.services.expected import horizon, top_up_tasks
from tests.builders import (
    NOW,
    TODAY,
    decline_rest,
    dispatch,
    make_plan,
    make_row,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    return make_plan()


@pytest.fixture
def units() -> list[Unit]:
    return [make_unit("jtj", "区交通运输局"), make_unit("zjj", "区住房和城乡建设局", order=11)]


def send(plan: Plan, *rows, actor=None, today=TODAY):
    actor = actor or get_system_user()
    return dispatch_obligations(plan, rows, actor=actor, at=NOW, today=today)


def test_refuses_while_a_sentence_is_open_and_says_which(plan: Plan, units: list[Unit]) -> None:
    row = make_row(plan, "02-02", leads=units[:1], due_on=date(2020, 12, 31))

    with pytest.raises(NotReadyForDispatch) as refusal:
        send(plan, row)

    assert "未处置的句子：00-01、01-01、02-01、02-03、03-01" in refusal.value.message


def test_refuses_a_regular_duty_without_an_interval_and_says_which(
    plan: Plan, units: list[Unit]
) -> None:
    row = make_row(plan, "02-03", leads=units[:1])
    unspecified = Deadline(
        kind=DeadlineKind.UNDECIDED, basis="", frequency=Frequency.PERIODIC_UNSPECIFIED
    )
    row = set_deadline(
        row,
        unspecified,
        version=row.version,
        actor=get_system_user(),
        at=NOW,
        today=TODAY,
        reason="测试",
    )
    decline_rest(plan)

    with pytest.raises(NotReadyForDispatch, match="原文为“定期”，还没有定周期：02-03"):
        send(plan, row)


def test_refuses_a_row_without_a_lead_or_a_date(plan: Plan) -> None:
    row = make_row(plan, "02-02", leads=[])
    decline_rest(plan)

    with pytest.raises(NotReadyForDispatch) as refusal:
        send(plan, row)

    assert refusal.value.problems == ["没有牵头单位：02-02", "还没有明确完成时限：02-02"]


def test_joint_work_makes_one_task_for_the_lead_only(plan: Plan, units: list[Unit]) -> None:
    row = make_row(plan, "02-02", leads=units[:1], assists=units[1:], due_on=date(2020, 12, 31))

    dispatch(plan, row)

    task = Task.objects.get()
    assert (task.unit, task.due_on, task.state) == (
        units[0],
        date(2020, 12, 31),
        TaskState.AWAITING_RECEIPT,
    )


def test_separate_work_gives_each_unit_its_own_task_per_quarter(
    plan: Plan, units: list[Unit]
) -> None:
    row = make_row(
        plan, "02-01", leads=units, mode=FulfilmentMode.SEPARATE, frequency=Frequency.QUARTERLY
    )

    dispatch(plan, row, starts_on=date(2019, 7, 1))

    # 起算 2019 年 7 月 1 日、今天 9 月 18 日：展开到年底，即三、四季度，两个单位共 4 件。
    made = set(Task.objects.values_list("unit__code", "period", "due_on"))
    assert made == {
        ("jtj", "2019Q3", date(2019, 9, 30)),
        ("jtj", "2019Q4", date(2019, 12, 31)),
        ("zjj", "2019Q3", date(2019, 9, 30)),
        ("zjj", "2019Q4", date(2019, 12, 31)),
    }


def test_topping_up_twice_adds_the_next_year_once(plan: Plan, units: list[Unit]) -> None:
    row = make_row(plan, "02-01", leads=units[:1], frequency=Frequency.QUARTERLY)
    dispatch(plan, row, starts_on=date(2019, 7, 1))
    october = date(2019, 10, 1)

    first = top_up_tasks(actor=get_system_user(), at=NOW, today=october)
    second = top_up_tasks(actor=get_system_user(), at=NOW, today=october)

    assert (first, second) == (4, 0)
    assert list(Task.objects.order_by("period").values_list("period", flat=True))[-1] == "2020Q4"


def test_a_missed_year_of_top_ups_is_caught_up_in_one(plan: Plan, units: list[Unit]) -> None:
    row = make_row(plan, "02-01", leads=units[:1], frequency=Frequency.YEARLY)
    dispatch(plan, row, starts_on=date(2019, 1, 1))

    added = top_up_tasks(actor=get_system_user(), at=NOW, today=date(2022, 3, 1))

    assert added == 3
    assert set(Task.objects.values_list("period", flat=True)) == {"2019", "2020", "2021", "2022"}


def test_bodies_that_are_only_linked_owe_no_task(plan: Plan) -> None:
    congress = make_unit("rd", "区人大常委会", kind=UnitKind.SUPERVISORY_BODY)
    row = make_row(plan, "02-01", leads=[congress], frequency=Frequency.YEARLY)

    dispatch(plan, row)

    assert Task.objects.count() == 0


def test_a_row_led_by_a_linked_body_needs_no_date(plan: Plan) -> None:
    congress = make_unit("rd", "区人大常委会", kind=UnitKind.SUPERVISORY_BODY)
    row = make_row(plan, "02-03", leads=[congress])
    decline_rest(plan)

    assert send(plan, row) == 0


def test_a_dispatched_row_is_not_dispatched_again(plan: Plan, units: list[Unit]) -> None:
    row = make_row(plan, "02-02", leads=units[:1], due_on=date(2020, 12, 31))
    dispatch(plan, row)

    with pytest.raises(TransitionNotAllowed, match="现在已经是“已下发”"):
        send(plan, row)


def test_a_liaison_may_not_dispatch(plan: Plan, units: list[Unit]) -> None:
    row = make_row(plan, "02-02", leads=units[:1], due_on=date(2020, 12, 31))
    decline_rest(plan)
    liaison = make_user("liaison", (units[0], PostKind.LIAISON))

    with pytest.raises(NotAllowed):
        send(plan, row, actor=liaison)


def test_the_roll_up_follows_the_tasks(plan: Plan, units: list[Unit]) -> None:
    row = make_row(
        plan, "02-01", leads=units, mode=FulfilmentMode.SEPARATE, frequency=Frequency.QUARTERLY
    )

    dispatch(plan, row, starts_on=date(2019, 7, 1))

    row.refresh_from_db()
    assert (row.task_count, row.open_count, row.open_due_on) == (4, 4, date(2019, 9, 30))


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2019, 9, 30), date(2019, 12, 31)),
        (date(2019, 10, 1), date(2020, 12, 31)),
        (date(2020, 2, 29), date(2020, 12, 31)),
    ],
)
def test_periods_are_laid_out_to_the_end_of_the_year_and_from_october_to_the_next(
    today: date, last: date
) -> None:
    assert horizon(today) == last


def test_a_new_interval_counts_from_the_day_it_was_decided(plan: Plan, units: list[Unit]) -> None:
    row = make_row(plan, "02-01", leads=units[:1], frequency=Frequency.YEARLY)
    dispatch(plan, row, starts_on=date(2019, 1, 1))
    row.refresh_from_db()

    set_deadline(
        row,
        Deadline(DeadlineKind.PERIODIC, "会议纪要", frequency=Frequency.QUARTERLY),
        version=row.version,
        actor=get_system_user(),
        at=NOW,
        today=TODAY,
        reason="改为每季度",
    )

    # 9 月 18 日决定：从三季度起办，一、二季度不补。
    owed = Task.objects.open().values_list("period", flat=True)
    assert sorted(owed) == ["2019Q3", "2019Q4"]
    assert Task.objects.get(period="2019").state == TaskState.VOID
