"""Several reports as one act: all of them, or none."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from common.errors import DomainError
from organizations.models import User
from responsibilities.models import ProgressReport, Task
from responsibilities.services.progress import ReportContent, submit_report


def submit_all(
    said: Iterable[tuple[Task, ReportContent]], *, token: str, actor: User, at: datetime
) -> list[ProgressReport]:
    """Report on each task, all or nothing; the same ``token`` again is the same submission.

    Raises: NotAllowed; DomainError that names the task which refused.
    """
    reports = []
    with transaction.atomic():
        for task, content in said:
            try:
                mark = f"{token}-{task.pk}"
                reports.append(submit_report(task, content, token=mark, actor=actor, at=at))
            except DomainError as error:
                raise DomainError(f"{task.obligation.code}：{error.message}") from error
    return reports
