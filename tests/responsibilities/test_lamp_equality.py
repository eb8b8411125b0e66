"""The lamp of the database and that of Python are one rule: the same for every case and role."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from common.tracked import save_with_history
from organizations.access import Access
from organizations.enums import PostKind
from organizations.models import Unit
from organizations.services.people import get_system_user
from responsibilities.enums import (
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    LampKind,
    TaskState,
)
from responsibilities.models import Obligation, Task
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.rollup import refresh_rollup
from responsibilities.services.succession import hand_over_to_successors
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user, rights

pytestmark = pytest.mark.django_db
# 今天是 2019-09-18。
LATE, SOON, LATER = LampKind.OVERDUE, LampKind.DUE_SOON, LampKind.NORMAL
WAITING, DONE = LampKind.NOT_STARTED, LampKind.CLOSED
LONG_TERM = Deadline(DeadlineKind.CONTINUOUS, "测试依据", frequency=Frequency.CONTINUOUS)


@dataclass(frozen=True)
class World:
    row: Obligation
    viewers: dict[str, Access]
    units: dict[str, Unit]

    def task(self, unit: str) -> Task:
        return self.row.tasks.get(unit=self.units[unit])

    def seen_by(self, viewer: str) -> Obligation | None:
        access = self.viewers[viewer]
        return (
            Obligation.objects.visible_to(access)
            .with_row_dates(access)
            .with_lamp(today=TODAY)
            .filter(pk=self.row.pk)
            .first()
        )


def _world(
    deadline: Deadline,
    *,
    is_draft: bool = False,
    starts_on: date = date(2019, 7, 1),
    dispatched_on: date | None = None,
) -> World:
    """Two units lead, each for its own part; a third assists."""
    plan = make_plan()
    units = {
        "first": make_unit("first", "区甲局"),
        "second": make_unit("second", "区乙局", order=20),
        "helper": make_unit("helper", "区丙局", order=30),
    }
    office = make_unit("awb", "区安委办", order=1)
    viewers = {"office": rights(make_user("office", (office, PostKind.OFFICE)))}
    for code, unit in units.items():
        viewers[code] = rights(make_user(code, (unit, PostKind.LIAISON)))
    leads = [units["first"], units["second"]]
    row = make_row(
        plan, "02-01", leads=leads, assists=[units["helper"]], mode=FulfilmentMode.SEPARATE
    )
    row = set_deadline(
        row,
        deadline,
        version=row.version,
        actor=get_system_user(),
        at=NOW,
        today=TODAY,
        reason="测试",
    )
    if not is_draft:
        dispatch(plan, row, starts_on=dispatched_on or starts_on, today=dispatched_on or TODAY)
        row.refresh_from_db()
    return World(row, viewers, units)


def _move(task: Task, state: TaskState, *, reported: date | None = None) -> None:
    system = get_system_user()
    task.state, task.last_reported_on = state, reported or task.last_reported_on
    if state == TaskState.CLOSED:
        task.closed_at, task.closed_on, task.closed_by = NOW, TODAY, system
    save_with_history(task, actor=system, reason="测试", at=NOW)
    refresh_rollup([task.obligation_id])


def _assert_lamps(world: World, expected: dict[str, LampKind | None]) -> None:
    for viewer, kind in expected.items():
        row = world.seen_by(viewer)
        if kind is None:
            assert row is None, viewer
            continue
        assert row is not None, viewer
        assert (row.lamp_kind, row.lamp_on(TODAY).kind) == (kind, kind), viewer


def _all(kind: LampKind | None) -> dict[str, LampKind | None]:
    return dict.fromkeys(("office", "first", "second", "helper"), kind)


def _fixed(day: date) -> Deadline:
    return Deadline(DeadlineKind.FIXED, "测试依据", due_on=day)


@pytest.mark.parametrize(
    ("due_on", "expected"),
    [
        pytest.param(date(2019, 9, 17), LATE, id="昨天到期已逾期"),
        pytest.param(date(2019, 9, 18), SOON, id="今天到期还不算逾期"),
        pytest.param(date(2019, 10, 18), SOON, id="还有30天临期"),
        pytest.param(date(2019, 10, 19), LATER, id="还有31天正常"),
    ],
)
@pytest.mark.parametrize("kind", [DeadlineKind.FIXED, DeadlineKind.PERIOD_END])
def test_a_dated_row_turns_with_the_days_left(
    kind: DeadlineKind, due_on: date, expected: LampKind
) -> None:
    world = _world(Deadline(kind, "测试依据", due_on=due_on))

    _assert_lamps(world, _all(expected))


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        # 9 月 30 日到期,还有 12 天。
        pytest.param(Frequency.MONTHLY, SOON, id="每月"),
        pytest.param(Frequency.QUARTERLY, SOON, id="每季度"),
        # 12 月 31 日到期,还有 104 天。
        pytest.param(Frequency.HALF_YEARLY, LATER, id="每半年"),
        pytest.param(Frequency.YEARLY, LATER, id="每年"),
    ],
)
def test_a_periodic_row_turns_fifteen_days_before_the_period_ends(
    frequency: Frequency, expected: LampKind
) -> None:
    deadline = Deadline(DeadlineKind.PERIODIC, "测试依据", frequency=frequency)
    world = _world(deadline, starts_on=date(2019, 9, 1))

    _assert_lamps(world, _all(expected))


def test_a_missed_month_is_overdue_although_this_month_is_not() -> None:
    deadline = Deadline(DeadlineKind.PERIODIC, "测试依据", frequency=Frequency.MONTHLY)

    _assert_lamps(_world(deadline, starts_on=date(2019, 8, 1)), _all(LATE))


def test_a_row_that_begins_later_has_not_started() -> None:
    deadline = Deadline(DeadlineKind.PERIODIC, "测试依据", frequency=Frequency.QUARTERLY)

    _assert_lamps(_world(deadline, starts_on=date(2019, 10, 1)), _all(WAITING))


@pytest.mark.parametrize(
    ("days_quiet", "expected"),
    [
        pytest.param(90, LATER, id="90天未更新还正常"),
        pytest.param(91, SOON, id="91天未更新临期"),
    ],
)
def test_long_term_work_turns_when_nobody_reports(days_quiet: int, expected: LampKind) -> None:
    world = _world(LONG_TERM, dispatched_on=TODAY - timedelta(days=days_quiet))

    _assert_lamps(world, _all(expected))


def test_long_term_work_dispatched_today_is_not_silent_however_far_back_it_counts() -> None:
    _assert_lamps(_world(LONG_TERM, starts_on=date(2019, 1, 1)), _all(LATER))


def _assigned(world: World, leads: list[str], *, on: date) -> None:
    roles = UnitRoles(FulfilmentMode.SEPARATE, [(world.units[code], None) for code in leads])
    assign_units(
        world.row,
        roles,
        version=Obligation.objects.get(pk=world.row.pk).version,
        actor=get_system_user(),
        at=NOW,
        today=on,
        reason="调整分工",
    )


def test_the_silence_of_long_term_work_counts_from_the_day_a_unit_was_handed_it() -> None:
    world = _world(LONG_TERM, dispatched_on=date(2019, 1, 1))
    _move(world.task("first"), TaskState.IN_PROGRESS, reported=date(2019, 9, 1))
    _move(world.task("second"), TaskState.IN_PROGRESS, reported=date(2019, 2, 1))

    # 由区乙局改为区丙局，区乙局最后一次报进展已是 229 天前。
    _assigned(world, ["first", "helper"], on=TODAY)
    _assert_lamps(world, {"office": LATER, "first": LATER, "second": None, "helper": LATER})

    # 又交还区乙局：它自己从前报的，不算这一次交办以后没有更新。
    _assigned(world, ["first", "second"], on=TODAY)
    _assert_lamps(world, {"office": LATER, "first": LATER, "second": LATER, "helper": None})


def test_the_silence_of_a_unit_that_is_gone_is_not_its_successors() -> None:
    world = _world(LONG_TERM, dispatched_on=date(2019, 1, 1))
    _move(world.task("second"), TaskState.IN_PROGRESS, reported=date(2019, 9, 1))
    gone, system = world.units["first"], get_system_user()
    gone.valid_to, gone.successor = date(2019, 9, 17), world.units["helper"]
    save_with_history(gone, actor=system, reason="机构改革", at=NOW)
    _assert_lamps(world, {"office": SOON, "helper": SOON})

    hand_over_to_successors(actor=system, at=NOW, today=TODAY)

    _assert_lamps(world, {"office": LATER, "second": LATER, "helper": LATER})


def test_a_report_of_one_unit_calms_only_its_own_lamp() -> None:
    world = _world(LONG_TERM, dispatched_on=date(2019, 5, 1))

    _move(world.task("first"), TaskState.IN_PROGRESS, reported=date(2019, 9, 1))

    _assert_lamps(world, {"office": SOON, "first": LATER, "second": SOON, "helper": SOON})


def test_an_event_row_without_an_event_is_normal() -> None:
    deadline = Deadline(DeadlineKind.EVENT, "测试依据", frequency=Frequency.EVENT_DRIVEN)

    _assert_lamps(_world(deadline), _all(LATER))


def test_a_unit_that_closed_its_part_sees_it_closed_while_the_row_is_late() -> None:
    world = _world(_fixed(date(2019, 9, 1)))

    _move(world.task("first"), TaskState.CLOSED)

    _assert_lamps(world, {"office": LATE, "first": DONE, "second": LATE, "helper": LATE})


def test_a_row_is_closed_when_every_part_is() -> None:
    world = _world(_fixed(date(2019, 9, 1)))

    for task in world.row.tasks.all():
        _move(task, TaskState.CLOSED)

    _assert_lamps(world, _all(DONE))


@pytest.mark.parametrize("state", [TaskState.RETURNED, TaskState.UNDER_REVIEW])
def test_work_that_is_reported_but_not_closed_stays_late(state: TaskState) -> None:
    world = _world(_fixed(date(2019, 9, 1)))

    _move(world.task("first"), state)

    _assert_lamps(world, _all(LATE))


def test_a_draft_is_not_started_and_units_do_not_see_it() -> None:
    world = _world(_fixed(date(2019, 9, 1)), is_draft=True)

    _assert_lamps(world, {"office": WAITING, "first": None, "second": None, "helper": None})


def test_a_unit_that_no_longer_leads_sees_the_row_as_one_that_assists() -> None:
    world = _world(_fixed(date(2019, 9, 1)))
    roles = UnitRoles(
        FulfilmentMode.SEPARATE,
        leads=[(world.units["second"], None)],
        assists=[(world.units["first"], None)],
    )

    assign_units(
        world.row,
        roles,
        version=world.row.version,
        actor=get_system_user(),
        at=NOW,
        today=TODAY,
        reason="调整分工",
    )

    _assert_lamps(world, {"office": LATE, "first": LATE, "second": LATE, "helper": None})
