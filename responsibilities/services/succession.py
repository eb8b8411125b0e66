"""A unit is gone and another takes over (机构改革承接): its duties and open work move on."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from common.tracked import delete_with_history, save_many_with_history, save_with_history
from organizations.models import Unit, UnitAlias, User
from organizations.rules import unit_in_force
from responsibilities.enums import AssignmentRole, ObligationState, TaskState
from responsibilities.models import Assignment, Obligation, Task
from responsibilities.services.expected import create_missing_tasks
from responsibilities.services.recalling import recall_waiting
from responsibilities.services.rollup import refresh_rollup
from responsibilities.services.telling import tell_inheritance

# 两个单位并为一个时，取分量重的角色。
WEIGHT = {AssignmentRole.LEAD: 3, AssignmentRole.ASSIST: 2, AssignmentRole.SUPERVISE: 1}


def hand_over_to_successors(*, actor: User, at: datetime, today: date) -> int:
    """Move the duties of units that no longer exist on ``today`` to those that took them over.

    Open tasks go with their periods, dates and state; closed ones stay with the unit that did
    them. Where two units became one and both owed the same task, it is owed once. A unit set up
    after the dispatch joins the rows whose phrase of the text names it on ``today``. Each unit is
    told once of all that came to it.
    Source: 督办惯例“发生变动后，由相应岗位的继任者承担”。
    Idempotent: days that were missed are caught up. Returns: the number of rows that moved.
    """
    with transaction.atomic():
        heirs = _heirs(today)
        held = _rows_of(heirs)
        rows = _hold(held | {row for row, *_ in _joining(today)})
        moving = [row for row in rows.values() if row.pk in held]
        for row in moving:
            _move_assignments(row, heirs, actor=actor, at=at)
        came = _move_tasks(heirs, actor=actor, at=at, today=today)
        moving += _join_new_units(rows, today, actor=actor, at=at)
        refresh_rollup(row.pk for row in moving)
        dispatched = [row for row in moving if row.state == ObligationState.DISPATCHED]
        came += create_missing_tasks(
            dispatched, actor=actor, at=at, today=today, reason="机构改革承接后补齐期次"
        )
        tell_inheritance(came, actor=actor, at=at)
    return len(moving)


def _rows_of(heirs: Iterable[int]) -> set[int]:
    """Return the rows in which the units have a role, or still owe a task without one."""
    held = Assignment.objects.filter(unit__in=heirs).values_list("obligation", flat=True)
    owed = Task.objects.filter(unit__in=heirs).open().values_list("obligation", flat=True)
    return {*held, *owed}


def _hold(rows: Iterable[int]) -> dict[int, Obligation]:
    """Hold the rows that still stand for this transaction: before any of their tasks is."""
    found = Obligation.objects.select_for_update(of=("self",)).live().filter(pk__in=rows)
    return {row.pk: row for row in found.order_by("pk")}


def _heirs(today: date) -> dict[int, Unit]:
    """Return id of every unit that is gone by ``today`` → the unit that stands for it."""
    units = list(Unit.objects.all())
    gone = [unit for unit in units if unit.valid_to is not None and unit.valid_to < today]
    found = {unit.pk: unit_in_force(unit, units, today) for unit in gone}
    return {pk: heir for pk, heir in found.items() if heir.pk != pk}


def _move_assignments(
    row: Obligation, heirs: Mapping[int, Unit], *, actor: User, at: datetime
) -> None:
    held = {item.unit_id: item for item in row.assignments.select_related("unit", "alias")}
    for unit_id, item in list(held.items()):
        if unit_id not in heirs:
            continue
        heir = heirs[unit_id]
        reason = f"{item.unit}由{heir}承接"
        delete_with_history(item, actor=actor, reason=reason, at=at)
        present = held.get(heir.pk)
        if present is None:
            present = Assignment(obligation=row, unit=heir, role=item.role, alias=item.alias)
        elif WEIGHT[AssignmentRole(present.role)] >= WEIGHT[AssignmentRole(item.role)]:
            continue
        present.role, present.is_sole_lead = item.role, item.is_sole_lead
        save_with_history(present, actor=actor, reason=reason, at=at)
        held[heir.pk] = present


def _move_tasks(heirs: Mapping[int, Unit], *, actor: User, at: datetime, today: date) -> list[Task]:
    """Give open tasks to the heirs. Returns: those that an heir did not have before."""
    reason = "机构改革承接"
    owed = list(Task.objects.filter(unit__in=heirs).open().locked())
    rows = {task.obligation_id for task in owed}
    theirs = {
        (task.obligation_id, task.unit_id, task.period): task
        for task in Task.objects.filter(obligation__in=rows).locked()
    }
    came = []
    for task in owed:
        key = (task.obligation_id, heirs[task.unit_id].pk, task.period)
        own = theirs.get(key)
        if own is None:
            task.unit, task.version = heirs[task.unit_id], task.version + 1
            theirs[key] = task
            came.append(task)
            continue
        if own.state == TaskState.VOID:
            own.move_to(TaskState.AWAITING_RECEIPT)
            own.due_on, own.original_due_on = task.due_on, task.original_due_on
            came.append(own)
        task.move_to(TaskState.VOID)
    for task in came:
        task.count_from(today)
    dates = ["starts_on", "due_on", "original_due_on"]
    fields = ["unit", "state", "received_at", "received_by", *dates, "version"]
    changed = {task.pk: task for task in owed} | {task.pk: task for task in came}
    save_many_with_history(changed.values(), fields=fields, actor=actor, reason=reason, at=at)
    void = [task for task in owed if task.state == TaskState.VOID]
    recall_waiting(void, actor=actor, at=at, reason=reason)
    return came


def _join_new_units(
    rows: Mapping[int, Obligation], today: date, *, actor: User, at: datetime
) -> list[Obligation]:
    """Put units that did not exist at the dispatch under the phrases that now name them."""
    joined = {}
    for row_id, unit, role, alias in _joining(today):
        if row_id not in rows:
            continue  # 刚刚才有的，没有锁住，下次再办
        item = Assignment(obligation=rows[row_id], unit=unit, role=role, alias=alias)
        reason = f"{unit}设立，按“{alias}”列入"
        save_with_history(item, actor=actor, reason=reason, at=at)
        joined[row_id] = rows[row_id]
    return list(joined.values())


def _joining(today: date) -> list[tuple[int, Unit, str, UnitAlias]]:
    """Return row, unit, role and phrase of every unit that is to join a row on ``today``.

    A unit that the office took out of a row before is not put back.
    """
    phrased = Assignment.objects.exclude(alias=None).filter(
        obligation__state=ObligationState.DISPATCHED
    )
    shapes = phrased.values_list("obligation", "alias", "role").distinct()
    aliases = UnitAlias.objects.in_bulk({alias for _, alias, _ in shapes})
    newcomers = {
        pk: [unit for unit in alias.units_on(today) if unit.valid_from is not None]
        for pk, alias in aliases.items()
    }
    known = set(Assignment.history.values_list("obligation_id", "unit_id"))
    rows = Obligation.objects.in_bulk({row for row, _, _ in shapes})
    found = []
    for row_id, alias_id, role in sorted(shapes):
        for unit in newcomers[alias_id]:
            if (row_id, unit.pk) not in known and _is_younger(unit, rows[row_id]):
                found.append((row_id, unit, role, aliases[alias_id]))
                known.add((row_id, unit.pk))
    return found


def _is_younger(unit: Unit, row: Obligation) -> bool:
    return (
        unit.valid_from is not None
        and row.dispatched_at is not None
        and unit.valid_from > day_of(row.dispatched_at)
    )
