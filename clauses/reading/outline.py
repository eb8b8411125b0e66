"""From candidates to an outline: which numbers really count, and what stands under what.

The rule is the sequence.  A number is believed when it is the one expected next: the successor of
its elder sibling, 1 under a new parent, or the successor of the last number of its family
(numbering that runs straight through the sections).  A number that is not expected is believed only
at the start of a paragraph, where official texts do skip and repeat numbers; anywhere else it is a
citation.  Families rank as :class:`Family` lists them, except where the text shows the reverse
(1. above （一）: see :func:`_ranks`).
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from clauses.reading.folding import Folded
from clauses.reading.lines import is_annex_head, is_date, is_short_tail
from clauses.reading.markers import PARAGRAPH, SENTENCE, Family, Marker

_LONGEST_GAP = 3
_MAY_STAND_ABOVE = frozenset((Family.ARABIC, Family.CHINESE_BRACKET, Family.NAMED))
_LEADS_TO_TABLE = re.compile("(?:下表|如下|以下)[^。]{0,12}[:。]?$|:$")
_PREFIXED = frozenset((Family.DECIMAL, Family.DECIMAL_3, Family.NAMED))


@dataclass(eq=False)
class Node:
    """A numbered part; ``end`` is where the next part of its level or above begins."""

    marker: Marker
    parent: "Node | None"
    end: int = 0
    children: list["Node"] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.marker.start

    @property
    def family(self) -> Family:
        return self.marker.family

    @property
    def own_end(self) -> int:
        """Where the first part below begins, or the end."""
        return self.children[0].start if self.children else self.end

    def parents(self) -> list["Node"]:
        """Return the parts above, the nearest first."""
        found = []
        node = self.parent
        while node is not None:
            found.append(node)
            node = node.parent
        return found

    def walk(self) -> Iterator["Node"]:
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


Run = list[Node]


def outline(folded: Folded, markers: Sequence[Marker]) -> list[Run]:
    """Return the runs of top-level parts in order; a new run begins where the top restarts."""
    builder = _Builder(folded, markers)
    for marker in markers:
        builder.offer(marker)
    runs = [run for run in builder.runs if run]
    _drop_lonely(runs)
    _close([node for run in runs for node in run], len(folded.text))
    return [run for run in runs if run]


def _ranks(markers: Sequence[Marker]) -> dict[Family, float]:
    """Rank the families; （一） goes below 1. when it restarts after each number of 1."""
    ranks: dict[Family, float] = {family: float(family) for family in Family}
    strong = [marker for marker in markers if marker.strength == PARAGRAPH]
    begins: Counter[tuple[Family, Family]] = Counter()
    starts: Counter[Family] = Counter()
    for before, marker in pairwise(strong):
        if marker.number == 1:
            starts[marker.family] += 1
            begins[(before.family, marker.family)] += 1
    for (upper, lower), times in begins.items():
        reversed_order = upper > lower and upper in _MAY_STAND_ABOVE
        if (
            reversed_order
            and times >= 2
            and times >= 0.8 * starts[lower]
            and _counts_on(strong, upper)
        ):
            ranks[lower] = ranks[upper] + 0.5
    return ranks


def _counts_on(markers: Sequence[Marker], family: Family) -> bool:
    numbers = [marker.number for marker in markers if marker.family is family]
    return numbers == list(range(1, len(numbers) + 1))


def _paper_ends(folded: Folded, markers: Sequence[Marker]) -> list[int]:
    """Return where a paper ends for certain: at the head of an annex, at a signed date."""
    numbered = {marker.start for marker in markers}
    ends = []
    signs = False
    for paragraph in folded.paragraphs:
        line = folded.text[paragraph.start : paragraph.end]
        if is_annex_head(line) or (signs and is_date(line)):
            ends.append(paragraph.start)
        signs = is_short_tail(line) and paragraph.start not in numbered
    return ends


class _Builder:
    def __init__(self, folded: Folded, markers: Sequence[Marker]) -> None:
        self._folded, self._text = folded, folded.text
        self._ranks = _ranks(markers)
        self._ends = _paper_ends(folded, markers)
        self._passed = 0
        self._strong: dict[Family, list[Marker]] = defaultdict(list)
        for marker in markers:
            if marker.strength == PARAGRAPH:
                self._strong[marker.family].append(marker)
        self._stack: list[Node] = []
        self._last: dict[Family, int] = {}
        self._inline: dict[Family, int] = {}
        self.runs: list[Run] = []

    def offer(self, marker: Marker) -> None:
        """Take the candidate into the outline if the sequence allows it."""
        self._pass_ends(marker.start)
        rank = self._ranks[marker.family]
        depth = len(self._stack)
        while depth and self._ranks[self._stack[depth - 1].family] > rank:
            depth -= 1
        kept = self._stack[:depth]
        top = kept[-1] if kept else None
        if self._continues_inline_list(marker):
            self._inline[marker.family] = marker.number
            return
        if not self._believes(marker, top, kept):
            return
        if marker.strength == PARAGRAPH:
            self._inline.clear()
        if self._begins_run(marker, top, kept):
            self.runs.append([])
            self._last.clear()
            kept = []
        self._add(marker, kept)

    def _pass_ends(self, position: int) -> None:
        """Begin afresh after the end of a paper, unless its top numbers still go on behind it."""
        passed = bisect_right(self._ends, position)
        if passed > self._passed and self._stack:
            top = self._stack[0].marker
            following = self._strong[top.family]
            index = bisect_right(following, self._ends[passed - 1], key=lambda item: item.start)
            if index == len(following) or following[index].number != top.number + 1:
                self._stack = []
                self._inline.clear()
        self._passed = passed

    def _believes(self, marker: Marker, top: Node | None, kept: list[Node]) -> bool:
        if not self._stack:
            clear = marker.strength > 0 or marker.family <= Family.ARTICLE
            return (marker.number == 1 and clear) or marker.strength == PARAGRAPH
        if top is not None and self._ranks[top.family] == self._ranks[marker.family]:
            return self._believes_sibling(marker, top, kept)
        if not kept:
            return marker.strength >= SENTENCE and (
                marker.number == 1 or marker.strength == PARAGRAPH
            )
        expected = marker.number == 1 or marker.number == self._last.get(marker.family, 0) + 1
        return expected or marker.strength == PARAGRAPH

    def _believes_sibling(self, marker: Marker, top: Node, kept: list[Node]) -> bool:
        if marker.family in _PREFIXED and marker.prefix != top.marker.prefix:
            return marker.number == 1
        step = marker.number - top.marker.number
        if step == 1 or (step == 0 and marker.inserted == top.marker.inserted + 1):
            return True
        if marker.strength == PARAGRAPH:
            return marker.number == 1 or 0 <= step <= _LONGEST_GAP
        if marker.number == 1 and marker.strength == SENTENCE:
            if (
                len(kept) == 1
                and marker.family <= Family.CHINESE
                and top.marker.strength < PARAGRAPH
            ):
                return True
            self._inline[marker.family] = 1
        return False

    def _continues_inline_list(self, marker: Marker) -> bool:
        """A list of the clause's own family inside a sentence must not be taken for clauses."""
        if marker.strength == PARAGRAPH or marker.family not in self._inline:
            return False
        before = self._text[max(0, marker.start - 2) : marker.start].strip()
        return marker.number == self._inline[marker.family] + 1 or before.endswith((";", ":", ","))

    def _begins_run(self, marker: Marker, top: Node | None, kept: list[Node]) -> bool:
        if not self._stack or not kept or top is None:
            return True
        if marker.family is Family.ROW:
            inside = (
                self._folded.in_table(top.start)
                or self._goes_on_behind(marker)
                or self._is_introduced(marker)
            )
            return top.family is not Family.ROW and not inside
        root_again = len(kept) == 1 and top.family is marker.family
        return root_again and marker.number == 1

    def _goes_on_behind(self, row: Marker) -> bool:
        """Say whether the numbers above a table go on behind it, so that it stands in a part."""
        passed = bisect_right(self._ends, row.start)
        limit = self._ends[passed] if passed < len(self._ends) else len(self._text)
        for node in self._stack:
            following = self._strong[node.family]
            index = bisect_right(following, row.start, key=lambda item: item.start)
            if index < len(following) and following[index].start < limit:
                return following[index].number == node.marker.number + 1
        return False

    def _is_introduced(self, row: Marker) -> bool:
        """Say whether the line above the table leads to it: 按下表抓好落实:, or a heading alone."""
        end = self._text.rfind("\n", 0, row.start)
        start, line = end, "\t"
        while end > 0 and "\t" in line:
            start = self._text.rfind("\n", 0, end) + 1
            line, end = self._text[start:end], start - 1
        is_heading = self._stack[-1].start >= start and line[-1:] not in "。;"
        return is_heading or _LEADS_TO_TABLE.search(line) is not None

    def _add(self, marker: Marker, kept: list[Node]) -> None:
        if kept and self._ranks[kept[-1].family] == self._ranks[marker.family]:
            kept = kept[:-1]
        node = Node(marker, kept[-1] if kept else None)
        (kept[-1].children if kept else self.runs[-1]).append(node)
        self._stack = [*kept, node]
        self._last[marker.family] = marker.number


def _drop_lonely(runs: list[Run]) -> None:
    """A list of one item, numbered 1 and not beginning a paragraph, is no list."""
    for run in runs:
        if len(run) == 1 and run[0].marker.strength < PARAGRAPH and len(runs) > 1:
            run.clear()
        for root in run:
            for node in list(root.walk()):
                families = Counter(child.family for child in node.children)
                node.children = [
                    child
                    for child in node.children
                    if families[child.family] > 1 or not _is_doubtful(child.marker)
                ]


def _is_doubtful(marker: Marker) -> bool:
    first = marker.number == 1 and marker.strength < PARAGRAPH
    return first and marker.family > Family.ARTICLE


def _close(nodes: list[Node], end: int) -> None:
    for node in reversed(nodes):
        node.end = end
        _close(node.children, end)
        end = node.start
