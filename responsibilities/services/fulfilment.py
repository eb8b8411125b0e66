"""What fulfils the tasks of a row (办结方式); close and reopen those that no report fulfils."""

from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, TransitionNotAllowed, require
from common.tracked import save_with_history
from organizations.models import User
from responsibilities.enums import (
    FULFILMENT_TRANSITIONS,
    Frequency,
    FulfilledBy,
    TaskState,
)
from responsibilities.models import Obligation, Task
from responsibilities.permissions import can_manage_ledger
from responsibilities.services.locking import lock_obligation, refuse_void
from responsibilities.services.progress import lock_task
from responsibilities.services.recalling import recall_waiting
from responsibilities.services.rollup import refresh_rollup


def set_fulfilment(
    obligation: Obligation,
    kind: FulfilledBy,
    *,
    version: int,
    actor: User,
    at: datetime,
    reason: str,
) -> Obligation:
    """Decide what fulfils the tasks of a row (定办结方式): reports, or inspections led by the head.

    What is closed stays closed. Open tasks are worked on in the new way from now on.
    Source: 方案(四)“主要负责人每季度至少带队检查1次”, so inspections are counted by quarters.
    Raises: NotAllowed; StaleVersion; DomainError for inspections of a row that is not quarterly.
    """
    with transaction.atomic():
        require(can_manage_ledger(actor, today=day_of(at)))
        row = lock_obligation(obligation, version=version)
        refuse_void(row)
        if kind == FulfilledBy.INSPECTION and row.frequency != Frequency.QUARTERLY:
            raise DomainError("带队检查按季度计，先把时限定为周期、每季度，再选带队检查办结。")
        row.fulfilled_by = kind
        row.version += 1
        save_with_history(row, actor=actor, reason=reason, at=at)
    return row


def fulfil_task(task: Task, *, closed_on: date, actor: User, at: datetime, reason: str) -> Task:
    """Close an open task as of ``closed_on``; part of the act that fulfilled it.

    The caller has asked whether the actor may. A receipt that is missing is stamped, and a report
    that still waits for review is taken back: there is nothing left to review.
    Raises: TransitionNotAllowed when the task owes nothing.
    """
    task = lock_task(task)
    task.move_to(TaskState.CLOSED, FULFILMENT_TRANSITIONS)
    recall_waiting([task], actor=actor, at=at, reason=reason)
    if task.received_at is None:
        task.received_at, task.received_by = at, actor
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
    """Open a closed task again, because what closed it no longer stands, and count it; part of the
    act that found so.

    Raises: TransitionNotAllowed when the task is not closed.
    """
    task = lock_task(task)
    if task.state != TaskState.CLOSED:
        now_it_is = task.get_state_display()
        raise TransitionNotAllowed(f"现在是“{now_it_is}”，没有办结，不用重新打开。")
    task.move_to(TaskState.IN_PROGRESS)
    task.reopened += 1
    save_with_history(task, actor=actor, reason=reason, at=at)
    refresh_rollup([task.obligation_id])
    return task
