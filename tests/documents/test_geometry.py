"""GB/T 9704-2012 measured in the PDF, each length within 0.3 mm."""

import base64
import itertools
import os
import re
import subprocess
import sys

import pytest
from weasyprint import HTML

from documents.content import Annex, Column, Content, Paragraph, Table
from documents.typesetting import child
from documents.typesetting.fonts import OPEN_FONTS
from documents.typesetting.renderer import Markup, Renderer
from tests.documents.pdf import ink, picture, run, text, words
from tests.documents.samples import LONG, NAMES, PROOF, sample, sample_markup

NEAR = 0.3
SQUARE = 15.75 * 25.4 / 72  # 3号字
PITCH = 225 / 22


def near(value: float) -> object:
    return pytest.approx(value, abs=NEAR)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    with Renderer() as renderer:
        return renderer.render(sample_markup())


@pytest.fixture(scope="module")
def pages(pdf, tmp_path_factory):
    """Pictures of the pages by number."""
    folder = tmp_path_factory.mktemp("pages")
    count = int(re.search(rb"Pages:\s+(\d+)", run(pdf, "pdfinfo", "-"))[1])
    return [None, *(picture(pdf, number, folder) for number in range(1, count + 1))]


def test_a_full_line_holds_28_characters_of_size_3(pdf):
    lines = [word for word in words(pdf, 2) if len(word.text) == 28]
    assert len(lines) >= 15
    assert {round(line.left, 1) for line in lines} == {28.0}
    assert all(line.right - line.left == near(28 * SQUARE) for line in lines)
    assert not [word for word in words(pdf, 2) if len(word.text) > 28]


def test_a_full_page_holds_22_lines_at_one_pitch(pdf):
    tops = sorted({round(word.top, 2) for word in words(pdf, 2) if word.top < 262})
    assert len(tops) == 22
    assert all(b - a == pytest.approx(PITCH, abs=0.02) for a, b in itertools.pairwise(tops))
    assert tops[0] - (PITCH - SQUARE) / 2 == near(37)


def test_nothing_stands_outside_the_text_area_but_the_page_number(pages):
    box = ink(pages[2], 1, 1, 209, 262.2)
    assert box.left > 28 - NEAR
    assert box.right < 184 + NEAR
    assert box.top > 37 - NEAR


def test_the_red_head_begins_35_mm_below_the_text_area_and_fills_no_more_than_it(pages):
    head = ink(pages[1], 20, 45, 200, 90)
    assert head.top == near(37 + 35)
    assert head.left > 28 - NEAR
    assert head.right < 184 + NEAR


def test_the_red_line_is_as_wide_as_the_text_area_4_mm_below_the_number(pdf, pages):
    number = next(word for word in words(pdf, 1) if word.text.startswith("钦南安委办"))
    line = ink(pages[1], 15, number.bottom + 2, 200, number.bottom + 8)
    assert number.text == "钦南安委办〔2019〕5号"
    assert line.top - number.bottom == near(4)
    assert (line.left, line.right) == (near(28), near(184))


def test_the_number_stands_two_lines_below_the_head(pdf, pages):
    number = next(word for word in words(pdf, 1) if word.text.startswith("钦南安委办"))
    head = next(word for word in words(pdf, 1) if word.text == sample().mark)
    assert number.top - head.bottom == near(2 * PITCH)
    assert (number.left + number.right) / 2 == near(28 + 156 / 2)


def test_the_title_stands_two_lines_below_the_red_line_in_size_2(pdf):
    number = next(word for word in words(pdf, 1) if word.text.startswith("钦南安委办"))
    title = next(word for word in words(pdf, 1) if word.text.startswith("关于"))
    assert title.bottom - title.top == pytest.approx(22 * 25.4 / 72, abs=0.1)
    leading = (PITCH - (title.bottom - title.top)) / 2
    assert title.top - leading == near(number.bottom + 4 + 0.5 + 2 * PITCH)


