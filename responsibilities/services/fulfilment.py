"""Close and reopen tasks that something other than a report fulfils (办结方式不是报进展)."""

from datetime import date, datetime

from common.errors import ensure_transition
from common.tracked import save_with_history
from organizations.models import User
from responsibilities.enums import (
    FULFILMENT_TRANSITIONS,
    TASK_TRANSITIONS,
    ReportState,
    TaskState,
)
from responsibilities.models import ProgressReport, Task
from responsibilities.services.progress import lock_task
from responsibilities.services.rollup import refresh_rollup


def fulfil_task(task: Task, *, closed_on: date, actor: User, at: datetime, reason: str) -> Task:
    """Close an open task as of ``closed_on``; part of the act that fulfilled it.

    The caller has asked whether the actor may. A receipt that is missing is stamped, and a report
    that still waits for review is taken back: there is nothing left to review.
    Raises: TransitionNotAllowed when the task owes nothing.
    """
    task = lock_task(task)
    ensure_transition(TaskState(task.state), TaskState.CLOSED, FULFILMENT_TRANSITIONS)
    for report in ProgressReport.objects.filter(task=task, state=ReportState.SUBMITTED):
        report.state = ReportState.WITHDRAWN
        save_with_history(report, actor=actor, reason=reason, at=at, fields=["state"])
    if task.received_at is None:
        task.received_at, task.received_by = at, actor
    task.state, task.version = TaskState.CLOSED, task.version + 1
    task.closed_on, task.closed_at, task.closed_by = closed_on, at, actor
    save_with_history(task, actor=actor, reason=reason, at=at)
    refresh_rollup([task.obligation_id])
    return task


def redate_task(task: Task, *, closed_on: date, actor: User, at: datetime, reason: str) -> Task:
    """Put the day right on which a closed task was fulfilled; part of the act that moved it."""
    task = lock_task(task)
    task.closed_on, task.version = closed_on, task.version + 1
    save_with_history(task, actor=actor, reason=reason, at=at, fields=["closed_on", "version"])
    return task


def reopen_task(task: Task, *, actor: User, at: datetime, reason: str) -> Task:
    """Open a closed task again, because what fulfilled it no longer stands; part of that act.

    Raises: TransitionNotAllowed when the task is not closed.
    """
    task = lock_task(task)
    ensure_transition(TaskState(task.state), TaskState.IN_PROGRESS, TASK_TRANSITIONS)
    task.state, task.version = TaskState.IN_PROGRESS, task.version + 1
    task.closed_on = task.closed_at = task.closed_by = None
    save_with_history(task, actor=actor, reason=reason, at=at)
    refresh_rollup([task.obligation_id])
    return task
