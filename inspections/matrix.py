"""The matrix unit × quarter: every cell is worked out from records and the day, none is typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from inspections.enums import CellKind
from inspections.facts import QuarterFacts, quarter_facts
from organizations.access import Access
from organizations.models import Unit
from organizations.succession import heirs_on
from responsibilities.enums import AssignmentRole, Frequency, FulfilledBy, ObligationState
from responsibilities.models import Assignment, Obligation
from responsibilities.periods import Period

BEFORE, AFTER = 3, 1  # 本季之前和之后各列几个季度


@dataclass(frozen=True)
class Column:
    """One quarter of the matrix."""

    period: Period
    is_now: bool
    is_far: bool

    @property
    def label(self) -> str:
        return self.period.label


@dataclass(frozen=True)
class Cell:
    """What is said where a unit's row meets a quarter."""

    column: Column
    facts: QuarterFacts | None
    url: str

    @property
    def kind(self) -> CellKind:
        return self.facts.kind if self.facts else CellKind.NOT_EXPECTED

    @property
    def first_day(self) -> date | None:
        """The day of the first inspection that counts."""
        return self.facts.inspected_on[0] if self.facts and self.facts.inspected_on else None

    @property
    def deputies(self) -> int:
        return self.facts.deputies if self.facts else 0


@dataclass(frozen=True)
class Row:
    """One unit and its quarters."""

    unit: Unit
    cells: Sequence[Cell]

    @property
    def now(self) -> Cell:
        return next(cell for cell in self.cells if cell.column.is_now)


@dataclass(frozen=True)
class Matrix:
    """The departments that the sentence binds, and the townships that follow it by choice."""

    columns: Sequence[Column]
    bound: Sequence[Row]
    following: Sequence[Row]
    row: Obligation | None

    @property
    def idle(self) -> Sequence[Row]:
        """Townships without a record in these quarters: beside departments they are only named."""
        if not self.bound:
            return ()
        return [row for row in self.following if not any(cell.facts for cell in row.cells)]

    @property
    def groups(self) -> Sequence[tuple[str, Sequence[Row]]]:
        idle = {row.unit.pk for row in self.idle}
        following = [row for row in self.following if row.unit.pk not in idle]
        named = (("部门", self.bound), ("镇（场、街道）参照执行，不计缺", following))
        return [(name, rows) for name, rows in named if rows]

    @property
    def now(self) -> Period:
        return next(column.period for column in self.columns if column.is_now)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of the bound units stand at each word in the quarter in question."""
        kinds = [row.now.kind for row in self.bound]
        counts = {kind.value: kinds.count(kind) for kind in CellKind}
        return counts | {
            "expected": len([kind for kind in kinds if kind != CellKind.NOT_EXPECTED]),
            "done": counts[CellKind.CONFIRMED] + counts[CellKind.LATE],
        }


def matrix_of(access: Access, *, today: date, centre: Period) -> Matrix:
    """Lay out the quarters around ``centre`` for everybody, or for the person's own units."""
    columns = _columns(centre)
    owing = _owing_units(today)
    shown = _units(access, owing, today)
    scope = None if access.sees_all else [unit.pk for unit in shown]
    facts = quarter_facts([c.period.code for c in columns], today=today, units=scope)
    rows = [Row(unit, [_cell(unit, column, facts) for column in columns]) for unit in shown]
    return Matrix(
        columns=columns,
        bound=[row for row in rows if row.unit.pk in owing],
        following=[row for row in rows if row.unit.pk not in owing],
        row=inspection_row(access),
    )


def inspection_row(access: Access) -> Obligation | None:
    """Return the newest row of the ledger that inspections fulfil, if the person may see it."""
    rows = Obligation.objects.visible_to(access).live()
    return rows.filter(fulfilled_by=FulfilledBy.INSPECTION).with_plan().order_by("-plan").first()


def _columns(centre: Period) -> list[Column]:
    first = centre
    for _ in range(BEFORE):
        first = first.previous()
    periods = [first]
    for _ in range(BEFORE + AFTER):
        periods.append(periods[-1].next())
    near = {centre, centre.previous()}
    return [Column(p, is_now=p == centre, is_far=p not in near) for p in periods]


def _owing_units(today: date) -> set[int]:
    """Return the units that the sentence binds, each as the unit that stands for it now."""
    heirs = heirs_on(today)
    held = Assignment.objects.filter(
        obligation__fulfilled_by=FulfilledBy.INSPECTION,
        obligation__state=ObligationState.DISPATCHED,
        role=AssignmentRole.LEAD,
    )
    return {heirs[pk] for pk in held.values_list("unit", flat=True)}


def _units(access: Access, owing: set[int], today: date) -> list[Unit]:
    if not access.sees_all:
        return list(access.units)
    units = Unit.objects.on(today)
    bound = [unit for unit in units.filter(pk__in=owing) if unit.is_chased]
    if not settings.TOWNSHIP_INSPECTIONS:
        return bound
    return bound + list(units.territorial().exclude(pk__in=owing))


def _cell(unit: Unit, column: Column, facts: Mapping[tuple[int, str], QuarterFacts]) -> Cell:
    asked = urlencode({"unit": unit.code, "quarter": column.period.code})
    url = f"{reverse('inspections:inspection_list')}?{asked}"
    return Cell(column, facts.get((unit.pk, column.period.code)), url)


def quarter_asked(code: str, today: date) -> Period:
    """Return the quarter that an address names, or the one of today."""
    now = Period.containing(today, Frequency.QUARTERLY)
    try:
        asked = Period.parse(code)
    except ValueError:
        return now
    return asked if asked.months == now.months and 2000 <= asked.year <= 2100 else now