@pytest.mark.parametrize(("page", "is_odd"), [(1, True), (2, False), (3, True)])
def test_page_numbers_stand_7_mm_below_odd_right_even_left(pdf, pages, page, is_odd):
    dashes = [word for word in words(pdf, page) if word.top > 262 and word.text == "—"]
    first = min(dashes, key=lambda word: word.left)
    line = ink(pages[page], first.left, 263, first.right, 275)
    assert line.top == near(262 + 7)
    one = 14 * 25.4 / 72
    if is_odd:
        assert max(word.right for word in dashes) == near(184 - one)
    else:
        assert first.left == near(28 + one)


def test_the_last_line_of_the_imprint_is_the_lower_edge_of_the_text_area(pages):
    imprint = ink(pages[-1], 15, 240, 200, 263)
    assert imprint.bottom == near(262)
    assert (imprint.left, imprint.right) == (near(28), near(184))


def test_wide_annexes_keep_their_margins_and_repeat_their_heads(pdf, pages):
    wide = [n for n in range(1, len(pages)) if pages[n].width > pages[n].height]
    assert len(wide) >= 2
    for number in wide:
        box = ink(pages[number], 33, 5, 290, 205)
        assert (box.left, box.right) == (near(35), near(297 - 37))
        assert box.top > 28 - NEAR
        assert box.bottom < 210 - 26 + NEAR
        assert "序号" in [word.text for word in words(pdf, number)]


def test_the_number_of_a_wide_page_stands_where_the_bound_reader_looks_for_it(pages):
    wide = [n for n in range(1, len(pages)) if pages[n].width > pages[n].height]
    one = 14 * 25.4 / 72
    for number in wide:
        low = number % 2 == 1
        box = ink(pages[number], 20, 100 if low else 5, 33, 205 if low else 100)
        if low:
            assert box.bottom == near(210 - 26 - one)
        else:
            assert box.top == near(28 + one)
        assert 35 - 7 - 4 < box.left < box.right < 35 - 3.5


def test_the_signature_is_never_alone_on_a_page():
    with Renderer() as renderer:
        for extra in (9, 10):
            paragraphs = sample().paragraphs[:1] + tuple(
                type(sample().paragraphs[0])(LONG[:28]) for _ in range(extra)
            )
            found = renderer.render(sample_markup(paragraphs=paragraphs, annexes=()))
            signed = [
                shown
                for page in (1, 2)
                for shown in ["".join(word.text for word in words(found, page))]
                if "2019年10月8日" in shown.partition("核验码")[0]
            ]
            assert len(signed) == 1
            assert "钦南区推进" in signed[0]


def test_the_heading_of_a_table_is_never_parted_from_its_first_row():
    columns = (Column("指标", 20), Column("得分", 8))
    table = Table(columns, (("研究安全生产", "12"),) * 9, caption="一、各项得分")
    pages = set()
    with Renderer() as renderer:
        for lines in range(4, 12):
            body = (Paragraph("一行。"),) * lines
            found = renderer.render(sample_markup(paragraphs=body, tables=(table,), annexes=()))
            shown = ["".join(word.text for word in words(found, page)) for page in (1, 2)]
            (page,) = [place for place, said in enumerate(shown) if "一、各项得分" in said]
            assert "研究安全生产" in shown[page]
            pages.add(page)
    assert pages == {0, 1}  # the heading did come to the foot of the first page


def sides(found: bytes) -> list[str]:
    """The words of each page."""
    last = int(re.search(rb"Pages:\s+(\d+)", run(found, "pdfinfo", "-"))[1])
    return ["".join(word.text for word in words(found, page)) for page in range(1, last + 1)]


@pytest.mark.parametrize(("rows", "blank"), [(8, 0), (25, 1)])
def test_after_a_wide_annex_the_imprint_stands_on_the_back_of_the_last_sheet(rows, blank):
    """The annex ends on page 5, or on page 6: a blank side follows, and both have no number."""
    table = Table((Column("序号", 5), Column("单位", 20)), (("1", "区住建局"),) * rows)
    annex = Annex("各单位情况", tables=(table,), is_wide=True)
    body = (*sample().paragraphs, Paragraph(LONG[:280]))
    with Renderer() as renderer:
        shown = sides(renderer.render(sample_markup(paragraphs=body, annexes=(annex,))))
    assert len(shown) == 6 + 2 * blank
    assert "抄送：" in shown[-1]
    assert shown.count("") == blank
    assert [bool(re.search(r"—\d+—", said)) for said in shown[-2:]] == [not blank] * 2


