"""The structure of the plan: title, preamble, sections, clauses, and every sentence of them."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from clauses.reading import edges, tables
from clauses.reading.actors import subjects
from clauses.reading.document import PlanClause, PlanProvision, PlanSection
from clauses.reading.errors import UnreadablePlan
from clauses.reading.folding import Folded
from clauses.reading.headings import end_at, unnumbered_headings
from clauses.reading.levels import (
    Title,
    clause_family,
    clause_nodes,
    heading_of,
    title_of,
    titled_families,
)
from clauses.reading.lines import is_short_tail
from clauses.reading.markers import SENTENCE, Family, scan
from clauses.reading.notes import is_note_line
from clauses.reading.outline import Node, outline
from clauses.reading.papers import Paper, choose_paper
from clauses.reading.sentences import sentences
from clauses.reading.spans import trimmed
from clauses.reading.topics import LONGEST_BARE, asks_something, is_duty

_LONGEST_BULLET_TITLE = 20
_BULLET = re.compile("(?P<sign>[●◆■▲★○◇□▪•·]) ?|[一二三四五六七八九十]是")
_OWN_CUE = re.compile(r"[每\d,、]|不得|严禁|禁止|应(?!急)|必须")
FORMS = {
    Family.PART: "第X部分",
    Family.CHAPTER: "第X章",
    Family.SUBCHAPTER: "第X节",
    Family.ARTICLE: "第X条",
    Family.CAPITAL: "壹、",
    Family.CHINESE: "一、",
    Family.CHINESE_BRACKET: "(一)",
    Family.NAMED: "任务一",
    Family.ARABIC: "1.",
    Family.DECIMAL: "1.1",
    Family.DECIMAL_3: "1.1.1",
    Family.ARABIC_BRACKET: "(1)",
    Family.CIRCLED: "①",
    Family.ROW: "表格行",
}


@dataclass
class Structure:
    """What the grammar found, in folded offsets where a name says so.

    ``lists`` tells of each list that is led in, 企业应当:(一)…(二)…, where it begins and ends.
    """

    title: str
    title_span: tuple[int, int]
    preamble: tuple[int, int]
    body_end: int
    clause_form: str
    sections: list[PlanSection] = field(default_factory=list)
    clauses: list[PlanClause] = field(default_factory=list)
    provisions: list[PlanProvision] = field(default_factory=list)
    folded_spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    headings: dict[int, str] = field(default_factory=dict)
    lists: dict[int, int] = field(default_factory=dict)

    @property
    def is_table(self) -> bool:
        return self.clause_form == FORMS[Family.ROW]


def read_structure(folded: Folded) -> Structure:
    """Read the plan's structure.

    Raises: UnreadablePlan when the text has no numbered structure.
    """
    paper = choose_paper(folded, outline(folded, scan(folded)))
    if paper is None:
        raise UnreadablePlan(
            "文件里没有找到“一、”“（一）”“第一条”这样的编号，无法拆分条款，"
            "请在各条前加上编号后再导入，或改用方案正文的文件。"
        )
    family = clause_family(folded, paper.roots)
    title = edges.find_title(folded, paper)
    body_end = edges.find_body_end(folded, paper, family)
    structure = Structure(
        title=title.text,
        title_span=folded.source_span(title.start, title.end),
        preamble=(title.preamble, paper.start),
        body_end=folded.source_span(paper.start, body_end)[1],
        clause_form=FORMS[family],
    )
    _Cutter(folded, paper, family, body_end, structure).cut()
    return structure


class _Cutter:
    """Cuts the chosen paper into sections, clauses and sentences."""

    def __init__(
        self, folded: Folded, paper: Paper, family: Family, body_end: int, into: Structure
    ) -> None:
        self._folded = folded
        self._body_end = body_end
        self._into = into
        nodes = [node for node in paper.nodes() if node.start < body_end]
        for node in nodes:
            node.end = min(node.end, body_end)
        self._clauses = clause_nodes(folded, nodes, family)
        above = {id(parent) for node in self._clauses for parent in node.parents()}
        inside = {id(node) for clause in self._clauses for node in clause.walk()}
        self._headings = [node for node in nodes if id(node) in above or id(node) not in inside]
        self._roots = [n for n in self._headings if n.parent is None]
        self._unnumbered = [] if self._roots else unnumbered_headings(folded, self._clauses)
        if family is Family.ROW and not self._roots:
            self._unnumbered = self._unnumbered or tables.group_rows(folded)
            end_at(self._clauses, self._unnumbered)
        headed = tables.headed_rows(folded)
        self._rows = [folded.paragraphs[index] for index in headed]
        self._heads = {folded.paragraphs[index].start for index in headed if not headed[index]}
        self._heads |= self._between_runs([node for node in nodes if node.parent is None])
        self._counts: Counter[int] = Counter()
        self._item_titles: set[tuple[int, int]] = set()

    def cut(self) -> None:
        """Fill the structure."""
        titled = titled_families(self._folded, self._clauses)
        for ordinal, node in enumerate(self._roots, start=1):
            self._into.sections.append(self._section(ordinal, node))
        starts = [node.start for node in self._roots]
        for ordinal, (start, end) in enumerate(self._unnumbered, start=1):
            self._into.sections.append(self._unnumbered_section(ordinal, start, end))
            starts.append(start)
        self._preamble()
        stretches: list[tuple[int, int, int | None, int | None]] = []
        for ordinal, node in enumerate(self._clauses, start=1):
            title = self._title(node, titled=node.family in titled)
            section = bisect_right(starts, node.start) or None
            clause = self._clause(ordinal, node, title, section)
            self._into.clauses.append(clause)
            stretches.append((title.body, self._end(node), ordinal, section))
            self._note_item_titles(node)
            if title.is_empty:
                self._note_bare_title(node)
        stretches += [
            (*self._loose(node), None, bisect_right(starts, node.start) or None)
            for node in self._headings
        ]
        for start, end, owner, section in sorted(stretches, key=lambda item: item[0]):
            self._sentences(start, end, owner, section)

    def _between_runs(self, roots: list[Node]) -> set[int]:
        """Return where lines begin that head a run of parts counted from one again."""
        found = set()
        for root in roots[1:]:
            above = self._folded.paragraph_at(root.start) - 1
            line = self._folded.paragraphs[max(above, 0)]
            text = self._folded.text[line.start : line.end]
            if root.marker.number == 1 and is_short_tail(text) and not is_note_line(text):
                found.add(line.start)
        return found

    def _heading(self, node: Node) -> Title:
        if node.parent is None or node.children:
            return heading_of(self._folded, node)
        return title_of(self._folded, node, titled=True)

    def _loose(self, node: Node) -> tuple[int, int]:
        """Return the stretch of a heading's own sentences; it is one itself if it says all."""
        start, end = self._heading(node).body, min(node.own_end, self._body_end)
        says_all = not node.children and not self._folded.text[start:end].strip()
        if says_all and self._folded.text[start - 1] == "。":
            return node.marker.end, end
        return start, end

    def _end(self, node: Node) -> int:
        return min(node.end, self._body_end)

    def _section(self, ordinal: int, node: Node) -> PlanSection:
        heading = heading_of(self._folded, node)
        start, end = self._folded.source_span(node.start, self._end(node))
        text = self._words(heading)
        self._into.headings[ordinal] = text
        return PlanSection(ordinal, node.marker.number, self._label(node), text, start, end)

    def _unnumbered_section(self, ordinal: int, start: int, end: int) -> PlanSection:
        following = [first for first, _ in self._unnumbered if first > start]
        section_end = min([self._body_end, *following])
        heading = self._folded.words(start, end)
        self._into.headings[ordinal] = heading
        span = self._folded.source_span(start, section_end)
        return PlanSection(ordinal, ordinal, "", heading, *span)

    def _clause(self, ordinal: int, node: Node, title: Title, section: int | None) -> PlanClause:
        start, end = self._folded.source_span(node.start, self._end(node))
        body = self._folded.source_span(title.body, self._end(node))[0]
        path = ".".join(part.marker.figures for part in [*reversed(node.parents()), node])
        return PlanClause(
            ordinal=ordinal,
            number=node.marker.number,
            label=self._label(node),
            title=self._words(title),
            path=path,
            section=section,
            start=start,
            end=end,
            body_start=min(body, end),
        )

    def _title(self, node: Node, *, titled: bool) -> Title:
        """Return the clause's title; a duty is none, nor is one that leads in the items below."""
        title = title_of(self._folded, node, titled=titled)
        leads_in = node.children and self._leads_in(node) and title.body >= node.own_end
        is_sentence = self._folded.text[title.end : title.body] == "。"
        if leads_in or (is_sentence and is_duty(self._folded.text[title.start : title.end])):
            return Title(title.start, title.start, title.start)
        return title

    def _leads_in(self, node: Node) -> bool:
        """Say whether what the part says before its items is said of each of them."""
        own = self._folded.text[node.marker.end : node.own_end].strip()
        return own.endswith(":") or ("。" not in own and asks_something(own))

    def _note_item_titles(self, clause: Node) -> None:
        for node in clause.walk():
            if node.children and self._leads_in(node):
                self._into.lists[node.own_end] = node.end
            if node is not clause and node.marker.strength >= SENTENCE:
                title = title_of(self._folded, node, titled=True)
                asks = asks_something(self._folded.text[title.start : title.end])
                if not (title.is_empty or asks) and title.body < self._end(node):
                    self._item_titles |= {(node.start, title.body), (node.start, title.end)}

    def _note_bare_title(self, clause: Node) -> None:
        """1.强化源头管控。各镇要…: a short first phrase, on a level where few parts have titles."""
        title = title_of(self._folded, clause, titled=True)
        words = self._folded.text[title.start : title.end]
        names = subjects(words, 0, len(words))
        if (
            self._folded.text[title.end : title.body] == "。"
            and 2 <= len(words) <= LONGEST_BARE
            and not names
            and not _OWN_CUE.search(words)
        ):
            self._item_titles.add((clause.marker.end, title.body))

    def _is_bullet_title(self, start: int, end: int) -> bool:
        """●组织主题宣讲。各单位…, 一是加强领导。各村…: a short phrase, then more on its line."""
        text = self._folded.text
        is_short = end - start <= _LONGEST_BULLET_TITLE and text[start:end].endswith("。")
        bullet = _BULLET.match(text, start, end)
        following = _BULLET.match(text, end) if bullet and not bullet["sign"] else None
        goes_on = end < len(text) and text[end] != "\n" and not following
        if not (bullet and is_short and goes_on) or _OWN_CUE.search(text, bullet.end(), end):
            return False
        return not subjects(text, bullet.end(), end)

    def _label(self, node: Node) -> str:
        """Return the number as the text writes it, without a cell that stands before it."""
        return self._folded.words(node.start, node.marker.label_end).rsplit("\t", 1)[-1]

    def _words(self, title: Title) -> str:
        """Return the words of a heading without the breaks and blanks of the page."""
        return self._folded.words(title.start, title.end)

    def _preamble(self) -> None:
        start, end = self._into.preamble
        end = min([end, *(first for first, _ in self._unnumbered)])
        for first, last in sentences(self._folded.text, start, end):
            line = self._folded.text[first:last]
            if not edges.is_outside_preamble(line):
                self._provision(first, last, None, None, is_preamble=True)

    def _sentences(self, start: int, end: int, clause: int | None, section: int | None) -> None:
        if self._into.is_table:
            for first, last in tables.rows(self._folded, start, end):
                self._provision(first, last, clause, section)
            return
        for first, last in self._with_rows(start, end):
            self._provision(first, last, clause, section)

    def _with_rows(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the sentences; a row of a table in their midst is one."""
        index = bisect_right(self._rows, start, key=lambda row: row.end)
        while index < len(self._rows) and self._rows[index].start < end:
            row = self._rows[index]
            yield from sentences(self._folded.text, start, row.start)
            first, last = trimmed(self._folded.text, max(start, row.start), min(end, row.end))
            if first < last:
                yield first, last
            start, index = row.end, index + 1
        yield from sentences(self._folded.text, min(start, end), end)

    def _provision(
        self,
        start: int,
        end: int,
        clause: int | None,
        section: int | None,
        *,
        is_preamble: bool = False,
    ) -> None:
        self._counts[clause or 0] += 1
        code = f"{clause or 0:02d}-{self._counts[clause or 0]:02d}"
        first, last = self._folded.source_span(start, end)
        note = is_note_line(self._folded.text[start:end])
        heading = (
            start in self._heads
            or (start, end) in self._item_titles
            or self._is_bullet_title(start, end)
        )
        self._into.folded_spans[code] = (start, end)
        self._into.provisions.append(
            PlanProvision(code, clause, section, first, last, note, heading, is_preamble)
        )
