"""The home of the office: what is late and what is next, one sentence first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import F, OuterRef

from clauses.enums import Disposition
from clauses.models import Plan, Provision
from common.subcount import count_of, subcount
from common.subrows import Subrows, instant
from notices.halts import Pause, halts, pause_in
from organizations.access import Access
from organizations.people import name_of
from qinnan_safety.feed import Happening, feed_of_plan, happenings
from qinnan_safety.overview_page import FieldWork, beside_plan, field_work
from qinnan_safety.vein import LedgerRows, ledger_rows
from responsibilities.enums import Frequency, LampKind, TaskState
from responsibilities.models import (
    Extension,
    ProgressReport,
    Task,
)
from responsibilities.pages.coordination import asked_for_help
from responsibilities.pages.plan_shares import PlanShare, shares_in
from responsibilities.pages.plan_text import SPAN, left_in_part, taken_in_part
from responsibilities.pages.rows import Row, drawn
from responsibilities.periods import Period

SHOWN = 5  # 首页每个清单列出的行数，其余到台账看


@dataclass(frozen=True)
class Coverage:
    """The sentences of the plan by what became of them."""

    total: int = 0
    made: int = 0
    open: int = 0
    in_part: int = 0

    @property
    def made_whole(self) -> int:
        return self.made - self.in_part

    @property
    def rest(self) -> int:
        return self.total - self.made - self.open


@dataclass(frozen=True)
class Queue:
    """One list of the home: its first rows, how many there are, and where the rest is."""

    rows: Sequence[Row]
    count: int
    url: str

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Waiting:
    """One report that waits for review."""

    pk: int
    code: str
    title: str
    summary: str
    unit: str
    who: str
    at: datetime


@dataclass(frozen=True)
class StaffHome:
    """Everything the office's home says."""

    plan: Plan
    rows: LedgerRows
    quarter: str
    days_left: int
    coverage: Coverage
    open_sentences: Sequence[Mapping[str, str]]
    undecided: Queue
    overdue: Queue
    due_soon: Queue
    waiting: Sequence[Waiting]
    waiting_count: int
    extensions: int
    calls: int
    held: int
    pause: Pause | None
    unreceived: int
    happenings: Sequence[Happening]
    field: FieldWork
    shares: Sequence[PlanShare] = ()

    @property
    def drafts(self) -> int:
        return self.rows.drafts

    @property
    def ready(self) -> int:
        """Drafts with a deadline; whether they can go out the dispatch page says."""
        return self.drafts - self.undecided.count


def staff_home(access: Access, today: date, *, code: str = "") -> StaffHome | None:
    """Gather the office's home for the plan ``code`` or else the newest; None without a plan."""
    told = _told_plans().visible_to(access)
    plan = told.annotate(unreceived=_unreceived(today), **beside_plan(access, today)).chosen(code)
    if plan is None:
        return None
    shares = shares_in(plan.shares, plan)
    rows = ledger_rows(plan, access, today, names_plan=bool(shares))
    overdue = rows.of_kind(LampKind.OVERDUE)
    due_soon = rows.of_kind(LampKind.DUE_SOON)
    undecided = rows.undecided_drafts()
    lists = [found[:SHOWN] for found in (undecided, overdue, due_soon)]
    listed = [record for found in lists for record in found]
    lines = iter(drawn(listed, plan=plan, access=access, today=today))
    first = [[next(lines) for _ in found] for found in lists]
    quarter = Period.containing(today, Frequency.QUARTERLY)
    return StaffHome(
        plan=plan,
        rows=rows,
        quarter=quarter.label.removeprefix(f"{today.year}年"),
        days_left=(quarter.last_day - today).days,
        coverage=_coverage(plan),
        open_sentences=plan.first_open,
        undecided=Queue(first[0], len(undecided), rows.url(deadline="undecided", state="draft")),
        overdue=Queue(first[1], len(overdue), rows.url(lamp="overdue")),
        due_soon=Queue(first[2], len(due_soon), rows.url(lamp="due_soon")),
        waiting=[Waiting(**line | {"at": instant(line["at"])}) for line in plan.waiting],
        waiting_count=plan.waiting_count,
        extensions=plan.extensions,
        calls=plan.calls,
        held=plan.held,
        pause=pause_in(plan.pauses),
        unreceived=plan.unreceived,
        happenings=happenings(plan),
        field=field_work(plan.major_hazards, today),
        shares=shares,
    )


@cache
def _told_plans() -> Any:
    """The plans, each with its sentences by disposition, its last acts, and what waits for the
    office in any plan, as on the pages that answer it: reports, requests for more time, calls for
    help not put to a leader, and reminders that are held or paused. Kept is the question, put
    together once; the answer is read afresh at every request.
    """
    sentences = Provision.objects.filter(plan=OuterRef("pk"))
    made = sentences.filter(disposition=Disposition.OBLIGATION)
    undecided = sentences.open()
    return Plan.objects.annotate(
        sentences=subcount(sentences, "plan"),
        sentences_made=subcount(made, "plan"),
        sentences_open=subcount(undecided, "plan"),
        taken_in_part=Subrows(taken_in_part(OuterRef("pk")), **SPAN),
        first_open=Subrows(undecided.order_by("ordinal")[:SHOWN], "code", "text"),
        waiting=_waiting(),
        waiting_count=count_of(ProgressReport.objects.awaiting_review()),
        extensions=count_of(Extension.objects.awaiting_decision()),
        calls=count_of(asked_for_help()),
        **halts(),
        **feed_of_plan(),
    )


def _coverage(plan: Any) -> Coverage:
    partly = left_in_part(plan.taken_in_part)
    return Coverage(plan.sentences, plan.sentences_made, plan.sentences_open, partly)


def _unreceived(today: date) -> Any:
    """The tasks of the plan that lie with their units and that nobody received yet."""
    sent = Task.objects.filter(obligation__plan=OuterRef("pk"), state=TaskState.AWAITING_RECEIPT)
    return subcount(sent.started_by(today), "obligation__plan")


def _waiting() -> Subrows:
    """The reports that have waited longest for review, as :class:`Waiting` has them."""
    waiting = ProgressReport.objects.awaiting_review().order_by("submitted_at", "pk")
    return Subrows(
        waiting[:SHOWN],
        "pk",
        "summary",
        code=F("task__obligation__code"),
        title=F("task__obligation__title"),
        unit=F("task__unit__short_name"),
        who=name_of("author"),
        at=F("submitted_at"),
    )
