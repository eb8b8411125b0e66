"""Rows of a task table: 序号 | 任务 | 牵头单位 | 配合单位 | 完成时限.

The head of the table says what a column holds; each cell that names units or a time is read as a
note of its row.  A table without such a head is read as plain text.
"""

import re
from collections.abc import Iterator

from clauses.reading.actors import split_actors
from clauses.reading.folding import Folded
from clauses.reading.notes import Note
from clauses.reading.spans import Span

_LEADS = re.compile("牵头|主办|主责")
_BEARERS = re.compile(
    "牵头|主办|主责|责任(?!人|领导)|负责|配合|参与|协办|协同|承办|落实单位|实施单位"
)
_TIMES = re.compile("时限|时间|期限|频次|节点|进度")
_CELL_STOPS = re.compile("[,;/ ]+")


def columns(folded: Folded, first_row: int) -> list[str]:
    """Return the heads of the columns from the line above the first row; [] when there is none."""
    index = folded.paragraph_at(first_row)
    if index == 0:
        return []
    paragraph = folded.paragraphs[index - 1]
    heads = folded.text[paragraph.start : paragraph.end].split("\t")
    return [head.strip() for head in heads] if len(heads) >= 2 else []


def rows(folded: Folded, start: int, end: int) -> Iterator[Span]:
    """Yield the rows of one number: its own, and those below it that have none."""
    for line in re.finditer(r"[^\n]+", folded.text[start:end]):
        yield start + line.start(), start + line.end()


def cells_before(folded: Folded, start: int) -> int:
    """Return how many cells of its row stand before the position."""
    position = folded.offsets[start]
    return folded.source.count("\t", folded.source.rfind("\n", 0, position) + 1, position)


def row_notes(row: str, heads: list[str], *, before: int) -> list[Note]:
    """Return the cells of a row that name units or times; ``before`` cells stand before it."""
    notes = []
    start = 0
    for head, cell in zip(heads[before:], row.split("\t"), strict=False):
        end = start + len(cell)
        note = _cell_note(row, head, start, end)
        if note is not None:
            notes.append(note)
        start = end + 1
    return notes


def _cell_note(row: str, head: str, start: int, end: int) -> Note | None:
    if start == end:
        return None
    if _TIMES.search(head):
        return Note(start, end, times=[(start, end)])
    if not _BEARERS.search(head):
        return None
    spans = [span for part in _parts(row, start, end) for span in split_actors(row, *part)]
    return Note(start, end, bearers=spans, leads=spans if _LEADS.search(head) else [])


def _parts(row: str, start: int, end: int) -> list[Span]:
    parts: list[Span] = []
    for stop in _CELL_STOPS.finditer(row, start, end):
        parts.append((start, stop.start()))
        start = stop.end()
    parts.append((start, end))
    return [(first, last) for first, last in parts if first < last]
