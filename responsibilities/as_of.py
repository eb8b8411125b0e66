"""The ledger as it stood at the end of any past day, read from the history."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from clauses.models import Plan, Provision
from organizations.access import Access
from organizations.models import Unit
from responsibilities.enums import (
    OPEN_TASK_STATES,
    AssignmentRole,
    ObligationState,
    TaskState,
)
from responsibilities.models import Assignment, Obligation, Task
from responsibilities.rules import Lamp, LampFacts, lamp


@dataclass
class PastRow:
    """A row of the ledger on a past day, with its units and what was still owed."""

    obligation: Obligation
    leads: list[Unit] = field(default_factory=list)
    assists: list[Unit] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def open_tasks(self) -> list[Task]:
        return [task for task in self.tasks if task.state in OPEN_TASK_STATES]

    @property
    def done_count(self) -> int:
        return sum(task.state == TaskState.CLOSED for task in self.tasks)

    def lamp_on(self, day: date) -> Lamp:
        """Return the lamp that the row showed on ``day``."""
        owed = self.open_tasks
        dates = [task.due_on for task in owed if task.due_on is not None]
        quiet = [
            since
            for task in owed
            if task.due_on is None and (since := task.last_reported_on or task.starts_on)
        ]
        dispatched = self.obligation.state == ObligationState.DISPATCHED
        facts = LampFacts(
            is_draft=not dispatched,
            is_closed=dispatched and bool(self.tasks) and not owed,
            due_on=min(dates, default=None),
            is_periodic=self.obligation.is_periodic,
            quiet_since=min(quiet, default=None),
            starts_on=self.obligation.starts_on,
        )
        return lamp(facts, today=day)


def end_of(day: date) -> datetime:
    """Return the last instant of ``day`` in Asia/Shanghai."""
    start = datetime.combine(day + timedelta(days=1), time.min, timezone.get_default_timezone())
    return start - timedelta(microseconds=1)


def ledger_as_of(plan: Plan, day: date, access: Access) -> list[PastRow]:
    """Return the plan's rows as they stood at the end of ``day``, in code order.

    A fixed number of queries. A unit sees the rows it was in on that day, with its own tasks.
    """
    instant = end_of(day)
    found = Obligation.history.as_of(instant).filter(plan_id=plan.pk).order_by("code")
    rows = {row.pk: PastRow(row) for row in found if row.state != ObligationState.VOID}
    units = Unit.objects.in_bulk()
    mine: set[int] = set()
    for item in Assignment.history.as_of(instant).filter(obligation_id__in=rows):
        row = rows[item.obligation_id]
        if item.unit_id in access.unit_ids:
            mine.add(item.obligation_id)
        if item.role == AssignmentRole.LEAD:
            row.leads.append(units[item.unit_id])
        elif item.role == AssignmentRole.ASSIST:
            row.assists.append(units[item.unit_id])
    for task in Task.history.as_of(instant).filter(obligation_id__in=rows):
        shown = access.sees_all or task.unit_id in access.unit_ids
        if shown and task.state not in {TaskState.VOID, TaskState.UNDISPATCHED}:
            rows[task.obligation_id].tasks.append(task)
    for row in rows.values():
        row.leads.sort(key=lambda unit: unit.order)
        row.assists.sort(key=lambda unit: unit.order)
    if access.sees_all:
        return list(rows.values())
    return [
        row
        for pk, row in rows.items()
        if pk in mine and row.obligation.state == ObligationState.DISPATCHED
    ]


def dispositions_as_of(plan: Plan, day: date) -> dict[int, Provision]:
    """Return the plan's sentences with the dispositions they had at the end of ``day``, by id."""
    past = Provision.history.as_of(end_of(day)).filter(plan_id=plan.pk)
    return {provision.pk: provision for provision in past}
