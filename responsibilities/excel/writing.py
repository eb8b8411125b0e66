"""Write lines to an .xlsx workbook or a .csv file without holding them in memory."""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, BinaryIO

import xlsxwriter

from common.spreadsheets import cell_text
from responsibilities.enums import LampKind
from responsibilities.excel.columns import NOTES_NAME, Column, Kind
from responsibilities.excel.lines import Line, Value

TITLE_ROW, INFO_ROW, HEADER_ROW = 0, 1, 2
A3, A4 = 8, 9  # 纸型代号(xlsxwriter)
NOTE_WIDTHS = (20, 9, 80)
MAX_TIMES = 366
LINE_HEIGHT = 13.5  # 磅，10 号字一行
MAX_HEIGHT = 409  # Excel 的行高上限
CHINESE_WIDTH = 1.85  # 一个汉字占几个列宽单位（10 号字）
WIDE = 30  # 从这个宽度起算长文字列
FONT = "宋体"
LAMP_COLOURS = {
    LampKind.OVERDUE: "#B3261E",
    LampKind.DUE_SOON: "#8A5A00",
    LampKind.NORMAL: "#1F6B3A",
    LampKind.CLOSED: "#4A5B6C",
    LampKind.NOT_STARTED: "#59616B",
}


@dataclass(frozen=True)
class Table:
    """What stands around the lines: names, headings of sections, and the sheet of notes."""

    sheet: str
    title: str
    info: str
    columns: tuple[Column, ...]
    sections: Mapping[int | None, str] = field(default_factory=dict)
    notes: Sequence[Sequence[str]] = ()


def write_csv(out: BinaryIO, table: Table, lines: Iterable[Line]) -> None:
    """Write headings and lines as UTF-8 with a byte order mark, every field quoted and guarded."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([column.heading for column in table.columns])
    for line in lines:
        writer.writerow([_plain(line.values[column.key]) for column in table.columns])
    text.flush()
    text.detach()


def _plain(value: Value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else cell_text(str(value))


def write_workbook(out: BinaryIO, table: Table, lines: Iterable[Line], *, at: datetime) -> None:
    """Write the table to ``out``: every text is a string cell, nothing can be a formula."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": table.title, "created": at.replace(tzinfo=None)})
        book.set_size(2400, 1400)
        writer = SheetWriter(book, table)
        writer.write(lines)
        if table.notes:
            _write_notes(book, table.notes)


