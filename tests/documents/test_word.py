"""The Word twin says what the PDF says, on the same page."""

import zipfile
from io import BytesIO

import pytest
from docx import Document as open_docx
from docx.enum.section import WD_SECTION

from documents.content import SHEET, Column, Slip, Table, headed
from documents.typesetting.markup import make_markup
from documents.typesetting.word import make_docx
from tests.documents.samples import NAMES, PROOF, STAMP, sample

MM = 36000  # EMU


def test_the_twin_holds_every_word_and_the_tables():
    paper = open_docx(BytesIO(make_docx(sample(), stamped=STAMP)))
    said = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    for words in (
        "钦南安委办〔2019〕5号",
        "一、总体情况",
        NAMES,
        "附件：1.各单位",
        "抄送：区委办公室",
    ):
        assert words in said
    assert paper.tables[0].rows[-1].cells[1].text == "合计"


def test_a_table_of_the_twin_shares_the_width_of_the_text_as_in_the_pdf_and_keeps_rows_whole():
    table = Table(
        (Column("序号", 10), Column("单位", 60), Column("得分", 30)), (("1", "甲", "90"),)
    )
    paper = open_docx(BytesIO(make_docx(sample(tables=(table,)), stamped=STAMP)))

    # 版心宽 156 毫米，按 10:60:30 分。
    found = paper.tables[0]
    for widths in ([c.width for c in found.columns], [c.width for c in found.rows[1].cells]):
        assert [round(width / MM, 1) for width in widths] == [15.6, 93.6, 46.8]
    assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in found.rows)


def test_a_heading_within_a_table_runs_across_it_and_a_cell_may_begin_in_black_type():
    rows = (("（三）明确责任",), ("03-01", headed("落实责任", "印发文件。")))
    table = Table((Column("编号", 20), Column("任务", 80)), rows)
    paper = open_docx(BytesIO(make_docx(sample(tables=(table,)), stamped=STAMP)))

    _, across, row = paper.tables[0].rows
    assert across.cells[0]._tc is across.cells[1]._tc
    assert across.cells[0].text == "（三）明确责任"
    heading, rest = row.cells[1].paragraphs[0].runs
    assert (heading.text, heading.font.name) == ("落实责任　", "黑体")
    assert (rest.text, rest.font.name) == ("印发文件。", "仿宋_GB2312")


def test_the_slip_of_the_twin_stays_with_its_title_and_has_room_to_write():
    slip = Slip("回执", ("单位（盖章）", "进展情况", "填报日期"))
    made = make_docx(sample(slip=slip, annexes=(), colour="yellow"), stamped=STAMP)
    paper = open_docx(BytesIO(made))
    title = next(line for line in paper.paragraphs if line.text == "回执")
    (grid,) = paper.tables
    assert title._element.getnext() is grid._tbl
    assert [round(row.height / MM) for row in grid.rows] == [12, 12, 12]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in grid.rows]
    assert [title.paragraph_format.keep_with_next, *kept] == [True, True, True, False]


@pytest.mark.parametrize(
    ("colour", "shade"), [("blue", "1F5FBF"), ("yellow", "F5B800"), ("red", "D7000F"), ("", None)]
)
def test_the_twin_of_a_slip_has_its_colour_below_the_red_line(colour, shade):
    paper = open_docx(BytesIO(make_docx(sample(colour=colour), stamped=STAMP)))
    texts = [line.text for line in paper.paragraphs]
    below = paper.paragraphs[texts.index("钦南安委办〔2019〕5号") + 1]
    assert below._element.xpath("./w:pPr/w:shd/@w:fill") == ([shade] if shade else [])


@pytest.mark.parametrize("tables", [(), sample().annexes[0].tables])
def test_the_twin_is_signed_on_the_page_of_its_last_words_or_row(tables):
    made = make_docx(sample(tables=tables, annexes=()), stamped=STAMP)
    blocks = list(open_docx(BytesIO(made)).iter_inner_content())
    dated = next(
        n for n, block in enumerate(blocks) if getattr(block, "text", "") == "2019年10月8日"
    )
    above, *closing = blocks[dated - 4 : dated + 1]
    lines = [cell.paragraphs[0] for cell in above.rows[-1].cells] if tables else [above]
    assert [line.text for line in lines] == (
        ["", "合计", "820"] if tables else [f"联系人：{NAMES}。"]
    )
    kept = [line.paragraph_format.keep_with_next for line in (*lines, *closing)]
    assert kept == [True] * (len(kept) - 1) + [None]


