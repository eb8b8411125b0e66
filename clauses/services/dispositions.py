"""Decide what a sentence is: a duty, a target, a principle …"""

from datetime import datetime

from django.db import transaction

from clauses.enums import DECLINED, Disposition
from clauses.models import Provision
from clauses.permissions import can_break_down
from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import User

FIELDS = ["disposition", "disposition_reason", "decided_by", "decided_at", "duplicate_of"]


def decline_provision(
    provision: Provision,
    *,
    disposition: Disposition,
    reason: str,
    actor: User,
    at: datetime,
    duplicate_of: Provision | None = None,
) -> Provision:
    """Record that a sentence makes no duty (不立项), and why.

    Source: 方案(三十)“将改革发展各项任务进行分解”:分解要有据,不立项要说明。
    Raises: NotAllowed; DomainError when the reason is missing or the sentence carries a duty.
    """
    with transaction.atomic():
        provision = Provision.objects.select_for_update(of=("self",)).get(pk=provision.pk)
        require(can_break_down(actor, today=day_of(at)))
        if disposition not in DECLINED:
            raise DomainError("请从目标指标、原则要求、背景说明、权限之外、重复中选一种处置。")
        if not reason.strip():
            raise DomainError("不立项的句子要写明理由。")
        if provision.disposition == Disposition.OBLIGATION:
            raise DomainError(f"{provision.code} 句已立项，请先在任务中撤下这一句，再定为不立项。")
        _check_twin(provision, disposition, duplicate_of)
        _decide(provision, disposition, reason=reason.strip(), actor=actor, at=at)
        provision.duplicate_of = duplicate_of if disposition == Disposition.DUPLICATE else None
        save_with_history(
            provision, actor=actor, reason=f"不立项：{reason.strip()}", at=at, fields=FIELDS
        )
    return provision


def mark_as_obligation(provision: Provision, *, actor: User, at: datetime, reason: str) -> None:
    """Record that a sentence is now carried by a row; part of the act that made the row."""
    if provision.disposition == Disposition.OBLIGATION:
        return
    _decide(provision, Disposition.OBLIGATION, reason="", actor=actor, at=at)
    provision.duplicate_of = None
    save_with_history(provision, actor=actor, reason=reason, at=at, fields=FIELDS)


def reopen_provision(provision: Provision, *, actor: User, at: datetime, reason: str) -> Provision:
    """Put a sentence back to undecided (未定); the reason is kept in the history.

    Part of the act that takes the last row away, or an act of its own on a declined sentence.
    Raises: NotAllowed; DomainError without a reason or when it is undecided already.
    """
    with transaction.atomic():
        provision = Provision.objects.select_for_update(of=("self",)).get(pk=provision.pk)
        require(can_break_down(actor, today=day_of(at)))
        if not reason.strip():
            raise DomainError("恢复为未定要写明理由。")
        if provision.disposition == Disposition.OPEN:
            raise DomainError(f"{provision.code} 句本来就是未定，不用恢复。")
        provision.disposition = Disposition.OPEN
        provision.disposition_reason = ""
        provision.decided_by = provision.decided_at = provision.duplicate_of = None
        save_with_history(provision, actor=actor, reason=reason.strip(), at=at, fields=FIELDS)
    return provision


def _check_twin(
    provision: Provision, disposition: Disposition, duplicate_of: Provision | None
) -> None:
    """Refuse a duplicate of nothing, of itself or of another plan's sentence."""
    if disposition != Disposition.DUPLICATE:
        return
    if duplicate_of is None:
        raise DomainError("定为重复时，要写明与哪一句重复。")
    if duplicate_of.pk == provision.pk:
        raise DomainError("一句不能与自身重复，请填写另一句的句号。")
    if duplicate_of.plan_id != provision.plan_id:
        raise DomainError("两句不在同一份方案里，不能定为重复。")


def _decide(
    provision: Provision, disposition: Disposition, *, reason: str, actor: User, at: datetime
) -> None:
    provision.disposition = disposition
    provision.disposition_reason = reason
    provision.decided_by = actor
    provision.decided_at = at
