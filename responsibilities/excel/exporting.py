"""From the ledger's filters to a file: which rows, under which title, in which format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from clauses.models import Plan
from common.days import full_day
from common.errors import DomainError
from organizations.access import Access
from responsibilities.excel.columns import (
    COLUMNS,
    SHEET_NAME,
    TASK_COLUMNS,
    TASK_SHEET_NAME,
)
from responsibilities.excel.lines import Line, ledger_lines
from responsibilities.excel.notes import NOTES
from responsibilities.excel.task_lines import task_lines, tasks_of
from responsibilities.excel.writing import Table, write_csv, write_workbook
from responsibilities.filters import Choices, Filters
from responsibilities.pages.ledger import ledger_rows
from responsibilities.unit_names import UnitNames

# 一次页面请求最多导出的行数；再多用 export_ledger 命令，见 docs。
MAX_REQUEST_ROWS = 20_000
XLSX, CSV = "xlsx", "csv"
ROWS, TASKS = "row", "task"
MEDIA_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}


class TooManyRows(DomainError):
    """More rows than a request may carry."""


@dataclass(frozen=True)
class Export:
    """What a person asked for: rows or tasks, under filters, in a format."""

    plan: Plan
    access: Access
    today: date
    filters: Filters = field(default_factory=Filters)
    choices: Choices = field(default_factory=Choices)
    level: str = ROWS
    format: str = XLSX
    max_rows: int | None = None
    conditions: tuple[str, ...] = ()

    @property
    def filename(self) -> str:
        name = TASK_SHEET_NAME if self.level == TASKS else SHEET_NAME
        return f"{name}_{self.today:%Y-%m-%d}.{self.format}"


def export(wanted: Export, *, at: datetime) -> BinaryIO:
    """Return the file asked for, at its beginning; whoever takes it closes it.

    Raises: TooManyRows before anything is written.
    """
    out = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        write_export(out, wanted, at=at)
        out.seek(0)
    except BaseException:
        out.close()
        raise
    return out


def write_export(out: BinaryIO, wanted: Export, *, at: datetime) -> int:
    """Write the file asked for to ``out``. Returns: the number of rows in it."""
    keys, lines = (_tasks if wanted.level == TASKS else _rows)(wanted)
    table = _table(wanted, len(keys))
    if wanted.format == CSV:
        write_csv(out, table, lines)
    else:
        write_workbook(out, table, lines, at=at)
    return len(keys)


def _rows(wanted: Export) -> tuple[list[int], Iterator[Line]]:
    """Return the keys and lines of the rows in the order of the plan."""
    rows = _ledger(wanted)
    keys = _keys(rows, wanted)
    lines = ledger_lines(
        rows,
        keys,
        plan=wanted.plan,
        names=UnitNames.on(wanted.today),
        access=wanted.access,
        today=wanted.today,
    )
    return keys, lines


def _tasks(wanted: Export) -> tuple[list[int], Iterator[Line]]:
    tasks = tasks_of(_ledger(wanted), access=wanted.access, unit=wanted.filters.unit)
    keys = _keys(tasks, wanted)
    return keys, task_lines(tasks, keys, access=wanted.access, today=wanted.today)


def _ledger(wanted: Export) -> Any:
    in_order = replace(wanted.filters, group="section", sort="code")
    return ledger_rows(in_order, wanted.choices, access=wanted.access, today=wanted.today)


def _keys(rows: Any, wanted: Export) -> list[int]:
    keys = rows.values_list("pk", flat=True)
    if wanted.max_rows is None:
        return list(keys)
    found = list(keys[: wanted.max_rows + 1])
    if len(found) > wanted.max_rows:
        raise TooManyRows(
            f"要导出的超过 {wanted.max_rows} 行，请先按单位、条款或亮灯筛选后再导出；"
            "要全部数据的，请系统管理员用 export_ledger 命令导出。"
        )
    return found


def _table(wanted: Export, count: int) -> Table:
    is_tasks = wanted.level == TASKS
    day = wanted.today
    facts = [
        f"方案代码：{wanted.plan.code}",
        f"导出日期：{full_day(day)}",
        f"共 {count} {'件' if is_tasks else '项'}",
        *wanted.conditions,
    ]
    sections: Mapping[int | None, str] = {
        int(number): heading for number, heading in wanted.choices.sections.items()
    }
    return Table(
        sheet=TASK_SHEET_NAME if is_tasks else SHEET_NAME,
        title=f"{wanted.plan.title}{'办理件清单' if is_tasks else '任务分解表'}",
        info="　".join(facts),
        columns=TASK_COLUMNS if is_tasks else COLUMNS,
        sections={} if is_tasks else sections,
        notes=() if is_tasks else NOTES,
    )
