"""Read the 任务分解表 back: find the table in a checked workbook and take its cells as they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from common.spreadsheets import (
    UnreadableFile,
    checked_workbook,
    refusing_malformed,
    text_of_cell,
)
from responsibilities.excel.columns import COLUMNS, REQUIRED, SHEET_NAME, Column
from responsibilities.unit_names import squashed

MAX_ROWS = 5_000
MAX_COLUMNS = 60
HEADER_WITHIN = 20  # 表头之上最多有几行标题
BLANK_TAIL = 5_000  # 数据之间和之后的空行不计入行数，但也不能没有尽头
PLAN_CODE = re.compile(r"方案代码[:：]\s*([-\w]+)")
CODE_LIKE = re.compile(r"\d+-\d+\w?")

Raw = str | int | float | bool | datetime | date | None


@dataclass(frozen=True)
class Cell:
    """One cell as found: its value, or what is wrong with it."""

    value: Raw = None
    problem: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.problem and (self.value is None or not str(self.value).strip())


@dataclass(frozen=True)
class SheetRow:
    """One row of the table: its number on the sheet and its cells by column key."""

    number: int
    cells: dict[str, Cell]

    @property
    def is_heading(self) -> bool:
        """Whether the row is a heading of a section: words in the first cell and nothing else."""
        first, *others = self.cells.values()
        return all(cell.is_blank for cell in others) and not CODE_LIKE.search(str(first.value))


@dataclass(frozen=True)
class SheetTable:
    """What a workbook holds: the plan it names, its rows, and headings that mean nothing here."""

    plan_code: str
    rows: list[SheetRow] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_table(file: BinaryIO) -> SheetTable:
    """Return the rows of the table in a workbook.

    Raises: UnreadableFile when it is no safe workbook, has no such table, lacks columns or is
    longer or wider than an import may be.
    """
    with refusing_malformed():
        book = checked_workbook(file)
        try:
            for name in sorted(book.sheetnames, key=lambda name: name != SHEET_NAME):
                sheet: Any = book[name]
                if hasattr(sheet, "iter_rows") and (table := _table_in(sheet)):
                    return table
        finally:
            book.close()
    raise UnreadableFile(
        f"没有找到“{SHEET_NAME}”：表头一行应有“编号”“重点任务”“版本”等列，"
        "请用台账导出的 Excel 表填写，不要改表头。"
    )


def _table_in(sheet: Any) -> SheetTable | None:
    """Read the table of a sheet, or return None when no row looks like its heading."""
    rows = _scanned(sheet)
    plan_code = ""
    for number, cells in rows:
        texts = [text_of_cell(c.value) if isinstance(c.value, str) else "" for c in cells]
        if _is_header(texts):
            return _body(rows, texts, plan_code)
        if match := PLAN_CODE.search(" ".join(texts)):
            plan_code = match[1]
        if number >= HEADER_WITHIN:
            break
    return None


def _body(
    rows: Iterator[tuple[int, tuple[Any, ...]]], headings: list[str], plan_code: str
) -> SheetTable:
    """Take the rows under the headings; headings of sections among them are left out."""
    columns, unknown = _columns(headings)
    table = SheetTable(plan_code, unknown=unknown)
    for number, cells in rows:
        row = SheetRow(number, {key: cell_of(cells[place]) for key, place in columns.items()})
        if row.is_heading:
            continue
        table.rows.append(row)
        if len(table.rows) > MAX_ROWS:
            raise UnreadableFile(f"表里超过 {MAX_ROWS} 行，请分成几次导入，只留要改的行。")
    if not table.rows:
        raise UnreadableFile("表里没有任务行，请核对后再上传。")
    return table


def _scanned(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows that hold anything, with their numbers; the claimed size is not believed."""
    sheet.reset_dimensions()
    last = MAX_ROWS + BLANK_TAIL + HEADER_WITHIN
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(max_row=last, max_col=MAX_COLUMNS + 1), 1):
        if all(cell.value is None for cell in cells):
            blank += 1
            if blank > BLANK_TAIL:
                return
            continue
        if cells[MAX_COLUMNS].value is not None:
            raise UnreadableFile(f"表里超过 {MAX_COLUMNS} 列，请用台账导出的 Excel 表填写。")
        yield number, cells


def _is_header(texts: list[str]) -> bool:
    headings = {squashed(text) for text in texts}
    return {"编号", "重点任务"} <= headings or {"编号", "版本"} <= headings


def _columns(texts: list[str]) -> tuple[dict[str, int], list[str]]:
    """Return column key → place, in the order of the format, and the headings left over.

    Raises: UnreadableFile naming the columns that are missing or there twice.
    """
    known: dict[str, Column] = {squashed(column.heading): column for column in COLUMNS}
    places: dict[str, int] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for place, text in enumerate(texts):
        column = known.get(squashed(text))
        if column is None:
            unknown += [text.strip()] if text.strip() else []
        elif column.key in places:
            twice.append(column.heading)
        else:
            places[column.key] = place
    missing = [column.heading for column in REQUIRED if column.key not in places]
    if missing:
        raise UnreadableFile(f"表里缺少这些列：{'、'.join(missing)}，请用台账导出的表填写。")
    if twice:
        raise UnreadableFile(f"表里有重复的列：{'、'.join(twice)}，请删去多余的一列。")
    return {c.key: places[c.key] for c in COLUMNS if c.key in places}, unknown


def cell_of(cell: Any) -> Cell:
    """Return a cell of a workbook as found, formulas and error values named as such."""
    kind = getattr(cell, "data_type", "n")
    if kind == "f":
        return Cell(problem="这一格是公式，请复制后“粘贴为数值”。")
    if kind == "e":
        return Cell(problem=f"这一格是错误值 {cell.value}，请改正。")
    value = cell.value
    if isinstance(value, str):
        return Cell(text_of_cell(value))
    if value is None or isinstance(value, bool | int | float | datetime | date):
        return Cell(value)
    return Cell(problem="这一格的内容认不出来，请重新填写。")
