"""全区情况: the whole district on one page, for leaders and for paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Q, When

from assessments.leaders import AssessmentSummary, newest_assessment
from clauses.models import Plan
from organizations.access import Access
from qinnan_safety.feed import row_url
from qinnan_safety.vein import LedgerRows, ledger_rows
from responsibilities.enums import LampKind, TaskState
from responsibilities.models import Coordination, Task
from responsibilities.rules import Lamp

LISTED = 8  # 一页纸上列得下的逾期任务
NAMED = 3  # 一项任务点名的逾期单位数


@dataclass(frozen=True)
class LateRow:
    """A late row and the units that owe it."""

    code: str
    title: str
    url: str
    lamp: Lamp
    units: str


@dataclass(frozen=True)
class UnitTally:
    """A unit's tasks that have begun: all, closed, late."""

    code: str
    name: str
    total: int
    closed: int
    overdue: int
    due: int
    on_time: int
    is_gone: bool


@dataclass(frozen=True)
class Overview:
    """Everything the page says."""

    plan: Plan
    rows: LedgerRows
    late: Sequence[LateRow]
    units: Sequence[UnitTally]
    matters: Sequence[Coordination]
    scores: AssessmentSummary | None = None

    @property
    def overdue(self) -> int:
        return self.rows.counts[LampKind.OVERDUE]

    @property
    def due_soon(self) -> int:
        return self.rows.counts[LampKind.DUE_SOON]

    @property
    def more_late(self) -> int:
        return self.overdue - len(self.late)

    @property
    def due(self) -> int:
        return sum(unit.due for unit in self.units)

    @property
    def on_time(self) -> int:
        return sum(unit.on_time for unit in self.units)

    @property
    def standing(self) -> list[UnitTally]:
        """The units that exist today; work done before a reform stays with the units of then."""
        return [unit for unit in self.units if not unit.is_gone]

    @property
    def gone_closed(self) -> int:
        return sum(unit.closed for unit in self.units if unit.is_gone)

    @property
    def gone_total(self) -> int:
        return sum(unit.total for unit in self.units if unit.is_gone)

    @property
    def late_units(self) -> int:
        return sum(unit.overdue > 0 for unit in self.units)

    @property
    def clean_units(self) -> int:
        return sum(not unit.overdue for unit in self.standing)


def overview(access: Access, today: date) -> Overview | None:
    """Gather the page for the newest plan: five queries."""
    plan = Plan.objects.visible_to(access).current()
    if plan is None:
        return None
    rows = ledger_rows(plan, access, today)
    late = rows.of_kind(LampKind.OVERDUE)[:LISTED]
    matters = Coordination.objects.visible_to(access).awaiting_decision().with_tasks()
    return Overview(
        plan=plan,
        rows=rows,
        late=_late_rows(plan, late, today),
        units=_tallies(plan, access, today),
        matters=list(matters.filter(task__obligation__plan=plan)),
        scores=newest_assessment(access),
    )


def _late_rows(plan: Plan, records: list[dict[str, Any]], today: date) -> list[LateRow]:
    tasks = Task.objects.overdue(today=today).filter(
        obligation__in=[record["pk"] for record in records]
    )
    owing: dict[int, list[str]] = {}
    for obligation, name in tasks.order_by("unit__order", "pk").values_list(
        "obligation", "unit__short_name"
    ):
        names = owing.setdefault(obligation, [])
        if name not in names:
            names.append(name)
    return [
        LateRow(
            code=record["code"],
            title=record["title"],
            url=row_url(plan, record["code"]),
            lamp=Lamp(LampKind.OVERDUE, f"逾期 {(today - record['row_due_on']).days} 天"),
            units=_named(owing.get(record["pk"], [])),
        )
        for record in records
    ]


def _named(units: list[str]) -> str:
    head = "、".join(units[:NAMED])
    return f"{head}等 {len(units)} 个单位" if len(units) > NAMED else head


def _tallies(plan: Plan, access: Access, today: date) -> list[UnitTally]:
    """Count each unit's tasks in official order; this is no ranking."""
    tasks = Task.objects.visible_to(access).filter(obligation__plan=plan).started_by(today)
    counted = tasks.exclude(state__in=[TaskState.VOID, TaskState.UNDISPATCHED])
    closed = Q(state=TaskState.CLOSED)
    is_due = Q(due_on__lte=today)
    found = (
        counted.order_by("unit__order", "unit__pk")
        .values("unit__order", "unit__pk", code=F("unit__code"), name=F("unit__short_name"))
        .annotate(
            total=Count("pk"),
            closed=Count("pk", filter=closed),
            overdue=Count("pk", filter=~closed & Q(due_on__lt=today)),
            due=Count("pk", filter=is_due),
            on_time=Count("pk", filter=is_due & closed & Q(closed_on__lte=F("due_on"))),
            is_gone=Case(When(unit__valid_to__lt=today, then=True), default=False),
        )
    )
    names = UnitTally.__dataclass_fields__
    return [UnitTally(**{name: row[name] for name in names}) for row in found]