@pytest.mark.parametrize("annexes", [(), sample().annexes])
def test_the_imprint_of_the_twin_stands_at_the_foot_of_the_last_even_side(annexes):
    paper = open_docx(BytesIO(make_docx(sample(annexes=annexes), stamped=STAMP)))
    last = paper.sections[-1]
    assert last.start_type == WD_SECTION.EVEN_PAGE
    assert last._sectPr.xpath("./w:vAlign/@w:val") == ["bottom"]
    copies, printed = paper.paragraphs[-2:]
    edges = [line._element.xpath("./w:pPr/w:pBdr/*/@w:sz") for line in (copies, printed)]
    assert edges == [["8"], ["6", "8"]]  # 0.35、0.25、0.35 毫米
    assert printed.text == f"　{sample().printed_by}\t2019年10月8日印发"


def test_after_a_wide_annex_the_twins_imprint_stands_upright_on_the_last_side():
    annexes = sample().annexes[::-1]
    paper = open_docx(BytesIO(make_docx(sample(annexes=annexes), stamped=STAMP)))
    assert paper.sections[-2].page_width > paper.sections[-2].page_height
    assert paper.sections[-1].page_width < paper.sections[-1].page_height


def test_the_twin_has_the_pages_of_the_standard():
    paper = open_docx(BytesIO(make_docx(sample(), stamped=STAMP)))
    first, wide = paper.sections[0], paper.sections[1]
    assert (first.page_width // MM, first.page_height // MM) == (210, 297)
    assert [round(m / MM) for m in (first.top_margin, first.left_margin)] == [37, 28]
    assert wide.page_width > wide.page_height


def test_the_same_content_gives_the_same_twin_and_odd_characters_do_no_harm():
    assert make_docx(sample(), stamped=STAMP) == make_docx(sample(), stamped=STAMP)
    odd = sample(title="坏\x00字\x0b符<w:p/>=cmd")
    said = open_docx(BytesIO(make_docx(odd, stamped=STAMP)))
    assert any("<w:p/>=cmd" in paragraph.text for paragraph in said.paragraphs)


def test_the_twin_of_a_sheet_has_its_narrow_margins_and_begins_with_the_figures():
    strip = Table((Column("办结"), Column("逾期")), (("30", "9"),))
    paper = open_docx(
        BytesIO(make_docx(sample(layout=SHEET, tables=(strip,), annexes=()), stamped=STAMP))
    )
    (section,) = paper.sections
    assert [round(m / MM) for m in (section.top_margin, section.left_margin)] == [15, 18]
    assert [cell.text for cell in paper.tables[0].rows[1].cells] == ["30", "9"]
    body = [child.tag.rpartition("}")[2] for child in paper.element.body]
    assert body.index("tbl") == 3  # 发文机关、文号、标题之后
    assert "一、总体情况" in [paragraph.text for paragraph in paper.paragraphs]


def test_a_draft_without_a_date_leaves_month_and_day_to_the_one_who_signs():
    undated = sample(dated="", printed_on="")
    said = open_docx(BytesIO(make_docx(undated, stamped=STAMP))).paragraphs
    html = make_markup(undated, stamped=STAMP).html

    assert "2019年　月　日" in [paragraph.text for paragraph in said]
    assert said[-1].text.endswith("2019年　月　日印发")
    assert html.count("2019年　月　日") == 2
    assert "1月" not in html


def test_the_twin_of_an_issued_paper_has_page_numbers_its_code_and_the_platforms_name():
    made = make_docx(sample(), stamped=STAMP, proof=PROOF)
    assert made == make_docx(sample(), stamped=STAMP, proof=PROOF)
    paper = open_docx(BytesIO(made))
    first, wide = paper.sections[0], paper.sections[1]
    feet = (first.footer, first.even_page_footer)
    assert [foot.paragraphs[0].text for foot in feet] == ["— 1 —", "— 1 —"]
    assert all("<w:instrText>PAGE</w:instrText>" in foot._element.xml for foot in feet)
    assert [foot.paragraphs[0].alignment.name for foot in feet] == ["RIGHT", "LEFT"]
    assert wide.footer.is_linked_to_previous
    said = [paragraph.text for paragraph in paper.paragraphs]
    (check,) = [line for line in said if "核验码" in line]
    assert "核验码 0123-4567-89AB-CDEF" in check
    assert "127.0.0.1:8000/verify/" in check
    assert said.index(check) == len(said) - 3  # 抄送、印发之前
    assert len(paper.inline_shapes) == 1
    draft = open_docx(BytesIO(make_docx(sample(), stamped=STAMP)))
    assert not [line for line in draft.paragraphs if "核验码" in line.text]
    with zipfile.ZipFile(BytesIO(made)) as members:
        assert not [name for name in members.namelist() if "thumbnail" in name]
        about = members.read("docProps/app.xml").decode()
    assert "<Application>钦南区安全生产改革任务督办平台</Application>" in about
    assert "Microsoft" not in about
