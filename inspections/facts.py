"""What the records say about units and quarters, for the matrix and for whoever scores them.

Facts are read, never stored: expected, counted, late, missing. A unit that took over another
answers for it: its quarters hold what the predecessor owed and did.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from inspections.enums import CellKind, InspectionState, LeaderKind
from inspections.expected import inspection_tasks, owing
from inspections.models import Hazard, Inspection
from inspections.rules import CellFacts, cell_kind, still_wanted, worst_cell
from organizations.models import Unit
from organizations.rules import UnitDates
from organizations.succession import heirs_on, lines_among
from responsibilities.periods import Period

UNIT, OWED, HELD = range(3)
NONE, NOTHING = Value(0, IntegerField()), Value("", CharField())
# 几个清单合在一条语句里读，各清单没有的列这样空着。
EMPTY = {"quarter": NOTHING, "number": NONE, "heir": NONE, "word": NOTHING, "leader": NOTHING}


@dataclass(frozen=True)
class QuarterFacts:
    """One unit and one quarter as of ``today``; ``parts`` holds one entry for each unit in it."""

    unit_id: int
    quarter: str
    today: date
    parts: tuple[CellFacts, ...] = ()
    inspected_on: tuple[date, ...] = ()
    deputies: int = 0

    @property
    def kind(self) -> CellKind:
        return worst_cell([cell_kind(part, today=self.today) for part in self.parts])

    @property
    def expected(self) -> int:
        """How many inspections led by the head the quarter wants."""
        return sum(part.required for part in self.parts)

    @property
    def counted(self) -> int:
        """How many that count were confirmed, beyond the wanted number too."""
        return sum(len(part.confirmed_on) for part in self.parts)

    @property
    def late(self) -> int:
        """How many of the wanted ones were confirmed after the quarter's last day."""
        return sum(
            sum(day > part.due_on for day in part.confirmed_on[: part.required])
            for part in self.parts
        )

    @property
    def wanted(self) -> int:
        """How many are not there, whether or not the quarter is over."""
        return sum(part.wanted for part in self.parts)

    @property
    def missing(self) -> int:
        """How many of the wanted ones are not there though the quarter is over."""
        return sum(part.wanted for part in self.parts if part.due_on < self.today)


@dataclass
class _Slot:
    required: int = 0
    starts_on: date | None = None
    due_on: date | None = None
    confirmed_on: list[date] = field(default_factory=list)
    inspected_on: list[date] = field(default_factory=list)
    is_awaiting: bool = False
    deputies: int = 0

    def owe(self, task: "_Line") -> None:
        self.required = max(self.required, task.number)
        self.starts_on = min(filter(None, (self.starts_on, task.first)), default=None)
        self.due_on = max(filter(None, (self.due_on, task.last)), default=None)

    def hold(self, record: "_Line") -> None:
        if record.leader == LeaderKind.DEPUTY:
            self.deputies += record.word == InspectionState.RECORDED
        elif record.word == InspectionState.CONFIRMED and record.first and record.last:
            self.inspected_on.append(record.first)
            self.confirmed_on.append(record.last)
        elif record.word == InspectionState.AWAITING:
            self.is_awaiting = True

    def facts(self, period: Period) -> CellFacts:
        return CellFacts(
            required=self.required,
            starts_on=self.starts_on or period.first_day,
            due_on=self.due_on or period.last_day,
            confirmed_on=tuple(sorted(self.confirmed_on)),
            is_awaiting=self.is_awaiting,
        )


def quarter_facts(
    quarters: Iterable[str], *, today: date, units: Iterable[int] | None = None
) -> Mapping[tuple[int, str], QuarterFacts]:
    """Return (unit, quarter) → its facts as of ``today``, for ``units`` or for everybody.

    ``quarters`` are codes (``2019Q3``). A pair that is not there owes nothing and holds nothing.
    One query, however many units and quarters.
    """
    lists: dict[int, list[_Line]] = defaultdict(list)
    for line in _read(quarters):
        lists[line.listed].append(line)
    succession = lines_among(_in_order(lists[UNIT]), today)
    asked = set(succession if units is None else units)
    members = {pk for pk, line in succession.items() if line[-1] in asked}
    by_heir: dict[tuple[int, str], list[_Slot]] = defaultdict(list)
    for (unit_id, quarter), slot in _slots(lists, members, succession).items():
        by_heir[succession[unit_id][-1], quarter].append(slot)
    return {
        (unit_id, quarter): QuarterFacts(
            unit_id=unit_id,
            quarter=quarter,
            today=today,
            parts=tuple(slot.facts(Period.parse(quarter)) for slot in slots),
            inspected_on=tuple(sorted(day for slot in slots for day in slot.inspected_on)),
            deputies=sum(slot.deputies for slot in slots),
        )
        for (unit_id, quarter), slots in by_heir.items()
    }


