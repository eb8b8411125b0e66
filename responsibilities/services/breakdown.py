"""Break a plan down: make rows from sentences, join, split, merge and void them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from clauses.models import Provision
from clauses.services.dispositions import mark_as_obligation, reopen_provision
from common.clock import day_of
from common.errors import DomainError, ensure_transition, require
from common.tracked import delete_with_history, save_with_history
from organizations.models import User
from responsibilities.enums import OBLIGATION_TRANSITIONS, ObligationState
from responsibilities.models import Assignment, Obligation, ObligationSource
from responsibilities.permissions import can_manage_ledger
from responsibilities.rules import next_code
from responsibilities.services.assigning import void_open_tasks
from responsibilities.services.locking import lock_obligation, refuse_void
from responsibilities.services.telling import telling_of_changed_work


@dataclass(frozen=True)
class Wording:
    """What a row says: its title, measure and expected result; ``note=None`` keeps the note."""

    title: str
    measure: str = ""
    expected_result: str = ""
    note: str | None = None


@dataclass(frozen=True)
class TextWords:
    """What the text itself says of a row: who is bound, by when, how often; verbatim or empty."""

    bearers: tuple[str, ...] = ()
    deadline_text: str = ""
    frequency_text: str = ""

    def missing_from(self, text: str) -> list[str]:
        """Return the words that do not occur in ``text``."""
        said = (*self.bearers, self.deadline_text, self.frequency_text)
        return [words for words in said if words not in text]


def make_obligation(
    provision: Provision,
    wording: Wording,
    *,
    actor: User,
    at: datetime,
    span: tuple[int, int] | None = None,
    words: TextWords = TextWords(),
) -> Obligation:
    """Make a draft row from a sentence, or from the part of it at offsets ``span`` (立项).

    Source: 方案(三十)“将改革发展各项任务进行分解”。
    Raises: NotAllowed; DomainError when the sentence stands outside every clause, or when
    ``words`` are not the clause's own: the subject of a sentence often stands in the one before.
    """
    with transaction.atomic():
        require(can_manage_ledger(actor, today=day_of(at)))
        if provision.clause_id is None:
            raise DomainError("前言中的句子不属于任何条款，不能立项，请定为背景说明或原则要求。")
        if provision.clause and (strange := words.missing_from(provision.clause.text)):
            raise DomainError(f"“{strange[0]}”不在本条原文里，请照抄原文，原文没有写的请留空。")
        taken = Obligation.objects.filter(
            plan=provision.plan_id, code__startswith=provision.code
        ).values_list("code", flat=True)
        row = Obligation(
            plan_id=provision.plan_id,
            clause_id=provision.clause_id,
            code=next_code(provision.code, taken),
            title=wording.title,
            measure=wording.measure,
            expected_result=wording.expected_result,
            bearers=list(words.bearers),
            deadline_text=words.deadline_text,
            frequency_text=words.frequency_text,
        )
        save_with_history(row, actor=actor, reason=f"由 {provision.code} 句立项", at=at)
        _add_source(row, provision, span, actor=actor, at=at, reason="立项")
    return row


def join_obligation(
    obligation: Obligation,
    provision: Provision,
    *,
    actor: User,
    at: datetime,
    span: tuple[int, int] | None = None,
    reason: str = "",
) -> ObligationSource:
    """Let a sentence be a further source of an existing row (并入)."""
    with transaction.atomic():
        require(can_manage_ledger(actor, today=day_of(at)))
        row = lock_obligation(obligation)
        refuse_void(row)
        if row.plan_id != provision.plan_id:
            raise DomainError("句子和任务不在同一份方案里，不能并入。")
        if ObligationSource.objects.filter(obligation=row, provision=provision).exists():
            raise DomainError(f"{provision.code} 句已经是 {row.code} 的出处，不用再次并入。")
        said = f"{provision.code} 句并入 {row.code}{f'：{reason}' if reason else ''}"
        return _add_source(row, provision, span, actor=actor, at=at, reason=said)


def leave_obligation(source: ObligationSource, *, actor: User, at: datetime, reason: str) -> None:
    """Take a sentence out of a row (撤下); a sentence that no row carries is undecided again."""
    with transaction.atomic():
        require(can_manage_ledger(actor, today=day_of(at)))
        row = lock_obligation(source.obligation)
        if row.sources.count() == 1:
            raise DomainError(
                f"这是 {row.code} 唯一的出处，不能撤下；如不再需要这项任务，请撤销任务。"
            )
        _drop_source(source, actor=actor, at=at, reason=reason)


def revise_obligation(
    obligation: Obligation,
    wording: Wording,
    *,
    version: int,
    actor: User,
    at: datetime,
    reason: str,
) -> Obligation:
    """Change what a row says. Raises: StaleVersion when somebody saved in between."""
    with transaction.atomic():
        require(can_manage_ledger(actor, today=day_of(at)))
        row = lock_obligation(obligation, version=version)
        refuse_void(row)
        row.title = wording.title
        row.measure = wording.measure
        row.expected_result = wording.expected_result
        row.note = row.note if wording.note is None else wording.note
        row.version += 1
        save_with_history(row, actor=actor, reason=reason, at=at)
    return row


def split_obligation(
    obligation: Obligation,
    wording: Wording,
    *,
    actor: User,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> Obligation:
    """Make a second row from the sources of a draft row (拆分); units carry over, to be changed.

    The text's own words of bearers and time stay on both; the deadline is to be set anew.

    Raises: DomainError for a dispatched row: its units already work on it as one thing.
    """
    with transaction.atomic():
        require(can_manage_ledger(actor, today=day_of(at)))
        row = lock_obligation(obligation, version=version)
        _require_draft(row, "拆分")
        sources = list(row.sources.select_related("provision"))
        first = sources[0]
        part = make_obligation(
            first.provision, wording, actor=actor, at=at, span=(first.start, first.end)
        )
        for source in sources[1:]:
            span = (source.start, source.end)
            _add_source(part, source.provision, span, actor=actor, at=at, reason=reason)
        for name in ("mode", "bearers", "deadline_text", "frequency_text"):
            setattr(part, name, getattr(row, name))
        save_with_history(part, actor=actor, reason=f"由 {row.code} 拆出：{reason}", at=at)
        for held in row.assignments.select_related("unit", "alias"):
            copy = Assignment(
                obligation=part,
                unit=held.unit,
                role=held.role,
                alias=held.alias,
                is_sole_lead=held.is_sole_lead,
            )
            save_with_history(copy, actor=actor, reason=reason, at=at)
    return part


def merge_obligations(
    target: Obligation,
    other: Obligation,
    *,
    actor: User,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> Obligation:
    """Let ``target`` take over the sources of the draft row ``other``, which is voided (合并)."""
    with transaction.atomic():
        require(can_manage_ledger(actor, today=day_of(at)))
        row, gone = lock_obligation(target, version=version), lock_obligation(other)
        if row.pk == gone.pk:
            raise DomainError("任务不能与自身合并，请选另一项。")
        if row.plan_id != gone.plan_id:
            raise DomainError("两项任务不在同一份方案里，不能合并。")
        refuse_void(row)
        _require_draft(gone, "合并")
        carried = set(row.sources.values_list("provision", flat=True))
        taken = f"合并 {gone.code}：{reason}"
        for source in gone.sources.select_related("provision"):
            if source.provision_id not in carried:
                span = (source.start, source.end)
                _add_source(row, source.provision, span, actor=actor, at=at, reason=taken)
        _void(gone, actor=actor, at=at, reason=f"并入 {row.code}：{reason}")
    return row


def void_obligation(
    obligation: Obligation,
    *,
    actor: User,
    at: datetime,
    reason: str,
    version: int | None = None,
) -> Obligation:
    """Void a row (撤销): its open tasks are voided, of which their units are told, and sentences
    that nothing carries reopen."""
    with transaction.atomic(), telling_of_changed_work([obligation], actor=actor, at=at):
        require(can_manage_ledger(actor, today=day_of(at)))
        if not reason.strip():
            raise DomainError("撤销任务要写明理由。")
        row = lock_obligation(obligation, version=version)
        _void(row, actor=actor, at=at, reason=reason.strip())
    return row


def _void(row: Obligation, *, actor: User, at: datetime, reason: str) -> None:
    ensure_transition(ObligationState(row.state), ObligationState.VOID, OBLIGATION_TRANSITIONS)
    row.state = ObligationState.VOID
    row.version += 1
    save_with_history(row, actor=actor, reason=reason, at=at)
    void_open_tasks(row, row.tasks.open().locked(), actor=actor, at=at, reason=reason)
    for source in row.sources.select_related("provision"):
        _drop_source(source, actor=actor, at=at, reason=reason)


def _require_draft(row: Obligation, act: str) -> None:
    if row.state != ObligationState.DRAFT:
        raise DomainError(f"{row.code} 已下发，不能{act}；确需调整的，请先撤销后重新立项。")


def _add_source(
    row: Obligation,
    provision: Provision,
    span: tuple[int, int] | None,
    *,
    actor: User,
    at: datetime,
    reason: str,
) -> ObligationSource:
    start, end = span or (provision.start, provision.end)
    if not provision.start <= start < end <= provision.end:
        raise DomainError(f"所选文字不在 {provision.code} 句之内，请重新选取。")
    source = ObligationSource(obligation=row, provision=provision, start=start, end=end)
    save_with_history(source, actor=actor, reason=reason, at=at)
    mark_as_obligation(provision, actor=actor, at=at, reason=reason)
    return source


def _drop_source(source: ObligationSource, *, actor: User, at: datetime, reason: str) -> None:
    provision = source.provision
    delete_with_history(source, actor=actor, reason=reason, at=at)
    if not provision.obligation_sources.exists():
        reopen_provision(provision, actor=actor, at=at, reason=reason)
