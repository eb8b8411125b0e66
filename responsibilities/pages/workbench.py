"""The workbench (逐句处理): one clause, its sentences, what became of each, and the rows made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from clauses.enums import DECLINED, Disposition
from clauses.models import Clause, Plan, Provision
from clauses.rules import Piece, numbered, overlay
from responsibilities.enums import AssignmentRole, ObligationState
from responsibilities.models import Assignment, Obligation, ObligationSource
from responsibilities.pages.plan_text import Coverage, count_in_part, coverage_of
from responsibilities.rules import few_units, words_left_out
from responsibilities.services.sentences import stamp_of

PREAMBLE = 0
NAMED_UNITS = 3


@dataclass(frozen=True)
class RowCard:
    """A row made from a sentence, as far as the workbench shows it."""

    row: Obligation
    source: ObligationSource
    lead: str
    assist: str
    deadline: str
    is_part: bool

    @property
    def is_draft(self) -> bool:
        return self.row.state == ObligationState.DRAFT


@dataclass(frozen=True)
class SentenceCard:
    """One sentence of the clause with its state, its rows and the stamp that acts must repeat."""

    provision: Provision
    pieces: tuple[Piece, ...]
    rows: tuple[RowCard, ...]
    stamp: str

    @property
    def code(self) -> str:
        return self.provision.code

    @property
    def is_open(self) -> bool:
        return self.provision.disposition == Disposition.OPEN

    @property
    def is_declined(self) -> bool:
        return self.provision.disposition in DECLINED

    @property
    def left_out(self) -> str:
        """The words of a sentence made into rows that no row takes up."""
        start = self.provision.start
        taken = [(r.source.start - start, r.source.end - start) for r in self.rows]
        return words_left_out(self.provision.text, taken) if self.rows else ""

    @property
    def look(self) -> str:
        return "open" if self.is_open else "rest" if self.is_declined else ""


@dataclass(frozen=True)
class ClauseEntry:
    """A clause in the list on the left: how many of its sentences are still undecided.

    ``heading`` is that of its section, at the first clause of each.
    """

    number: int
    title: str
    heading: str
    sentences: int
    open: int
    is_current: bool


@dataclass(frozen=True)
class Workbench:
    """Everything on the page except the forms."""

    plan: Plan
    number: int
    title: str
    entries: tuple[ClauseEntry, ...]
    cards: tuple[SentenceCard, ...]
    coverage: Coverage
    next_open: str
    selected: SentenceCard | None = None
    neighbours: tuple[int | None, int | None] = (None, None)

    @property
    def previous_clause(self) -> int | None:
        return self.neighbours[0]

    @property
    def next_clause(self) -> int | None:
        return self.neighbours[1]


@dataclass
class _Held:
    """The units of rows in words."""

    leads: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    assists: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


def build_workbench(plan: Plan, *, number: int | None = None, code: str = "") -> Workbench:
    """Lay out the clause ``number``, or the one that holds the sentence ``code``.

    Without either the first clause with an undecided sentence is shown. Seven statements.
    """
    provisions = list(plan.provisions.order_by("ordinal"))
    clauses = {c.pk: c for c in plan.clauses.defer("text").select_related("section")}
    numbers = {provision.pk: _number_of(provision, clauses) for provision in provisions}
    coverage = replace(coverage_of(provisions), in_part=count_in_part(plan))
    shown = _choose(provisions, numbers, number, code or coverage.next_open)
    own = [provision for provision in provisions if numbers[provision.pk] == shown]
    cards = tuple(_cards(plan, own))
    entries = tuple(_entries(clauses.values(), provisions, numbers, shown))
    order = [entry.number for entry in entries]
    here = order.index(shown) if shown in order else 0
    current = next((entry for entry in entries if entry.is_current), None)
    return Workbench(
        plan=plan,
        number=shown,
        title=current.title if current else "",
        entries=entries,
        cards=cards,
        coverage=coverage,
        next_open=_next_open(provisions, code),
        selected=next((card for card in cards if card.code == code), None),
        neighbours=(
            order[here - 1] if here > 0 else None,
            order[here + 1] if here + 1 < len(order) else None,
        ),
    )


def _number_of(provision: Provision, clauses: Mapping[int, Clause]) -> int:
    return PREAMBLE if provision.clause_id is None else clauses[provision.clause_id].number


def _choose(
    provisions: list[Provision], numbers: Mapping[int, int], number: int | None, code: str
) -> int:
    known = set(numbers.values())
    if number is not None and number in known:
        return number
    found = next((p for p in provisions if p.code == code), None)
    if found is not None:
        return numbers[found.pk]
    return next((numbers[p.pk] for p in provisions if p.clause_id is not None), PREAMBLE)


def _next_open(provisions: list[Provision], code: str) -> str:
    """Return the first undecided sentence after ``code``, or else the first of all."""
    undecided = [p for p in provisions if p.disposition == Disposition.OPEN and p.code != code]
    here = next((p.ordinal for p in provisions if p.code == code), 0)
    later = [p for p in undecided if p.ordinal > here]
    chosen = later or undecided
    return chosen[0].code if chosen else ""


def _entries(
    clauses: Iterable[Clause],
    provisions: list[Provision],
    numbers: Mapping[int, int],
    shown: int,
) -> Iterable[ClauseEntry]:
    counted: dict[int, list[Provision]] = defaultdict(list)
    for provision in provisions:
        counted[numbers[provision.pk]].append(provision)
    titles: dict[int, str] = {}
    headings = {PREAMBLE: ""}
    if PREAMBLE in counted:
        is_before = counted[PREAMBLE][-1].ordinal == len(counted[PREAMBLE])
        titles[PREAMBLE] = "前言" if is_before else "前言和未编号的段落"
    for clause in sorted(clauses, key=lambda clause: clause.start):
        titles[clause.number] = numbered(clause.mark, clause.title)
        headings[clause.number] = _heading_above(clause)
    last = ""
    for number in titles:
        found = counted[number]
        undecided = sum(p.disposition == Disposition.OPEN for p in found)
        heading, last = headings[number] if headings[number] != last else "", headings[number]
        yield ClauseEntry(number, titles[number], heading, len(found), undecided, number == shown)


def _heading_above(clause: Clause) -> str:
    """Return the heading of the clause's section; none where the clause is the whole of it."""
    section = clause.section
    if section is None or section.start == clause.start:
        return ""
    return numbered(section.label, section.heading)