class SheetWriter:
    """Writes one sheet from top to bottom; a row once left cannot be reached again."""

    def __init__(self, book: Any, table: Table) -> None:
        self.book = book
        self.table = table
        self.sheet = book.add_worksheet(table.sheet)
        base = {"font_name": FONT, "font_size": 10, "valign": "top", "border": 1}
        base |= {"border_color": "#B8B4A8", "text_wrap": True}
        self.base = base
        self.formats = [self._format_of(column) for column in table.columns]
        self.lamps = {
            kind: book.add_format({**base, "font_color": colour, "bold": kind == LampKind.OVERDUE})
            for kind, colour in LAMP_COLOURS.items()
        }
        self.heading = book.add_format(
            {**base, "text_wrap": False, "bold": True, "bg_color": "#ECE9E0"}
        )

    def write(self, lines: Iterable[Line]) -> None:
        self._write_head()
        row = HEADER_ROW
        section: int | None = 0
        for line in lines:
            if line.section != section and self.table.sections:
                section = line.section
                row += 1
                self._write_section(row, section)
            row += 1
            self._write_line(row, line)
        self._finish(max(row, HEADER_ROW + 1))

    def _format_of(self, column: Column) -> Any:
        made = dict(self.base)
        if column.is_short:
            made["align"] = "center"
        if column.kind is Kind.DATE:
            made["num_format"] = "yyyy-mm-dd"
        if column.kind is Kind.CHOICE or (column.kind is Kind.TEXT and column.width < WIDE):
            made["num_format"] = "@"  # 长文字不设文本格式：旧版 Excel 会显示成一排 #
        if self.table.notes and not column.is_editable:
            made |= {"font_color": "#59616B", "bg_color": "#F6F5F1"}
        return self.book.add_format(made)

    def _write_head(self) -> None:
        last = len(self.table.columns) - 1
        title = {"font_name": "黑体", "font_size": 18, "align": "center", "valign": "vcenter"}
        info = {"font_name": FONT, "font_size": 10, "font_color": "#59616B", "valign": "vcenter"}
        for index, column in enumerate(self.table.columns):
            self.sheet.set_column(index, index, column.width)
        self.sheet.set_row(TITLE_ROW, 34)
        words = cell_text(self.table.title)
        self.sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, last, words, self.book.add_format(title))
        self.sheet.set_row(INFO_ROW, 20)
        self.sheet.write_string(INFO_ROW, 0, cell_text(self.table.info), self.book.add_format(info))
        self.sheet.set_row(HEADER_ROW, 32)
        head = {**self.base, "bold": True, "align": "center", "valign": "vcenter"}
        editable = self.book.add_format({**head, "bg_color": "#D6E4F0"})
        plain = self.book.add_format({**head, "bg_color": "#ECE9E0"})
        for index, column in enumerate(self.table.columns):
            shape = editable if column.is_editable else plain
            self.sheet.write_string(HEADER_ROW, index, column.heading, shape)

    def _write_section(self, row: int, section: int | None) -> None:
        """One unmerged cell: merged rows could be neither sorted nor filtered."""
        words = self.table.sections.get(section, "未分部分")
        self.sheet.write_string(row, 0, cell_text(words), self.heading)
        for index in range(1, len(self.table.columns)):
            self.sheet.write_blank(row, index, None, self.heading)

    def _write_line(self, row: int, line: Line) -> None:
        """Write one line; its height is set, as not every program works it out when opening."""
        self.sheet.set_row(row, _height(line, self.table.columns))
        for index, column in enumerate(self.table.columns):
            shape = self.formats[index]
            if column.key == "lamp" and line.lamp:
                shape = self.lamps[line.lamp]
            value = line.values[column.key]
            if value is None or value == "":
                self.sheet.write_blank(row, index, None, shape)
            elif isinstance(value, str):
                self.sheet.write_string(row, index, cell_text(value), shape)
            elif isinstance(value, date):
                self.sheet.write_datetime(row, index, datetime.combine(value, time()), shape)
            else:
                self.sheet.write_number(row, index, value, shape)

    def _finish(self, last_row: int) -> None:
        last = len(self.table.columns) - 1
        self.sheet.freeze_panes(HEADER_ROW + 1, 1)
        self.sheet.autofilter(HEADER_ROW, 0, last_row, last)
        self.sheet.set_landscape()
        self.sheet.set_paper(A3)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(HEADER_ROW)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.set_footer("&C第 &P 页，共 &N 页")
        for index, column in enumerate(self.table.columns):
            if rule := _validation(column):
                self.sheet.data_validation(HEADER_ROW + 1, index, last_row, index, rule)


def _height(line: Line, columns: Sequence[Column]) -> float:
    """Return the height in which the longest text of the line fits."""
    lines = 1
    for column in columns:
        value = line.values[column.key]
        if isinstance(value, str) and len(value) * 2 > column.width:
            lines = max(lines, _wrapped(value, column.width))
    return min(MAX_HEIGHT, lines * LINE_HEIGHT + 3)


def _wrapped(text: str, width: int) -> int:
    """Return how many lines a text takes in a column, Chinese characters being the wider ones."""
    lines = 0
    for part in text.splitlines() or [""]:
        chinese = (len(part.encode()) - len(part)) / 2
        units = chinese * CHINESE_WIDTH + (len(part) - chinese)
        lines += max(1, math.ceil(units / (width - 0.5)))
    return lines


def _validation(column: Column) -> dict[str, Any] | None:
    """Return the drop-down or the limits that help a person fill the column."""
    if not column.is_editable:
        return None
    if column.kind is Kind.CHOICE:
        return {
            "validate": "list",
            "source": column.labels,
            "error_title": column.heading,
            "error_message": "请从下拉列表中选。",
        }
    if column.kind is Kind.DATE:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": date(2000, 1, 1),
            "maximum": date(2099, 12, 31),
            "error_title": column.heading,
            "error_message": "请写具体日期，如 2020-12-31。",
        }
    if column.kind is Kind.NUMBER:
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 1,
            "maximum": MAX_TIMES,
            "error_title": column.heading,
            "error_message": "请写 1 到 366 之间的整数。",
        }
    return None


def _write_notes(book: Any, notes: Sequence[Sequence[str]]) -> None:
    sheet = book.add_worksheet(NOTES_NAME)
    style = {"font_name": FONT, "font_size": 10, "text_wrap": True, "valign": "top"}
    plain, bold = book.add_format(style), book.add_format({**style, "bold": True})
    for index, width in enumerate(NOTE_WIDTHS):
        sheet.set_column(index, index, width)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    for row, cells in enumerate(notes):
        lines = max(_wrapped(words, NOTE_WIDTHS[index]) for index, words in enumerate(cells))
        sheet.set_row(row, lines * LINE_HEIGHT + 3)
        for index, words in enumerate(cells):
            shape = bold if len(cells) == 1 or not index else plain
            sheet.write_string(row, index, cell_text(words), shape)
