"""The homes of the office and of a unit: what is late and what is next, one sentence first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from assessments.leaders import newest_scores
from assessments.models import UnitScore
from clauses.enums import Disposition
from clauses.models import Plan, Provision
from common.subcount import count_of, subcount
from common.subrows import Subrows, instant
from inspections.models import Inspection
from inspections.unfollowed import LooseEnds, loose_ends
from notices.halts import Pause, halts, pause_in
from organizations.access import Access
from organizations.enums import PostKind
from organizations.models import Appointment
from organizations.people import name_of
from qinnan_safety.feed import Happening, feed_of_plan, happenings
from qinnan_safety.vein import LedgerRows, ledger_rows
from responsibilities.coordination_page import asked_for_help
from responsibilities.enums import AssignmentRole, Frequency, LampKind, TaskState
from responsibilities.models import (
    Assignment,
    Extension,
    Obligation,
    ObligationSource,
    ProgressReport,
    Task,
    TaskQuerySet,
)
from responsibilities.periods import Period
from responsibilities.plan_shares import PlanShare, plan_shares
from responsibilities.plan_text import SPAN, left_in_part, taken_in_part
from responsibilities.rows import Row, drawn
from responsibilities.rules import Lamp

SHOWN = 5  # 首页每个清单列出的行数，其余到台账看
OWN_SHOWN = 20  # 单位首页列出的办理件数
QUIET_SHOWN = 5
WITHIN_A_DAY = ("obligation__code", "pk")


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
    plan = _told_plans().visible_to(access).annotate(unreceived=_unreceived(today)).chosen(code)
    if plan is None:
        return None
    shares = plan_shares(plan, access=access, today=today) if plan.plan_count > 1 else ()
    rows = ledger_rows(plan, access, today, names_plan=bool(shares))
    overdue = rows.of_kind(LampKind.OVERDUE)
    due_soon = rows.of_kind(LampKind.DUE_SOON)
    undecided = rows.undecided_drafts()
    lists = [found[:SHOWN] for found in (undecided, overdue, due_soon)]
    lines = iter(
        drawn([r for found in lists for r in found], plan=plan, access=access, today=today)
    )
    first = [[next(lines) for _ in found] for found in lists]
    quarter = Period.containing(today, Frequency.QUARTERLY)
    coverage = Coverage(
        plan.sentences, plan.sentences_made, plan.sentences_open, left_in_part(plan.taken_in_part)
    )
    return StaffHome(
        plan=plan,
        rows=rows,
        quarter=quarter.label.removeprefix(f"{today.year}年"),
        days_left=(quarter.last_day - today).days,
        coverage=coverage,
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
    return Plan.objects.with_sibling_count().annotate(
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


@dataclass(frozen=True)
class OwnTask:
    """One task on a unit's home, with the words of the plan it comes from."""

    task: Task
    lamp: Lamp
    sentence: str
    tag: tuple[str, str] | None
    inspection: Inspection | None = None

    @property
    def kind(self) -> LampKind:
        return self.lamp.kind


@dataclass(frozen=True)
class UnitHome:
    """Everything a unit's home says."""

    quarter: str
    tasks: Sequence[OwnTask]
    waiting: Sequence[Inspection]
    due: int
    overdue: int
    open: int
    quiet: int
    under_review: int
    signing: int
    led: int
    assisted: int
    contacts: Sequence[Appointment]
    colleagues: Sequence[Appointment]
    names_units: bool
    to_sign: int
    loose_ends: LooseEnds
    scores: Sequence[UnitScore] = ()

    @property
    def names_plans(self) -> bool:
        """Whether codes alone would be ambiguous: the tasks come from several plans."""
        return len({own.task.obligation.plan_id for own in self.tasks}) > 1

    @property
    def to_do(self) -> int:
        return self.due + self.quiet

    @property
    def later(self) -> int:
        return self.open - self.due - self.quiet - self.under_review - self.signing

    @property
    def more(self) -> int:
        return self.to_do - len(self.tasks)


# 只有例外才加小签。
TASK_TAGS = {
    TaskState.AWAITING_RECEIPT: ("待签收", ""),
    TaskState.RETURNED: ("退回补正", "red"),
}
LAMP_RANK = {kind: place for place, kind in enumerate(LampKind)}


