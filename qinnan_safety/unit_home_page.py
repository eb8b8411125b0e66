"""The home of a unit: what waits for it first, then what is late, due or long quiet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Coalesce

from assessments.leaders import newest_scores
from assessments.models import UnitScore
from clauses.models import Plan
from inspections.models import Inspection
from inspections.unfollowed import LooseEnds, loose_ends
from organizations.access import Access
from organizations.enums import PostKind
from organizations.models import Appointment
from responsibilities.enums import AssignmentRole, Frequency, LampKind, ReportState, TaskState
from responsibilities.models import (
    Assignment,
    Obligation,
    ObligationSource,
    ProgressReport,
    Task,
    TaskQuerySet,
)
from responsibilities.models.lamp_dates import last_word
from responsibilities.models.progress import waits_for_head
from responsibilities.periods import Period
from responsibilities.rules import Lamp

OWN_SHOWN = 20  # 单位首页列出的办理件数
QUIET_SHOWN = 5
FIRST_DUE = F("due_on").asc(nulls_last=True)
WITHIN_A_DAY = ("obligation__code", "pk")


@dataclass(frozen=True)
class OwnTask:
    """One task on a unit's home, with the words of the plan it comes from."""

    task: Task
    lamp: Lamp
    sentence: str
    tag: tuple[str, str] | None
    inspection: Inspection | None = None
    may_confirm: bool = False
    came_back: tuple[str, str] | None = None

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
SENT_BACK = ("负责人退回", "red")
LAMP_RANK = {kind: place for place, kind in enumerate(LampKind)}
# 退回的、待签收的，到期再远也等着单位办，排在最前。
WAITING_STATES = (TaskState.RETURNED, TaskState.AWAITING_RECEIPT)
WAITS_FOR_US = Q(state__in=WAITING_STATES) | ~Q(sent_back_for="")


