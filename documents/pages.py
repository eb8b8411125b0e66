"""What the pages of documents show: the list with what can be drafted, and one document."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count

from common.errors import DomainError
from documents.bodies import figure_parts
from documents.content import Content, Paragraph
from documents.enums import BuildState, DocumentState, FileFormat
from documents.kinds import Correction, all_kinds, kind_of
from documents.models import BuildItem, BuildJob, Document, DocumentFile
from documents.models.document import DocumentQuerySet
from documents.rules import unknown_figures
from documents.services.drafting import (
    content_of,
    places_to_settle,
    system_content,
    worded,
)
from documents.services.files import current_file
from documents.services.verifying import corrections_of
from organizations.access import Access
from organizations.models import Unit

SHOWN = 6  # 首页上列得下的公文


@dataclass(frozen=True)
class Part:
    """A stretch of a paragraph; a figure is shown as one that comes from the records."""

    text: str
    is_figure: bool


@dataclass(frozen=True)
class ShownParagraph:
    level: int
    parts: Sequence[Part]


@dataclass(frozen=True)
class ShownPlace:
    """A place to compare: what stands, and what the system would write now."""

    key: str
    own: Sequence[ShownParagraph]
    system: Sequence[ShownParagraph]


@dataclass(frozen=True)
class DocumentPage:
    """One document: its words with live figures, its files, and what stands in the way of issue."""

    document: Document
    content: Content | None
    paragraphs: Sequence[ShownParagraph]
    problems: Sequence[str]
    places: Sequence[ShownPlace]
    files: Sequence[DocumentFile]
    building: BuildItem | None
    failed: BuildItem | None
    editions: Sequence[Document]
    corrections: Sequence[Correction]

    @property
    def kind_label(self) -> str:
        return label_of(self.document)

    @property
    def seen(self) -> dict[str, str]:
        """What the page shows: the one who signs is held to it."""
        return self.content.parts() if self.content else {}


@dataclass(frozen=True)
class KindTab:
    """A kind of document above the list, with how many of it the person may read."""

    name: str
    slug: str
    count: int
    current: bool

    @property
    def url(self) -> str:
        return f"?kind={self.slug}" if self.slug else "?"


@dataclass(frozen=True)
class Shelf:
    """The documents asked for, and the kinds and periods to choose from."""

    documents: DocumentQuerySet
    tabs: Sequence[KindTab]
    periods: Sequence[tuple[str, str]]
    kind: str
    period: str

    @property
    def query(self) -> str:
        asked = {"kind": self.kind, "period": self.period}
        return urlencode({name: value for name, value in asked.items() if value})


def shelf(access: Access, *, kind: str, period: str) -> Shelf:
    """Return what the person may read of a kind and a period; what is unknown is not asked for."""
    found = Document.objects.visible_to(access).for_list()
    held = list(found.order_by().values_list("kind", "period").annotate(Count("pk")))
    counts: Counter[str] = Counter()
    for slug, _, count in held:
        counts[slug] += count
    labels = {code: kind_of(slug).period_label(code) for slug, code, _ in held if code}
    kind, period = kind if kind in counts else "", period if period in labels else ""
    tabs = [KindTab("全部", "", counts.total(), not kind)] + [
        KindTab(one.label, one.slug, counts[one.slug], one.slug == kind)
        for one in all_kinds()
        if one.slug in counts
    ]
    found = found.filter(kind=kind) if kind else found
    found = found.filter(period=period) if period else found
    return Shelf(found, tabs, sorted(labels.items(), reverse=True), kind, period)


def label_of(document: Document) -> str:
    """Return the name of the document's kind."""
    return kind_of(document.kind).label


def document_page(document: Document, access: Access, *, today: date) -> DocumentPage:
    """Gather the page; a draft whose records do not suffice says so instead of its words."""
    content, problems, places = _content(document, today)
    editions = Document.objects.visible_to(access).filter(
        kind=document.kind, period=document.period, unit=document.unit
    )
    open_states = [BuildState.WAITING, BuildState.RUNNING]
    building = document.build_items.filter(state__in=open_states).select_related("job").first()
    filled = content.filled() if content else None
    made = [
        current_file(document, form, today=today, content=filled) for form in FileFormat if filled
    ]
    files = [file for file in made if file]
    return DocumentPage(
        document=document,
        content=content,
        paragraphs=_shown(content.paragraphs, content) if content else [],
        problems=problems,
        places=places,
        files=files,
        building=building,
        failed=None if building else _failed(document, access, {file.format for file in files}),
        editions=list(editions.for_list().order_by("-edition")),
        corrections=corrections_of(document),
    )


def _failed(document: Document, access: Access, there: Collection[str]) -> BuildItem | None:
    """Return the last attempt at a file that is not there, if it failed and the job may be seen."""
    settled = document.build_items.filter(
        state__in=[BuildState.DONE, BuildState.FAILED],
        job__in=BuildJob.objects.visible_to(access),
    )
    tried = settled.exclude(format__in=there).select_related("job")
    last = tried.order_by("-finished_at", "pk").first()
    return last if last and last.state == BuildState.FAILED else None


def _content(document: Document, today: date) -> tuple[Content | None, list[str], list[ShownPlace]]:
    if document.state != DocumentState.DRAFT:
        return (content_of(document, today=today) if document.content else None), [], []
    try:
        system = system_content(document, today=today)
    except DomainError as error:
        return None, [error.message], []
    content = worded(document, system)
    unknown = [n for p in content.paragraphs for n in unknown_figures(p.text, content.figures)]
    problems = [f"正文里的【{name}】平台不能代填，请改稿写明。" for name in dict.fromkeys(unknown)]
    places = [
        ShownPlace(place.key, _shown(place.own, content), _shown(place.system, content))
        for place in places_to_settle(document, system)
    ]
    return content, problems, places


def _shown(paragraphs: Sequence[Paragraph], content: Content) -> list[ShownParagraph]:
    return [_paragraph(item, content) for item in paragraphs]


def _paragraph(item: Paragraph, content: Content) -> ShownParagraph:
    parts = figure_parts(item.text, content.figures)
    return ShownParagraph(
        item.level,
        [Part(content.figures[text] if figure else text, figure) for text, figure in parts],
    )


def issued_file(access: Access, *, kind: str, period: str, unit: Unit) -> DocumentFile | None:
    """Return the PDF of the unit's paper in force, if the person may read it."""
    files = DocumentFile.objects.visible_to(access).filter(
        is_final=True, format=FileFormat.PDF, document__state=DocumentState.ISSUED
    )
    return files.filter(document__kind=kind, document__period=period, document__unit=unit).first()


def lost_words(files: Sequence[DocumentFile]) -> str:
    """Say which files the store has lost, and what to do."""
    more = f"等 {len(files)} 个文件" if len(files) > 1 else ""
    return (
        f"“{files[0].name}”{more}在存档里找不到了。"
        "由区安委办在这份公文的页面上重新生成，或者由管理员从备份恢复。"
    )


def newest_files(access: Access) -> list[DocumentFile]:
    """Return the PDFs of the newest documents in force that the person may read: one query."""
    files = DocumentFile.objects.visible_to(access).filter(
        is_final=True, format=FileFormat.PDF, document__state=DocumentState.ISSUED
    )
    shown = files.select_related("document__unit").defer("document__content", "document__wording")
    return list(shown.order_by("-document__issued_at", "-pk")[:SHOWN])
