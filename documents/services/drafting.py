"""Drafts: begun from the records, worded by the office, with live figures until they are issued."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from common.clock import day_of
from common.errors import DomainError, StaleVersion, require
from common.tracked import save_with_history
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
        return _store(
            kind_slug, period, unit, edition=last.edition + 1 if last else 1, actor=actor, at=at
        )


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
) -> Document:
    """Keep the office's own words for the body of a draft (改稿).

    Raises: NotAllowed; StaleVersion; DomainError for a document that is out, or empty or too long.
    """
    with transaction.atomic():
        require(can_manage_documents(actor, today=day_of(at)))
        document = lock_document(document)
        if document.version != version:
            raise StaleVersion
        if not document.is_draft:
            raise DomainError("已签发的文件不能改动，需要更正请另起一版。")
        kept = [item for item in paragraphs if item.text.strip()]
        if not kept:
            raise DomainError("正文不能为空。")
        if any(len(item.text) > LONGEST_TEXT for item in kept):
            raise DomainError(f"每一段不超过 {LONGEST_TEXT} 字，请分段。")
        document.wording = [{"text": item.text.strip(), "level": item.level} for item in kept]
        document.version += 1
        save_with_history(document, actor=actor, reason="改稿", at=at)
    return document


def draft_content(document: Document, *, today: date) -> Content:
    """Work a draft out anew from the records, with the office's words where it has changed them."""
    kind = kind_of(document.kind)
    content = kind.build(Subject(document.period, document.unit, today))
    if document.wording:
        own = tuple(Paragraph(item["text"], item["level"]) for item in document.wording)
        content = replace(content, paragraphs=own)
    return content


def content_of(document: Document, *, today: date) -> Content:
    """Return what the document says: frozen once it is issued, live before."""
    if document.content is not None:
        return Content.from_dict(document.content)
    return draft_content(document, today=today).filled()


def lock_document(document: Document) -> Document:
    """Return the document locked for this transaction."""
    return Document.objects.select_for_update(of=("self",)).get(pk=document.pk)


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
