"""Coordination (需领导协调): the office puts a matter before the leaders, they decide."""

from datetime import datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.access import access_of
from organizations.models import User
from responsibilities.enums import OPEN_TASK_STATES, CoordinationState
from responsibilities.models import Coordination, ProgressReport, Task
from responsibilities.permissions import can_decide_matter, can_manage_ledger
from responsibilities.services.progress import lock_task
from responsibilities.services.telling import tell_decision


def raise_matter(
    task: Task,
    *,
    matter: str,
    proposal: str = "",
    report: ProgressReport | None = None,
    actor: User,
    at: datetime,
) -> Coordination:
    """Put a matter before the district's leaders (提请协调); it shows on their page at once.

    Source: 方案(三十)“切实加强组织协调、督促检查”。
    Raises: NotAllowed; DomainError when the task is closed or the matter is not said;
    ValidationError when another matter of the task still waits.
    """
    with transaction.atomic():
        task = lock_task(task)
        require(can_manage_ledger(actor, today=day_of(at)), "协调事项由区安委办提请。")
        if task.state not in OPEN_TASK_STATES:
            raise DomainError("这件任务已办结或已撤销，不用再提请协调。")
        if not matter.strip():
            raise DomainError("请写明要区领导协调什么。")
        item = Coordination(
            task=task,
            report=report,
            matter=matter.strip(),
            proposal=proposal.strip(),
            raised_by=actor,
            raised_at=at,
        )
        save_with_history(item, actor=actor, reason="提请区领导协调", at=at)
    return item


def decide_matter(
    item: Coordination, *, decision: str, basis: str = "", actor: User, at: datetime
) -> Coordination:
    """Record what the leader decided; the office may record it with the paper it rests on.

    Raises: NotAllowed; DomainError when it was settled before, nothing was decided, or the office
    names no basis.
    """
    with transaction.atomic():
        item = Coordination.objects.select_for_update(of=("self",)).get(pk=item.pk)
        today = day_of(at)
        require(can_decide_matter(actor, today=today), "协调事项由区领导决定。")
        _ensure_waiting(item)
        if not decision.strip():
            raise DomainError("请写明决定：由谁、办什么、什么时候办成。")
        if not access_of(actor, today=today).is_leader and not basis.strip():
            raise DomainError("代区领导登记决定，要写明依据，如会议纪要或批示的日期和文号。")
        item.state = CoordinationState.DECIDED
        item.decision, item.basis = decision.strip(), basis.strip()
        item.decided_by, item.decided_at = actor, at
        save_with_history(item, actor=actor, reason=f"决定：{item.decision}", at=at)
        tell_decision(item, actor=actor, at=at)
    return item


def withdraw_matter(item: Coordination, *, reason: str, actor: User, at: datetime) -> Coordination:
    """Take a matter back that has been settled otherwise (撤回), with the reason."""
    with transaction.atomic():
        item = Coordination.objects.select_for_update(of=("self",)).get(pk=item.pk)
        require(can_manage_ledger(actor, today=day_of(at)))
        _ensure_waiting(item)
        if not reason.strip():
            raise DomainError("撤回要写明理由。")
        item.state = CoordinationState.WITHDRAWN
        save_with_history(item, actor=actor, reason=f"撤回：{reason.strip()}", at=at)
    return item


def _ensure_waiting(item: Coordination) -> None:
    if item.state != CoordinationState.RAISED:
        raise DomainError(
            f"这项协调事项{item.get_state_display()}，不能再办；请刷新页面查看最新结果。"
        )
