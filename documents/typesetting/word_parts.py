"""The parts of a .docx that every paper is put together from: lines, rules along them, tables."""

from collections.abc import Sequence
from typing import Any

from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from documents.content import cell_parts

XIAOBIAOSONG, FANGSONG, KAI, HEI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
SONG = "宋体"
BODY, PITCH = 15.75, 28.99
SMALL = 9  # 长表的字号
AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")
ALIGNED = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def add_line(paper: Any, text: str, *, font: str = FANGSONG, size: float = BODY) -> Any:
    """Add a paragraph of the grid's pitch and return it."""
    paragraph = paper.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH)
    add_run(paragraph, text, font=font, size=size)
    return paragraph


def add_run(paragraph: Any, text: str, *, font: str, size: float) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def draw_rule(
    paragraph: Any, *, colour: str, eighths: int, side: str = "bottom", style: str = "single"
) -> None:
    """Draw a line along one side of a paragraph; the upper one comes first."""
    form = paragraph._element.get_or_add_pPr()
    borders = form.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        form.insert_element_before(borders, *AFTER_BORDERS)
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", style), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)


def add_grid(paper: Any, shares: Sequence[int], margin: float = 1.2) -> tuple[Any, list[Length]]:
    """Return an empty table over the whole width of the text, shared out among its columns.

    ``margin`` is the room in mm left and right within a cell, as in the PDF.
    """
    section = paper.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    grid = paper.add_table(rows=0, cols=len(shares), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Length(room * share // sum(shares)) for share in shares]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(Mm(margin).twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    return grid, widths


def add_across(grid: Any, text: str, size: float) -> None:
    """Add a heading that runs across the table and stays with the row below it."""
    row = grid.add_row()
    mark_row(row, "w:cantSplit")
    paragraph = row.cells[0].merge(row.cells[-1]).paragraphs[0]
    paragraph.paragraph_format.keep_with_next = True
    space_lines(paragraph, size)
    add_run(paragraph, text, font=HEI, size=size)


def space_lines(paragraph: Any, size: float) -> None:
    """Set the lines of a cell as far apart as in the PDF."""
    form = paragraph.paragraph_format
    edge = Mm(0.3 if size == SMALL else 1)
    form.space_before = form.space_after = edge
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(10.5 if size == SMALL else size + 4.5)


def add_row(
    grid: Any,
    widths: Sequence[Length],
    texts: Sequence[str],
    aligns: Sequence[str],
    font: str,
    size: float = 10.5,
) -> Any:
    """Add a row that no page divides."""
    row = grid.add_row()
    mark_row(row, "w:cantSplit")
    for cell, width, text, align in zip(row.cells, widths, texts, aligns, strict=True):
        cell.width, cell.vertical_alignment = width, WD_ALIGN_VERTICAL.CENTER
        paragraph = cell.paragraphs[0]
        space_lines(paragraph, size)
        paragraph.alignment = ALIGNED[align]
        heading, rest = cell_parts(text)
        if heading:
            add_run(paragraph, f"{heading}　", font=HEI, size=size)
        add_run(paragraph, rest, font=font, size=size)
    return row


def mark_row(row: Any, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
