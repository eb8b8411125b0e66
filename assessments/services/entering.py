"""Enter facts and veto decisions with their document numbers, and void what was entered wrongly."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from assessments.enums import BonusCategory, BonusLevel, FactKind, VetoEffect, VetoReason
from assessments.models import EnteredFact, VetoDecision
from assessments.permissions import can_manage_assessments
from assessments.services.computing import FIRST_YEAR, assessed_span
from common.clock import day_of
from common.days import short_day
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import Unit, User
from responsibilities.periods import Period


@dataclass(frozen=True)
class FactContent:
    """What a fact says; ``count`` is deaths of an accident or the figure of a limit.

    ``period`` is the one that a figure of 上年同期 is compared with; nothing else names one.
    """

    kind: FactKind
    happened_on: date
    title: str
    document_no: str
    count: int = 0
    category: BonusCategory | str = ""
    level: BonusLevel | str = ""
    topic: str = ""
    note: str = ""
    period: str = ""


def enter_fact(unit: Unit, content: FactContent, *, actor: User, at: datetime) -> EnteredFact:
    """Enter a fact of a unit with its document number (登记).

    Raises: NotAllowed; DomainError for a day that has not come, without a document number, for
    what is entered already, or for a second figure of 上年同期 for one period.
    """
    with transaction.atomic():
        require(can_manage_assessments(actor, today=day_of(at)))
        _check(content.document_no, content.happened_on, at)
        if content.kind == FactKind.BONUS and not (content.category and content.level):
            raise DomainError("加分事项要选定类别和级别。")
        Unit.objects.select_for_update().get(pk=unit.pk)
        _require_new(unit, content)
        if content.kind == FactKind.ACCIDENT_BASE:
            _require_first(unit, assessed_span(content.period))
        fact = EnteredFact(unit=unit, entered_by=actor, entered_at=at, **asdict(content))
        save_with_history(fact, actor=actor, reason=f"登记{content.kind.label}", at=at)
    return fact


def _require_new(unit: Unit, content: FactContent) -> None:
    """The same paper about the same matter counts once, however often it is sent."""
    same = EnteredFact.objects.valid().filter(
        unit=unit,
        kind=content.kind,
        happened_on=content.happened_on,
        title=content.title,
        document_no=content.document_no,
        period=content.period,
    )
    if found := same.first():
        raise DomainError(
            f"{unit}{short_day(found.happened_on)}的“{found.title}”已经凭{found.document_no}"
            "登记过，没有再登记；确是另一件事的，把事项写得不一样。"
        )


def _require_first(unit: Unit, span: Period) -> None:
    same = EnteredFact.objects.valid().filter(
        unit=unit, kind=FactKind.ACCIDENT_BASE, period=span.code
    )
    if found := same.first():
        raise DomainError(
            f"{unit}{span.label}的上年同期事故起数已经登记（{found.document_no}），"
            "要改的先作废那一条。"
        )


def void_fact(fact: EnteredFact, *, actor: User, at: datetime, reason: str) -> EnteredFact:
    """Void a fact that was entered wrongly (作废); it stays on record."""
    with transaction.atomic():
        fact = EnteredFact.objects.select_for_update().get(pk=fact.pk)
        _void(fact, actor=actor, at=at, reason=reason)
    return fact


@dataclass(frozen=True)
class VetoContent:
    """What a decision of 一票否决 says; ``period`` is the quarter or year that it judges."""

    period: str
    decided_on: date
    reason: VetoReason
    effect: VetoEffect
    document_no: str
    note: str = ""


def enter_veto(unit: Unit, content: VetoContent, *, actor: User, at: datetime) -> VetoDecision:
    """Enter a decision of 一票否决 with its document number and effect.

    It counts in the period that it judges, whenever it was made; a quarter's also in its year.
    Source: 方案（六）“严格落实安全生产‘一票否决’制度”。
    Raises: NotAllowed; DomainError for a day that has not come, one before the period began, or
    without a document number.
    """
    with transaction.atomic():
        require(can_manage_assessments(actor, today=day_of(at)))
        _check(content.document_no, content.decided_on, at)
        span = assessed_span(content.period)
        if content.decided_on < span.first_day:
            raise DomainError(f"{span.label}在决定日期时还没有开始，请核对考核期和决定日期。")
        veto = VetoDecision(unit=unit, entered_by=actor, entered_at=at, **asdict(content))
        save_with_history(veto, actor=actor, reason=f"一票否决：{content.reason.label}", at=at)
    return veto


def void_veto(veto: VetoDecision, *, actor: User, at: datetime, reason: str) -> VetoDecision:
    """Void a decision that was entered wrongly or withdrawn; it stays on record."""
    with transaction.atomic():
        veto = VetoDecision.objects.select_for_update().get(pk=veto.pk)
        _void(veto, actor=actor, at=at, reason=reason)
    return veto


def _check(document_no: str, day: date, at: datetime) -> None:
    if not document_no.strip():
        raise DomainError("登记要写明文号，没有文号的不能作为评分依据。")
    if day > day_of(at):
        raise DomainError("日期不能晚于今天，请核对。")
    if day.year < FIRST_YEAR:
        raise DomainError(f"日期不能早于{FIRST_YEAR}年，请核对。")


def _void(record: EnteredFact | VetoDecision, *, actor: User, at: datetime, reason: str) -> None:
    require(can_manage_assessments(actor, today=day_of(at)))
    if record.is_void:
        raise DomainError("这条登记已经作废，不用再办。")
    if not reason.strip():
        raise DomainError("作废要写明原因。")
    record.is_void = True
    save_with_history(record, actor=actor, reason=f"作废：{reason.strip()}", at=at)
