"""The figures of a quarter, as the records stood at the end of its last day or today."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from clauses.models import Plan
from common.clock import day_of
from common.days import full_day
from common.errors import DomainError
from common.templatetags.display import chinese_number
from organizations.access import Access
from organizations.enums import PostKind
from organizations.models import Appointment, Post, Unit
from organizations.services.people import get_system_user
from responsibilities.as_of import PastRow, as_it_was, ledger_as_of
from responsibilities.enums import OPEN_TASK_STATES, LampKind, ObligationState, TaskState
from responsibilities.models import Task
from responsibilities.periods import Period

COLUMNS = ("obligation_id", "unit_id", "state", "due_on", "closed_on", "last_reported_on")


@dataclass(frozen=True, slots=True)
class Item:
    """A task as it stood on the day."""

    row: int
    unit: Unit
    state: str
    due_on: date | None
    closed_on: date | None
    reported_on: date | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_TASK_STATES

    @property
    def is_on_time(self) -> bool:
        return (
            self.state == TaskState.CLOSED
            and self.closed_on is not None
            and self.due_on is not None
            and self.closed_on <= self.due_on
        )

    def days_late(self, day: date) -> int:
        """The days past the date of what is still open; 0 for all else."""
        if not self.is_open or self.due_on is None:
            return 0
        return max((day - self.due_on).days, 0)


@dataclass(frozen=True)
class Tally:
    """A unit's tasks due in the quarter: all, closed on time, closed at all, open past the date.

    What is open and due on the very day is not late yet.
    """

    unit: Unit
    due: int
    on_time: int
    closed: int
    late: int

    @property
    def due_today(self) -> int:
        return self.due - self.closed - self.late

    @property
    def rate(self) -> str:
        return per_cent(self.on_time, self.due)


@dataclass(frozen=True)
class LatePart:
    """The units that owe a row since one and the same date: what is said is true of each."""

    units: Sequence[Unit]
    days: int
    due_on: date


@dataclass(frozen=True)
class LateRow:
    """A row with open tasks past their date, in parts by date, the longest late first."""

    row: PastRow
    parts: Sequence[LatePart]
    code: str

    @property
    def days(self) -> int:
        """The days of whoever is the longest late."""
        return self.parts[0].days

    @property
    def units(self) -> list[Unit]:
        """Every unit that owes something, the longest late first."""
        return list(dict.fromkeys(unit for part in self.parts for unit in part.units))

    @property
    def by_unit(self) -> list[LatePart]:
        """The parts with each unit named once, where it is the longest late."""
        named: set[Unit] = set()
        parts = []
        for part in self.parts:
            units = [unit for unit in part.units if unit not in named]
            named.update(units)
            if units:
                parts.append(replace(part, units=units))
        return parts

    @property
    def title(self) -> str:
        return self.row.obligation.title


@dataclass(frozen=True)
class Quarter:
    """A quarter of the plans in force as seen on ``day``, by a paper written on ``today``.

    The plans stand with the eldest first; rows and items are those of all of them.
    """

    plans: Sequence[Plan]
    period: Period
    day: date
    today: date
    rows: Sequence[PastRow]
    items: Sequence[Item] = field(repr=False)

    @property
    def has_several_plans(self) -> bool:
        return len(self.plans) > 1

    @property
    def named_plans(self) -> str:
        """The plans by title, and by the short name that codes bear when there are several."""
        if not self.has_several_plans:
            return f"《{self.plans[0].title}》"
        return "、".join(f"《{plan.title}》（{self._short(plan.pk)}）" for plan in self.plans)

    def code_of(self, row: PastRow) -> str:
        """The row's code; among several plans, which may use it twice, with the plan's name."""
        code = row.obligation.code
        return f"{self._short(row.obligation.plan_id)}{code}" if self.has_several_plans else code

    def rows_of(self, plan: Plan) -> list[PastRow]:
        return [row for row in self.rows if row.obligation.plan_id == plan.pk]

    @property
    def counts_by_plan(self) -> str:
        """How many rows each plan has: 方案一85项、方案二12项."""
        counts = [(self._short(plan.pk), len(self.rows_of(plan))) for plan in self.plans]
        return "、".join(f"{name}{count}项" for name, count in counts)

    def _short(self, plan_id: int) -> str:
        place = next(n for n, plan in enumerate(self.plans, 1) if plan.pk == plan_id)
        return f"方案{chinese_number(place)}"

    @cached_property
    def codes(self) -> dict[int, str]:
        """The codes of the rows as this paper writes them."""
        return {row.obligation.pk: self.code_of(row) for row in self.rows}

    @cached_property
    def lamps(self) -> Counter[LampKind]:
        return Counter(row.lamp_on(self.day).kind for row in self.rows)

    @property
    def is_in_force(self) -> bool:
        """Whether something was dispatched by the day that was open then, or due in the quarter."""
        sent = (r for r in self.rows if r.obligation.state == ObligationState.DISPATCHED)
        is_open = any(row.lamp_on(self.day).kind != LampKind.CLOSED for row in sent)
        return is_open or bool(self.due())

    def due(self, period: Period | None = None) -> list[Item]:
        """The tasks whose date fell in the period, up to the day."""
        asked = period or self.period
        last = min(asked.last_day, self.day)
        return [i for i in self.items if i.due_on and asked.first_day <= i.due_on <= last]

    def on_time(self, period: Period | None = None) -> int:
        return sum(item.is_on_time for item in self.due(period))

    @property
    def previous(self) -> Period:
        return self.period.previous()

    @cached_property
    def late_rows(self) -> list[LateRow]:
        """Late rows, the longest late first."""
        by_row: dict[int, list[Item]] = {}
        for item in self.items:
            if item.days_late(self.day):
                by_row.setdefault(item.row, []).append(item)
        known = {row.obligation.pk: row for row in self.rows}
        found = [
            LateRow(known[pk], _parts(late, self.day), self.codes[pk])
            for pk, late in by_row.items()
        ]
        return sorted(found, key=lambda row: (-row.days, row.code))

    @cached_property
    def silent_units(self) -> dict[Unit, list[str]]:
        """Units with tasks that fell due and of which nothing was ever reported, by row."""
        silent = [i for i in self.due() if i.is_open and i.reported_on is None]
        return {
            unit: sorted({self.codes[i.row] for i in silent if i.unit == unit})
            for unit in _in_order(i.unit for i in silent)
        }

    @cached_property
    def tallies(self) -> list[Tally]:
        """Units in official order, never ranked."""
        by_unit: dict[int, list[Item]] = {}
        for item in self.due():
            by_unit.setdefault(item.unit.pk, []).append(item)
        tallies = [
            Tally(
                unit=items[0].unit,
                due=len(items),
                on_time=sum(item.is_on_time for item in items),
                closed=sum(item.state == TaskState.CLOSED for item in items),
                late=sum(item.days_late(self.day) > 0 for item in items),
            )
            for items in by_unit.values()
        ]
        return sorted(tallies, key=lambda tally: (tally.unit.order, tally.unit.pk))


def _parts(late: Iterable[Item], day: date) -> list[LatePart]:
    """Part the late tasks of a row by their date."""
    by_date: dict[date, list[Unit]] = {}
    for item in late:
        if item.due_on:
            by_date.setdefault(item.due_on, []).append(item.unit)
    return [
        LatePart(_in_order(units), (day - due_on).days, due_on)
        for due_on, units in sorted(by_date.items())
    ]


def per_cent(part: int, whole: int) -> str:
    """Return a percentage to one decimal, halves away from zero; a dash of nothing.

    >>> per_cent(1, 3), per_cent(0, 0)
    ('33.3%', '—')
    """
    return f"{tenths(part, whole) / 10:.1f}%" if whole else "—"


def tenths(part: int, whole: int) -> int:
    """Return per mille as a whole number, halves up."""
    return (part * 2000 + whole) // (2 * whole)


def quarter_of(code: str) -> Period:
    """Return the quarter that ``code`` names. Raises: DomainError for anything else."""
    try:
        period = Period.parse(code)
    except ValueError as error:
        raise DomainError(str(error)) from None
    if period.months != 3:
        raise DomainError(f"“{code}”不是季度，应形如 2019Q3。")
    return period


def read_quarter(code: str, today: date) -> Quarter:
    """Read the quarter of all plans in force as the records stood. Raises: DomainError."""
    period = quarter_of(code)
    if period.first_day > today:
        raise DomainError(f"{period.label}还没有开始，没有可写的情况。")
    newest = Plan.objects.current()
    if newest is None:
        raise DomainError("还没有方案，先载入方案、下发任务。")
    begins = min(_begins(plan) for plan in Plan.objects.without_text())
    if period.last_day < begins:
        raise DomainError(
            f"方案{full_day(begins)}才公布，{period.label}还没有任务，请选公布以后的季度。"
        )
    day = min(today, period.last_day)
    found = [
        one
        for plan in reversed(Plan.objects.without_text().newest_first())
        if (one := _read_plan(plan, period, day, today)).is_in_force
    ]
    if not found:
        return _read_plan(newest, period, day, today)
    return Quarter(
        plans=[plan for one in found for plan in one.plans],
        period=period,
        day=day,
        today=today,
        rows=[row for one in found for row in one.rows],
        items=[item for one in found for item in one.items],
    )


def _begins(plan: Plan) -> date:
    """The day of the plan's publication, or that on which it was taken in here."""
    return plan.published_on or day_of(plan.history.earliest().history_date)


def _read_plan(plan: Plan, period: Period, day: date, today: date) -> Quarter:
    rows = ledger_as_of(plan, day, seeing_all())
    return Quarter([plan], period, day, today, rows, _items(rows, day))


def seeing_all() -> Access:
    """The access of the platform itself, which reads everything and writes nothing."""
    auditor = Appointment(post=Post(kind=PostKind.AUDITOR))
    return Access(user=get_system_user(), appointments=(auditor,))


def _items(rows: Sequence[PastRow], day: date) -> list[Item]:
    units = Unit.objects.in_bulk()
    found = (
        as_it_was(Task, day)
        .filter(obligation_id__in=[row.obligation.pk for row in rows])
        .exclude(state__in=[TaskState.VOID, TaskState.UNDISPATCHED])
        .values_list(*COLUMNS)
    )
    return [Item(row, units[unit], *rest) for row, unit, *rest in found]


def _in_order(units: Iterable[Unit]) -> list[Unit]:
    return sorted(dict.fromkeys(units), key=lambda unit: (unit.order, unit.pk))
