"""The tasks of one row on its page: by unit and period, with lamp, receipt and milestones."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import Exists, OuterRef

from common.clock import day_of
from common.subcount import subcount
from common.workdays import plus_working_days
from organizations.access import Access
from responsibilities.enums import (
    MONTHS_OF,
    ExtensionState,
    Frequency,
    ObligationState,
    TaskState,
)
from responsibilities.milestones import NO_STEPS, Steps
from responsibilities.models import (
    Assignment,
    Chase,
    Coordination,
    Extension,
    Obligation,
    Task,
    TaskQuerySet,
)
from responsibilities.periods import Period, period_label
from responsibilities.rules import RECEIPT_WORKDAYS, Lamp
from responsibilities.services.expected import expected_tasks

# 办理件多于这个数，只列出打开的那一期，其余各期一行一个链接。
LISTED = 100


@dataclass(frozen=True)
class TaskLine:
    """One task in the table of work."""

    task: Task
    lamp: Lamp
    is_waiting_for_time: bool
    is_received_late: bool
    steps: Steps = NO_STEPS

    @property
    def extended(self) -> int:
        """How often the office granted more time."""
        return int(getattr(self.task, "extended", 0))

    @property
    def chased(self) -> int:
        """How often the office chased it."""
        return int(getattr(self.task, "chased", 0))


@dataclass(frozen=True)
class PeriodWork:
    """The tasks of one period; once-off work is one period without a name."""

    code: str
    lines: tuple[TaskLine, ...]
    is_current: bool
    is_future: bool
    is_open: bool
    is_listed: bool

    @property
    def label(self) -> str:
        return period_label(self.code)

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def done(self) -> int:
        return sum(line.task.state == TaskState.CLOSED for line in self.lines)

    @property
    def overdue(self) -> int:
        return sum(line.lamp.kind == "overdue" for line in self.lines)


@dataclass(frozen=True)
class Work:
    """All tasks of a row that the person may see, by period; void ones are only counted."""

    periods: tuple[PeriodWork, ...]
    void_count: int
    expected_count: int

    @property
    def current(self) -> PeriodWork | None:
        return next((period for period in self.periods if period.is_current), None)

    @property
    def unit_count(self) -> int:
        return len({line.task.unit_id for period in self.periods for line in period.lines})

    @property
    def is_flat(self) -> bool:
        """Whether one table says it all: a single period, or a single unit."""
        return len(self.periods) <= 1 or self.unit_count == 1

    @property
    def by_period(self) -> bool:
        """Whether the lines of the one table are told apart by their periods."""
        return self.unit_count == 1 and len(self.periods) > 1

    @property
    def lines(self) -> list[TaskLine]:
        return [line for period in self.periods for line in period.lines]

    @property
    def extended(self) -> list[TaskLine]:
        return [line for line in self.lines if line.task.is_extended]


def is_received_late(task: Task, handed_at: datetime | None, today: date) -> bool:
    """Whether the receipt came, or is still due, too long after the task was handed down, its
    period had begun and its unit was there."""
    waits = task.state == TaskState.AWAITING_RECEIPT
    if handed_at is None or (task.received_at is None and not waits):
        return False
    begins = max(filter(None, (day_of(handed_at), task.starts_on, task.unit.valid_from)))
    received_on = day_of(task.received_at) if task.received_at else today
    return received_on > plus_working_days(begins, RECEIPT_WORKDAYS)


def tasks_of_row(row: Obligation, access: Access) -> list[Task]:
    tasks = list(_told_tasks().visible_to(access).filter(obligation=row))
    for task in tasks:
        task.obligation = row
    return tasks


@cache
def _told_tasks() -> TaskQuerySet:
    """The tasks as the table of work shows them; kept is the question, put together once."""
    extensions = Extension.objects.filter(task=OuterRef("pk"))
    chases = Chase.objects.filter(task=OuterRef("pk"), undone_at__isnull=True)
    return (
        Task.objects.with_units()
        .select_related("received_by")
        .with_handed_at()
        .annotate(
            extended=subcount(extensions.filter(state=ExtensionState.GRANTED), "task"),
            is_waiting=Exists(extensions.filter(state=ExtensionState.REQUESTED)),
            has_matter=Exists(Coordination.objects.filter(task=OuterRef("pk"))),
            chased=subcount(chases, "task"),
        )
        .order_by("period", "unit__order", "pk")
    )


def work_of_row(
    row: Obligation,
    tasks: list[Task],
    leads: list[Assignment],
    today: date,
    asked: str,
    steps: Mapping[int, Steps],
) -> Work:
    shown = [task for task in tasks if task.state != TaskState.VOID]
    codes = sorted({task.period for task in shown})
    now = _current_code(row, codes, today)
    opened = asked if asked in codes else now
    return Work(
        periods=tuple(
            _period(
                [task for task in shown if task.period == code],
                today,
                steps,
                is_current=code == now,
                is_open=code == opened,
                is_listed=code == opened or len(shown) <= LISTED,
            )
            for code in codes
        ),
        void_count=len(tasks) - len(shown),
        expected_count=_expected(row, leads, today),
    )


def _period(
    tasks: list[Task], today: date, steps: Mapping[int, Steps], **marks: bool
) -> PeriodWork:
    code = tasks[0].period
    starts = [task.starts_on for task in tasks if task.starts_on]
    return PeriodWork(
        code=code,
        lines=tuple(
            TaskLine(
                task,
                task.lamp_on(today),
                getattr(task, "is_waiting", False),
                is_received_late(task, getattr(task, "handed_at", None), today),
                steps.get(task.pk, NO_STEPS),
            )
            for task in tasks
        ),
        is_future=bool(code) and bool(starts) and min(starts) > today,
        **marks,
    )


def _current_code(row: Obligation, codes: list[str], today: date) -> str:
    """Return the period that contains ``today``; before the first one begins, the first."""
    if row.frequency not in MONTHS_OF or not codes:
        return ""
    now = Period.containing(today, Frequency(row.frequency)).code
    return now if now in codes else codes[0]


def _expected(row: Obligation, leads: list[Assignment], today: date) -> int:
    """Return how many tasks the dispatch of a draft row would make as it stands."""
    if row.state != ObligationState.DRAFT or (row.is_periodic and row.frequency not in MONTHS_OF):
        return 0
    preview = copy(row)
    preview.starts_on = today
    return len(expected_tasks(preview, leads, today=today))
