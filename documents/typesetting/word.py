"""The editable twin of a document as .docx: the same words on the same page, fonts by their names.

Imported only where documents are built.
"""

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document as open_docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from documents.content import SHEET, Annex, Content, Paragraph, Slip, Table
from documents.rules import document_number, grouped
from documents.typesetting.markup import Proof
from documents.typesetting.word_parts import (
    AFTER_BORDERS,
    ALIGNED,
    BODY,
    FANGSONG,
    HEI,
    KAI,
    PITCH,
    SMALL,
    SONG,
    XIAOBIAOSONG,
    add_across,
    add_grid,
    add_line,
    add_row,
    add_run,
    draw_rule,
    mark_row,
)

RED = RGBColor(0xD7, 0x00, 0x0F)
BANDS = {"red": "D7000F", "yellow": "F5B800", "blue": "1F5FBF"}  # 督办单的颜色带，同 official.css
LEVEL_FONTS = (FANGSONG, HEI, KAI, FANGSONG)
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
    _imprint(paper, content, proof)


def _page_numbers(paper: Any) -> None:
    """页码：4号宋体，单页居右空一字，双页居左空一字（GB/T 9704-2012 7.5）。"""
    paper.settings.odd_and_even_pages_header_footer = True
    first = paper.sections[0]  # the sections that follow take over its feet
    for foot, side in ((first.footer, "right"), (first.even_page_footer, "left")):
        line = foot.paragraphs[0]
        line.alignment = ALIGNED[side]
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        add_run(line, "— ", font=SONG, size=14)
        for part in ("begin", "PAGE", "separate", "1", "end"):
            _field_part(add_run(line, "", font=SONG, size=14), part)
        add_run(line, " —", font=SONG, size=14)


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
    draw_rule(_small(paper, number), colour="D7000F", eighths=12)
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
    paragraph = add_line(paper, text, font=font, size=size)
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


def _head(paper: Any, content: Content) -> None:
    size = min(46.0, 441 / max(len(content.mark), 1))
    mark = add_line(paper, content.mark, font=XIAOBIAOSONG, size=size)
    mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark.paragraph_format.space_before = Mm(35)
    mark.runs[0].font.color.rgb = RED
    mark.paragraph_format.line_spacing = Pt(max(size, PITCH))
    for _ in range(2):
        add_line(paper, "")
    number = document_number(content.number_prefix, content.year, content.number)
    centred = add_line(paper, number)
    centred.alignment = WD_ALIGN_PARAGRAPH.CENTER
    draw_rule(centred, colour="D7000F", eighths=12)
    if content.colour:
        _band(paper, BANDS[content.colour])
    for _ in range(1 if content.colour else 2):
        add_line(paper, "")
    for words in content.title_lines:
        title = add_line(paper, words, font=XIAOBIAOSONG, size=22)
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if content.addressees:
        add_line(paper, "")
        add_line(paper, f"{content.addressees}：")


def _band(paper: Any, colour: str) -> None:
    """督办单的颜色带: 3 mm high and 2 mm below the red line, within one line of the grid."""
    band = add_line(paper, "")
    form = band.paragraph_format
    form.line_spacing, form.space_before = Mm(3), Mm(2)
    form.space_after = Pt(PITCH) - Mm(5)
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    band._element.get_or_add_pPr().insert_element_before(shade, *AFTER_BORDERS[1:])


def _paragraph(paper: Any, item: Paragraph) -> None:
    paragraph = add_line(paper, item.text, font=LEVEL_FONTS[item.level])
    paragraph.paragraph_format.first_line_indent = Pt(2 * BODY)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if item.level:
        paragraph.paragraph_format.keep_with_next = True


def _closing(paper: Any, content: Content) -> None:
    many = len(content.annexes) > 1
    if content.annexes:
        add_line(paper, "")
    for place, annex in enumerate(content.annexes, 1):
        label = "附件：" if place == 1 else "　　　"
        line = add_line(paper, f"{label}{f'{place}.' if many else ''}{annex.title}")
        line.paragraph_format.left_indent = Pt(2 * BODY)
    kept = _last_lines(paper)
    kept += [add_line(paper, "") for _ in range(2)]
    for words in (content.issuer, content.date_words):
        signed = add_line(paper, words)
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        signed.paragraph_format.right_indent = Pt((2 if words == content.issuer else 4) * BODY)
        kept.append(signed)
    for line in kept[:-1]:  # 署名和日期不分在两页，也不单独成页
        line.paragraph_format.keep_with_next = True


