"""The tasks of the ledger that inspections fulfil."""

from responsibilities.enums import FulfilledBy, ObligationState, TaskState
from responsibilities.models import Task
from responsibilities.models.task import TaskQuerySet


def inspection_tasks() -> TaskQuerySet:
    """Return the dispatched tasks that inspections fulfil; void ones owe nothing."""
    return Task.objects.filter(
        obligation__fulfilled_by=FulfilledBy.INSPECTION,
        obligation__state=ObligationState.DISPATCHED,
    ).exclude(state__in=[TaskState.VOID, TaskState.UNDISPATCHED])
