"""The tasks of the ledger that inspections fulfil, and whose they are."""

from collections.abc import Container, Mapping, Sequence

from responsibilities.enums import FulfilledBy, ObligationState, TaskState
from responsibilities.models import Task
from responsibilities.models.task import TaskQuerySet


def inspection_tasks() -> TaskQuerySet:
    """Return the dispatched tasks that inspections fulfil; void ones owe nothing."""
    return Task.objects.filter(
        obligation__fulfilled_by=FulfilledBy.INSPECTION,
        obligation__state=ObligationState.DISPATCHED,
    ).exclude(state__in=[TaskState.VOID, TaskState.UNDISPATCHED])


def owing(unit_id: int, lines: Mapping[int, Sequence[int]], owed: Container[int]) -> int:
    """Return the unit whose task of a quarter a record of ``unit_id`` counts for.

    The unit's own, or when that has moved on, the one of the unit that took it over; the unit
    itself where none of them is among ``owed``, who have such a task.
    """
    return next((unit for unit in lines[unit_id] if unit in owed), unit_id)
