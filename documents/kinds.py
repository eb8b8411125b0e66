"""The kinds of documents.  Apps above fill the registry; this one sets, numbers and keeps them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from documents.content import Content
from documents.enums import Audience
from documents.exceptions import UnknownKind
from organizations.models import Unit


@dataclass(frozen=True)
class Subject:
    """What a document is about: a period, a unit or the whole district, as known on a day."""

    period: str
    unit: Unit | None
    today: date


@dataclass(frozen=True)
class Correction:
    """What was corrected after a document was issued: in words, and the page that tells it."""

    words: str
    url: str


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: who reads it, and how its content follows from the records.

    ``build`` works the content out anew for a draft. ``units`` lists for whom a whole set is made;
    without it there is one document for the district. ``ends_period`` marks what is drafted and
    built by itself once a period is over. ``require_ready`` raises a DomainError while a document
    of the period may be drafted but, on a day, not issued yet. ``corrections`` tells, by period,
    unit and instant of issue, what has since been corrected in the records that it rests on, and
    ``corrected_at``, of several periods at once, when they were last corrected, if ever.
    ``reports_until`` gives, by period and day, the last day that a document issued then speaks of;
    it cannot be dated before.
    """

    slug: str
    label: str
    audience: Audience
    build: Callable[[Subject], Content]
    period_label: Callable[[str], str]
    units: Callable[[str, date], Sequence[Unit]] | None = None
    ends_period: bool = False
    require_ready: Callable[[str, date], None] | None = None
    corrections: Callable[[str, Unit | None, datetime], Sequence[Correction]] | None = None
    corrected_at: Callable[[Collection[str]], Mapping[str, datetime]] | None = None
    reports_until: Callable[[str, date], date] | None = None

    @property
    def is_per_unit(self) -> bool:
        return self.units is not None


_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    """Make a kind known; the same slug registered again replaces the former one."""
    _kinds[kind.slug] = kind


def kind_of(slug: str) -> DocumentKind:
    """Return the kind. Raises: UnknownKind."""
    try:
        return _kinds[slug]
    except KeyError:
        raise UnknownKind("没有这一种文件，请从列表中选择。") from None


def all_kinds() -> list[DocumentKind]:
    """Return the kinds in the order in which they were registered."""
    return list(_kinds.values())