def unit_home(access: Access, today: date) -> UnitHome:
    """Gather the home of the person's own units; nothing of any other unit is read.

    What lies with the office for review is counted, not listed: the unit has nothing to do.
    """
    quarter = Period.containing(today, Frequency.QUARTERLY)
    everything, is_quiet = _open_tasks(access, today), _is_quiet(access, today)
    is_ours = ~Q(state=TaskState.UNDER_REVIEW) & Q(is_signing=False)
    counts = everything.aggregate(
        open=Count("pk"),
        due=Count("pk", filter=is_ours & Q(due_on__lte=quarter.last_day)),
        overdue=Count("pk", filter=is_ours & Q(due_on__lt=today)),
        quiet=Count("pk", filter=is_ours & is_quiet),
        under_review=Count("pk", filter=Q(state=TaskState.UNDER_REVIEW)),
        signing=Count("pk", filter=Q(is_signing=True)),
    )
    own = everything.filter(is_ours).with_obligations()
    dated, silent = own.filter(due_on__lte=quarter.last_day), own.filter(is_quiet)
    tasks = [
        *(dated.order_by("due_on", *WITHIN_A_DAY)[:OWN_SHOWN] if counts["due"] else ()),
        *(silent.order_by("told_on", *WITHIN_A_DAY)[:QUIET_SHOWN] if counts["quiet"] else ()),
    ]
    to_confirm = _to_confirm(access)
    shown = _own_tasks(tasks, today, to_confirm)
    with_task = {own.inspection.pk for own in shown if own.inspection}
    roles, people = _roles(access), _contacts(access, today)
    return UnitHome(
        quarter=quarter.label.removeprefix(f"{today.year}年"),
        tasks=shown,
        waiting=[record for record in to_confirm if record.pk not in with_task],
        led=roles.get(AssignmentRole.LEAD, 0),
        assisted=roles.get(AssignmentRole.ASSIST, 0),
        contacts=[held for held in people if held.post.kind == PostKind.OFFICE],
        colleagues=[held for held in people if held.post.kind != PostKind.OFFICE],
        names_units=len(access.unit_ids) > 1,
        to_sign=_to_sign(access),
        loose_ends=loose_ends(access),
        scores=newest_scores(access),
        **counts,
    )


def _is_quiet(access: Access, today: date) -> Q:
    """Long-term work of which nothing was told for longer than its own plan allows."""
    allowed = Plan.objects.visible_to(access).values_list("pk", "quiet_days")
    silent = [
        Q(obligation__plan=plan, told_on__lt=today - timedelta(days=days)) for plan, days in allowed
    ]
    return Q(due_on=None) & reduce(or_, silent, Q(pk=None))


def _open_tasks(access: Access, today: date) -> TaskQuerySet:
    """Return the begun and open tasks with the day of the last word and what waits for the head."""
    signing = ProgressReport.objects.awaiting_signature().filter(task=OuterRef("pk"))
    tasks: TaskQuerySet = (
        Task.objects.visible_to(access)
        .open()
        .started_by(today)
        .annotate(
            told_on=Coalesce("last_reported_on", "starts_on"),
            is_signing=Exists(signing),
        )
    )
    return tasks


def _to_sign(access: Access) -> int:
    """Count the reports that wait for the person's own signature, as head of a unit."""
    headed = [unit.pk for unit in access.units if access.holds_in(unit.pk, PostKind.HEAD)]
    waiting = ProgressReport.objects.awaiting_signature()
    return waiting.filter(task__unit__in=headed).count() if headed else 0


def _to_confirm(access: Access) -> list[Inspection]:
    """Return the inspections that wait for the person's own word, as head of a unit or of the one
    that took it over."""
    if not any(access.holds_in(unit.pk, PostKind.HEAD) for unit in access.units):
        return []
    headed = [pk for pk in access.answered_ids if access.holds_for(pk, PostKind.HEAD)]
    waiting = Inspection.objects.awaiting().filter(unit__in=headed).select_related("unit")
    return list(waiting.order_by("inspected_on", "pk"))


def _own_tasks(
    tasks: Sequence[Task], today: date, to_confirm: Sequence[Inspection]
) -> list[OwnTask]:
    inspections = {(found.unit_id, found.quarter): found for found in to_confirm}
    sources = ObligationSource.objects.filter(obligation__in={t.obligation_id for t in tasks})
    sentences: dict[int, list[str]] = {}
    for source in sources.select_related("provision").order_by("start", "pk"):
        sentences.setdefault(source.obligation_id, []).append(source.text)
    shown = [
        OwnTask(
            task=task,
            lamp=task.lamp_on(today),
            sentence="……".join(sentences.get(task.obligation_id, [])),
            tag=TASK_TAGS.get(TaskState(task.state)),
            inspection=inspections.get((task.unit_id, task.period)) if task.other_way else None,
        )
        for task in tasks
    ]
    return sorted(shown, key=lambda own: LAMP_RANK[own.kind])


def _roles(access: Access) -> dict[str, int]:
    rows = Obligation.objects.visible_to(access).live()
    held = Assignment.objects.filter(unit__in=access.unit_ids, obligation__in=rows)
    counts: dict[str, int] = dict(
        held.order_by().values_list("role").annotate(Count("obligation", distinct=True))
    )
    return counts


def office_contacts(today: date) -> list[Appointment]:
    """Return the office's people on the day, for somebody who has no post yet."""
    return _contacts(Access(), today)


def _contacts(access: Access, today: date) -> list[Appointment]:
    """The office's people and the unit's own, on the day."""
    wanted = Q(post__kind=PostKind.OFFICE) | Q(post__unit__in=access.unit_ids)
    held = Appointment.objects.on(today).with_people().filter(wanted, user__is_active=True)
    return list(held.order_by(F("post__unit__order"), "pk"))
