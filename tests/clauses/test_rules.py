"""Numbers of clauses, and text with its corrections laid over."""

from dataclasses import dataclass

import pytest

from clauses.rules import clause_label, clause_number, overlay


@dataclass
class Correction:
    start: int
    end: int
    original: str
    corrected: str


@pytest.mark.parametrize(
    ("number", "label"),
    [(4, "四"), (10, "十"), (21, "二十一"), (99, "九十九"), (100, "一百"), (105, "一百零五")],
)
def test_clauses_are_numbered_in_chinese(number: int, label: str) -> None:
    assert clause_label(number) == label


def test_a_numeral_is_read_back_and_anything_else_refused() -> None:
    assert clause_number("三十三") == 33
    with pytest.raises(ValueError, match="不是一至九十九"):
        clause_number("甲")


def test_the_pieces_always_make_up_the_text() -> None:
    text = "委、政府根据工作需要。"
    errata = [Correction(102, 104, "政府", "政府"), Correction(100, 101, "委", "党委")]

    pieces = overlay(text, 100, errata)

    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.erratum] == ["委", "政府"]


def test_a_correction_that_straddles_the_end_is_cut_there() -> None:
    pieces = overlay("工作需要", 0, [Correction(2, 9, "需要召开", "需要时召开")])

    assert [piece.text for piece in pieces] == ["工作", "需要"]


def test_a_correction_outside_the_stretch_is_left_out() -> None:
    assert [piece.erratum for piece in overlay("工作", 50, [Correction(0, 2, "甲", "乙")])] == [
        None
    ]
