"""What the plan page and the workbench show of a plan: sections, clauses, sentences, coverage."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, QuerySet

from clauses.enums import DECLINED, Disposition
from clauses.models import Plan, Provision
from clauses.rules import UNNUMBERED, Piece, clause_mark, clause_name
from responsibilities.enums import LAMP_ORDER, LampKind
from responsibilities.models import ObligationSource
from responsibilities.rules import Lamp, words_left_out

PREAMBLE = "前言"
# 一段出处，连同它所在的句。
SPAN = {
    "sentence": F("provision"),
    "first": F("start"),
    "last": F("end"),
    "begin": F("provision__start"),
    "text": F("provision__text"),
}
LOUD = frozenset({LampKind.OVERDUE, LampKind.DUE_SOON})


@dataclass(frozen=True)
class Options:
    """What the address asks for: which sentences, whose tasks, with the errata or without."""

    show: str = ""
    unit: str = ""
    errata: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.show or self.unit)

    def query(self, **changed: str) -> str:
        """Return the query string with ``changed`` applied; empty values are left out."""
        values = {"show": self.show, "unit": self.unit, "errata": self.errata} | changed
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True)
class MarginTask:
    """One task beside its clause; ``role`` is what the reader's unit, or the one picked out, does
    in it where it does not lead."""

    code: str
    title: str
    url: str
    lead: str
    lamp: Lamp
    sentences: tuple[str, ...]
    units: frozenset[str]
    home: int
    role: str = ""

    @property
    def is_aided(self) -> bool:
        """Whether another unit leads it and answers for its lamp."""
        return bool(self.role)

    @property
    def is_loud(self) -> bool:
        return self.lamp.kind in LOUD and not self.is_aided

    @property
    def place(self) -> str:
        """The code without its clause, as it stands beside the sentence: 07, 01b."""
        return self.code.partition("-")[2]


@dataclass(frozen=True)
class Sentence:
    """One sentence as shown: its runs of text, its mark and what became of it."""

    code: str
    pieces: tuple[Piece, ...]
    disposition: Disposition
    reason: str
    lamp: Lamp | None
    task: str
    is_own: bool = True
    is_wanted: bool = True

    @property
    def number(self) -> str:
        return self.code.partition("-")[2]

    @property
    def plain(self) -> str:
        """The text of a sentence without errata, as nearly all are; empty for any other."""
        only = self.pieces[0] if len(self.pieces) == 1 else None
        return only.text if only and only.erratum is None else ""

    @property
    def is_open(self) -> bool:
        return self.disposition == Disposition.OPEN

    @property
    def is_declined(self) -> bool:
        return self.disposition in DECLINED

    @property
    def look(self) -> str:
        """The class of the sentence: colour only for what is not as it should be."""
        if self.is_open:
            return "open"
        if self.is_declined or not self.is_wanted:
            return "rest"
        is_loud = self.is_own and self.lamp and self.lamp.kind in LOUD
        return self.lamp.kind.value if self.lamp and is_loud else ""


@dataclass(frozen=True)
class Run:
    """A stretch of a clause: a sentence, or text that belongs to none."""

    sentence: Sentence | None = None
    text: str = ""


@dataclass(frozen=True)
class ClauseText:
    """One clause with its paragraphs and the tasks in its margin; the preamble has number 0."""

    number: int
    label: str
    head: tuple[Piece, ...]
    title: str
    paragraphs: tuple[tuple[Run, ...], ...]
    tasks: tuple[MarginTask, ...]
    is_section: bool = False
    above: str = ""

    @property
    def declined(self) -> list["Sentence"]:
        return [sentence for sentence in self.sentences if sentence.is_declined]

    @property
    def anchor(self) -> str:
        if self.title == UNNUMBERED and not self.number:
            return f"c{self.sentences[0].code}"
        return f"c{self.number:02d}"

    @property
    def mark(self) -> str:
        return clause_mark(self.label)

    @property
    def name(self) -> str:
        return clause_name(self.label, self.title)

    @property
    def sentences(self) -> list[Sentence]:
        runs = (run.sentence for paragraph in self.paragraphs for run in paragraph)
        return [sentence for sentence in runs if sentence is not None]

    @property
    def sentence_count(self) -> int:
        return len(self.sentences)

    @property
    def lamp(self) -> Lamp | None:
        """The loudest lamp of its tasks, for the contents list; quiet lamps are not listed."""
        found = most_urgent(task.lamp for task in self.tasks if not task.is_aided)
        return found if found and found.kind in LOUD else None


@dataclass(frozen=True)
class SectionText:
    """One section; clauses that stand under no heading form one without a heading."""

    number: int
    heading: tuple[Piece, ...]
    clauses: tuple[ClauseText, ...]

    @property
    def title(self) -> str:
        return "".join(piece.text for piece in self.heading)

    @property
    def lamp(self) -> Lamp | None:
        """The lamp of a section that is its own clause; else each clause shows its own."""
        return next((clause.lamp for clause in self.clauses if clause.is_section), None)


@dataclass(frozen=True)
class Coverage:
    """How many sentences are obligations, declined or undecided (立项、不立项、未定).

    ``in_part`` of those made have words that stand in no row.
    """

    made: int = 0
    declined: int = 0
    open: int = 0
    next_open: str = ""
    in_part: int = 0

    @property
    def total(self) -> int:
        return self.made + self.declined + self.open

    @property
    def made_whole(self) -> int:
        return self.made - self.in_part

    @property
    def settled_percent(self) -> str:
        """Share of sentences that are decided; 100.0 only when every one of them is."""
        if not self.total:
            return "0.0"
        return f"{int((self.made + self.declined) * 1000 / self.total) / 10:.1f}"


@dataclass(frozen=True)
class PlanPage:
    """Everything that the plan page shows."""

    plan: Plan
    sections: tuple[SectionText, ...]
    coverage: Coverage
    lamps: Mapping[str, int]
    task_count: int
    aided_count: int
    units: tuple[tuple[str, str], ...]
    errata_count: int
    clause_count: int
    section_count: int

    @property
    def shown_count(self) -> int:
        return sum(len(section.clauses) for section in self.sections)


def most_urgent(lamps: Iterable[Lamp]) -> Lamp | None:
    """Return the lamp that needs attention first, or None for no lamps."""
    return min(lamps, key=lambda lamp: LAMP_ORDER.index(lamp.kind), default=None)


def coverage_of(provisions: Iterable[Provision]) -> Coverage:
    """Count the sentences by what became of them; ``next_open`` is the first undecided one."""
    counted: dict[str, int] = defaultdict(int)
    first_open = ""
    for provision in provisions:
        if provision.disposition in DECLINED:
            counted["declined"] += 1
        else:
            counted[provision.disposition] += 1
        if provision.disposition == Disposition.OPEN and not first_open:
            first_open = provision.code
    return Coverage(
        made=counted[Disposition.OBLIGATION],
        declined=counted["declined"],
        open=counted[Disposition.OPEN],
        next_open=first_open,
    )


def taken_in_part(plan: Any) -> "QuerySet[ObligationSource]":
    """Return what rows take of those sentences of a plan that no row takes up whole."""
    whole = ObligationSource.objects.filter(
        provision=OuterRef("provision"),
        start__lte=OuterRef("provision__start"),
        end__gte=OuterRef("provision__end"),
    )
    return ObligationSource.objects.filter(~Exists(whole), provision__plan=plan)


def count_in_part(plan: Plan) -> int:
    """Count the sentences of which some words stand in no row: one statement."""
    return left_in_part(taken_in_part(plan).values(**SPAN))


def left_in_part(spans: Iterable[Mapping[str, Any]]) -> int:
    """Count the sentences whose spans, with the columns of ``SPAN``, leave words out."""
    texts: dict[int, str] = {}
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for span in spans:
        pk, begin = span["sentence"], span["begin"]
        texts[pk] = span["text"]
        taken[pk].append((span["first"] - begin, span["last"] - begin))
    return sum(bool(words_left_out(text, taken[pk])) for pk, text in texts.items())
