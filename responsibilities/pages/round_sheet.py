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
        task = tasks.get(line.key)
        form = SheetLine(dict(line.words))
        if task is None:
            faults.append(
                f"第 {line.number} 行：办理件号不对，或不是本单位的任务，请重新导出再填。"
            )
        elif not line.is_of(task):
            faults.append(
                f"第 {line.number} 行：办理件号是 {task.obligation.code}“{task.obligation.title}”"
                "的，与这一行的编号、任务、期次对不上，多半是挪动单元格时串了行，请重新导出再填。"
            )
        elif line.key in seen:
            faults.append(
                f"第 {line.number} 行（{task.obligation.code}）：同一件填了两行，请留一行。"
            )
        elif str(task.version) != line.version:
            faults.append(
                f"第 {line.number} 行（{task.obligation.code}）：导出之后有变动，"
                f"现在是“{task.get_state_display()}”，请重新导出再填。"
            )
        elif not form.is_valid():
            faults += _faults(line, task, form)
        elif refusal := _refusal(task, form.content(), today):
            faults.append(f"第 {line.number} 行（{task.obligation.code}）：{refusal}")
        else:
            reports.append((line, task, form.content()))
        seen.add(line.key)
    return Checked(reports, faults, len(lines) - len(filled))


def _refusal(task: Task, content: ReportContent, today: date) -> str:
    """Return why the row would be refused when it is reported; empty when it would be taken."""
    try:
        check_content(task, content, today=today)
    except DomainError as error:
        return error.message
    return ""


def _faults(line: FilledLine, task: Task, form: SheetLine) -> list[str]:
    where = f"第 {line.number} 行（{task.obligation.code}）"
    return [
        f"{where}“{form.fields[name].label}”：{sentence}"
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]