def _last_lines(paper: Any) -> list[Any]:
    """Return the last paragraph, or those of the last row where a table is last."""
    *_, last = paper.iter_inner_content()
    return [cell.paragraphs[0] for cell in last.rows[-1].cells] if hasattr(last, "rows") else [last]


def _slip(paper: Any, slip: Slip) -> None:
    """回执: below a broken line, a label and an empty cell for each field, all on one page."""
    title = add_line(paper, slip.title, font=XIAOBIAOSONG, size=22)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = Mm(8)
    title.paragraph_format.keep_with_next = True
    draw_rule(title, colour="000000", eighths=6, side="top", style="dashed")
    grid, widths = add_grid(paper, (30, 70))
    for place, label in enumerate(slip.fields, 1):
        row = add_row(grid, widths, (label, ""), ("center", "left"), HEI, 12)
        row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Mm(12)
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = place < len(slip.fields)


def _annex(paper: Any, annex: Annex, place: int) -> None:
    _page(_section(paper, WD_SECTION.NEW_PAGE), is_wide=annex.is_wide)
    add_line(paper, f"附件{place or ''}", font=HEI)
    add_line(paper, "")
    title = add_line(paper, annex.title, font=XIAOBIAOSONG, size=22)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_line(paper, "")
    for item in annex.paragraphs:
        _paragraph(paper, item)
    for table in annex.tables:
        _table(paper, table)


def _section(paper: Any, start: WD_SECTION) -> Any:
    """Begin a section; the paragraph that ends the one before takes no room."""
    section = paper.add_section(start)
    form = paper.paragraphs[-1].paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    return section


def _table(paper: Any, table: Table) -> None:
    if table.caption:
        font = HEI if table.has_heading else FANGSONG
        caption = add_line(paper, table.caption, font=font, size=12)
        caption.paragraph_format.keep_with_next = True
    rows = [*table.rows, *([table.total] if table.total else [])]
    margin = 0.7 if table.is_long else 1.2
    grid, widths = add_grid(paper, [column.share for column in table.columns], margin)
    labels = [column.label for column in table.columns]
    head = add_row(grid, widths, labels, ["center"] * len(labels), HEI)
    mark_row(head, "w:tblHeader")  # the head stands on every page
    size, aligns = (SMALL if table.is_long else 10.5), [column.align for column in table.columns]
    for row in rows:
        if len(row) == 1:
            add_across(grid, row[0], size)
        else:
            add_row(grid, widths, row, aligns, FANGSONG, size)


def _imprint(paper: Any, content: Content, proof: Proof | None) -> None:
    """版记 at the foot of the last side, the back of the last sheet.

    Word cannot be told to go on with the page where it is an even one with room: the side is new.
    """
    section = _section(paper, WD_SECTION.EVEN_PAGE)
    _page(section, is_wide=False)
    foot = OxmlElement("w:vAlign")
    foot.set(qn("w:val"), "bottom")
    section._sectPr.insert_element_before(foot, "w:titlePg", "w:docGrid")
    if proof is not None:
        _check(paper, proof)
    thick, thin = 8, 6  # 八分之一磅：0.35、0.25 毫米
    if content.copies_to:
        copies = add_line(paper, f"　抄送：{content.copies_to}。", size=14)
        copies.paragraph_format.left_indent = Pt(56)
        copies.paragraph_format.first_line_indent = Pt(-56)  # the line begins where this does
        draw_rule(copies, colour="000000", eighths=thick, side="top")
    printed = add_line(paper, f"　{content.printed_by}\t{content.print_words}印发", size=14)
    printed.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(14), WD_TAB_ALIGNMENT.RIGHT)
    draw_rule(printed, colour="000000", eighths=thin if content.copies_to else thick, side="top")
    draw_rule(printed, colour="000000", eighths=thick)


def _settled(data: bytes) -> bytes:
    """Return the archive with every member dated alike."""
    output = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(output, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            member = zipfile.ZipInfo(name, EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return output.getvalue()
