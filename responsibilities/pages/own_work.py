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
    """One open task of the person's unit, with the last report on it and what can be done.

    ``came_back`` says who wants what put right, the latest first: (what was done, the words).
    """

    task: Task
    lamp: Lamp
    report: ProgressReport | None
    may_sign: bool
    came_back: Sequence[tuple[str, str]] = ()

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
        """One press is enough while the work goes on; what came back wants an answer."""
        is_going_on = self.task.state == TaskState.IN_PROGRESS and not self.came_back
        return is_going_on and self.can_report

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
    stands: dict[int, ProgressReport] = {}
    sent_back: dict[int, str] = {}
    for report in reports.order_by("submitted_at", "pk"):
        last[report.task_id] = report
        if report.state != ReportState.WITHDRAWN:
            stands[report.task_id] = report
        if report.state != ReportState.WITHDRAWN or report.sent_back_for:
            sent_back[report.task_id] = report.sent_back_for
    reopened = _reopened_for(tasks, stands)
    return [
        OwnWork(
            task=task,
            lamp=task.lamp_on(today),
            report=last.get(task.pk),
            may_sign=access.holds_in(task.unit_id, PostKind.HEAD),
            came_back=[
                (act, words)
                for act, words in (
                    ("主要负责人退回", sent_back.get(task.pk, "")),
                    ("重新打开", reopened[task.pk]),
                    ("退回补正", _returned_for(stands.get(task.pk))),
                )
                if words
            ],
        )
        for task in tasks
    ]


def _returned_for(report: ProgressReport | None) -> str:
    """Return why the office returned what still stands as the last word."""
    is_returned = report is not None and report.state == ReportState.RETURNED
    return report.review.reason if report is not None and is_returned else ""


def _reopened_for(tasks: Sequence[Task], stands: Mapping[int, ProgressReport]) -> dict[int, str]:
    """Return why each task was opened again, as long as no report since stands; no query where
    none was."""
    said = {task.pk: "" for task in tasks}
    again = [task.pk for task in tasks if task.reopened]
    if not again:
        return said
    acts = Task.history.filter(id__in=again, history_change_reason__startswith=REOPENED)
    for key, at, reason in acts.order_by("history_date").values_list(
        "id", "history_date", "history_change_reason"
    ):
        is_answered = key in stands and stands[key].submitted_at > at
        said[key] = "" if is_answered else reason.removeprefix(REOPENED)
    return said
