"""How far tasks have come: the milestones of their rows, and which of them are ticked off."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common.clock import day_of
from responsibilities.enums import ReportState
from responsibilities.models import Milestone, MilestoneTick, Task


@dataclass(frozen=True)
class Step:
    """One milestone of one task, and the day on which it was reached, if it was."""

    milestone: Milestone
    done_on: date | None = None


@dataclass(frozen=True)
class Steps:
    """The milestones of one task in their order; none where its row has none."""

    all: tuple[Step, ...] = ()

    @property
    def done(self) -> list[Step]:
        return [step for step in self.all if step.done_on]

    @property
    def left(self) -> list[Step]:
        return [step for step in self.all if not step.done_on]


NO_STEPS = Steps()


@dataclass(frozen=True)
class RowStep:
    """One milestone of a row, and when each of its tasks reached it."""

    milestone: Milestone
    days: tuple[date | None, ...] = ()

    @property
    def total(self) -> int:
        return len(self.days)

    @property
    def done(self) -> int:
        return sum(day is not None for day in self.days)

    @property
    def is_done(self) -> bool:
        return self.total > 0 and self.done == self.total

    @property
    def done_on(self) -> date | None:
        """The day of the last task to reach it, once all have."""
        return max(day for day in self.days if day) if self.is_done else None


@dataclass(frozen=True)
class RowSteps:
    """The milestones of a row in their order; none where it has none."""

    all: tuple[RowStep, ...] = ()

    @classmethod
    def of_tasks(cls, steps: Iterable[Steps]) -> "RowSteps":
        """Put the milestones of one row's tasks side by side."""
        columns = zip(*(task.all for task in steps), strict=True)
        return cls(
            tuple(RowStep(one[0].milestone, tuple(s.done_on for s in one)) for one in columns)
        )

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.all)

    @property
    def is_ones_own(self) -> bool:
        """Whether a single task is there to reach them."""
        return all(step.total == 1 for step in self.all)


def steps_of(tasks: Iterable[Task]) -> Mapping[int, Steps]:
    """Return the milestones of each task by its key: one query, a second where there are any.

    Reached is what the office has accepted; the day is the one that the report names, else the one
    on which it was submitted.
    """
    tasks = list(tasks)
    rows: dict[int, list[Milestone]] = defaultdict(list)
    for milestone in Milestone.objects.standing().filter(
        obligation__in={task.obligation_id for task in tasks}
    ):
        rows[milestone.obligation_id].append(milestone)
    if not rows:
        return {}
    reached = _reached(tasks)
    return {
        task.pk: Steps(
            tuple(Step(item, reached.get((task.pk, item.pk))) for item in rows[task.obligation_id])
        )
        for task in tasks
        if task.obligation_id in rows
    }


def _reached(tasks: Sequence[Task]) -> dict[tuple[int, int], date]:
    ticks = MilestoneTick.objects.filter(
        report__task__in=[task.pk for task in tasks], report__state=ReportState.ACCEPTED
    ).order_by("report__submitted_at", "pk")
    found: dict[tuple[int, int], date] = {}
    for task, milestone, happened_on, submitted_at in ticks.values_list(
        "report__task", "milestone", "report__happened_on", "report__submitted_at"
    ):
        found.setdefault((task, milestone), happened_on or day_of(submitted_at))
    return found
