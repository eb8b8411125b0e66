"""Issuing: number, date, freeze; the former edition is superseded, never overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from common.days import full_day
from common.errors import DomainError, ensure_transition, require
from common.tracked import save_with_history
from documents.content import SHORT_PART, Content
from documents.enums import DOCUMENT_TRANSITIONS, DocumentState
from documents.exceptions import ContentMoved
from documents.kinds import kind_of
from documents.models import Document
from documents.permissions import can_manage_documents
from documents.rules import document_number, period_days, unknown_figures
from documents.services.drafting import (
    lock_document,
    places_to_settle,
    system_content,
    worded,
)
from organizations.models import User

NAMED_PARTS = 8  # 一句话里点名的变化


@dataclass(frozen=True)
class Signature:
    """What the one who signs decides: number, date, and to whom copies go."""

    number: int
    dated: date
    copies_to: str = ""


def issue_document(
    document: Document,
    signature: Signature,
    *,
    seen: Mapping[str, str],
    actor: User,
    at: datetime,
) -> Document:
    """Give the number and freeze the content, which is the one that was ``seen`` (签发).

    The year of the number is that of the date, whenever the draft was begun.
    Raises: NotAllowed; TransitionNotAllowed; ContentMoved when something is no longer as it was
    seen; DomainError for what has to be compared, a name in the text that no figure has, a date
    that cannot be, a number that is taken, or what its kind does not issue yet.
    """
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        document = lock_document(document)
        _move(document, DocumentState.ISSUED)
        if (require_ready := kind_of(document.kind).require_ready) is not None:
            require_ready(document.period, day_of(at))
        content = _checked_content(document, seen, today=day_of(at))
        _require_possible_date(document, signature.dated, today=day_of(at))
        document.year = signature.dated.year
        _require_free_number(document, signature.number)
        day = full_day(signature.dated)
        content = replace(
            content.filled(),
            year=document.year,
            number=signature.number,
            dated=day,
            printed_on=day,
            copies_to=signature.copies_to.strip().rstrip("。") or content.copies_to,
        )
        document.number, document.content = signature.number, content.as_dict()
        document.title, document.content_sha256 = content.title, content.sha256
        document.issued_by, document.issued_at = actor, at
        save_with_history(document, actor=actor, reason=f"签发 {document.number_text}", at=at)
        _supersede(document, actor=actor, at=at)
    return document


def void_document(document: Document, *, reason: str, actor: User, at: datetime) -> Document:
    """Withdraw a document for good (作废); its code keeps answering, with that word."""
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        document = lock_document(document)
        if not reason.strip():
            raise DomainError("作废要写明理由。")
        _move(document, DocumentState.VOID)
        save_with_history(document, actor=actor, reason=f"作废：{reason.strip()}", at=at)
    return document


def next_number(number_prefix: str, year: int) -> int:
    """Return the number after the highest one given."""
    given = Document.objects.filter(number_prefix=number_prefix, year=year, number__isnull=False)
    last = given.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _move(document: Document, target: DocumentState) -> None:
    ensure_transition(DocumentState(document.state), target, DOCUMENT_TRANSITIONS)
    document.state = target
    document.version += 1


def _checked_content(document: Document, seen: Mapping[str, str], *, today: date) -> Content:
    """Return the content, once it is complete, settled and the one that was seen."""
    system = system_content(document, today=today)
    content = worded(document, system)
    _require_settled(document, system)
    _require_known_figures(content)
    _require_seen(content, seen)
    return content


def _require_settled(document: Document, system: Content) -> None:
    if places := places_to_settle(document, system):
        raise DomainError(
            f"改稿以后系统拟的文字有 {len(places)} 处变化，请在公文页上逐处对照、选定，再签发。"
        )


def _require_known_figures(content: Content) -> None:
    unknown = [n for p in content.paragraphs for n in unknown_figures(p.text, content.figures)]
    if unknown:
        raise DomainError(f"正文里的【{unknown[0]}】平台不能代填，请改稿写明后再签发。")


def _require_seen(content: Content, seen: Mapping[str, str]) -> None:
    """Refuse what is not, to the last figure, what the one who signs was shown."""
    now = content.parts()
    if moved := [_moved(name, seen, now) for name in {**seen, **now} if _differs(name, seen, now)]:
        more = f"等 {len(moved)} 处" if len(moved) > NAMED_PARTS else ""
        raise ContentMoved(
            f"您核稿以后内容又有变化：{'；'.join(moved[:NAMED_PARTS])}{more}。"
            "请对照最新的内容再核一遍，然后签发。"
        )


def _differs(name: str, seen: Mapping[str, str], now: Mapping[str, str]) -> bool:
    return seen.get(name) != now.get(name)


def _moved(name: str, seen: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Name a part that moved, with both values where they are short."""
    before, after = seen.get(name), now.get(name)
    if before is None or after is None:
        return f"{name}{'多出' if before is None else '已去掉'}"
    is_short = max(len(before), len(after)) <= SHORT_PART
    return f"{name}原为 {before}，现为 {after}" if is_short else name


def _require_possible_date(document: Document, dated: date, *, today: date) -> None:
    if dated > today:
        raise DomainError(f"成文日期不能晚于今天（{full_day(today)}），请改正。")
    days = period_days(document.period)
    if days is not None and dated < days[0]:
        raise DomainError(f"成文日期不能早于这一期的第一天（{full_day(days[0])}），请改正。")
    reports_until = kind_of(document.kind).reports_until
    until = reports_until(document.period, today) if reports_until else None
    if until is not None and dated < until:
        raise DomainError(f"文中的情况截至{full_day(until)}，成文日期不能比它早，请改正。")


def _require_free_number(document: Document, number: int) -> None:
    taken = Document.objects.filter(
        number_prefix=document.number_prefix, year=document.year, number=number
    ).exclude(pk=document.pk)
    if taken.exists():
        words = document_number(document.number_prefix, document.year, number)
        raise DomainError(f"{words} 已经用过，请换一个顺序号。")


def _supersede(document: Document, *, actor: User, at: datetime) -> None:
    former = document.replaces
    if former is None:
        return
    former = lock_document(former)
    if former.state == DocumentState.ISSUED:
        _move(former, DocumentState.SUPERSEDED)
        save_with_history(former, actor=actor, reason=f"由 {document.number_text} 取代", at=at)
