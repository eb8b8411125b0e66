"""The editable twin of a document as .docx: the same words on the same page, fonts by their names.

Imported only where documents are built.
"""

import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document as open_docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from documents.content import SHEET, Annex, Content, Paragraph, Slip, Table, cell_parts
from documents.rules import document_number, grouped, title_lines
from documents.typesetting.markup import Proof

XIAOBIAOSONG, FANGSONG, KAI, HEI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
SONG = "宋体"
BODY, PITCH = 15.75, 28.99
RED = RGBColor(0xD7, 0x00, 0x0F)
LEVEL_FONTS = (FANGSONG, HEI, KAI, FANGSONG)
ALIGNED = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
EPOCH = (1980, 1, 1, 0, 0, 0)
ABOUT = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>钦南区安全生产改革任务督办平台</Application></Properties>"
)


def make_docx(content: Content, *, stamped: str, proof: Proof | None = None) -> bytes:
    """Return the document as .docx; the same content gives the same bytes.

    One without ``proof`` is a draft.
    """
    paper, content = open_docx(), content.printable()
    if content.layout == SHEET:
        _sheet(paper, content, proof)
    else:
        _official(paper, content, proof)
    _sign_as_ours(paper)
    told = paper.core_properties
    told.title, told.author, told.comments = content.title, content.issuer, ""
    told.created = told.modified = datetime.fromisoformat(stamped).replace(tzinfo=None)
    output = BytesIO()
    paper.save(output)
    return _settled(output.getvalue())


def _sign_as_ours(paper: Any) -> None:
    """Name the platform as the maker, and leave out the picture of the library's template."""
    package = paper.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.EXTENDED_PROPERTIES:
            relation.target_part._blob = ABOUT.encode()
        elif relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def _official(paper: Any, content: Content, proof: Proof | None) -> None:
    """公文：红头、正文、附件、版记。"""
    _page(paper.sections[0], is_wide=False)
    _page_numbers(paper)
    _head(paper, content)
    for item in content.paragraphs:
        _paragraph(paper, item)
    for table in content.tables:
        _table(paper, table)
    _closing(paper, content)
    if content.slip is not None:
        _slip(paper, content.slip)
    for place, annex in enumerate(content.annexes, 1):
        _annex(paper, annex, place if len(content.annexes) > 1 else 0)
    if content.annexes and content.annexes[-1].is_wide:
        _page(paper.add_section(WD_SECTION.EVEN_PAGE), is_wide=False)  # 版记在最后一面
    _imprint(paper, content, proof)


def _page_numbers(paper: Any) -> None:
    """页码：4号宋体，单页居右空一字，双页居左空一字（GB/T 9704-2012 7.5）。"""
    paper.settings.odd_and_even_pages_header_footer = True
    first = paper.sections[0]  # the sections that follow take over its feet
    for foot, side in ((first.footer, "right"), (first.even_page_footer, "left")):
        line = foot.paragraphs[0]
        line.alignment = ALIGNED[side]
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        _run(line, "— ", font=SONG, size=14)
        for part in ("begin", "PAGE", "separate", "1", "end"):
            _field_part(_run(line, "", font=SONG, size=14), part)
        _run(line, " —", font=SONG, size=14)


def _field_part(run: Any, part: str) -> None:
    """Add one part of the field that counts the pages; the 1 stands until Word has counted."""
    if part == "1":
        run.text = part
        return
    tag = "w:instrText" if part == "PAGE" else "w:fldChar"
    element = OxmlElement(tag)
    if part == "PAGE":
        element.text = part
    else:
        element.set(qn("w:fldCharType"), part)
    run._element.append(element)


def _check(paper: Any, proof: Proof) -> None:
    """核验码和二维码，与 PDF 上的相同。"""
    line = _small(paper, _check_words(proof), size=9)
    line.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE  # else it cuts the picture
    line.alignment = ALIGNED["right"]
    line.add_run().add_picture(BytesIO(proof.qr("png")), width=Mm(18))


