"""Take reports back that nobody has to review any more; part of the act that settled their task."""

from collections.abc import Iterable
from datetime import datetime

from common.tracked import save_many_with_history
from organizations.models import User
from responsibilities.enums import ReportState
from responsibilities.models import ProgressReport, Task

WAITING = (ReportState.SUBMITTED, ReportState.SIGNING)


def recall_reports(tasks: Iterable[Task], *, actor: User, at: datetime, reason: str) -> None:
    """Withdraw what still waits for a head or for the office on tasks that are void or closed."""
    keys = [task.pk for task in tasks]
    waiting = list(ProgressReport.objects.filter(task__in=keys, state__in=WAITING))
    for report in waiting:
        report.state = ReportState.WITHDRAWN
    save_many_with_history(waiting, fields=["state"], actor=actor, reason=reason, at=at)
