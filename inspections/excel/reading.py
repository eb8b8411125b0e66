"""Read new hazards from a filled-in ledger: every mistake is named with its row and column."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from common.days import short_day
from common.errors import DomainError
from common.spreadsheets import UnreadableFile, checked_workbook, refusing_malformed, text_of_cell
from inspections.enums import HazardGrade
from inspections.excel.columns import COLUMNS, REQUIRED, TYPED
from inspections.services.hazards import HazardContent, Settled
from responsibilities.excel.columns import Column, Kind
from responsibilities.excel.parsing import choice_in, date_in, text_in
from responsibilities.excel.reading import Cell, cell_of
from responsibilities.unit_names import squashed

HEADER_WITHIN = 20
MOST_ROWS, MOST_COLUMNS, MOST_SCANNED = 300, 40, 2000
LIMITS = {
    "title": 80,
    "place": 120,
    "enterprise": 80,
    "found_by": 60,
    "responsible": 60,
    "funds": 120,
    "description": 1000,
    "measures": 1000,
    "emergency_plan": 1000,
}


@dataclass(frozen=True)
class NewHazard:
    """One row to be taken in: what was found, and the five settled things if they are there."""

    row: int
    content: HazardContent
    settled: Settled | None


@dataclass
class Reading:
    """What a workbook holds: new hazards, what is wrong with which row, rows that stay as is."""

    hazards: list[NewHazard] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    known: int = 0


def read_hazards(file: BinaryIO, *, today: date) -> Reading:
    """Return the new rows of the first sheet that has the ledger's heading.

    Raises: UnreadableFile when there is none, or when it is longer than an import may be.
    """
    with refusing_malformed():
        book = checked_workbook(file)
        try:
            for sheet in book.worksheets:
                if hasattr(sheet, "iter_rows") and (reading := _read(sheet, today)):
                    return reading
        finally:
            book.close()
    raise UnreadableFile("没有找到隐患台账：表头一行应有“隐患”“部位”“等级”等列，请用导出的表填写。")


def _read(sheet: Any, today: date) -> Reading | None:
    rows = _scanned(sheet)
    for number, cells in rows:
        places = _places(cells)
        if set(REQUIRED) <= places.keys():
            return _body(rows, places, today)
        if number >= HEADER_WITHIN:
            break
    return None


def _scanned(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MOST_SCANNED, max_col=MOST_COLUMNS)
    for number, cells in enumerate(rows, 1):
        if any(cell.value is not None for cell in cells):
            yield number, cells


def _places(cells: tuple[Any, ...]) -> dict[str, int]:
    known = {squashed(column.heading): column.key for column in COLUMNS}
    texts = [text_of_cell(cell.value) if isinstance(cell.value, str) else "" for cell in cells]
    return {
        known[squashed(text)]: place for place, text in enumerate(texts) if squashed(text) in known
    }


def _body(
    rows: Iterator[tuple[int, tuple[Any, ...]]], places: dict[str, int], today: date
) -> Reading:
    reading = Reading()
    for number, cells in rows:
        row = {key: cell_of(cells[place]) for key, place in places.items()}
        if "number" in row and not row["number"].is_blank:
            reading.known += 1
        elif any(not row[column.key].is_blank for column in TYPED if column.key in row):
            _take(reading, number, row, today)
        if len(reading.hazards) + len(reading.errors) > MOST_ROWS:
            raise UnreadableFile(f"表里超过 {MOST_ROWS} 行新的隐患，请分成几次导入。")
    return reading


def _take(reading: Reading, number: int, row: dict[str, Cell], today: date) -> None:
    values, problems = _values(row)
    if not problems:
        problems = _problems(values, today)
    if problems:
        reading.errors += [f"第 {number} 行：{problem}" for problem in problems]
        return
    five = {key: values.pop(key) for key in Settled.__dataclass_fields__}
    content = HazardContent(**values | {"grade": HazardGrade(values["grade"])})
    is_settled = all(five[key] for key in ("measures", "responsible", "due_on"))
    reading.hazards.append(NewHazard(number, content, Settled(**five) if is_settled else None))


def _values(row: dict[str, Cell]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems = []
    for column in TYPED:
        try:
            values[column.key] = _value(row.get(column.key, Cell()), column)
        except DomainError as error:
            problems.append(f"{column.heading}：{error.message}")
    return values, problems


def _value(cell: Cell, column: Column) -> Any:
    if column.kind is Kind.DATE:
        found: Any = date_in(cell)
    elif column.kind is Kind.CHOICE:
        found = choice_in(cell, column)
    else:
        found = text_in(cell)
        if len(found) > LIMITS[column.key]:
            raise DomainError(f"不超过 {LIMITS[column.key]} 字，现有 {len(found)} 字。")
    if not found and column.key in REQUIRED:
        raise DomainError("要填写。")
    return found


def _problems(values: dict[str, Any], today: date) -> list[str]:
    problems = []
    if values["found_on"] > today:
        problems.append(f"发现日期不能晚于今天（{short_day(today)}）。")
    if values["due_on"] and values["due_on"] < values["found_on"]:
        problems.append("时限不能早于发现日期。")
    five = [values["measures"], values["responsible"], values["due_on"]]
    if any(five) and not all(five):
        problems.append("措施、责任人、时限要么都填，要么都留空以后登记。")
    is_major = values["grade"] == HazardGrade.MAJOR
    if all(five) and is_major and not (values["funds"] and values["emergency_plan"]):
        problems.append("重大隐患登记时资金和预案也要填。")
    return problems
