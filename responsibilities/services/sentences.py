"""What the office does with one sentence of the plan, refused when it changed in between.

Each act is given the stamp of the sentence as it was shown; the acts themselves are those of
``clauses.services.dispositions`` and ``responsibilities.services.breakdown``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from clauses.enums import Disposition
from clauses.models import Provision
from clauses.services.dispositions import decline_provision, reopen_provision
from common.errors import DomainError, StaleVersion
from organizations.models import User
from responsibilities.enums import DeadlineKind
from responsibilities.models import Obligation, ObligationSource
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.breakdown import (
    TextWords,
    Wording,
    join_obligation,
    leave_obligation,
    make_obligation,
)
from responsibilities.services.deadlines import Deadline, set_deadline

CHANGED_MEANWHILE = (
    "{code} 句刚刚被别人处理过，请先看它的最新情况再决定；您填写的内容仍保留在页面上。"
)


@dataclass(frozen=True)
class Draft:
    """A new row as filled in on the workbench; units and deadline may be left for later."""

    wording: Wording
    words: TextWords = field(default_factory=TextWords)
    span: tuple[int, int] | None = None
    roles: UnitRoles | None = None
    deadline: Deadline | None = None


def sentence_stamp(provision: Provision) -> str:
    """Return what tells whether a sentence changed: its decision and the rows that carry it."""
    codes = provision.obligation_sources.values_list("obligation__code", flat=True)
    return stamp_of(provision, codes)


def stamp_of(provision: Provision, codes: Iterable[str]) -> str:
    """Return the stamp of a sentence whose rows' ``codes`` are known already."""
    decided = provision.decided_at.isoformat() if provision.decided_at else ""
    return "|".join([provision.disposition, decided, *sorted(codes)])


def make_row(
    provision: Provision, draft: Draft, *, seen: str, actor: User, at: datetime, today: date
) -> Obligation:
    """Make a row from a sentence with its units and deadline, all of it or nothing (立项).

    Raises: StaleVersion when somebody handled the sentence in between; DomainError.
    """
    with transaction.atomic():
        sentence = _lock(provision, seen)
        row = make_obligation(
            sentence, draft.wording, words=draft.words, span=draft.span, actor=actor, at=at
        )
        reason = f"由 {sentence.code} 句立项"
        if draft.roles is not None:
            row = assign_units(
                row,
                draft.roles,
                version=row.version,
                actor=actor,
                at=at,
                today=today,
                reason=reason,
            )
        deadline = draft.deadline
        if deadline is not None and (
            deadline.kind != DeadlineKind.UNDECIDED or deadline.frequency is not None
        ):
            row = set_deadline(
                row, deadline, version=row.version, actor=actor, at=at, today=today, reason=reason
            )
    return row


def join_row(
    obligation: Obligation,
    provision: Provision,
    *,
    seen: str,
    actor: User,
    at: datetime,
    span: tuple[int, int] | None = None,
) -> ObligationSource:
    """Let a sentence be a further source of a row (并入). Raises: StaleVersion; DomainError."""
    with transaction.atomic():
        sentence = _lock(provision, seen)
        return join_obligation(obligation, sentence, actor=actor, at=at, span=span)


def leave_row(
    source: ObligationSource, *, seen: str, actor: User, at: datetime, reason: str
) -> None:
    """Take a sentence out of a row (撤下). Raises: StaleVersion; DomainError."""
    with transaction.atomic():
        _lock(source.provision, seen)
        if not reason.strip():
            raise DomainError("撤下这一句要写明理由。")
        leave_obligation(source, actor=actor, at=at, reason=reason.strip())


def decline_sentence(
    provision: Provision,
    *,
    disposition: Disposition,
    reason: str,
    seen: str,
    actor: User,
    at: datetime,
    duplicate_of: Provision | None = None,
) -> Provision:
    """Decide that a sentence makes no duty (不立项). Raises: StaleVersion; DomainError."""
    with transaction.atomic():
        sentence = _lock(provision, seen)
        return decline_provision(
            sentence,
            disposition=disposition,
            reason=reason,
            duplicate_of=duplicate_of,
            actor=actor,
            at=at,
        )


def reopen_sentence(
    provision: Provision, *, reason: str, seen: str, actor: User, at: datetime
) -> Provision:
    """Put a declined sentence back to undecided (恢复未定). Raises: StaleVersion; DomainError."""
    with transaction.atomic():
        sentence = _lock(provision, seen)
        if sentence.disposition == Disposition.OBLIGATION:
            raise DomainError(
                f"{sentence.code} 句已立项，请先从任务中撤下这一句，或者撤销任务，它就恢复为未定。"
            )
        return reopen_provision(sentence, actor=actor, at=at, reason=reason)


def _lock(provision: Provision, seen: str) -> Provision:
    """Return the sentence locked for this transaction; refuses when it is no longer as shown."""
    locked = (
        Provision.objects.select_for_update(of=("self",))
        .select_related("clause")
        .get(pk=provision.pk)
    )
    if sentence_stamp(locked) != seen:
        raise StaleVersion(CHANGED_MEANWHILE.format(code=locked.code))
    return locked
