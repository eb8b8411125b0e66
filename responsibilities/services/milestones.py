"""Set the milestones of a row: which steps units tick off instead of naming percentages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import User
from responsibilities.models import Milestone, Obligation
from responsibilities.permissions import can_manage_ledger
from responsibilities.services.locking import lock_obligation, refuse_void

MOST = 12  # 一项任务最多的里程碑数


@dataclass(frozen=True)
class Planned:
    """A milestone as the office wants it; ``key`` names the one that it changes."""

    title: str
    due_on: date | None = None
    key: int | None = None


def set_milestones(
    obligation: Obligation,
    wanted: Sequence[Planned],
    *,
    version: int,
    actor: User,
    at: datetime,
    reason: str,
) -> Obligation:
    """Set the milestones of a row in their order (定里程碑); those left out are dropped.

    A milestone that only changes its words or its day keeps the ticks that units have made.
    Source: 方案(三十一)“细化工作任务、具体措施、实施步骤、完成时限”。
    Raises: NotAllowed; StaleVersion; DomainError when there are too many or two of one name.
    """
    with transaction.atomic():
        require(can_manage_ledger(actor, today=day_of(at)))
        row = lock_obligation(obligation, version=version)
        refuse_void(row)
        _check(wanted)
        row.version += 1
        save_with_history(row, actor=actor, reason=reason, at=at)
        held = {item.pk: item for item in row.milestones.standing()}
        for gone in held.keys() - {item.key for item in wanted}:
            held[gone].is_dropped = True
            save_with_history(held[gone], actor=actor, reason=reason, at=at)
        for order, item in enumerate(wanted, start=1):
            kept = held.get(item.key or 0) or Milestone(obligation=row)
            now = (order, item.title.strip(), item.due_on)
            if (kept.order, kept.title, kept.due_on) != now:
                kept.order, kept.title, kept.due_on = now
                save_with_history(kept, actor=actor, reason=reason, at=at)
    return row


def _check(wanted: Sequence[Planned]) -> None:
    if len(wanted) > MOST:
        raise DomainError(f"一项任务最多 {MOST} 个里程碑，请合并几步。")
    titles = [item.title.strip() for item in wanted]
    if not all(titles):
        raise DomainError("里程碑要写明名称。")
    if len(set(titles)) < len(titles):
        raise DomainError("里程碑的名称不能相同，请写出区别。")
