"""The page of what needs a leader: waiting, asked for by units, decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from organizations.access import Access
from responsibilities.enums import OPEN_TASK_STATES, CoordinationState, ReportState
from responsibilities.models import Coordination, Obligation, ProgressReport, Task
from responsibilities.models.progress import ProgressReportQuerySet

DECIDED_SHOWN = 30
ASKED_SHOWN = 50


@dataclass(frozen=True)
class CoordinationPage:
    """What the person may see of the matters for leaders."""

    waiting: Sequence[Coordination]
    asked: Sequence[ProgressReport]
    decided: Sequence[Coordination]


def coordination_page(access: Access) -> CoordinationPage:
    """Gather the page; what units asked for and nobody has taken up is shown to the office."""
    items = Coordination.objects.visible_to(access).with_tasks()
    settled = items.exclude(state=CoordinationState.RAISED).order_by("-raised_at", "-pk")
    return CoordinationPage(
        waiting=list(items.awaiting_decision()),
        asked=list(asked_for_help().with_people()[:ASKED_SHOWN]) if access.is_office else [],
        decided=list(settled[:DECIDED_SHOWN]),
    )


def asked_for_help() -> ProgressReportQuerySet:
    """The last word of each open task that reached the office and was not taken back, where it
    asks for help and nothing was raised since."""
    said = ProgressReport.objects.exclude(state__in=[ReportState.WITHDRAWN, ReportState.SIGNING])
    later = said.filter(task=OuterRef("task"), pk__gt=OuterRef("pk"))
    raised = Coordination.objects.filter(
        task=OuterRef("task"), raised_at__gte=OuterRef("submitted_at")
    )
    reports = said.exclude(coordination="")
    waiting = reports.filter(~Exists(later), ~Exists(raised), task__state__in=OPEN_TASK_STATES)
    return waiting.order_by("submitted_at", "pk")


def latest_words(task: Task) -> ProgressReport | None:
    """Return the newest report of the task that asks for help, if any does."""
    reports = task.reports.exclude(coordination="").exclude(state=ReportState.WITHDRAWN)
    return reports.select_related("author").first()


def matters_of(row: Obligation, tasks: Iterable[Task], access: Access) -> list[Coordination]:
    """Return the row's matters, newest first; no query when ``tasks`` are marked as having none."""
    if not any(getattr(task, "has_matter", True) for task in tasks):
        return []
    items = Coordination.objects.visible_to(access).filter(task__obligation=row).with_tasks()
    return list(items.order_by("-raised_at", "-pk"))
