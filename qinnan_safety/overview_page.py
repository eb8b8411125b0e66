"""全区情况: the whole district on one page, for leaders and for paper."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When

from assessments.leaders import AssessmentSummary, newest_assessment
from clauses.models import Plan
from common.subrows import Subrows
from inspections.enums import CellKind, HazardGrade
from inspections.facts import quarter_facts
from inspections.models import Hazard
from organizations.access import Access
from qinnan_safety.feed import row_url
from qinnan_safety.vein import LedgerRows, ledger_rows
from responsibilities.enums import Frequency, LampKind, ObligationState, TaskState
from responsibilities.models import Coordination, Obligation, Task
from responsibilities.pages.plan_shares import PlanShare, counted_plans, shares_in
from responsibilities.periods import Period
from responsibilities.rules import Lamp

LISTED = 8  # 一页纸上列得下的逾期任务
HAZARDS = ("major", "major_late", "listed")
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
class FieldWork:
    """The quarter's inspections led by heads, and the 重大隐患 that are not crossed off.

    ``missing`` are the units that owed one last quarter and never had it confirmed.
    """

    quarter: str
    owing: int
    confirmed: int
    awaiting: int
    missing: int
    major: int
    major_late: int
    listed: int

    @property
    def not_filed(self) -> int:
        return self.owing - self.confirmed - self.awaiting

    @property
    def unconfirmed(self) -> int:
        return self.owing - self.confirmed


@dataclass(frozen=True)
class Overview:
    """Everything the page says."""

    plan: Plan
    rows: LedgerRows
    late: Sequence[LateRow]
    units: Sequence[UnitTally]
    matters: Sequence[Coordination]
    field: FieldWork
    scores: AssessmentSummary | None = None
    shares: Sequence[PlanShare] = ()

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


def overview(access: Access, today: date, *, code: str = "") -> Overview | None:
    """Gather the page for the plan ``code``, or else the newest of which something is dispatched:
    eight queries.  What waits for a decision is listed whatever plan it belongs to."""
    plans = Plan.objects.visible_to(access).annotate(**beside_plan(access, today))
    sent = Obligation.objects.filter(plan=OuterRef("pk"), state=ObligationState.DISPATCHED)
    opening = plans if code else plans.filter(Exists(sent))
    plan: Any = opening.chosen(code) or plans.current()
    if plan is None:
        return None
    shares = shares_in(plan.shares, plan)
    rows = ledger_rows(plan, access, today, names_plan=bool(shares))
    late = rows.of_kind(LampKind.OVERDUE)[:LISTED]
    matters = Coordination.objects.visible_to(access).awaiting_decision().with_tasks()
    return Overview(
        plan=plan,
        rows=rows,
        late=_late_rows(plan, late, today),
        units=_tallies(plan, access, today),
        matters=list(matters),
        field=field_work(plan.major_hazards, today),
        scores=newest_assessment(access),
        shares=shares,
    )


def beside_plan(access: Access, today: date) -> dict[str, Any]:
    """What the pages of the whole district read along with a plan: the ``shares`` of all plans, as
    :func:`shares_in` reads them, and the ``major_hazards``, as :func:`field_work` does."""
    major = Hazard.objects.visible_to(access).open().filter(grade=HazardGrade.MAJOR)
    counted = (
        major.order_by()
        .values(one=Value(1))
        .annotate(
            major=Count("pk"),
            major_late=Count("pk", filter=Q(due_on__lt=today)),
            listed=Count("pk", filter=Q(listed_on__isnull=False, delisted_on=None)),
        )
    )
    return {
        "shares": Subrows(counted_plans(access, today), "code_of", "title_of", "total", "late"),
        "major_hazards": Subrows(counted, *HAZARDS),
    }


def field_work(major_hazards: Sequence[dict[str, int]], today: date) -> FieldWork:
    """Read the inspections of this quarter and the last, beside the 重大隐患: one query."""
    now = Period.containing(today, Frequency.QUARTERLY)
    before = now.previous()
    facts = quarter_facts([before.code, now.code], today=today)
    kinds = Counter(
        (quarter, found.kind) for (_, quarter), found in facts.items() if found.expected
    )
    hazards = major_hazards[0] if major_hazards else dict.fromkeys(HAZARDS, 0)
    return FieldWork(
        quarter=now.label,
        owing=sum(count for (quarter, _), count in kinds.items() if quarter == now.code),
        confirmed=kinds[now.code, CellKind.CONFIRMED],
        awaiting=kinds[now.code, CellKind.AWAITING],
        missing=kinds[before.code, CellKind.MISSING],
        **hazards,
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
            lamp=late_lamp((today - record["row_due_on"]).days, owing.get(record["pk"], [])),
            units=_named(owing.get(record["pk"], [])),
        )
        for record in records
    ]


def late_lamp(days: int, units: list[str]) -> Lamp:
    """The row's days are those of its earliest task; of several units they are the most."""
    return Lamp(LampKind.OVERDUE, f"{'最长' if len(units) > 1 else ''}逾期 {days} 天")


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
