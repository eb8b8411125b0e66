"""Progress as a spreadsheet: a unit's tasks out, what it filled in back. No formula either way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter

from common.spreadsheets import (
    UnreadableFile,
    cell_text,
    checked_workbook,
    refusing_malformed,
    text_of_cell,
)
from responsibilities.excel.reading import cell_of
from responsibilities.models import ProgressReport, Task

SHEET, HEADER_ROW, HEADER_WITHIN = "进展填报", 2, 20
MAX_ROWS, MAX_COLUMNS = 500, 30
# 填的列：名字与表单里的栏一致。其余的列照录，导入时不看；最后两列认出是哪一件、是不是最新的。
FILLED = {
    "unchanged": "无变化（填“是”）",
    "summary": "进展情况",
    "document_no": "佐证文号",
    "problems": "存在问题",
    "coordination": "需协调事项",
    "next_steps": "下一步打算",
}
SHOWN = ("编号", "任务", "期次", "到期日", "办理状态", "上次进展")
NAMING = SHOWN[:3]  # 认出是哪一件，与办理件号互相核对
KEY, VERSION = "办理件号", "版本"
WIDTHS = (10, 30, 14, 12, 10, 36, 12, 40, 22, 24, 24, 24, 10, 8)
NOT_OURS = (
    f"没有找到“{SHEET}”：表头一行应有“{KEY}”“{VERSION}”“进展情况”等列，请用本平台导出的表填写。"
)


@dataclass(frozen=True)
class FilledLine:
    """One row as filled in: where it stands, which task it names twice over, by key and by what
    people read, the words by field, and what of it can be no words, by field."""

    number: int
    key: str
    version: str
    words: Mapping[str, str]
    named: tuple[str, ...]
    problems: Mapping[str, str]

    @property
    def is_blank(self) -> bool:
        return not any(self.words.values()) and not self.problems

    def is_of(self, task: Task) -> bool:
        """Whether the row reads as the task that its key names; rows slip when cells are moved."""
        return [_squeezed(text) for text in self.named] == [
            _squeezed(text) for text in _names(task)
        ]


def write_progress(
    out: BinaryIO, tasks: Iterable[Task], last: Mapping[int, ProgressReport], *, at: datetime
) -> None:
    """Write the tasks with empty columns to fill in; ``last`` holds each one's last report."""
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": SHEET, "created": at.replace(tzinfo=None)})
        sheet = book.add_worksheet(SHEET)
        plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        grey = book.add_format({"bold": True, "bg_color": "#ECE9E0", "border": 1})
        blue = book.add_format({"bold": True, "bg_color": "#DCE9F7", "border": 1})
        sheet.write_string(0, 0, "进展填报表", book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, "只填蓝色表头的列；没有变化的填“是”，不报的整行留空或删去。")
        headings = [*SHOWN, *FILLED.values(), KEY, VERSION]
        for column, heading in enumerate(headings):
            is_filled = heading in FILLED.values()
            sheet.write_string(HEADER_ROW, column, heading, blue if is_filled else grey)
            sheet.set_column(column, column, WIDTHS[column])
        for row, task in enumerate(tasks, HEADER_ROW + 1):
            for column, text in enumerate(_cells(task, last.get(task.pk))):
                sheet.write_string(row, column, cell_text(text), plain)
        sheet.freeze_panes(HEADER_ROW + 1, 2)


def _cells(task: Task, report: ProgressReport | None) -> Iterator[str]:
    yield from _names(task)
    yield task.due_on.isoformat() if task.due_on else "长期"
    yield task.get_state_display()
    yield report.summary if report else ""
    yield from ("" for _ in FILLED)
    yield str(task.pk)
    yield str(task.version)


def _names(task: Task) -> tuple[str, ...]:
    return task.obligation.code, task.obligation.title, task.period_label


def _squeezed(text: str) -> str:
    return "".join(text_of_cell(text).split())


def read_progress(file: BinaryIO) -> list[FilledLine]:
    """Return the rows of a filled-in table.

    Raises: UnreadableFile when it is no safe workbook, is not this table or is too long.
    """
    with refusing_malformed():
        book = checked_workbook(file)
        try:
            if SHEET not in book.sheetnames:
                raise UnreadableFile(NOT_OURS)
            sheet: Any = book[SHEET]
            return list(_lines(sheet.iter_rows(max_col=MAX_COLUMNS)))
        finally:
            book.close()


def _lines(rows: Iterator[tuple[Any, ...]]) -> Iterator[FilledLine]:
    places: dict[str, int] = {}
    for number, cells in enumerate(rows, 1):
        found = [cell_of(cell) for cell in cells]
        words = [_text(cell.value) for cell in found]
        if not places:
            if KEY in words and VERSION in words:
                places = {word: column for column, word in enumerate(words) if word}
            elif number > HEADER_WITHIN:
                break
            continue
        if number > MAX_ROWS:
            raise UnreadableFile(f"表格超过 {MAX_ROWS} 行，请删去空行或分几次导入。")
        problems = {
            name: found[places[heading]].problem
            for name, heading in FILLED.items()
            if heading in places and found[places[heading]].problem
        }
        if any(words) or problems:
            named = {heading: words[column] for heading, column in places.items()}
            filled = {name: named.get(heading, "") for name, heading in FILLED.items()}
            told = tuple(named.get(heading, "") for heading in NAMING)
            yield FilledLine(number, named[KEY], named[VERSION], filled, told, problems)
    if not places:
        raise UnreadableFile(NOT_OURS)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return f"{cell:%Y-%m-%d}"
    return text_of_cell(str(cell)).strip()