def test_the_imprint_stands_on_an_even_side_wherever_the_text_ends(tmp_path):
    """Text of one page, of two, and of two so full that the imprint needs a sheet of its own."""
    with Renderer() as renderer:
        for lines, ends_on, count in ((2, 1, 2), (12, 2, 2), (24, 2, 4), (30, 3, 4)):
            body = (Paragraph("一行。"),) * lines
            found = renderer.render(sample_markup(paragraphs=body, annexes=()))
            shown = sides(found)
            assert (lines, len(shown)) == (lines, count)
            assert "2019年10月8日" in shown[ends_on - 1].partition("核验码")[0]
            assert ["抄送：" in said for said in shown] == [False] * (count - 1) + [True]
            assert ("—" in shown[-1]) == (shown[-2] != "")
            imprint = ink(picture(found, count, tmp_path), 15, 240, 200, 263)
            assert (imprint.left, imprint.right, imprint.bottom) == (near(28), near(184), near(262))


def test_closer_tables_spare_a_sheet_that_would_bear_the_imprint_alone():
    """Twenty-five rows end so low on page 2 that the imprint has no room there; set closer it has.
    Twenty need no such help, and thirty are too many for it: both stay as wide as ever."""
    heights = {}
    with Renderer() as renderer:
        for rows, count in ((20, 2), (25, 2), (30, 4)):
            table = Table((Column("指标"), Column("得分")), (("研究安全生产工作", "6"),) * rows)
            body = (Paragraph("一行。"),) * 4
            found = renderer.render(sample_markup(paragraphs=body, tables=(table,), annexes=()))
            shown = sides(found)
            assert (rows, len(shown)) == (rows, count)
            assert "抄送：" in shown[-1]
            tops = [word.top for word in words(found, 2) if word.text == "研究安全生产工作"]
            heights[rows] = tops[-1] - tops[-2]
    assert heights == {20: near(7.54), 25: near(5.84), 30: near(7.54)}


def of_length(lines: int) -> Markup:
    return sample_markup(paragraphs=(Paragraph("一行。"),) * lines, annexes=())


def test_what_was_set_before_never_shows_in_a_paper():
    """The imprint below the text, on the next side, after a blank: each set alone and after all."""
    papers = [of_length(lines) for lines in (2, 12, 24)]
    alone = []
    for paper in papers:
        with Renderer() as renderer:
            alone.append(renderer.render(paper))
    with Renderer() as renderer:
        for order in ((0, 1, 2), (1, 0, 2), (2, 1, 0)):
            for place in order:
                assert renderer.render(papers[place]) == alone[place]


@pytest.mark.parametrize(("lines", "sides"), [(2, 2), (12, 2), (24, 4)])
def test_a_paper_like_the_one_before_is_laid_out_once(lines, sides, monkeypatch):
    laid_out = []
    layout = child.Renderer._set

    def count(*arguments):
        document = layout(*arguments)
        laid_out.append(len(document.pages))
        return document

    monkeypatch.setattr(child.Renderer, "_set", count)
    renderer, markup = child.Renderer(), of_length(lines)
    fetcher = child.make_fetcher({"qr": ["image/svg+xml", base64.b64encode(PROOF.qr()).decode()]})
    sheets = [renderer._sheet(text, fetcher) for text in (markup.css, *markup.last_side)]
    page = HTML(string=markup.html, base_url="qinnan:", url_fetcher=fetcher)
    for _ in range(2):
        laid_out.clear()
        renderer._set_on_even_side(page, sheets, markup.html, {})
    assert laid_out == [sides]


def test_papers_are_alike_by_the_rows_of_their_tables_before_their_characters():
    taken = child.Taken()
    taken.note("<tr>" * 19 + "字" * 300, None)
    taken.note("<tr>" * 20 + "字" * 100, 0)
    assert taken.nearest("<tr>" * 20 + "字" * 300) == 0
    assert taken.nearest("<tr>" * 18 + "字" * 100) is None