def _cards(plan: Plan, provisions: list[Provision]) -> Iterable[SentenceCard]:
    if not provisions:
        return
    errata = list(plan.errata.all())
    sources = list(
        ObligationSource.objects.filter(provision__in=provisions)
        .select_related("obligation")
        .order_by("start", "obligation__code")
    )
    held = _held([source.obligation_id for source in sources])
    for provision in provisions:
        own = [source for source in sources if source.provision_id == provision.pk]
        rows = []
        for source in own:
            source.provision, source.obligation.plan = provision, plan
            rows.append(_row_card(source, held))
        yield SentenceCard(
            provision=provision,
            pieces=tuple(overlay(provision.text, provision.start, errata)),
            rows=tuple(rows),
            stamp=stamp_of(provision, [source.obligation.code for source in own]),
        )


def _held(rows: list[int]) -> _Held:
    held = _Held()
    listed = (
        Assignment.objects.filter(obligation__in=rows)
        .order_by("unit__order", "unit")
        .values_list("obligation", "role", "unit__short_name")
    )
    for row, role, name in listed:
        if role == AssignmentRole.LEAD:
            held.leads[row].append(name)
        elif role == AssignmentRole.ASSIST:
            held.assists[row].append(name)
    return held


def _row_card(source: ObligationSource, held: _Held) -> RowCard:
    row, provision = source.obligation, source.provision
    return RowCard(
        row=row,
        source=source,
        lead=few_units(held.leads[row.pk], most=NAMED_UNITS),
        assist=few_units(held.assists[row.pk], most=NAMED_UNITS),
        deadline=row.deadline_in_words,
        is_part=(source.start, source.end) != (provision.start, provision.end),
    )
