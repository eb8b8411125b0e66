"""The Word twin says what the PDF says, on the same page."""

from io import BytesIO

from docx import Document as open_docx

from documents.content import SHEET, Column, Table
from documents.typesetting.markup import make_markup
from documents.typesetting.word import make_docx
from tests.documents.samples import NAMES, STAMP, sample

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
