"""What a filled-in table of progress says, row by row, before anything is reported."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from common.errors import DomainError
from common.keys import is_key
from organizations.access import Access
from responsibilities.excel.progress import FilledLine
from responsibilities.forms.round import SheetLine
from responsibilities.models import Task, TaskQuerySet
from responsibilities.services.progress import ReportContent, check_content


@dataclass(frozen=True)
class Checked:
    """A table as checked: what would be reported, and each fault with its row."""

    reports: Sequence[tuple[FilledLine, Task, ReportContent]]
    faults: Sequence[str]
    blank: int

    @property
    def is_ready(self) -> bool:
        return bool(self.reports) and not self.faults

    @property
    def fingerprint(self) -> str:
        """What tells whether a later check found the same."""
        told = [f"{task.pk}:{task.version}:{said.sha256}" for _, task, said in self.reports]
        return hashlib.sha256("\n".join([*told, *self.faults]).encode()).hexdigest()


def reportable(access: Access) -> TaskQuerySet:
    return Task.objects.filter(unit__in=access.unit_ids).visible_to(access).with_obligations()


def check_sheet(lines: Iterable[FilledLine], access: Access, *, today: date) -> Checked:
    """Compare a table with the unit's tasks; every row is looked at, none is written."""
    lines = list(lines)
    keys = [int(line.key) for line in lines if is_key(line.key)]
    tasks = {str(task.pk): task for task in reportable(access).filter(pk__in=keys)}
    reports: list[tuple[FilledLine, Task, ReportContent]] = []
    faults: list[str] = []
    seen: set[str] = set()
    filled = [line for line in lines if not line.is_blank]
    for line in filled:
        task, form = tasks.get(line.key), SheetLine(dict(line.words))
        if task is None:
            told = [f"第 {line.number} 行：办理件号不对，或不是本单位的任务，请重新导出再填。"]
        elif stale := _stale(line, task, is_second=line.key in seen):
            told = [stale]
        else:
            told = _told(line, task, form, today)
        if task is not None and not told:
            reports.append((line, task, form.content()))
        faults += told
        seen.add(line.key)
    return Checked(reports, faults, len(lines) - len(filled))


def _where(line: FilledLine, task: Task) -> str:
    return f"第 {line.number} 行（{task.obligation.code}）"


def _stale(line: FilledLine, task: Task, *, is_second: bool) -> str:
    """Return why the row as a whole cannot stand for the task; empty when it can."""
    if not line.is_of(task):
        return (
            f"第 {line.number} 行：办理件号是 {task.obligation.code}“{task.obligation.title}”"
            "的，与这一行的编号、任务、期次对不上，多半是挪动单元格时串了行，请重新导出再填。"
        )
    if is_second:
        return f"{_where(line, task)}：同一件填了两行，请留一行。"
    if str(task.version) != line.version:
        return (
            f"{_where(line, task)}：导出之后有变动，"
            f"现在是“{task.get_state_display()}”，请重新导出再填。"
        )
    return ""


def _told(line: FilledLine, task: Task, form: SheetLine, today: date) -> list[str]:
    """Return what is wrong with the words of the row; empty when they would be taken."""
    where = _where(line, task)
    if line.problems or not form.is_valid():
        wrong = {name: [said] for name, said in line.problems.items()} or form.errors
        return [
            f"{where}“{form.fields[name].label}”：{sentence}"
            for name, sentences in wrong.items()
            for sentence in sentences
        ]
    refusal = _refusal(task, form.content(), today)
    return [f"{where}：{refusal}"] if refusal else []


def _refusal(task: Task, content: ReportContent, today: date) -> str:
    """Return why the row would be refused when it is reported; empty when it would be taken."""
    try:
        check_content(task, content, today=today)
    except DomainError as error:
        return error.message
    return ""
