"""A whole set: one document for every unit that a kind lists for a period."""

from datetime import datetime

from common.clock import day_of
from common.errors import DomainError, require
from documents.kinds import kind_of
from documents.models import Document
from documents.permissions import can_manage_documents
from documents.services.drafting import draft_document
from organizations.models import User


def draft_set(kind_slug: str, period: str, *, actor: User, at: datetime) -> list[Document]:
    """Draft a document for every unit, or open what is there (成套拟稿).

    Raises: NotAllowed; UnknownKind; DomainError when the kind is not made by units, none is
    listed, or the records suffice for none of them.
    """
    require(can_manage_documents(actor, today=day_of(at)))
    kind = kind_of(kind_slug)
    if kind.units is None:
        raise DomainError("这种文件面向全区，只有一份，请直接拟稿。")
    made, refused = [], ""
    for unit in kind.units(period, day_of(at)):
        try:
            made.append(draft_document(kind_slug, period, unit, actor=actor, at=at))
        except DomainError as error:
            refused = error.message
    if not made:
        raise DomainError(refused or "这一期没有要发的单位。")
    return made
