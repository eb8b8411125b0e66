"""Rows of a task table: 序号 | 任务 | 牵头单位 | 配合单位 | 完成时限.

The head of the table says what a column holds; each cell that names units or a time is read as a
note of its row.  A table without such a head is read as plain text.  A table with a head may stand
in the middle of a clause; each of its rows is then one sentence of the clause.  The head holds as
well below a row that only heads others, 宣传教育, and below a heading between two tables of as many
columns.
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
_LONGEST_HEADING = 24
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
    head = row = -1  # the paragraphs of the last head and of the last row
    for index, paragraph in enumerate(folded.paragraphs):
        line = folded.text[paragraph.start : paragraph.end]
        if not folded.in_table(paragraph.start):
            if row != index - 1 or not _is_heading(line):
                heads = []
            continue
        cells = _cells(folded, paragraph.start, line)
        is_first, row = row != index - 1, index
        if _is_head(line) and (is_first or head == index - 1):
            above = heads if head == index - 1 else []
            heads = [upper + lower for upper, lower in zip_longest(above, cells, fillvalue="")]
            found[index], head = [], index
        elif is_first and len(cells) != len(heads):
            heads = []
        elif heads:
            found[index] = [] if _is_group(cells) else heads
    return found


def group_rows(folded: Folded) -> list[Span]:
    """Return the rows that head those below them: their first cell alone has words, 宣传教育."""
    rows = [folded.paragraphs[index] for index, heads in headed_rows(folded).items() if not heads]
    return [
        (row.start, row.end)
        for row in rows
        if _is_group(_cells(folded, row.start, folded.text[row.start : row.end]))
    ]


def _cells(folded: Folded, start: int, line: str) -> list[str]:
    """Return what stands in each column of a row, the empty ones at its ends too."""
    before, after = folded.cells_before(start), folded.cells_after(start + len(line) - 1)
    return [*[""] * before, *(cell.strip() for cell in line.split("\t")), *[""] * after]


def _is_group(cells: list[str]) -> bool:
    return bool(cells[0]) and not any(cells[1:]) and _is_heading(cells[0])


def _is_heading(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and line[-1] not in "。;:!?,、"


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
