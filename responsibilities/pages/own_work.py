"""What the person's own unit can do about a row now: receive, report, take back, ask for time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from organizations.access import Access
from organizations.enums import PostKind
from responsibilities.enums import LampKind, ReportState, TaskState
from responsibilities.models import Obligation, ProgressReport, Task
from responsibilities.rules import Lamp
from responsibilities.services.reopening import REOPENED


@dataclass(frozen=True)
class OwnWork:
    """One open task of the person's unit, with the last report on it and what can be done."""

    task: Task
    lamp: Lamp
    report: ProgressReport | None
    may_sign: bool
    returned_for: str = ""
    reopened_for: str = ""

    @property
    def can_receive(self) -> bool:
        return self.task.state == TaskState.AWAITING_RECEIPT

    @property
    def can_report(self) -> bool:
        waits = self.task.state == TaskState.UNDER_REVIEW or self.waits_for_signature
        return not waits and self.task.other_way is None

    @property
    def waits_for_signature(self) -> bool:
        return self.report is not None and self.report.state == ReportState.SIGNING

    @property
    def can_say_unchanged(self) -> bool:
        """One press is enough while the work goes on; a returned report wants an answer."""
        return self.task.state == TaskState.IN_PROGRESS and self.can_report

    @property
    def can_withdraw(self) -> bool:
        return self.report is not None and self.report.state in {
            ReportState.SUBMITTED,
            ReportState.SIGNING,
        }

    @property
    def can_ask(self) -> bool:
        """More time is asked for up to the due date itself."""
        in_time = self.task.due_on is not None and self.lamp.kind != LampKind.OVERDUE
        return self.may_sign and in_time


def own_work(row: Obligation, access: Access, today: date) -> Sequence[OwnWork]:
    """Return the begun and open tasks of the person's own units in a row: two queries."""
    if not access.unit_ids:
        return ()
    tasks = row.tasks.filter(unit__in=access.unit_ids).open().started_by(today).with_obligations()
    return works_on(list(tasks.order_by("due_on", "pk")), access, today)


def works_on(tasks: Sequence[Task], access: Access, today: date) -> Sequence[OwnWork]:
    """Return what can be done about tasks of the person's units: one query, one more where a task
    was opened again."""
    reports = ProgressReport.objects.filter(task__in=tasks).select_related("review")
    last: dict[int, ProgressReport] = {}
    returned: dict[int, str] = {}
    for report in reports.order_by("submitted_at", "pk"):
        last[report.task_id] = report
        if report.state == ReportState.RETURNED:
            returned[report.task_id] = report.review.reason
    reopened = _reopened_for(tasks, last)
    return [
        OwnWork(
            task=task,
            lamp=task.lamp_on(today),
            report=last.get(task.pk),
            may_sign=access.holds_in(task.unit_id, PostKind.HEAD),
            returned_for=returned.get(task.pk, "") if task.state == TaskState.RETURNED else "",
            reopened_for=reopened[task.pk],
        )
        for task in tasks
    ]


def _reopened_for(tasks: Sequence[Task], last: Mapping[int, ProgressReport]) -> dict[int, str]:
    """Return why each task was opened again, as long as nothing was reported since; no query
    where none was."""
    said = {task.pk: "" for task in tasks}
    again = [task.pk for task in tasks if task.reopened]
    if not again:
        return said
    acts = Task.history.filter(id__in=again, history_change_reason__startswith=REOPENED)
    for key, at, reason in acts.order_by("history_date").values_list(
        "id", "history_date", "history_change_reason"
    ):
        is_answered = key in last and last[key].submitted_at > at
        said[key] = "" if is_answered else reason.removeprefix(REOPENED)
    return said