def wanted_besides(inspection: Inspection, *, today: date) -> str:
    """Say what the quarter wants of the head besides a record that does not count."""
    heir, quarter = heirs_on(today)[inspection.unit_id], inspection.quarter
    known = quarter_facts([quarter], today=today, units=[heir])
    facts = known.get((heir, quarter), QuarterFacts(heir, quarter, today))
    return still_wanted(inspection.quarter_label, wanted=facts.wanted, missing=facts.missing)


class _Line(NamedTuple):
    """A unit, what one owes for a quarter, or the record of an inspection."""

    listed: int
    unit: int
    quarter: str
    first: date | None
    last: date | None
    number: int
    heir: int
    word: str
    leader: str


def _read(quarters: Iterable[str]) -> Sequence[_Line]:
    """Read the units, their tasks in the quarters and their records, in one query.

    A unit comes with its dates, place, successor and code; plans that ask the same ask it once.
    """
    wanted = list(quarters)
    units, tasks, records = _shaped_lists()
    found = units.union(
        tasks.filter(period__in=wanted), records.filter(quarter__in=wanted), all=True
    )
    return [_Line(*row) for row in found]


@cache
def _shaped_lists() -> tuple[QuerySet[Any, Any], ...]:
    """Units, tasks and records of every quarter; kept are the questions, put together once."""
    units = _list(
        UNIT,
        Unit.objects.all(),
        unit="pk",
        first="valid_from",
        last="valid_to",
        number="order",
        heir=Coalesce("successor", 0),
        word="code",
    )
    tasks = _list(
        OWED,
        inspection_tasks().distinct(),
        unit="unit",
        quarter="period",
        first="starts_on",
        last="due_on",
        number=F("obligation__times_per_period"),
    )
    records = _list(
        HELD,
        Inspection.objects.live(),
        unit="unit",
        quarter="quarter",
        first="inspected_on",
        last="confirmed_on",
        word="state",
        leader="leader_kind",
    )
    return units, tasks, records


def _list(listed: int, rows: QuerySet[Any], **columns: str | Combinable) -> "QuerySet[Any, Any]":
    """Shape one list like every other, so that they can be read together."""
    listing = Value(listed, IntegerField())
    return rows.order_by().values_list(
        listing, *(columns.get(name) or EMPTY[name] for name in _Line._fields[1:])
    )


def _in_order(lines: Iterable[_Line]) -> list[UnitDates]:
    return [
        UnitDates(line.unit, line.word, line.first, line.last, line.heir or None)
        for line in sorted(lines, key=lambda line: (line.number, line.unit))
    ]


def _slots(
    lists: Mapping[int, Iterable[_Line]],
    members: Container[int],
    succession: Mapping[int, Sequence[int]],
) -> Mapping[tuple[int, str], _Slot]:
    """Lay tasks and records side by side; a record counts where its unit's task lies now."""
    slots: dict[tuple[int, str], _Slot] = defaultdict(_Slot)
    owed: dict[str, set[int]] = defaultdict(set)
    for task in lists[OWED]:
        if task.unit in members:
            slots[task.unit, task.quarter].owe(task)
            owed[task.quarter].add(task.unit)
    for record in lists[HELD]:
        if record.unit in members:
            unit_id = owing(record.unit, succession, owed[record.quarter])
            slots[unit_id, record.quarter].hold(record)
    return slots


@dataclass(frozen=True)
class HazardFacts:
    """The hazards of one unit in a stretch of days, as they stand on ``today``.

    ``found`` were found in it; ``due`` had their date in it, each of them closed in time, closed
    late, overdue on its last day, or not over yet; ``open`` and ``major_open`` are those that are
    not closed now; ``reopened`` counts how often closed ones came back.
    """

    unit_id: int
    found: int = 0
    due: int = 0
    closed_in_time: int = 0
    closed_late: int = 0
    overdue: int = 0
    open: int = 0
    major_open: int = 0
    reopened: int = 0


def hazard_facts(first: date, last: date, *, today: date) -> Mapping[int, HazardFacts]:
    """Return unit → its hazards between ``first`` and ``last``, both counted: two queries.

    A unit that took over another answers for its hazards. A unit that is not there has none.
    """
    heirs = heirs_on(today)
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for hazard in Hazard.objects.live():
        told = counts[heirs[hazard.unit_id]]
        for name, holds in _marks_of(hazard, first, last, today).items():
            told[name] += holds
    return {unit: HazardFacts(unit_id=unit, **told) for unit, told in counts.items()}


def _marks_of(hazard: Hazard, first: date, last: date, today: date) -> Mapping[str, int]:
    is_due = hazard.due_on is not None and first <= hazard.due_on <= last
    is_closed = hazard.closed_on is not None
    is_over = hazard.due_on is not None and hazard.due_on < today
    return {
        "found": first <= hazard.found_on <= last,
        "due": is_due,
        "closed_in_time": is_due and is_closed and not hazard.is_late,
        "closed_late": is_due and is_closed and hazard.is_late,
        "overdue": is_due and not is_closed and is_over,
        "open": hazard.is_open,
        "major_open": hazard.is_open and hazard.is_major,
        "reopened": hazard.reopened,
    }
