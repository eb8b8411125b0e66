"""More time (延期): asked by the unit's head before the due date, decided by the office."""

from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from common.days import short_day
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import User
from responsibilities.enums import OPEN_TASK_STATES, ExtensionState
from responsibilities.models import Extension, Task
from responsibilities.permissions import can_manage_ledger, can_sign_for_unit
from responsibilities.services.progress import lock_task
from responsibilities.services.rollup import refresh_rollup
from responsibilities.services.telling import tell_extension

FARTHEST_YEARS = 10  # 再远的多半是年份写错了


def request_extension(
    task: Task, *, asked_due_on: date, reason: str, actor: User, at: datetime
) -> Extension:
    """Ask for more time; only the head signs, and only up to the due date itself.

    Source: 督办惯例“期满前提出延期,经批准并明确新的时限”。
    Raises: NotAllowed; DomainError when it is too late, the task is not open or has no date.
    """
    with transaction.atomic():
        task = lock_task(task)
        today = day_of(at)
        require(can_sign_for_unit(actor, task, today=today), "延期要由本单位主要负责人提出。")
        refusal = why_no_extension(task, today=today)
        if refusal or task.due_on is None:
            raise DomainError(refusal)
        if not reason.strip():
            raise DomainError("申请延期要写明理由。")
        _check_year(asked_due_on, today=today)
        extension = Extension(
            task=task,
            reason=reason.strip(),
            asked_due_on=asked_due_on,
            previous_due_on=task.due_on,
            requested_by=actor,
            requested_at=at,
        )
        save_with_history(extension, actor=actor, reason="申请延期", at=at)
    return extension


def why_no_extension(task: Task, *, today: date) -> str:
    """Return why nobody can ask for more time now, as a sentence; empty when the head can."""
    if task.state not in OPEN_TASK_STATES:
        return "这件任务已办结或已撤销，不用申请延期。"
    if task.due_on is None:
        return "这件任务没有到期日，不用申请延期。"
    if task.due_on < today:
        day = short_day(task.due_on)
        return f"任务已于{day}到期，延期要在到期前提出；请先报进展说明原因。"
    if task.extensions.filter(state=ExtensionState.REQUESTED).exists():
        return "这件任务已有一份延期申请在等待审批。"
    return ""


def decide_extension(
    extension: Extension,
    *,
    granted_due_on: date | None,
    note: str,
    actor: User,
    at: datetime,
) -> Extension:
    """Grant a definite new date, or refuse with ``granted_due_on=None`` and a note.

    The original date stays on the task and is shown; the number of extensions is counted.
    Raises: NotAllowed; DomainError when nothing is asked any more, or the date is not later than
    the one that holds now.
    """
    with transaction.atomic():
        task = lock_task(extension.task)
        extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
        require(can_manage_ledger(actor, today=day_of(at)))
        _ensure_waiting(extension)
        if granted_due_on is None and not note.strip():
            raise DomainError("不同意延期要写明理由。")
        if granted_due_on is not None:
            _check_grant(task, granted_due_on, today=day_of(at))
        granted = granted_due_on is not None
        extension.state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
        extension.answer(note.strip(), actor=actor, at=at)
        extension.granted_due_on = granted_due_on
        said = f"{extension.get_state_display()}延期{f'：{note.strip()}' if note.strip() else ''}"
        save_with_history(extension, actor=actor, reason=said, at=at)
        if granted:
            task.due_on = granted_due_on
            task.version += 1
            save_with_history(task, actor=actor, reason=said, at=at, fields=["due_on", "version"])
            refresh_rollup([task.obligation_id])
        tell_extension(extension, task, actor=actor, at=at)
    return extension


def withdraw_extension(extension: Extension, *, actor: User, at: datetime) -> Extension:
    """Take back a request that nobody has decided on yet (撤回延期申请); the head may ask anew.

    Raises: NotAllowed for all but the head; DomainError when it was decided before.
    """
    with transaction.atomic():
        task = lock_task(extension.task)
        extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
        require(can_sign_for_unit(actor, task, today=day_of(at)), "延期由本单位主要负责人撤回。")
        _ensure_waiting(extension)
        extension.state = ExtensionState.WITHDRAWN
        extension.answer("", actor=actor, at=at)
        save_with_history(extension, actor=actor, reason="撤回延期申请", at=at)
    return extension


def _ensure_waiting(extension: Extension) -> None:
    if extension.state == ExtensionState.WITHDRAWN:
        raise DomainError("这份延期申请已经撤回，不用再办；要延期的，请重新提出。")
    if extension.state != ExtensionState.REQUESTED:
        raise DomainError("这份延期申请已经批过，请刷新页面查看结果。")


def _check_grant(task: Task, granted_due_on: date, *, today: date) -> None:
    if task.due_on is None or granted_due_on <= task.due_on:
        now = f"{task.due_on.isoformat()}" if task.due_on else "长期"
        raise DomainError(f"同意的新日期要晚于现在的到期日（{now}）。")
    _check_year(granted_due_on, today=today)


def _check_year(new_due_on: date, *, today: date) -> None:
    if new_due_on.year > today.year + FARTHEST_YEARS:
        raise DomainError(f"新日期离今天超过 {FARTHEST_YEARS} 年，请核对年份。")
