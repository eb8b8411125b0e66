"""Drafts: begun from the records, worded by the office, with live figures until they are issued."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from common.clock import day_of
from common.errors import DomainError, StaleVersion, require
from common.tracked import save_with_history
from documents.comparing import Place, looked_at_after, unseen_places
from documents.content import LONGEST_TEXT, Content, Paragraph
from documents.enums import DocumentState
from documents.kinds import Subject, kind_of
from documents.models import Document
from documents.permissions import can_manage_documents
from documents.rules import new_code
from organizations.models import Unit, User


def draft_document(
    kind_slug: str, period: str, unit: Unit | None, *, actor: User, at: datetime
) -> Document:
    """Begin a document (拟稿), or return the draft or the issued edition that is there.

    Where nothing is in force, since the edition that came after was voided, the next one begins.

    Raises: NotAllowed; UnknownKind; DomainError when there is nothing to write about.
    """
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        existing = _editions(kind_slug, period, unit)
        live = existing.filter(state__in=[DocumentState.DRAFT, DocumentState.ISSUED]).first()
        if live is not None:
            return live
        last = existing.first()
        edition = last.edition + 1 if last else 1
        try:
            with transaction.atomic():
                return _store(kind_slug, period, unit, edition=edition, actor=actor, at=at)
        except ValidationError:
            first = _editions(kind_slug, period, unit).filter(edition=edition).first()
            if first is None:
                raise
            return first  # another run was a moment earlier


def revise_document(document: Document, *, reason: str, actor: User, at: datetime) -> Document:
    """Begin the next edition of an issued document (修订); the old one stays until that is issued.

    Raises: NotAllowed; DomainError without a reason or when a draft is already open.
    """
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        document = lock_document(document)
        if not reason.strip():
            raise DomainError("修订要写明原因，原版和新版都会留存。")
        if document.state != DocumentState.ISSUED:
            raise DomainError("只有已签发的文件才能修订；草稿请直接修改。")
        editions = _editions(document.kind, document.period, document.unit)
        if editions.filter(state=DocumentState.DRAFT).exists():
            raise DomainError("这份文件已有一版草稿，请在草稿上修改。")
        newest = editions.first()
        return _store(
            document.kind,
            document.period,
            document.unit,
            edition=(newest.edition if newest else 0) + 1,
            replaces=document,
            wording=document.wording,
            looked_at=document.looked_at,
            actor=actor,
            at=at,
            reason=f"修订：{reason.strip()}",
        )


def word_document(
    document: Document,
    paragraphs: Sequence[Paragraph],
    *,
    version: int,
    actor: User,
    at: datetime,
    written: Sequence[Paragraph] = (),
) -> Document:
    """Keep the office's own words for the body of a draft (改稿).

    ``written`` is what the system wrote when the edit began, if that may be another than now.
    Raises: NotAllowed; StaleVersion; DomainError for a document that is out, or empty or too long.
    """
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        document = lock_document(document)
        if document.version != version:
            raise StaleVersion
        if not document.is_draft:
            raise DomainError("已签发的文件不能改动，需要更正请另起一版。")
        kept = [replace(item, text=item.text.strip()) for item in paragraphs if item.text.strip()]
        if not kept:
            raise DomainError("正文不能为空。")
        if any(len(item.text) > LONGEST_TEXT for item in kept):
            raise DomainError(f"每一段不超过 {LONGEST_TEXT} 字，请分段。")
        system = system_content(document, today=day_of(at))
        before, looked_at = document.own_words, document.looked_at
        if not before:
            before = list(written or system.paragraphs)
            looked_at = [item.text for item in before]
        unseen = unseen_places(before, system, looked_at)
        document.looked_at = looked_at_after(kept, system, before=looked_at, unseen=unseen)
        _keep_words(document, kept, reason="改稿", actor=actor, at=at)
    return document


def settle_place(
    document: Document, key: str, *, takes_over: bool, actor: User, at: datetime
) -> Document:
    """Decide one place where the system would write otherwise by now (对照).

    Raises: NotAllowed; StaleVersion when either side is another by now.
    """
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        document = lock_document(document)
        found = places_to_settle(document, system_content(document, today=day_of(at)))
        place = next((place for place in found if place.key == key), None)
        if place is None or not document.is_draft:
            raise StaleVersion("这一处刚刚又有变化，请对照最新的内容再选。")
        words, stood = document.own_words, {item.text for item in place.own}
        said = [item.text for item in place.system] if takes_over else place.said
        document.looked_at = sorted({*document.looked_at} - stood | {*said})
        if takes_over:
            words[place.start : place.start + len(place.own)] = place.system
        reason = "对照：采用系统现拟的文字" if takes_over else "对照：保留原稿的文字"
        _keep_words(document, words, reason=reason, actor=actor, at=at)
    return document


def places_to_settle(document: Document, system: Content) -> list[Place]:
    """Return where a worded draft has to be compared with what the system would write now."""
    if not document.wording:
        return []
    return unseen_places(document.own_words, system, document.looked_at)


def system_content(document: Document, *, today: date) -> Content:
    """Work a draft out anew from the records, in the system's words."""
    return kind_of(document.kind).build(Subject(document.period, document.unit, today))


def worded(document: Document, system: Content) -> Content:
    """Return the content with the office's words where it has changed them."""
    own = document.own_words
    return replace(system, paragraphs=tuple(own)) if own else system


def draft_content(document: Document, *, today: date) -> Content:
    """Work a draft out anew from the records, with the office's words where it has changed them."""
    return worded(document, system_content(document, today=today))


def content_of(document: Document, *, today: date) -> Content:
    """Return what the document says: frozen once it is issued, live before."""
    if document.content is not None:
        return Content.from_dict(document.content)
    return draft_content(document, today=today).filled()


def lock_document(document: Document) -> Document:
    """Return the document locked for this transaction."""
    return Document.objects.select_for_update(of=("self",)).get(pk=document.pk)


def _keep_words(
    document: Document, words: Sequence[Paragraph], *, reason: str, actor: User, at: datetime
) -> None:
    document.wording = [{"text": item.text, "level": item.level} for item in words]
    document.version += 1
    save_with_history(document, actor=actor, reason=reason, at=at)


def _editions(kind: str, period: str, unit: Unit | None) -> QuerySet[Document]:
    return Document.objects.filter(kind=kind, period=period, unit=unit).order_by("-edition")


def _store(
    kind_slug: str,
    period: str,
    unit: Unit | None,
    *,
    actor: User,
    at: datetime,
    edition: int = 1,
    reason: str = "拟稿",
    **more: object,
) -> Document:
    kind = kind_of(kind_slug)
    if kind.is_per_unit != (unit is not None):
        raise DomainError(
            "这种文件按单位起草，请选定单位。"
            if kind.is_per_unit
            else "这种文件面向全区，不分单位。"
        )
    content = kind.build(Subject(period, unit, day_of(at)))
    document = Document(
        kind=kind_slug,
        period=period,
        unit=unit,
        edition=edition,
        audience=kind.audience,
        title=content.title,
        number_prefix=content.number_prefix,
        year=content.year,
        code=new_code(),
        drafted_by=actor,
        drafted_at=at,
        **more,
    )
    save_with_history(document, actor=actor, reason=reason, at=at)
    return document
