"""What typed words stand for, and what is marked in a hit."""

import pytest

from qinnan_safety.search_words import excerpt, forms_of, marked, read_query


@pytest.mark.parametrize(
    ("typed", "clause"),
    [
        ("第(四)条", 4), ("第（四）条", 4), ("第四条", 4), ("(四)", 4), ("（四）", 4), ("㈣", 4),
        ("四", 4), ("4条", 4), ("第４条", 4), ("二十一", 21), ("第三十三条", 33), ("33", 33),
        ("四个", None), ("条", None), ("23-07", None), ("十百", None),
    ],
)  # fmt: skip
def test_a_clause_may_be_named_in_many_ways(typed, clause):
    assert read_query(typed).clause == clause


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("23-07", "23-07"), ("2307", "23-07"), ("23—07", "23-07"), ("２３－０７", "23-07"),
        ("23 - 7", "23-07"), ("23——07", "23-07"), ("24-01B", "24-01b"), ("2401b", "24-01b"),
        ("4-1", "04-01"), ("4-0", "04-0"), ("4-", "04-"), ("4-10", "04-10"),
        ("第四条第二句", "04-02"), ("(四)条第6句", "04-06"),
        ("230", ""), ("2018-2020年", ""), ("隐患", ""),
    ],
)  # fmt: skip
def test_a_code_may_be_typed_as_it_is_said(typed, code):
    assert read_query(typed).code == code


def test_words_are_cut_at_any_space_and_counted_once():
    query = read_query("  隐患　治理  隐患 ")

    assert query.words == ("隐患", "治理")
    assert query.text == "隐患 治理 隐患"


@pytest.mark.parametrize("typed", ["", "   ", "　", "\x00\x07"])
def test_nothing_typed_asks_for_nothing(typed):
    assert not read_query(typed)


def test_very_long_input_is_cut():
    query = read_query("隐 " * 500)

    assert len(query.text) <= 100
    assert len(read_query(" ".join(str(n) + "词" for n in range(40))).words) == 6


def test_words_with_marks_are_looked_for_in_both_widths():
    assert forms_of("镇(场、街道)") == ("镇(场、街道)", "镇（场、街道）")
    assert forms_of("隐患") == ("隐患",)


def test_hits_are_marked_across_widths_and_cases():
    pieces = marked("各镇(场、街道)和GPS系统", ["镇(场", "gps"])

    assert [(piece.text, piece.is_hit) for piece in pieces] == [
        ("各", False), ("镇（场", True), ("、街道）和", False), ("GPS", True), ("系统", False),
    ]  # fmt: skip


def test_overlapping_hits_are_one_run():
    assert [(p.text, p.is_hit) for p in marked("安全安全", ["安全安", "全安全"])] == [
        ("安全安全", True)
    ]


def test_an_excerpt_keeps_the_hit_and_shows_where_it_was_cut():
    text = "甲" * 200 + "护栏" + "乙" * 200

    shown = excerpt(text, ["护栏"])

    assert "护栏" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) == 74
