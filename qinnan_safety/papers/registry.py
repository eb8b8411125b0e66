"""The kinds of documents this platform writes, in the order in which they are offered."""

from documents.enums import Audience
from documents.kinds import DocumentKind, register
from qinnan_safety.papers.bulletin import bulletin
from qinnan_safety.papers.figures import quarter_of


def quarter_label(code: str) -> str:
    return quarter_of(code).label


def register_kinds() -> None:
    """Tell the documents app what can be drafted."""
    register(DocumentKind("bulletin", "季度通报", Audience.DISTRICT, bulletin, quarter_label))