def _check_words(proof: Proof, scan: str = "扫码或") -> str:
    code = grouped(proof.code)
    return f"核验码 {code}　{scan}在 {proof.host} 输入核验码查真伪　"


def _sheet(paper: Any, content: Content, proof: Proof | None) -> None:
    """一页纸：窄边、小字，数字一行在最上面。"""
    section = paper.sections[0]
    _page(section, is_wide=False)
    section.top_margin, section.right_margin = Mm(15), Mm(16)
    section.bottom_margin, section.left_margin = Mm(13), Mm(18)
    size = min(20.0, 440 / max(len(content.mark), 1))
    mark = _small(paper, content.mark, font=XIAOBIAOSONG, size=size, pitch=26)
    mark.runs[0].font.color.rgb = RED
    number = document_number(content.number_prefix, content.year, content.number)
    _rule(_small(paper, number), colour="D7000F", eighths=12)
    title = _small(paper, content.title, font=XIAOBIAOSONG, size=17, pitch=30)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for table in content.tables[:1]:
        _table(paper, table)
    for item in content.paragraphs:
        _small(paper, item.text, font=LEVEL_FONTS[item.level])
    for table in content.tables[1:]:
        _table(paper, table)
    foot = _small(paper, f"{content.issuer}　{content.date_words}")
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if proof is not None:
        _small(paper, _check_words(proof, scan=""), size=7.5).alignment = ALIGNED["right"]


def _small(
    paper: Any, text: str, *, font: str = FANGSONG, size: float = 10.5, pitch: float = 15
) -> Any:
    """Add a paragraph of a sheet, whose lines stand closer."""
    paragraph = _line(paper, text, font=font, size=size)
    paragraph.paragraph_format.line_spacing = Pt(pitch)
    return paragraph


def _page(section: Any, *, is_wide: bool) -> None:
    """A4 with the margins of GB/T 9704; a wide page is the same sheet turned."""
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    wide, high = (297, 210) if is_wide else (210, 297)
    section.page_width, section.page_height = Mm(wide), Mm(high)
    top, right, bottom, left = (28, 37, 26, 35) if is_wide else (37, 26, 35, 28)
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.footer_distance = Mm(bottom - 7 - 5)  # the number stands 7 mm below the text


def _line(paper: Any, text: str, *, font: str = FANGSONG, size: float = BODY) -> Any:
    """Add a paragraph of the grid's pitch and return it."""
    paragraph = paper.add_paragraph()
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH)
    _run(paragraph, text, font=font, size=size)
    return paragraph


def _run(paragraph: Any, text: str, *, font: str, size: float) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _head(paper: Any, content: Content) -> None:
    size = min(46.0, 441 / max(len(content.mark), 1))
    mark = _line(paper, content.mark, font=XIAOBIAOSONG, size=size)
    mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark.paragraph_format.space_before = Mm(35)
    mark.runs[0].font.color.rgb = RED
    for _ in range(2):
        _line(paper, "")
    number = document_number(content.number_prefix, content.year, content.number)
    centred = _line(paper, number)
    centred.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _rule(centred, colour="D7000F", eighths=12)
    for _ in range(2):
        _line(paper, "")
    for words in title_lines(content.title):
        title = _line(paper, words, font=XIAOBIAOSONG, size=22)
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if content.addressees:
        _line(paper, "")
        _line(paper, f"{content.addressees}：")


def _rule(paragraph: Any, *, colour: str, eighths: int, side: str = "bottom") -> None:
    """Draw a line along one side of a paragraph."""
    borders = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "4"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    paragraph._element.get_or_add_pPr().append(borders)


def _paragraph(paper: Any, item: Paragraph) -> None:
    paragraph = _line(paper, item.text, font=LEVEL_FONTS[item.level])
    paragraph.paragraph_format.first_line_indent = Pt(2 * BODY)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if item.level:
        paragraph.paragraph_format.keep_with_next = True


