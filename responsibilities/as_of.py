"""The ledger, a row or a clause as it stood at the end of any past day, read from the history."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from clauses.models import Clause, Plan, Provision
from organizations.access import Access
from organizations.models import Unit
from responsibilities.enums import (
    MONTHS_OF,
    OPEN_TASK_STATES,
    AssignmentRole,
    ObligationState,
    ReportState,
    TaskState,
)
from responsibilities.models import (
    Assignment,
    Milestone,
    MilestoneTick,
    Obligation,
    ObligationSource,
    ProgressReport,
    Task,
)
from responsibilities.models.lamp_dates import last_word
from responsibilities.models.unit_order import RANKED, name_of
from responsibilities.periods import EVENT_MARK, Period
from responsibilities.rules import Lamp, LampFacts, few_units, lamp, silent_words, thresholds_of

UNCOUNTED = (TaskState.VOID, TaskState.UNDISPATCHED)


@dataclass(frozen=True)
class Owed:
    """What the tasks of a row came to on a day; void and undispatched tasks count nowhere.

    ``current`` are those of the period that held on the day, as the ledger of today counts.
    """

    total: int = 0
    open: int = 0
    due_on: date | None = None
    quiet_since: date | None = None
    current: int = 0
    current_open: int = 0
    silent: int = 0
    first_silent: str | None = None

    @property
    def done(self) -> int:
        return self.current - self.current_open

    @property
    def silent_words(self) -> str:
        return silent_words(self.silent, self.current, name_of(self.first_silent))


@dataclass
class PastRow:
    """A row of the ledger on a past day, with its units and what was still owed."""

    obligation: Obligation
    leads: list[Unit] = field(default_factory=list)
    assists: list[Unit] = field(default_factory=list)
    supervisors: list[Unit] = field(default_factory=list)
    owed: Owed = field(default_factory=Owed)

    def lamp_on(self, day: date) -> Lamp:
        """Return the lamp that the row showed on ``day``."""
        dispatched = self.obligation.state == ObligationState.DISPATCHED
        facts = LampFacts(
            is_draft=not dispatched,
            is_closed=dispatched and self.owed.total > 0 and self.owed.open == 0,
            due_on=self.owed.due_on,
            is_periodic=self.obligation.is_periodic,
            quiet_since=self.owed.quiet_since,
            starts_on=self.obligation.starts_on,
        )
        return lamp(facts, today=day, thresholds=thresholds_of(self.obligation.plan))

    @property
    def when(self) -> str:
        return self.obligation.deadline_in_words

    @property
    def lead_words(self) -> str:
        return _few(self.leads) or "未定"

    @property
    def assist_words(self) -> str:
        return _few(self.assists) or "—"

    def concerns(self, unit: str) -> bool:
        """Whether the unit of that code led, assisted or supervised on the day."""
        return unit in {each.code for each in (*self.leads, *self.assists, *self.supervisors)}

    def is_aided_by(self, units: Collection[str]) -> bool:
        """Whether the units of those codes were in it on the day and none of them led it."""
        leads = {each.code for each in self.leads}
        return bool(units) and leads.isdisjoint(units)

    def of_role(self, role: str) -> list[Unit]:
        return {
            AssignmentRole.LEAD: self.leads,
            AssignmentRole.ASSIST: self.assists,
        }.get(AssignmentRole(role), self.supervisors)


def _few(units: list[Unit]) -> str:
    return few_units([unit.short_name for unit in units], most=1, counter="家")


def end_of(day: date) -> datetime:
    """Return the last instant of ``day`` in Asia/Shanghai."""
    start = datetime.combine(day + timedelta(days=1), time.min, timezone.get_default_timezone())
    return start - timedelta(microseconds=1)


def as_it_was(model: Any, when: date | datetime) -> Any:
    """Return the history rows that hold the records of ``model`` at an instant, or at the end of
    a day.

    Two history rows of one instant belong to one act; the one written last counts. The filters
    that follow are on the columns as they were.
    """
    rows, instant = model.history, when if isinstance(when, datetime) else end_of(when)
    later = rows.filter(id=OuterRef("id"), history_date__lte=instant).filter(
        Q(history_date__gt=OuterRef("history_date"))
        | Q(history_date=OuterRef("history_date"), history_id__gt=OuterRef("history_id"))
    )
    return rows.filter(history_date__lte=instant).filter(~Exists(later)).exclude(history_type="-")


def records(found: Iterable[Any]) -> Iterator[Any]:
    """Yield the records that history rows stand for, as they were. Columns kept out of the
    history are empty; asking the row itself for its record would fetch them, a query each."""
    for row in found:
        columns = [column.attname for column in row.tracked_fields]
        yield row.instance_type(**{name: getattr(row, name) for name in columns})


def plan_as_of(plan: Plan, day: date) -> Plan:
    """Return a copy of the plan that lights its lamps as it did at the end of ``day``."""
    then = copy(plan)
    names = ("due_soon_days", "due_soon_days_periodic", "quiet_days")
    for values in as_it_was(Plan, day).filter(id=plan.pk).values(*names):
        for name, days in values.items():
            setattr(then, name, days)
    return then


def ledger_as_of(plan: Plan, day: date, access: Access) -> list[PastRow]:
    """Return the plan's rows as they stood at the end of ``day``, in code order.

    A fixed number of queries. A unit sees the dispatched rows it was in on that day.
    """
    found = as_it_was(Obligation, day).filter(plan_id=plan.pk)
    return _rows(found.exclude(state=ObligationState.VOID).order_by("code"), day, access, plan)


def row_as_of(obligation: Obligation, day: date, access: Access) -> PastRow | None:
    """Return one row as it stood, void or not; None if it was not there or not for this person."""
    rows = _rows(as_it_was(Obligation, day).filter(id=obligation.pk), day, access, obligation.plan)
    return rows[0] if rows else None


def tasks_as_of(past: PastRow, day: date, access: Access) -> list[Task]:
    """Return the tasks on ``day`` of the row as it was then, by period and unit; a unit gets its
    own."""
    found = as_it_was(Task, day).filter(obligation_id=past.obligation.pk)
    if not access.sees_all:
        found = found.filter(unit_id__in=access.unit_ids)
    tasks = list(records(found.exclude(state__in=UNCOUNTED)))
    units = Unit.objects.in_bulk({task.unit_id for task in tasks})
    for task in tasks:
        task.obligation, task.unit = past.obligation, units[task.unit_id]
    return sorted(tasks, key=lambda task: (task.period, task.unit.order, task.pk))


def milestones_as_of(
    past: PastRow, tasks: Iterable[Task], day: date
) -> list[tuple[Milestone, int]]:
    """Return the milestones of a row on ``day``, and how many of ``tasks`` had reached each."""
    found = as_it_was(Milestone, day).filter(obligation_id=past.obligation.pk, is_dropped=False)
    milestones = list(records(found.order_by("order", "id")))
    if not milestones:
        return []
    accepted = as_it_was(ProgressReport, day).filter(
        task_id__in=[task.pk for task in tasks], state=ReportState.ACCEPTED
    )
    of_report = dict(accepted.values_list("id", "task_id"))
    ticks = as_it_was(MilestoneTick, day).filter(report_id__in=of_report)
    reached = {
        (key, of_report[report]) for key, report in ticks.values_list("milestone_id", "report_id")
    }
    counts = Counter(key for key, _ in reached)
    return [(milestone, counts[milestone.pk]) for milestone in milestones]


def dispositions_as_of(clause: Clause, day: date) -> list[Provision]:
    """Return the sentences of a clause with the dispositions they had at the end of ``day``."""
    found = as_it_was(Provision, day).filter(clause_id=clause.pk)
    return list(records(found.order_by("ordinal")))


def clause_rows_as_of(
    clause: Clause, provisions: Iterable[Provision], day: date, access: Access
) -> dict[int, list[PastRow]]:
    """Return the rows that each sentence of a clause carried on a past day, by sentence."""
    wanted = [provision.pk for provision in provisions]
    pairs = [
        (source.provision_id, source.obligation_id)
        for source in as_it_was(ObligationSource, day).filter(provision_id__in=wanted)
    ]
    found = as_it_was(Obligation, day).filter(id__in={pk for _, pk in pairs})
    live = found.exclude(state=ObligationState.VOID).order_by("code")
    rows = {row.obligation.pk: row for row in _rows(live, day, access, clause.plan)}
    carried: dict[int, list[PastRow]] = {}
    for provision, obligation in sorted(set(pairs)):
        if obligation in rows:
            carried.setdefault(provision, []).append(rows[obligation])
    return carried


def _rows(found: Any, day: date, access: Access, plan: Plan) -> list[PastRow]:
    """Give rows their units and what was owed; keep those that the person may see."""
    rows = {row.pk: PastRow(row) for row in records(found)}
    mine: set[int] = set()
    units = Unit.objects.in_bulk()
    for item in as_it_was(Assignment, day).filter(obligation_id__in=rows):
        rows[item.obligation_id].of_role(item.role).append(units[item.unit_id])
        if item.unit_id in access.unit_ids:
            mine.add(item.obligation_id)
    if not access.sees_all:
        rows = {
            pk: row
            for pk, row in rows.items()
            if pk in mine and row.obligation.state == ObligationState.DISPATCHED
        }
    plan = plan_as_of(plan, day)
    owed = _owed(rows, day, access, plan)
    for pk, row in rows.items():
        row.owed = owed.get(pk, Owed())
        row.obligation.plan = plan
        for members in (row.leads, row.assists, row.supervisors):
            members.sort(key=lambda unit: unit.order)
    return list(rows.values())


def _owed(rows: Iterable[int], day: date, access: Access, plan: Plan) -> dict[int, Owed]:
    """Add the tasks up in the database. A unit that owes tasks of a row sees only its own, as in
    the ledger of today; one that only assists sees the row's."""
    tasks = as_it_was(Task, day).filter(obligation_id__in=list(rows)).exclude(state__in=UNCOUNTED)
    # A typed day may be the first of all days: nothing lies before it.
    quiet_by = date.fromordinal(max(day.toordinal() - thresholds_of(plan).quiet, 1))
    whole = _added_up(tasks, day, quiet_by)
    if access.sees_all:
        return whole
    return whole | _added_up(tasks.filter(unit_id__in=access.unit_ids), day, quiet_by)


def _added_up(tasks: Any, day: date, quiet_by: date) -> dict[int, Owed]:
    """``quiet_by`` is the day before which long-term work must have been told of."""
    is_open = Q(state__in=OPEN_TASK_STATES)
    is_silent = is_open & Q(due_on=None, told_on__lt=quiet_by)
    periods = ["", *(Period.containing(day, frequency).code for frequency in MONTHS_OF)]
    is_current = Q(period__in=periods) | Q(period__startswith=EVENT_MARK)
    found = (
        tasks.order_by()
        .annotate(told_on=last_word())
        .values("obligation_id")
        .annotate(
            total=Count("history_id"),
            owing=Count("history_id", filter=is_open),
            due=Min("due_on", filter=is_open),
            quiet=Min(last_word(), filter=is_open & Q(due_on=None)),
            current=Count("history_id", filter=is_current),
            current_owing=Count("history_id", filter=is_current & is_open),
            silent=Count("history_id", filter=is_silent),
            first=Min(RANKED, filter=is_silent, output_field=CharField()),
        )
    )
    names = ("total", "owing", "due", "quiet", "current", "current_owing", "silent", "first")
    return {item["obligation_id"]: Owed(*(item[name] for name in names)) for item in found}
