"""Rows of a task table: 序号 | 任务 | 牵头单位 | 配合单位 | 完成时限.

The head of the table says what a column holds; each cell that names units or a time is read as a
note of its row.  A table without such a head is read as plain text.  A table with a head may stand
in the middle of a clause; each of its rows is then one sentence of the clause.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest

from clauses.reading.actors import split_actors
from clauses.reading.folding import Folded
from clauses.reading.notes import Note
from clauses.reading.spans import Span

_LEADS = re.compile("牵头|主办|主责")
_BEARERS = re.compile(
    "牵头|主办|主责|责任(?!人|领导)|负责|配合|参与|协办|协同|承办|落实单位|实施单位"
)
_TIMES = re.compile("时限|时间|期限|频次|节点|进度")
_HEAD_ROWS = 3
_HEAD_CELL = re.compile(
    "序号|编号|任务|措施|内容|事项|项目|单位|部门|牵头|责任|配合|时限|时间|期限|备注|阶段|步骤|目标|要求|"
    "频次|类别|指标|分工|领域|节点|进度|成果"
)
_LONGEST_HEAD_CELL = 12
_SPOKEN = re.compile(r"[。;:,\d]")
_CELL_STOPS = re.compile("[,;/ ]+")


def columns(folded: Folded, first_row: int) -> list[str]:
    """Return the heads of the columns from the lines above the first row; [] when there are none.

    A head over two rows, 责任分工 above 牵头单位 and 配合单位, is read together.
    """
    heads: list[str] = []
    index = folded.paragraph_at(first_row)
    for paragraph in reversed(folded.paragraphs[max(0, index - _HEAD_ROWS) : index]):
        cells = folded.text[paragraph.start : paragraph.end].split("\t")
        if len(cells) < 2:
            break
        row = [*[""] * folded.cells_before(paragraph.start), *(cell.strip() for cell in cells)]
        heads = [upper + lower for upper, lower in zip_longest(row, heads, fillvalue="")]
    return heads


def headed_rows(folded: Folded) -> dict[int, list[str]]:
    """Return by paragraph the heads of each row of the tables that have a head; [] at a head."""
    found: dict[int, list[str]] = {}
    heads: list[str] = []
    for index, paragraph in enumerate(folded.paragraphs):
        line = folded.text[paragraph.start : paragraph.end]
        before = folded.cells_before(paragraph.start) if heads or "\t" in line else 0
        if "\t" not in line and not (heads and before):
            heads = []
            continue
        is_first = index - 1 not in found
        if _is_head(line) and (is_first or found[index - 1] == []):
            row = [*[""] * before, *(cell.strip() for cell in line.split("\t"))]
            heads = [upper + lower for upper, lower in zip_longest(heads, row, fillvalue="")]
            found[index] = []
        elif heads:
            found[index] = heads
    return found


def _is_head(line: str) -> bool:
    cells = [cell for cell in line.replace(" ", "").split("\t") if cell]
    return len(cells) >= 2 and all(
        len(cell) <= _LONGEST_HEAD_CELL and _HEAD_CELL.search(cell) and not _SPOKEN.search(cell)
        for cell in cells
    )


def rows(folded: Folded, start: int, end: int) -> Iterator[Span]:
    """Yield the rows of one number: its own, and those below it that have none."""
    for line in re.finditer(r"[^\n]+", folded.text[start:end]):
        yield start + line.start(), start + line.end()


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