def _closing(paper: Any, content: Content) -> None:
    many = len(content.annexes) > 1
    if content.annexes:
        _line(paper, "")
    for place, annex in enumerate(content.annexes, 1):
        label = "附件：" if place == 1 else "　　　"
        line = _line(paper, f"{label}{f'{place}.' if many else ''}{annex.title}")
        line.paragraph_format.left_indent = Pt(2 * BODY)
    for _ in range(2):
        _line(paper, "")
    for words in (content.issuer, content.date_words):
        signed = _line(paper, words)
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signed.paragraph_format.right_indent = Pt((2 if words == content.issuer else 4) * BODY)


def _slip(paper: Any, slip: Slip) -> None:
    """回执: a label and an empty cell for each field."""
    title = _line(paper, slip.title, font=XIAOBIAOSONG, size=22)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    grid, widths = _grid(paper, (30, 70))
    for label in slip.fields:
        _row(grid, widths, (label, ""), ("center", "left"), HEI)


def _annex(paper: Any, annex: Annex, place: int) -> None:
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    _page(section, is_wide=annex.is_wide)
    _line(paper, f"附件{place or ''}", font=HEI)
    _line(paper, "")
    title = _line(paper, annex.title, font=XIAOBIAOSONG, size=22)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _line(paper, "")
    for item in annex.paragraphs:
        _paragraph(paper, item)
    for table in annex.tables:
        _table(paper, table)


def _table(paper: Any, table: Table) -> None:
    if table.caption:
        font = HEI if table.has_heading else FANGSONG
        caption = _line(paper, table.caption, font=font, size=12)
        caption.paragraph_format.keep_with_next = True
    rows = [*table.rows, *([table.total] if table.total else [])]
    grid, widths = _grid(paper, [column.share for column in table.columns])
    labels = [column.label for column in table.columns]
    head = _row(grid, widths, labels, ["center"] * len(labels), HEI)
    _mark(head, "w:tblHeader")  # the head stands on every page
    size, aligns = (9 if table.is_long else 10.5), [column.align for column in table.columns]
    for row in rows:
        if len(row) == 1:
            _across(grid, row[0], size)
        else:
            _row(grid, widths, row, aligns, FANGSONG, size)


def _grid(paper: Any, shares: Sequence[int]) -> tuple[Any, list[Length]]:
    """Return an empty table over the whole width of the text, shared out among its columns."""
    section = paper.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    grid = paper.add_table(rows=0, cols=len(shares), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Length(room * share // sum(shares)) for share in shares]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    return grid, widths


def _across(grid: Any, text: str, size: float) -> None:
    """Add a heading that runs across the table and stays with the row below it."""
    row = grid.add_row()
    _mark(row, "w:cantSplit")
    paragraph = row.cells[0].merge(row.cells[-1]).paragraphs[0]
    paragraph.paragraph_format.keep_with_next = True
    _run(paragraph, text, font=HEI, size=size)


def _row(
    grid: Any,
    widths: Sequence[Length],
    texts: Sequence[str],
    aligns: Sequence[str],
    font: str,
    size: float = 10.5,
) -> Any:
    """Add a row that no page divides."""
    row = grid.add_row()
    _mark(row, "w:cantSplit")
    for cell, width, text, align in zip(row.cells, widths, texts, aligns, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.alignment = ALIGNED[align]
        heading, rest = cell_parts(text)
        if heading:
            _run(paragraph, f"{heading}　", font=HEI, size=size)
        _run(paragraph, rest, font=font, size=size)
    return row


def _mark(row: Any, name: str) -> None:
    mark = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _imprint(paper: Any, content: Content, proof: Proof | None) -> None:
    """版记 after the last page's text; where it stands is for the one who prints."""
    _line(paper, "")
    if proof is not None:
        _check(paper, proof)
    if content.copies_to:
        copies = _line(paper, f"　抄送：{content.copies_to}。", size=14)
        _rule(copies, colour="000000", eighths=8, side="top")
    printed = _line(paper, f"　{content.printed_by}　　{content.print_words}印发", size=14)
    _rule(printed, colour="000000", eighths=6, side="top")


def _settled(data: bytes) -> bytes:
    """Return the archive with every member dated alike."""
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(output, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return output.getvalue()
