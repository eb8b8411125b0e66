"""Headings without a number: a short line right above each restart of the numbering.

工作重点 / （一）… （二）… / 工作要求 / （一）… : the numbers begin again and only the line
above says what for.  One such line could be anything, so there must be at least two, one of them
above the first number.
"""

from collections.abc import Sequence

from clauses.reading import lines
from clauses.reading.folding import Folded
from clauses.reading.markers import PARAGRAPH
from clauses.reading.outline import Node

_LONGEST = 24


def unnumbered_headings(folded: Folded, clauses: Sequence[Node]) -> list[tuple[int, int]]:
    """Return the headings above the restarts; the clause before each then ends there."""
    found: list[tuple[int, int]] = []
    ends: list[tuple[Node, int]] = []
    for before, node in zip([None, *clauses], clauses, strict=False):
        if node.parent is not None or node.marker.number != 1:
            continue
        heading = _line_above(folded, node)
        if heading is None or (before is not None and heading[0] <= before.start):
            return []
        found.append(heading)
        if before is not None:
            ends.append((before, heading[0]))
    if len(found) < 2:
        return []
    for node, end in ends:
        node.end = end
    return found


def end_at(clauses: Sequence[Node], headings: Sequence[tuple[int, int]]) -> None:
    """End each clause where a heading begins that stands behind it."""
    for node in clauses:
        node.end = min([node.end, *(start for start, _ in headings if start > node.start)])


def _line_above(folded: Folded, node: Node) -> tuple[int, int] | None:
    index = folded.paragraph_at(node.start)
    if index == 0 or node.marker.strength != PARAGRAPH:
        return None
    paragraph = folded.paragraphs[index - 1]
    line = folded.text[paragraph.start : paragraph.end]
    short = 2 <= len(line) <= _LONGEST and line[-1] not in "。;:!?,、)"
    if not short or lines.is_closing(line) or lines.is_title(line):
        return None
    return paragraph.start, paragraph.end
