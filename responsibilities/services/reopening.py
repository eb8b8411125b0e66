"""Reopening (重新打开): the office takes back that a task was closed."""

from datetime import datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, StaleVersion, require
from notices.addressees import Directory
from notices.services.posting import Message, post_notice
from organizations.models import User
from responsibilities.chasing import people_for
from responsibilities.enums import AssignmentRole, ChaseAudience, ObligationState, TaskState
from responsibilities.models import Assignment, Task
from responsibilities.permissions import can_manage_ledger
from responsibilities.services.fulfilment import reopen_task
from responsibilities.services.progress import lock_task

REOPENED = "重新打开："  # 留痕里的理由由此起头
TOLD = 24  # 提醒里引得下的字数


def reopen_closed(task: Task, *, version: int, reason: str, actor: User, at: datetime) -> Task:
    """Open a closed task again (重新打开), tell its liaison why, and count it.

    It is owed again with its date as it was: past that date it is overdue at once.
    Source: 《督查工作流程》“审核不符的退回重办”；方案(三十三)“全程跟踪”。
    Raises: NotAllowed; DomainError without a reason or where reopening is done elsewhere;
    StaleVersion; TransitionNotAllowed when the task is not closed.
    """
    with transaction.atomic():
        task = lock_task(task)
        require(can_manage_ledger(actor, today=day_of(at)), "重新打开由区安委办办理。")
        if task.state == TaskState.CLOSED and task.version != version:
            raise StaleVersion
        if refusal := why_not_reopened(task):
            raise DomainError(refusal)
        if not reason.strip():
            raise DomainError("重新打开要写明理由，让单位知道补什么。")
        task = reopen_task(task, actor=actor, at=at, reason=f"{REOPENED}{reason.strip()}")
        _tell_unit(task, reason.strip(), actor=actor, at=at)
    return task


def why_not_reopened(task: Task) -> str:
    """Return why a closed task stays closed, as a sentence; empty when the office may open it."""
    if task.obligation.state != ObligationState.DISPATCHED:
        return f"{task.obligation.code} 已撤销，办结的留底，不能重新打开。"
    if task.event is not None and task.event.is_void:
        return "引起它的事件已撤销，办结的留底，不能重新打开。"
    if not _still_owes(task):
        return f"{task.unit}已不牵头这项任务，不能再打开给它；要办的，见现在的牵头单位。"
    if task.other_way is not None:
        return "这件任务由带队检查办结；检查不作数的，到季度检查里作废那份记录，任务随之重新打开。"
    return ""


def _still_owes(task: Task) -> bool:
    """Whether the unit leads the row, or has left it to the unit that took it over."""
    leads = Assignment.objects.filter(obligation=task.obligation, role=AssignmentRole.LEAD)
    return task.unit.successor_id is not None or leads.filter(unit=task.unit).exists()


def _tell_unit(task: Task, reason: str, *, actor: User, at: datetime) -> None:
    people = people_for(task, ChaseAudience.LIAISON, Directory.on(day_of(at)))
    words = " ".join(reason.split())
    short = words if len(words) <= TOLD else f"{words[: TOLD - 1]}…"
    text = f"【重新打开】{task.obligation.code} 重新打开：{short}"
    message = Message(f"task:{task.pk}", text, task.get_absolute_url(), task.unit, kind="reopen")
    post_notice(User.objects.filter(pk__in=people), message, actor=actor, at=at)
