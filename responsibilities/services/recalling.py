"""Take back what nobody has to answer any more; part of the act that settled its task."""

from collections.abc import Iterable
from datetime import datetime

from common.tracked import save_many_with_history
from organizations.models import User
from responsibilities.enums import CoordinationState, ExtensionState, ReportState, TaskState
from responsibilities.models import Coordination, Extension, ProgressReport, Task

WAITING = (ReportState.SUBMITTED, ReportState.SIGNING)


def recall_waiting(tasks: Iterable[Task], *, actor: User, at: datetime, reason: str) -> None:
    """Withdraw what still waits for a head or for the office on tasks that are void or closed.

    A void task needs no leader's decision either, and neither needs more time.
    """
    tasks = list(tasks)
    waiting = list(ProgressReport.objects.filter(task__in=tasks, state__in=WAITING))
    for report in waiting:
        report.state = ReportState.WITHDRAWN
    save_many_with_history(waiting, fields=["state"], actor=actor, reason=reason, at=at)
    void = [task for task in tasks if task.state == TaskState.VOID]
    _refuse_more_time(void, actor=actor, at=at, reason=reason)
    lapse_requests(set(tasks) - set(void), actor=actor, at=at, reason=reason)
    _withdraw_matters(void, actor=actor, at=at, reason=reason)


def _refuse_more_time(tasks: list[Task], *, actor: User, at: datetime, reason: str) -> None:
    asked = list(Extension.objects.awaiting_decision().filter(task__in=tasks))
    for extension in asked:
        extension.state = ExtensionState.REFUSED
        extension.answer(f"任务已撤销：{reason}"[:500], actor=actor, at=at)
    save_many_with_history(asked, fields=Extension.DECISION, actor=actor, reason=reason, at=at)


def lapse_requests(tasks: Iterable[Task], *, actor: User, at: datetime, reason: str) -> None:
    """Withdraw what closed tasks still ask for: done in time, they need no more of it."""
    asked = list(Extension.objects.awaiting_decision().filter(task__in=tasks))
    for extension in asked:
        extension.state = ExtensionState.WITHDRAWN
        extension.answer("任务已办结，不用再延期", actor=actor, at=at)
    save_many_with_history(asked, fields=Extension.DECISION, actor=actor, reason=reason, at=at)


def _withdraw_matters(tasks: list[Task], *, actor: User, at: datetime, reason: str) -> None:
    raised = list(Coordination.objects.awaiting_decision().filter(task__in=tasks))
    for item in raised:
        item.state = CoordinationState.WITHDRAWN
    save_many_with_history(raised, fields=["state"], actor=actor, reason=reason, at=at)
