"""What people write in a cell, as values of the ledger."""

import re
import unicodedata
from datetime import date, datetime, time

from common.errors import DomainError
from responsibilities.excel.columns import Column, Kind
from responsibilities.excel.lines import Value
from responsibilities.excel.reading import Cell
from responsibilities.excel.writing import MAX_TIMES
from responsibilities.unit_names import squashed

YEARS = range(2000, 2100)
MAX_DIGITS = 9  # 再长就不是次数或版次
DATE_WORDS = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def text_in(cell: Cell) -> str:
    """Return the cell as text: whole numbers without .0, dates in ISO form, ends trimmed.

    Raises: DomainError for a formula or an error value.
    """
    if cell.problem:
        raise DomainError(cell.problem)
    value = cell.value
    if isinstance(value, datetime):
        value = value.date() if value.time() == time() else value.isoformat(" ")
    elif isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def says_the_same(cell: Cell, exported: Value, column: Column) -> bool:
    """Whether the cell still says what the export writes today, however it is stored.

    A cell that was not touched is never parsed, so an export brought back changes nothing.
    """
    if cell.problem:
        return False
    written = "" if exported is None else str(exported)
    found = text_in(cell)
    if column.kind in {Kind.CHOICE, Kind.UNITS}:
        return squashed(found) == squashed(written)
    return found == written.replace("\r\n", "\n").replace("\r", "\n").strip()


def date_in(cell: Cell) -> date | None:
    """Return an exact day, from a date cell or from words such as 2020年12月31日."""
    if isinstance(cell.value, bool | int | float):
        raise DomainError(
            f"“{cell.value}”不是日期，请把这一格设成日期格式，或写成 2020-12-31 的样子。"
        )
    text = text_in(cell)
    if not text:
        return None
    match = DATE_WORDS.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
    problem = f"“{text}”不是具体日期，请写成 2020-12-31 的样子；原文的说法已另列一栏，不用重写。"
    if match is None:
        raise DomainError(problem)
    try:
        found = date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise DomainError(f"没有“{text}”这一天，请核对。") from error
    if found.year not in YEARS:
        raise DomainError(f"“{text}”的年份不对，请核对。")
    return found


def choice_in(cell: Cell, column: Column) -> str:
    """Return the value of the choice whose label the cell holds; empty for a blank cell."""
    text = text_in(cell)
    if not text or column.choices is None:
        return ""
    for value, label in column.choices.choices:
        if squashed(str(label)) == squashed(text):
            return str(value)
    raise DomainError(f"没有“{text}”这一项，可以填：{'、'.join(column.labels)}。")


def number_in(cell: Cell) -> int:
    """Return how many times a period; a blank cell stands for once."""
    text = unicodedata.normalize("NFKC", text_in(cell))
    if not text:
        return 1
    times = int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else 0
    if not 1 <= times <= MAX_TIMES:
        raise DomainError(f"“{text}”不对，请写 1 到 {MAX_TIMES} 之间的整数。")
    return times


def version_in(cell: Cell) -> int | None:
    """Return the version of a row as exported, or None when the cell does not hold one."""
    if cell.problem:
        return None
    text = text_in(cell)
    return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else None


def code_in(cell: Cell) -> str:
    """Return the code of a row. Raises: DomainError for none, or one turned into a date."""
    if isinstance(cell.value, datetime | date):
        raise DomainError("编号被 Excel 改成了日期，请把“编号”列设成文本格式，照原样改回。")
    text = unicodedata.normalize("NFKC", text_in(cell)).lower()
    if not text:
        raise DomainError(
            "没有编号。表里不能加新任务：请到“方案条文”的逐句分解中选句立项，再导出填写。"
        )
    return text
