"""Files of documents: made once for one content, kept under their fingerprint."""

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from common.blobs import blob_path, keep_blob
from common.clock import morning_of
from common.tracked import save_with_history
from documents.content import Content
from documents.enums import FileFormat
from documents.models import Document, DocumentFile
from documents.services.drafting import content_of
from documents.typesetting.markup import Proof, make_markup
from documents.typesetting.renderer import Renderer
from documents.typesetting.signing import sign_pdf, signs_pdf
from organizations.models import User


def proof_of(document: Document) -> Proof | None:
    """Return how a reader checks the document; a draft cannot be checked."""
    if document.is_draft:
        return None
    path = reverse("documents:verify", args=[document.code])
    return Proof(document.code, f"{settings.SITE_URL.rstrip('/')}{path}")


def render_file(
    document: Document, content: Content, file_format: FileFormat, *, day: date, renderer: Renderer
) -> bytes:
    """Return the bytes of the document in one format; the same content gives the same bytes."""
    stamp = document.issued_at or morning_of(day)
    if file_format == FileFormat.DOCX:
        from documents.typesetting.word import make_docx  # only where documents are built

        return make_docx(content, stamped=stamp.isoformat(), proof=proof_of(document))
    markup = make_markup(content, stamped=stamp.isoformat(), proof=proof_of(document))
    return renderer.render(markup)


def build_file(
    document: Document,
    file_format: FileFormat,
    *,
    today: date,
    renderer: Renderer,
    actor: User,
    at: datetime,
) -> DocumentFile:
    """Return the file of the document as it stands, made now unless it is there already.

    Raises: RenderFailed; SigningFailed; DomainError from the kind when the records do not suffice.
    """
    content = content_of(document, today=today)
    key = {
        "document": document,
        "format": file_format,
        "source_sha256": content.sha256,
        "is_final": not document.is_draft,
    }
    existing = DocumentFile.objects.filter(**key).first()
    if existing is not None:
        return existing
    data = render_file(document, content, file_format, day=today, renderer=renderer)
    if file_format == FileFormat.PDF and not document.is_draft and signs_pdf():
        data = sign_pdf(data, at=at)
    digest = hashlib.sha256(data).hexdigest()
    keep_blob("documents", ContentFile(data), digest)
    path = blob_path("documents", digest)
    made = DocumentFile(**key, path=path, sha256=digest, size=len(data), made_at=at)
    try:
        with transaction.atomic():
            label = FileFormat(file_format).label
            save_with_history(made, actor=actor, reason=f"生成 {label}", at=at)
    except ValidationError:
        first = DocumentFile.objects.filter(**key).first()  # another builder was a moment earlier
        if first is None:
            raise
        return first
    return made


def current_file(
    document: Document, file_format: FileFormat, *, today: date, content: Content | None = None
) -> DocumentFile | None:
    """Return the newest file that still says what the document says, if one was made.

    ``content`` is what it says, where that is known already: working a draft out costs time.
    """
    files = DocumentFile.objects.filter(
        document=document, format=file_format, is_final=not document.is_draft
    )
    if document.is_draft:
        content = content or content_of(document, today=today)
        files = files.filter(source_sha256=content.sha256)
    return files.first()