def test_no_row_of_a_table_is_left_alone_at_the_foot_or_the_head_of_a_page():
    table = Table(
        (Column("指标", 20), Column("得分", 8)),
        tuple((f"指标{number}。", "12") for number in range(9)),
        caption="一、各项得分",
    )
    on_first = set()
    with Renderer() as renderer:
        for lines in range(3, 11):
            body = (Paragraph("一行。"),) * lines
            found = renderer.render(sample_markup(paragraphs=body, tables=(table,), annexes=()))
            shown = "".join(word.text for word in words(found, 1))
            on_first.add(sum(f"指标{number}。" in shown for number in range(9)))
    assert not on_first & {1, 2, 8}
    assert len(on_first) > 2  # the break did pass through the table


def test_a_numbered_heading_of_a_table_is_black_type_and_a_mere_note_is_not():
    for caption, is_black in (("一、各项得分", True), ("另有3件未列。", False)):
        table = Table((Column("指标"),), (("研究",),), caption=caption)
        markup = sample_markup(tables=(table,), annexes=())
        assert f'<p class="caption{" headed" if is_black else ""}">{caption}</p>' in markup.html
    assert 'p.caption.headed { font-family: "SimHei"' in markup.css


def test_a_page_never_begins_with_the_last_word_of_a_paragraph():
    begun = set()
    with Renderer() as renderer:
        for lines in (3, 5, 6):
            body = (Paragraph("一行。"),) * lines + (Paragraph(LONG[:53] + "准。"),)
            found = renderer.render(sample_markup(paragraphs=body, annexes=()))
            begun.add(words(found, 2)[0].text)
    assert "准。" not in begun


def test_fonts_are_embedded_and_no_character_is_lost(pdf):
    table = run(pdf, "pdffonts", "-").decode().splitlines()[2:]
    assert table
    assert all(re.search(r"\byes yes yes\b", line) for line in table)
    read = text(pdf)
    assert NAMES in read
    assert LONG[:300] in re.sub(r"—\d+—", "", read)
    assert "\ufffd" not in read


def test_the_text_reads_in_the_order_of_the_document(pdf):
    read = text(pdf)
    order = [
        sample().mark,
        "钦南安委办〔2019〕5号",
        "关于2019年",
        "各镇人民政府",
        "一、总体情况",
        "（一）分项情况",
        "附件：1.",
    ]
    order += ["2019年10月8日", "附件1", "合计", "附件2", "抄送："]
    places = [read.index(words) for words in order]
    assert places == sorted(places)


def test_archives_and_screen_readers_find_what_they_need(pdf, tmp_path):
    told = run(pdf, "pdfinfo", "-").decode()
    assert re.search(r"Tagged:\s+yes", told)
    assert re.search(r"Title:\s+关于2019年第三季度", told)
    assert b'pdfaid:part="3" pdfaid:conformance="A"' in pdf  # legible without unpacking
    (tmp_path / "it.pdf").write_bytes(pdf)
    outline = run(b"", "pdftohtml", "-xml", "-i", "-stdout", str(tmp_path / "it.pdf")).decode()
    assert re.search(r"<outline>.*一、总体情况.*逾期任务清单.*</outline>", outline, re.DOTALL)
    assert b"data.json" in run(b"", "pdfdetach", "-list", str(tmp_path / "it.pdf"))


def test_a_layout_changes_nothing_in_the_fingerprint_of_what_was_issued_before_there_were_any():
    stored = sample().as_dict()
    assert "layout" not in stored
    assert Content.from_dict(stored).sha256 == sample().sha256
    sheet = sample(layout="sheet", annexes=())
    assert Content.from_dict(sheet.as_dict()) == sheet


def test_the_same_content_gives_the_same_bytes(pdf):
    with Renderer() as renderer:
        assert renderer.render(sample_markup()) == pdf
    assert Content.from_dict(sample().as_dict()) == sample()


def test_a_typeface_cut_another_day_is_the_same_file(tmp_path):
    """Typefaces are embedded: a trace of when they were cut would show in every paper."""
    source = str(OPEN_FONTS / "QinnanSong.otf")
    cuts = [tmp_path / name for name in ("one.otf", "other.otf")]
    for target, day in zip(cuts, ("86400", "1546300800"), strict=True):
        command = [sys.executable, "scripts/cut_fonts.py", "Song", source, str(target)]
        subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": day})
    assert cuts[0].read_bytes() == cuts[1].read_bytes()
