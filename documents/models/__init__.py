"""Official documents, their files, and the jobs that build them."""

from documents.models.document import Document, DocumentFile
from documents.models.job import BuildItem, BuildJob

__all__ = ["BuildItem", "BuildJob", "Document", "DocumentFile"]
