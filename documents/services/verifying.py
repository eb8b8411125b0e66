"""What can be said about a code, and about a file that somebody holds."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from documents.enums import DocumentState, Match, Verdict
from documents.kinds import Correction, kind_of
from documents.models import Document, DocumentFile
from documents.rules import read_code


@dataclass(frozen=True)
class Finding:
    """A document that is out, what its code says about it, and the edition now in force."""

    document: Document
    verdict: Verdict
    newer: Document | None = None

    @property
    def corrections(self) -> Sequence[Correction]:
        return corrections_of(self.document)


def corrections_of(document: Document) -> Sequence[Correction]:
    """Return what has been corrected since the document was issued, in its records."""
    correcting = kind_of(document.kind).corrections
    if correcting is None or document.issued_at is None:
        return []
    return correcting(document.period, document.unit, document.issued_at)


def with_corrections(documents: Iterable[Document]) -> set[int]:
    """Return those of the documents in force that rest on what has been corrected since."""
    asked: dict[Callable[..., Mapping[str, datetime]], list[Document]] = {}
    for document in documents:
        corrected_at = kind_of(document.kind).corrected_at
        if corrected_at and document.state == DocumentState.ISSUED:
            asked.setdefault(corrected_at, []).append(document)
    return {
        document.pk
        for corrected_at, found in asked.items()
        if (last := corrected_at({document.period for document in found}))
        for document in found
        if document.issued_at and last.get(document.period, document.issued_at) > document.issued_at
        if corrections_of(document)
    }


def find(typed: str) -> Finding | None:
    """Return what a code stands for; drafts, and drafts that were given up, are not there."""
    code = read_code(typed)
    out = Document.objects.filter(issued_at__isnull=False).select_related("unit")
    document = out.filter(code=code).first() if code else None
    if document is None:
        return None
    if document.state == DocumentState.VOID:
        return Finding(document, Verdict.VOID)
    if document.state == DocumentState.SUPERSEDED:
        in_force = out.in_force().filter(
            kind=document.kind, period=document.period, unit=document.unit
        )
        newer = in_force.first()
        return Finding(document, Verdict.NEWER if newer else Verdict.LAPSED, newer)
    return Finding(document, Verdict.GENUINE)


def digest_of(chunks: Iterable[bytes]) -> str:
    """Return the fingerprint of a file read piece by piece; nothing of it is kept."""
    total = hashlib.sha256()
    for chunk in chunks:
        total.update(chunk)
    return total.hexdigest()


def match(document: Document, sha256: str) -> Match:
    """Compare a file with what was issued under this document's code.

    A file of another edition is told apart from a file of another document, from a draft of this
    one, and from one that was never made here.
    """
    held = DocumentFile.objects.filter(sha256=sha256).select_related("document")
    found = {file.document_id: file.document for file in held if file.is_final}
    if document.pk in found:
        return Match.SAME
    for other in found.values():
        same = (other.kind, other.period, other.unit_id)
        if same == (document.kind, document.period, document.unit_id):
            return Match.OLDER if other.edition < document.edition else Match.NEWER_FILE
        return Match.OTHER
    if any(file.document_id == document.pk for file in held):
        return Match.DRAFT
    return Match.DIFFERENT
