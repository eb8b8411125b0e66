"""Tasks (办理件) as lines of a sheet: what each unit owes, one line a unit and period."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from clauses.rules import numbered
from common.clock import day_of
from organizations.access import Access
from responsibilities.enums import ReportState, TaskState
from responsibilities.excel.lines import CHUNK, Line, Value, lamp_words
from responsibilities.models import ProgressReport, Task
from responsibilities.models.obligation import ObligationQuerySet
from responsibilities.models.task import TaskQuerySet


def tasks_of(rows: ObligationQuerySet, *, access: Access, unit: str = "") -> TaskQuerySet:
    """Return the tasks of the rows that the person may see, of one unit if ``unit`` names one."""
    tasks = Task.objects.visible_to(access).exclude(state=TaskState.VOID)
    tasks = tasks.filter(obligation__in=rows.order_by().values("pk"))
    tasks = tasks.filter(unit__code=unit) if unit and access.sees_all else tasks
    return tasks.order_by("obligation__code", "period", "unit__order", "pk")


def task_lines(
    tasks: TaskQuerySet, keys: Sequence[int], *, access: Access, today: date
) -> Iterator[Line]:
    """Yield the lines of the tasks ``keys``: two statements a chunk."""
    wanted = tasks.select_related("unit", "obligation__plan", "obligation__clause__section").defer(
        "obligation__plan__source_text", "obligation__clause__text"
    )
    for start in range(0, len(keys), CHUNK):
        chunk = list(wanted.filter(pk__in=keys[start : start + CHUNK]))
        latest = _latest_reports(chunk, access)
        for task in chunk:
            section = task.obligation.clause.section
            values = _values(task, latest.get(task.pk), today)
            number = section.number if section else None
            yield Line(values, number, task.lamp_on(today).kind)


def _latest_reports(tasks: Sequence[Task], access: Access) -> dict[int, ProgressReport]:
    reports = ProgressReport.objects.visible_to(access).filter(task__in=[t.pk for t in tasks])
    kept = reports.exclude(state=ReportState.WITHDRAWN).order_by("submitted_at", "pk")
    return {report.task_id: report for report in kept}


def _values(task: Task, report: ProgressReport | None, today: date) -> dict[str, Value]:
    lamp = task.lamp_on(today)
    clause = task.obligation.clause
    return {
        "code": task.obligation.code,
        "clause": numbered(clause.mark, clause.title),
        "title": task.obligation.title,
        "unit": task.unit.name,
        "period": task.period_label,
        "starts_on": task.starts_on,
        "due_on": task.due_on,
        "original_due_on": task.original_due_on if task.is_extended else None,
        "lamp": lamp_words(lamp.kind, lamp.text),
        "state": task.get_state_display(),
        "received_on": _day(task.received_at),
        "reported_on": task.last_reported_on,
        "summary": report.summary if report else "",
        "document_no": report.document_no if report else "",
        "closed_on": task.closed_on,
        "is_late": "迟" if task.is_late else "",
    }


def _day(instant: datetime | None) -> date | None:
    return day_of(instant) if instant else None
