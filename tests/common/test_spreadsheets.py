"""Text on its way into a cell and back."""

import pytest

from common.spreadsheets import MAX_CELL, cell_text, guarded, text_of_cell, unguarded

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("start", STARTS, ids=repr)
def test_guards_whatever_a_spreadsheet_could_run(start):
    assert guarded(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("text", ["", "区应急管理局", "'引号", "1-1", "a=b", " =1", "''"])
def test_leaves_other_texts_alone(text):
    assert guarded(text) == text


@pytest.mark.parametrize("quotes", ["", "'", "''"])
@pytest.mark.parametrize("start", [*STARTS, "字", ""], ids=repr)
def test_the_guard_comes_off_exactly(quotes, start):
    text = f"{quotes}{start}文字"

    assert unguarded(guarded(text)) == text


def test_line_ends_are_of_one_kind_in_a_cell():
    assert cell_text("一\r\n二\r三\n") == "一\n二\n三\n"
    assert text_of_cell("一_x000D_\n二") == "一\n二"


def test_escapes_of_the_file_format_are_undone():
    assert text_of_cell("_x005F_x000D_") == "_x000D_"


def test_a_cell_holds_no_more_than_it_can():
    assert len(cell_text("=" * (MAX_CELL + 5))) == MAX_CELL
