"""The text of a .docx file, as a reader of the printed page would copy it.

Paragraphs become lines.  Numbers that Word makes itself (一、 （一） 1.) are not in the file's
text; :mod:`clauses.reading.word_numbering` works them out and they are written in front.  Deleted
revisions are left out and inserted ones kept.  A table row becomes one line with tabs between the
cells; a cell merged across takes as many places as it covers, and one merged down is written again
in each row, except in the first column: a row without a number belongs to the number above.  A
table of one column, or one whose cells hold many paragraphs, is read as paragraphs.
"""

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from clauses.reading.errors import UnreadablePlan
from clauses.reading.word_numbering import Numbering, W

MAX_UNPACKED = 60 * 1024 * 1024
SMALL_UNPACKED = 8 * 1024 * 1024
MAX_RATIO = 100
MAX_XML = 24 * 1024 * 1024  # of one part: read into memory whole, at about ten times its size
MAX_SPAN = 63  # columns that a table of Word can have
# RuntimeError also covers XML nested without end and compressions that zipfile does not know.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    ParseError,
    KeyError,
    ValueError,  # what defusedxml forbids, and numbers that are none
    EOFError,
    OSError,
    RuntimeError,
)
_SKIPPED = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "txbxContent", "pict", "object", "instrText")
)
_BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": " ", f"{W}noBreakHyphen": "-"}


def docx_text(name: str, data: bytes) -> str:
    """Return the text of a .docx file.

    Raises: UnreadablePlan when it is damaged, protected, too large when unpacked or not Word.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_unsafe(name, archive)
            body = fromstring(archive.read("word/document.xml")).find(f"{W}body")
            lines = [] if body is None else list(_lines(body, _numbering(archive)))
    except _DAMAGE as error:
        raise UnreadablePlan(
            f"{name} 已损坏或不是 Word 文档，请用 Word 重新保存后再导入。"
        ) from error
    return "\n".join(lines)


def _refuse_unsafe(name: str, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadablePlan(f"{name} 设有密码，请取消密码后再导入。")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    swollen = unpacked > SMALL_UNPACKED and unpacked > max(packed, 1) * MAX_RATIO
    parts = max((e.file_size for e in entries if e.filename.endswith(".xml")), default=0)
    if unpacked > MAX_UNPACKED or parts > MAX_XML or swollen:
        raise UnreadablePlan(f"{name} 解压后过大，不是正常的 Word 文档，已拒绝读取。")


def _numbering(archive: zipfile.ZipFile) -> Numbering:
    names = set(archive.namelist())
    numbering = styles = None
    if "word/numbering.xml" in names:
        numbering = fromstring(archive.read("word/numbering.xml"))
    if "word/styles.xml" in names:
        styles = fromstring(archive.read("word/styles.xml"))
    return Numbering(numbering, styles)


def _lines(parent: Element, numbering: Numbering) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{W}p":
            yield numbering.label(child) + _paragraph(child)
        elif child.tag == f"{W}tbl":
            yield from _table(child, numbering)
        elif child.tag not in _SKIPPED and child.tag != f"{W}sectPr":
            yield from _lines(child, numbering)


def _paragraph(paragraph: Element) -> str:
    return "".join(_runs(paragraph))


def _runs(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED or child.tag.endswith("}Fallback"):
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        else:
            yield from _runs(child)


def _table(table: Element, numbering: Numbering) -> Iterator[str]:
    rows = [_cells(row, numbering) for row in table.iter(f"{W}tr")]
    if any(len(cells) > 1 for cells in rows) and not _is_layout(rows):
        above: list[str] = []
        for cells in rows:
            above = _places(cells, above)
            yield "\t".join(above)
        return
    for cells in rows:
        for cell in cells:
            yield from cell.lines


@dataclass(frozen=True)
class _Cell:
    """A cell: its lines, how many columns it covers, whether it goes on from the row above."""

    lines: list[str]
    span: int
    goes_on: bool


def _cells(row: Element, numbering: Numbering) -> list[_Cell]:
    return [_cell(cell, numbering) for cell in row if cell.tag == f"{W}tc"]


def _cell(element: Element, numbering: Numbering) -> _Cell:
    lines = list(_lines(element, numbering))
    properties = element.find(f"{W}tcPr")
    if properties is None:
        return _Cell(lines, 1, goes_on=False)
    span = properties.find(f"{W}gridSpan")
    merge = properties.find(f"{W}vMerge")
    return _Cell(
        lines,
        span=1 if span is None else min(int(span.get(f"{W}val") or 1), MAX_SPAN),
        goes_on=merge is not None and merge.get(f"{W}val") != "restart",
    )


def _places(cells: list[_Cell], above: list[str]) -> list[str]:
    """Return what stands in each column of the row."""
    places: list[str] = []
    for cell in cells:
        words = " ".join(line for line in cell.lines if line.strip())
        column = len(places)
        if cell.goes_on and not words and 0 < column < len(above):
            words = above[column]
        places += [words, *[""] * (cell.span - 1)]
    return places


def _is_layout(rows: list[list[_Cell]]) -> bool:
    """Say whether the table only arranges a page: some cell holds more than five paragraphs."""
    return any(sum(bool(line.strip()) for line in cell.lines) > 5 for row in rows for cell in row)