def unit_home(access: Access, today: date) -> UnitHome:
    """Gather the home of the person's own units; nothing of any other unit is read.

    What was returned or is to be received comes first, however far its date. What lies with the
    office for review is counted, not listed: the unit has nothing to do.
    """
    quarter = Period.containing(today, Frequency.QUARTERLY)
    everything, is_quiet = _open_tasks(access, today), _is_quiet(access, today)
    is_ours = ~Q(state=TaskState.UNDER_REVIEW) & Q(is_signing=False)
    is_due = Q(due_on__lte=quarter.last_day) | WAITS_FOR_US & ~is_quiet
    counts = everything.aggregate(
        open=Count("pk"),
        due=Count("pk", filter=is_ours & is_due),
        overdue=Count("pk", filter=is_ours & Q(due_on__lt=today)),
        quiet=Count("pk", filter=is_ours & is_quiet),
        under_review=Count("pk", filter=Q(state=TaskState.UNDER_REVIEW)),
        signing=Count("pk", filter=Q(is_signing=True)),
    )
    own = _in_turn(everything.filter(is_ours).with_obligations())
    tasks = [
        *(_first(own.filter(is_due), FIRST_DUE, OWN_SHOWN) if counts["due"] else ()),
        *(_first(own.filter(is_quiet), F("told_on"), QUIET_SHOWN) if counts["quiet"] else ()),
    ]
    sent = _sent(access, tasks)
    shown = _own_tasks(tasks, sent, access, today)
    roles, people = _roles(access), _contacts(access, today)
    return UnitHome(
        quarter=quarter.label.removeprefix(f"{today.year}年"),
        tasks=shown,
        waiting=_unlisted(sent, shown, access),
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
    """Return the begun and open tasks with the day of the last word, what waits for the head, and
    why the head gave back what would be the last word."""
    told = ProgressReport.objects.filter(task=OuterRef("pk"))
    heard = told.exclude(state=ReportState.WITHDRAWN, sent_back_for="")
    tasks: TaskQuerySet = (
        Task.objects.visible_to(access)
        .open()
        .started_by(today)
        .annotate(
            told_on=last_word(),
            is_signing=waits_for_head(),
            sent_back_for=Coalesce(
                heard.order_by("-submitted_at", "-pk").values("sent_back_for")[:1], Value("")
            ),
        )
    )
    return tasks


def _in_turn(tasks: TaskQuerySet) -> TaskQuerySet:
    """Add the place in the list, and why the office returned the last report."""
    reports = ProgressReport.objects.filter(task=OuterRef("pk"), state=ReportState.RETURNED)
    last = reports.order_by("-submitted_at", "-pk").values("review__reason")[:1]
    places = [When(state=state, then=place) for place, state in enumerate(WAITING_STATES)]
    return tasks.annotate(
        turn=Case(When(~Q(sent_back_for=""), then=0), *places, default=len(WAITING_STATES)),
        returned_for=Case(
            When(state=TaskState.RETURNED, then=Subquery(last)),
            default=Value(""),
            output_field=CharField(),
        ),
    )


def _first(tasks: TaskQuerySet, day: Combinable | OrderBy, most: int) -> TaskQuerySet:
    return tasks.order_by("turn", day, *WITHIN_A_DAY)[:most]


def _to_sign(access: Access) -> int:
    """Count the reports that wait for the person's own signature, as head of a unit."""
    headed = [unit.pk for unit in access.units if access.holds_in(unit.pk, PostKind.HEAD)]
    waiting = ProgressReport.objects.awaiting_signature()
    return waiting.filter(task__unit__in=headed).count() if headed else 0


def _sent(access: Access, tasks: Sequence[Task]) -> list[Inspection]:
    """Return the inspections of the person's units that wait for a head's word: all of them for
    the head, those of the listed tasks for everybody else."""
    is_head = any(access.holds_in(unit.pk, PostKind.HEAD) for unit in access.units)
    if not is_head and not any(task.other_way for task in tasks):
        return []
    waiting = Inspection.objects.awaiting().filter(unit__in=access.answered_ids)
    return list(waiting.select_related("unit").order_by("inspected_on", "pk"))


def _unlisted(
    sent: Sequence[Inspection], shown: Sequence[OwnTask], access: Access
) -> list[Inspection]:
    """Return what the person is to confirm and no listed task leads to."""
    with_task = {own.inspection.pk for own in shown if own.inspection}
    return [
        record
        for record in sent
        if record.pk not in with_task and access.holds_for(record.unit_id, PostKind.HEAD)
    ]


def _own_tasks(
    tasks: Sequence[Any], sent: Sequence[Inspection], access: Access, today: date
) -> list[OwnTask]:
    inspections = {(found.unit_id, found.quarter): found for found in sent}
    sources = ObligationSource.objects.filter(obligation__in={t.obligation_id for t in tasks})
    sentences: dict[int, list[str]] = {}
    for source in sources.select_related("provision").order_by("start", "pk"):
        sentences.setdefault(source.obligation_id, []).append(source.text)
    shown = [
        OwnTask(
            task=task,
            lamp=task.lamp_on(today),
            sentence="……".join(sentences.get(task.obligation_id, [])),
            tag=SENT_BACK if task.sent_back_for else TASK_TAGS.get(TaskState(task.state)),
            inspection=inspections.get((task.unit_id, task.period)) if task.other_way else None,
            may_confirm=access.holds_for(task.unit_id, PostKind.HEAD),
            came_back=_came_back(task),
        )
        for task in tasks
    ]
    turns = {task.pk: task.turn for task in tasks}
    return sorted(shown, key=lambda own: (turns[own.task.pk], LAMP_RANK[own.kind]))


def _came_back(task: Any) -> tuple[str, str] | None:
    """Return who wants what put right, the unit's own head before the office."""
    if task.sent_back_for:
        return "主要负责人退回", task.sent_back_for
    return (TaskState.RETURNED.label, task.returned_for) if task.returned_for else None


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
