"""The tasks that the ledger's rows make units owe, worked out in advance and topped up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from common.tracked import create_many_with_history, save_many_with_history
from organizations.models import Unit, User
from responsibilities.enums import (
    OPEN_TASK_STATES,
    AssignmentRole,
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    ObligationState,
    TaskState,
)
from responsibilities.models import Assignment, Obligation, Task
from responsibilities.periods import EVENT_MARK, periods_between
from responsibilities.services.recalling import recall_waiting
from responsibilities.services.rollup import refresh_rollup
from responsibilities.services.telling import tell_periods

Expected = dict[tuple[int, str], Task]
# 每年 10 月起展开下一年度的期次，使各单位提前看到来年任务。
NEXT_YEAR_FROM_MONTH = 10


def horizon(today: date) -> date:
    """Return the last day up to which periods are laid out: the end of this year, or of the
    next one from October on."""
    return date(today.year + (today.month >= NEXT_YEAR_FROM_MONTH), 12, 31)


@dataclass(frozen=True)
class Covered:
    """What is owed or done already: by a unit or the one before it, or of joint work by any unit.

    Work done before a reform is not asked for again, nor is joint work that the former lead did.
    """

    by_units: set[tuple[int, int, str]]
    jointly: set[tuple[int, str]]

    @classmethod
    def by(cls, tasks: "QuerySet[Task]") -> "Covered":
        """Return what ``tasks`` cover."""
        heir_of = dict(Unit.objects.exclude(successor=None).values_list("pk", "successor_id"))
        found = cls(set(), set())
        columns = ("obligation", "unit", "period", "state", "obligation__mode")
        for row, unit, period, state, mode in tasks.values_list(*columns):
            if mode == FulfilmentMode.JOINT and state != TaskState.VOID:
                found.jointly.add((row, period))
            holder: int | None = unit
            while holder is not None and (row, holder, period) not in found.by_units:
                found.by_units.add((row, holder, period))
                holder = heir_of.get(holder)
        return found

    def holds(self, task: Task) -> bool:
        row, period = task.obligation_id, task.period
        return (row, period) in self.jointly or (row, task.unit_id, period) in self.by_units


def _slots(obligation: Obligation, today: date) -> Iterator[tuple[str, date | None, date | None]]:
    """Yield (period code, first day, due date) of everything the row expects of one unit.

    Long-term work begins for a unit on the day it is handed down, however old the row.
    """
    if obligation.deadline_kind == DeadlineKind.EVENT or obligation.starts_on is None:
        return
    if obligation.deadline_kind != DeadlineKind.PERIODIC:
        is_dated = obligation.due_on is not None
        begins = obligation.starts_on if is_dated else max(obligation.starts_on, today)
        yield "", begins, obligation.due_on
        return
    frequency = Frequency(obligation.frequency)
    for period in periods_between(obligation.starts_on, horizon(today), frequency):
        yield period.code, period.first_day, period.last_day


def _is_before(due_on: date | None, lead: Assignment, period: str) -> bool:
    """Whether a period was over before the unit was set up, or before it joined the row."""
    if not period or due_on is None:
        return False
    return any(begun and due_on < begun for begun in (lead.unit.valid_from, lead.joined_on))


def expected_tasks(
    obligation: Obligation, leads: Iterable[Assignment], *, today: date
) -> list[Task]:
    """Return unsaved tasks for every unit that owes the row and every period up to the horizon.

    Bodies that are only linked (人大、政协、法院、检察院) owe nothing and get no task.
    """
    return [
        Task(
            obligation=obligation,
            unit=lead.unit,
            period=period,
            starts_on=starts_on,
            due_on=due_on,
            original_due_on=due_on,
            state=TaskState.AWAITING_RECEIPT,
        )
        for lead in leads
        if lead.unit.is_chased
        for period, starts_on, due_on in _slots(obligation, today)
        if not _is_before(due_on, lead, period)
    ]


def create_missing_tasks(
    obligations: Iterable[Obligation], *, actor: User, at: datetime, today: date, reason: str
) -> list[Task]:
    """Create the expected tasks that are not there yet; running twice changes nothing.

    Part of the act that calls it. Returns: the new tasks.
    """
    rows = {row.pk: row for row in obligations}
    leads: dict[int, list[Assignment]] = {pk: [] for pk in rows}
    for lead in Assignment.objects.filter(
        obligation__in=rows, role=AssignmentRole.LEAD
    ).select_related("unit"):
        leads[lead.obligation_id].append(lead)
    known = Covered.by(Task.objects.filter(obligation__in=rows))
    missing = [
        task
        for pk, row in rows.items()
        for task in expected_tasks(row, leads[pk], today=today)
        if not known.holds(task)
    ]
    create_many_with_history(missing, actor=actor, reason=reason, at=at)
    refresh_rollup(rows)
    return missing


def top_up_tasks(*, actor: User, at: datetime, today: date) -> int:
    """Lay out the periods of all dispatched periodic rows up to the horizon.

    Source: 方案(三十三)“按照责任清单和时间表,定期检查、全程跟踪”,应办的先列出,缺办才看得见。
    Each unit is told once of what was added for it.
    Idempotent: a unique constraint holds one task per row, unit and period.
    Returns: the number of new tasks.
    """
    with transaction.atomic():
        rows = Obligation.objects.with_plan().filter(
            state=ObligationState.DISPATCHED, deadline_kind=DeadlineKind.PERIODIC
        )
        made = create_missing_tasks(
            rows, actor=actor, at=at, today=today, reason="按周期展开办理件"
        )
        tell_periods(made, actor=actor, at=at)
    return len(made)


def align_tasks(
    obligation: Obligation,
    *,
    is_redated: bool,
    actor: User,
    at: datetime,
    today: date,
    reason: str,
) -> None:
    """Make the tasks of a dispatched row equal to what it now expects; part of the act that
    changed its units or, where it ``is_redated``, its deadline.

    Open tasks that are expected keep their state, and their date with every extension unless the
    deadline is a new one; open tasks that are not expected are voided; voided ones that are
    expected again come back to be received anew; missing ones are created. Closed tasks stay as
    they are, and what a unit did is not asked again of the one that took it over, nor of the next
    lead of joint work. A new deadline undoes no lateness: what is overdue by the old one stays
    owed, and a date that moves back leaves the former one.
    """
    expected = _expected(obligation, today)
    held = list(obligation.tasks.locked())
    done = Covered.by(obligation.tasks.filter(state=TaskState.CLOSED))
    changed = []
    for task in held:
        wanted = expected.pop((task.unit_id, task.period), None)
        stays_owed = wanted is None and is_redated and task.is_overdue_on(today)
        stays_void = task.state == TaskState.VOID and done.holds(task)
        if not (stays_owed or stays_void) and _align(task, wanted, is_redated=is_redated):
            changed.append(task)
    dates = ["starts_on", "due_on", "original_due_on"]
    fields = ["state", "received_at", "received_by", *dates, "version"]
    save_many_with_history(changed, fields=fields, actor=actor, reason=reason, at=at)
    void = [task for task in changed if task.state == TaskState.VOID]
    recall_waiting(void, actor=actor, at=at, reason=reason)
    missing = [task for task in expected.values() if not done.holds(task)]
    create_many_with_history(missing, actor=actor, reason=reason, at=at)
    refresh_rollup([obligation.pk])


def _expected(obligation: Obligation, today: date) -> Expected:
    """Return what the row expects of its leads now, by date, by period and by event."""
    leads = Assignment.objects.filter(
        obligation=obligation, role=AssignmentRole.LEAD
    ).select_related("unit")
    dated = expected_tasks(obligation, leads, today=today)
    return {(task.unit_id, task.period): task for task in dated} | _triggered(obligation, leads)


def late_for_newcomers(obligations: Iterable[Obligation], *, today: date) -> dict[int, date]:
    """Return by row the first date past by ``today`` that a unit made its lead would owe, if any.

    Who joins separate work owes no period that is over, nor does anybody what is done of joint
    work. One statement.
    """
    rows = [row for row in obligations if row.state == ObligationState.DISPATCHED]
    joint = [row.pk for row in rows if row.mode == FulfilmentMode.JOINT]
    slots = {
        (row.pk, period): due
        for row in rows
        for period, _, due in _slots(row, today)
        if row.mode == FulfilmentMode.JOINT or not period
    }
    tasks = Task.objects.filter(obligation__in=joint).exclude(state=TaskState.VOID)
    for row, period, state, due in tasks.values_list("obligation", "period", "state", "due_on"):
        if state == TaskState.CLOSED:
            slots[row, period] = None
        elif period.startswith(EVENT_MARK):
            slots[row, period] = due
    late: dict[int, date] = {}
    for (row, _), due in slots.items():
        if due is not None and due < today:
            late[row] = min(due, late.get(row, due))
    return late


def _triggered(obligation: Obligation, leads: Iterable[Assignment]) -> "Expected":
    """Return what events that stand still expect of the row's leads, with their own dates.

    Joint work passes to whoever leads now; separate work stays with the unit concerned.
    """
    chased = [lead.unit for lead in leads if lead.unit.is_chased]
    opened = list(obligation.tasks.filter(event__voided_at=None).exclude(event=None))
    joint = obligation.mode == FulfilmentMode.JOINT
    return {
        (unit.pk, task.period): Task(
            obligation=obligation,
            unit=unit,
            event_id=task.event_id,
            period=task.period,
            starts_on=task.starts_on,
            due_on=task.due_on,
            original_due_on=task.original_due_on,
            state=TaskState.AWAITING_RECEIPT,
        )
        for task in opened
        for unit in chased
        if joint or unit.pk == task.unit_id
    }


def _align(task: Task, wanted: Task | None, *, is_redated: bool) -> bool:
    """Move one task to what is wanted; returns whether anything changed."""
    if wanted is None:
        if task.state not in OPEN_TASK_STATES:
            return False
        task.move_to(TaskState.VOID)
        return True
    if task.state == TaskState.CLOSED:
        return False
    if task.state == TaskState.VOID:
        task.move_to(TaskState.AWAITING_RECEIPT)
        task.due_on = task.original_due_on = wanted.due_on
        task.starts_on = wanted.starts_on
        return True
    if not is_redated or task.due_on == wanted.due_on:
        return False
    task.redate(wanted.due_on)
    task.version += 1
    return True
