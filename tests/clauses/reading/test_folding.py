"""From lines to paragraphs, with every character traceable to the text."""

from clauses.reading.folding import fold
from tests.clauses.reading.samples import reference_text, wrapped

PARAGRAPH = (
    "各部门要按照管行业必须管安全的要求，落实监管责任，加强监督检查，及时消除隐患，严防事故发生。"
)


def paragraphs(text):
    folded = fold(text)
    return [folded.text[p.start : p.end] for p in folded.paragraphs]


def test_every_character_leads_back_to_the_text():
    text = wrapped(reference_text(), 30)
    folded = fold(text)
    for position in range(0, len(folded.text), 97):
        if folded.text[position] != "\n":
            start, end = folded.source_span(position, position + 1)
            assert end - start in {0, 1}
    assert folded.words(0, 12) == folded.words(0, 12).strip()


def test_wrapped_lines_are_joined_and_paragraphs_kept():
    text = "\n".join([PARAGRAPH] * 6)
    assert paragraphs(wrapped(text, 22)) == paragraphs(text)
    assert len(paragraphs(wrapped(text, 22))) == 6


def test_page_numbers_and_running_headers_are_left_out():
    text = wrapped("\n".join([PARAGRAPH] * 30), 22, page=20, header="某某区人民政府文件")
    assert not [p for p in paragraphs(text) if "人民政府文件" in p or p.startswith("-")]


def test_repeated_label_lines_are_no_running_header():
    text = "\n".join(f"{PARAGRAPH}\n责任单位：区应急管理局" for _ in range(5))
    assert paragraphs(text).count("责任单位:区应急管理局") == 5


def test_line_that_hangs_on_a_comma_goes_on():
    assert paragraphs("各部门要加强检查，\n消除隐患。\n完。") == [
        "各部门要加强检查,消除隐患。",
        "完。",
    ]
