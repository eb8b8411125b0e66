"""The quarter's task follows the records: fulfilled by confirmed inspections, open without them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from inspections.expected import inspection_tasks, owing
from inspections.models import Inspection
from organizations.models import Unit, User
from organizations.succession import lines_on
from responsibilities.enums import TaskState
from responsibilities.models import Task
from responsibilities.services.fulfilment import fulfil_task, redate_task, reopen_task
from responsibilities.services.progress import lock_task


def settle_quarter(unit: Unit, quarter: str, *, actor: User, at: datetime, reason: str) -> int:
    """Make the unit's task of the quarter say what the records say; part of the act on a record.

    A task that has moved to the unit that took over is fulfilled by the predecessor's record too.

    Closed as of the day of the confirmation that made the number full, so that 迟 shows; open
    again when what fulfilled it was changed or voided. The task is locked before the records are
    counted: of two acts on two records of one quarter, the second counts what the first did.
    Returns: the number of tasks that changed.
    """
    lines = lines_on(day_of(at))
    tasks = inspection_tasks().filter(unit__in=lines[unit.pk], period=quarter).order_by("pk")
    changed = 0
    for task in map(lock_task, tasks):
        days = _days_confirmed(task, lines)
        needed = task.obligation.times_per_period
        done_on = days[needed - 1] if len(days) >= needed else None
        changed += _settle(task, done_on, actor=actor, at=at, reason=reason)
    return changed


def _days_confirmed(task: Task, lines: Mapping[int, Sequence[int]]) -> list[date]:
    """Return the days on which records that count for the task were confirmed, earliest first."""
    same = inspection_tasks().filter(obligation=task.obligation, period=task.period)
    owed = set(same.values_list("unit", flat=True))
    units = [unit for unit in lines if owing(unit, lines, owed) == task.unit_id]
    counted = Inspection.objects.filter(unit__in=units, quarter=task.period).counted()
    days = counted.order_by("confirmed_on").values_list("confirmed_on", flat=True)
    return [day for day in days if day is not None]


def _settle(task: Task, done_on: date | None, *, actor: User, at: datetime, reason: str) -> bool:
    is_closed = task.state == TaskState.CLOSED
    if done_on is None:
        if is_closed:
            reopen_task(task, actor=actor, at=at, reason=reason)
        return is_closed
    if not is_closed:
        fulfil_task(task, closed_on=done_on, actor=actor, at=at, reason=reason)
    elif task.closed_on != done_on:
        redate_task(task, closed_on=done_on, actor=actor, at=at, reason=reason)
    else:
        return False
    return True


def settle_open_tasks(*, actor: User, at: datetime) -> int:
    """Fulfil tasks that were laid out after the inspection that fulfils them was confirmed.

    A dispatch in the middle of a quarter comes after the fact.
    Idempotent. Returns: the number of tasks that were fulfilled.
    """
    lines = lines_on(day_of(at))
    counted = Inspection.objects.counted().order_by().values_list("unit", "quarter").distinct()
    known = {(unit, quarter) for pk, quarter in counted for unit in lines[pk]}
    owed = inspection_tasks().open().select_related("unit").order_by("pk")
    slots = {(task.unit_id, task.period): task for task in owed}
    return sum(
        _settle_slot(task.unit, task.period, actor=actor, at=at)
        for key, task in slots.items()
        if key in known
    )


def _settle_slot(unit: Unit, quarter: str, *, actor: User, at: datetime) -> int:
    with transaction.atomic():
        return settle_quarter(unit, quarter, actor=actor, at=at, reason="已有确认的带队检查")
