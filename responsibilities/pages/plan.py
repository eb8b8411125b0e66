"""The plan page (方案条文): sections, clauses and sentences with the tasks in the margin.

Reads the whole plan in a fixed number of statements and lays everything out in memory: text as
published, the errata beside it, the lamp of each sentence, the tasks that the person may see.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import F
from django.urls import reverse

from clauses.enums import DECLINED, Disposition
from clauses.models import Clause, Erratum, Plan, Provision, Section
from clauses.rules import UNNUMBERED, Piece, numbered, overlay
from organizations.access import Access
from responsibilities.enums import AssignmentRole, FulfilmentMode, LampKind
from responsibilities.models import Assignment, Obligation
from responsibilities.pages.plan_text import (
    PREAMBLE,
    ClauseText,
    MarginTask,
    Options,
    PlanPage,
    Run,
    SectionText,
    Sentence,
    count_in_part,
    coverage_of,
    most_urgent,
)
from responsibilities.pages.rows import COLUMNS, lamp_of_values
from responsibilities.rules import few_units, thresholds_of

NAMED_UNITS = 2  # 页边最多写出的牵头单位个数
EXCERPT = 18  # 没有条名的条款，目录里列出的字数


@dataclass
class _Material:
    """The rows of one plan as read from the database."""

    sections: list[Section]
    clauses: list[Clause]
    provisions: list[Provision]
    errata: list[Erratum]
    tasks: list[MarginTask] = field(default_factory=list)
    units: dict[str, str] = field(default_factory=dict)


def build_plan_page(plan: Plan, options: Options, *, access: Access, today: date) -> PlanPage:
    """Lay the plan out for one person: eight statements, whatever the number of rows."""
    material = _read(plan, options.unit, access=access, today=today)
    chosen = [task for task in material.tasks if not options.unit or options.unit in task.units]
    writer = _Writer(plan, material, chosen, options)
    return PlanPage(
        plan=plan,
        sections=tuple(writer.sections()),
        coverage=replace(coverage_of(material.provisions), in_part=count_in_part(plan)),
        lamps=_count_lamps(chosen),
        task_count=len(material.tasks),
        aided_count=sum(task.is_aided for task in material.tasks),
        units=tuple(material.units.items()),
        errata_count=len(material.errata),
        clause_count=sum(bool(c.label) and not writer.is_section(c) for c in material.clauses),
        section_count=len(material.sections),
    )


def _count_lamps(tasks: Iterable[MarginTask]) -> dict[str, int]:
    """Count the lamps of what the unit in question leads; of every task when none is."""
    counted = dict.fromkeys(LampKind.values, 0)
    for task in tasks:
        if not task.is_aided:
            counted[task.lamp.kind.value] += 1
    return counted


def _read(plan: Plan, asked: str, *, access: Access, today: date) -> _Material:
    """``asked`` is the code of the unit whose tasks are picked out, if any."""
    clauses = list(plan.clauses.all())
    material = _Material(
        sections=list(plan.sections.order_by("start")),
        clauses=clauses,
        provisions=list(plan.provisions.select_related("duplicate_of")),
        errata=list(plan.errata.all()),
    )
    codes = {provision.pk: provision.code for provision in material.provisions}
    rows, sources = _rows(plan, codes, access=access)
    held, material.units = _units(rows)
    mine = {asked} - {""} if access.sees_all else {unit.code for unit in access.units}
    numbers = {clause.pk: clause.number for clause in clauses}
    thresholds = thresholds_of(plan)
    base = reverse("responsibilities:obligation_detail", args=[plan.code, "-"]).removesuffix("-/")
    material.tasks = [
        MarginTask(
            code=row["code"],
            title=row["title"],
            url=f"{base}{row['code']}/",
            lead=_lead_words(row["mode"], held[pk].leads),
            lamp=lamp_of_values(row, today, thresholds),
            sentences=tuple(sources[pk]),
            units=frozenset(held[pk].roles),
            home=numbers[row["clause"]],
            role=held[pk].aid_of(mine),
        )
        for pk, row in rows.items()
    ]
    return material


def _rows(
    plan: Plan, codes: Mapping[int, str], *, access: Access
) -> tuple[dict[int, dict[str, Any]], dict[int, list[str]]]:
    """Return the visible rows and the sentence codes of each, from one joined statement."""
    joined = (
        Obligation.objects.visible_to(access)
        .of_plan(plan)
        .live()
        .with_row_dates(access)
        .order_by("code", "sources__start")
        .values(*COLUMNS, "mode", "clause", sentence=F("sources__provision"))
    )
    rows: dict[int, dict[str, Any]] = {}
    sources: dict[int, list[str]] = defaultdict(list)
    for row in joined:
        rows.setdefault(row["pk"], row)
        code = codes.get(row["sentence"] or 0)
        if code is not None and code not in sources[row["pk"]]:
            sources[row["pk"]].append(code)
    return rows, sources


@dataclass
class _Held:
    """Who holds a row: the leads by name and phrase, and the role of every unit by its code."""

    leads: list[tuple[str, str]] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)

    def aid_of(self, units: Iterable[str]) -> str:
        """Return in a word what ``units`` do in the row where none of them leads it."""
        roles = {self.roles[unit] for unit in units if unit in self.roles}
        if not roles or AssignmentRole.LEAD in roles:
            return ""
        return str(AssignmentRole(min(roles)).label)


def _units(rows: Iterable[int]) -> tuple[dict[int, _Held], dict[str, str]]:
    """Return who holds each row, and every unit that occurs, in order."""
    found = (
        Assignment.objects.filter(obligation__in=list(rows))
        .order_by("unit__order", "unit")
        .values_list("obligation", "role", "unit__code", "unit__short_name", "alias__phrase")
    )
    held: dict[int, _Held] = defaultdict(_Held)
    listed: dict[str, str] = {}
    for row, role, code, name, phrase in found:
        held[row].roles[code] = role
        listed[code] = name
        if role == AssignmentRole.LEAD:
            held[row].leads.append((name, phrase or ""))
    return held, listed


def _lead_words(mode: str, leads: Sequence[tuple[str, str]]) -> str:
    """Return who leads, as short as the margin needs: a name, a phrase of the text, or a count."""
    phrases = {phrase for _, phrase in leads}
    if mode == FulfilmentMode.SEPARATE and len(phrases) == 1 and "" not in phrases:
        return f"{phrases.pop()}（{len(leads)} 个单位）"
    return few_units([name for name, _ in leads], most=NAMED_UNITS) or "未定牵头"


class _Writer:
    """Lays the material of one plan out under the options of the address."""

    def __init__(
        self, plan: Plan, material: _Material, tasks: list[MarginTask], options: Options
    ) -> None:
        self.plan, self.material, self.options = plan, material, options
        self.errata = [] if options.errata == "off" else material.errata
        self.by_sentence: dict[str, list[MarginTask]] = defaultdict(list)
        for task in tasks:
            for code in task.sentences:
                self.by_sentence[code].append(task)
        self.sentences: dict[int | None, list[Provision]] = defaultdict(list)
        for provision in material.provisions:
            self.sentences[provision.clause_id].append(provision)

    def sections(self) -> Iterator[SectionText]:
        """Yield every heading with what stands under it, in the order of the text.

        Under a filter a heading without anything to show is left out.
        """
        under: dict[int | None, list[ClauseText]] = defaultdict(list)
        for key, text in self._clauses():
            if self._is_shown(text):
                under[key].append(text)
        if under[None]:
            yield SectionText(0, (), tuple(under[None]))
        for section in self.material.sections:
            if under[section.pk] or not self.options.is_filtered:
                heading = self._heading(section)
                yield SectionText(section.number, heading, tuple(under[section.pk]))

    def is_section(self, clause: Clause) -> bool:
        """Whether the clause is a whole section without numbered clauses."""
        return any(clause.start == section.start for section in self.material.sections)

    def _clauses(self) -> Iterator[tuple[int | None, ClauseText]]:
        """Yield (section, clause); sentences of no clause stand where they stand in the text."""
        loose = list(self.sentences[None])
        starts = [item.start for item in (*self.material.sections, *self.material.clauses)]
        position = min(starts, default=0)
        for clause in sorted(self.material.clauses, key=lambda clause: clause.start):
            before = [sentence for sentence in loose if sentence.start < clause.start]
            yield from self._unnumbered(before)
            loose = loose[len(before) :]
            above = self._heading_between(position, clause.start, before)
            yield clause.section_id, self._clause(clause, above)
            position = clause.end
        yield from self._unnumbered(loose)

    def _heading_between(self, start: int, end: int, loose: Iterable[Provision]) -> str:
        """Return a heading that groups clauses below a section, as （一）高层建筑 does 1. and 2."""
        parts, position = [], start
        for sentence in loose:
            parts.append(self.plan.source_text[position : sentence.start])
            position = max(position, sentence.end)
        words = "".join("".join((*parts, self.plan.source_text[position:end])).split())
        for section in self.material.sections:
            if start <= section.start < end:
                title = numbered(section.label, section.heading)
                words = words.replace("".join(title.split()), "", 1)
        return words.strip("。；;，,、")

    def _is_shown(self, text: ClauseText) -> bool:
        return not self.options.is_filtered or any(s.is_wanted for s in text.sentences)

    def _heading(self, section: Section) -> tuple[Piece, ...]:
        label = numbered(section.label, section.heading).removesuffix(section.heading)
        heading = overlay(section.heading, section.start + len(label), self.errata)
        return (Piece(label), *heading) if label else tuple(heading)

    def _unnumbered(self, found: Sequence[Provision]) -> Iterator[tuple[int | None, ClauseText]]:
        """Yield sentences that belong to no clause: the preamble, or what stands in between."""
        sections = self.material.sections
        starts = [section.start for section in sections]
        first = min([*starts, *(clause.start for clause in self.material.clauses)], default=0)
        under: dict[int, list[Run]] = defaultdict(list)
        for provision in found:
            under[bisect_right(starts, provision.start)].append(Run(self._sentence(provision)))
        for place, runs in under.items():
            title = PREAMBLE if found[0].start < first else UNNUMBERED
            section = sections[place - 1].pk if place else None
            yield section, ClauseText(0, "", (), title, (tuple(runs),), ())

    def _clause(self, clause: Clause, above: str) -> ClauseText:
        found = self.sentences[clause.pk]
        first = found[0].start if found else clause.end
        head = clause.text[: first - clause.start].strip().rstrip("。")
        if not found and clause.title:
            head = numbered(clause.mark, clause.title)
        tasks = {
            task.code: task for provision in found for task in self.by_sentence[provision.code]
        }
        return ClauseText(
            number=clause.number,
            label=clause.label,
            head=tuple(overlay(head, clause.start, self.errata)) if head else (),
            title=clause.title or _excerpt(clause),
            paragraphs=tuple(self._paragraphs(clause, found)),
            tasks=tuple(tasks.values()),
            is_section=self.is_section(clause),
            above=above,
        )

    def _paragraphs(self, clause: Clause, found: list[Provision]) -> Iterator[tuple[Run, ...]]:
        """Yield paragraphs: a line break between sentences ends one; no character is lost."""
        runs: list[Run] = []
        position = found[0].start if found else clause.start
        for provision in found:
            gap = clause.text[position - clause.start : provision.start - clause.start]
            if gap.strip():
                runs.append(Run(text=gap))
            if "\n" in gap and runs:
                yield tuple(runs)
                runs = []
            runs.append(Run(self._sentence(provision)))
            position = provision.end
        rest = clause.text[position - clause.start :]
        if rest.strip():
            runs.append(Run(text=rest))
        if runs:
            yield tuple(runs)

    def _sentence(self, provision: Provision) -> Sentence:
        tasks = self.by_sentence[provision.code]
        own = [task for task in tasks if not task.is_aided]
        return Sentence(
            code=provision.code,
            pieces=tuple(overlay(provision.text, provision.start, self.errata)),
            disposition=Disposition(provision.disposition),
            reason=_reason(provision),
            lamp=most_urgent(task.lamp for task in own or tasks),
            task=tasks[0].code if tasks else "",
            is_own=bool(own),
            is_wanted=self._is_wanted(provision, tasks),
        )

    def _is_wanted(self, provision: Provision, tasks: Sequence[MarginTask]) -> bool:
        if self.options.unit and not tasks:
            return False
        show = self.options.show
        if show in {LampKind.OVERDUE, LampKind.DUE_SOON}:
            return any(task.lamp.kind == show and not task.is_aided for task in tasks)
        if show == "declined":
            return provision.disposition in DECLINED
        return not show or provision.disposition == show


def _excerpt(clause: Clause) -> str:
    """Return how a clause without a title begins; paragraphs without a number say so."""
    if not clause.label:
        return UNNUMBERED
    words = clause.text.removeprefix(clause.label).strip()
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT]}…"


def _reason(provision: Provision) -> str:
    if provision.duplicate_of is not None:
        return f"与 {provision.duplicate_of.code} 句重复：{provision.disposition_reason}"
    return provision.disposition_reason
