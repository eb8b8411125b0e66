"""Files of documents: made once for one content, kept under their fingerprint."""

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from common.blobs import blob_path, is_kept, keep_blob
from common.clock import morning_of
from common.tracked import save_with_history
from documents.content import Content
from documents.enums import FileFormat
from documents.exceptions import FileLost
from documents.models import Document, DocumentFile
from documents.services.drafting import content_of
from documents.typesetting.markup import Proof, make_markup
from documents.typesetting.renderer import Renderer
from documents.typesetting.signing import sign_pdf, signs_pdf
from organizations.models import User

LOST = "存档里的文件找不到了，重新排出来的和登记的校验值不同。请从备份恢复，或者另起一版。"


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

    What was made before and is gone from the store is made again if it can be, to the byte.
    Raises: RenderFailed; SigningFailed; FileLost; DomainError from the kind when the records do not
    suffice.
    """
    content = content_of(document, today=today)
    key = {
        "document": document,
        "format": file_format,
        "source_sha256": content.sha256,
        "is_final": not document.is_draft,
    }
    existing = DocumentFile.objects.filter(**key).first()
    if existing is not None and is_kept(existing.path):
        return existing
    data = render_file(document, content, file_format, day=today, renderer=renderer)
    if file_format == FileFormat.PDF and not document.is_draft and signs_pdf():
        data = sign_pdf(data, at=at)
    digest = hashlib.sha256(data).hexdigest()
    if existing is not None and existing.sha256 != digest:
        raise FileLost(LOST)
    keep_blob("documents", ContentFile(data), digest)
    if existing is not None:
        return existing
    path = blob_path("documents", digest)
    made = DocumentFile(**key, path=path, sha256=digest, size=len(data), made_at=at)
    return _register(made, actor=actor, at=at)


def _register(made: DocumentFile, *, actor: User, at: datetime) -> DocumentFile:
    """Put a new file on record, or return that of another builder who was a moment earlier."""
    try:
        with transaction.atomic():
            label = FileFormat(made.format).label
            save_with_history(made, actor=actor, reason=f"生成 {label}", at=at)
    except ValidationError:
        first = DocumentFile.objects.filter(
            document=made.document,
            format=made.format,
            source_sha256=made.source_sha256,
            is_final=made.is_final,
        ).first()
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
    return next((file for file in files if is_kept(file.path)), None)
