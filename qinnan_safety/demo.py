"""Demonstration data: a year of work on the real plan, made by the product's own services.

Everything is worked out from the codes of rows and units, so the same day gives the same data.
Accounts are marked as demonstration accounts and every invented text says 演示.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from clauses.models import Plan
from common.clock import morning_of
from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.permissions import SYSTEM_USERNAME
from organizations.services.people import appoint, create_user, ensure_post, get_system_user
from qinnan_safety.demo_dice import dice
from qinnan_safety.demo_hazards import follow_hazards
from qinnan_safety.demo_inspections import inspect_quarters
from responsibilities.enums import (
    DeadlineKind,
    Frequency,
    FulfilledBy,
    FulfilmentMode,
    ReportKind,
    ReviewDecision,
    TaskState,
)
from responsibilities.models import Obligation, Task
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.dispatch import dispatch_obligations
from responsibilities.services.expected import top_up_tasks
from responsibilities.services.progress import (
    ReportContent,
    receive_task,
    review_report,
    submit_report,
)
from responsibilities.services.succession import hand_over_to_successors

PASSWORD = "qinnan-demo-2026"  # noqa: S105 - the published password of demonstration accounts
BASIS = "（演示）区安委会全体会议纪要第1期"
ACCOUNTS = (
    ("office", "陆科员", "awb", PostKind.OFFICE, "督办岗"),
    ("liaison-zjj", "李科员", "zjj", PostKind.LIAISON, "联络员"),
    ("head-zjj", "覃局长", "zjj", PostKind.HEAD, "局长"),
    ("head-shabu", "黄镇长", "shabu", PostKind.HEAD, "镇长"),
    ("leader", "韦副区长", "anweihui", PostKind.LEADER, "分管副区长"),
    ("auditor", "周审计员", "awb", PostKind.AUDITOR, "审计员"),
)


@dataclass(frozen=True)
class Story:
    """The days on which the demonstration happens."""

    today: date
    dispatched_on: date

    @classmethod
    def ending(cls, today: date) -> "Story":
        """A story that began with the dispatch in January and has run for at least six weeks."""
        year = today.year if today >= date(today.year, 3, 1) else today.year - 1
        return cls(today, date(year, 1, 15))

    @property
    def loaded_on(self) -> date:
        return self.dispatched_on - timedelta(days=30)


def load_demo(plan: Plan, story: Story) -> int:
    """Fill a freshly loaded plan with a year of work. Returns: the number of tasks."""
    with transaction.atomic():
        office = _open_accounts(story)
        _decide_deadlines(plan, office, story)
        rows = list(plan.obligations.live())
        tasks = dispatch_obligations(
            plan,
            rows,
            actor=office,
            at=morning_of(story.dispatched_on),
            today=story.dispatched_on,
            starts_on=date(story.dispatched_on.year, 1, 1),
        )
        _pass_reforms(plan, office, story)
        tasks += top_up_tasks(
            actor=get_system_user(), at=morning_of(story.today, 1), today=story.today
        )
        _work(plan, office, story)
        follow_hazards(_liaisons(plan, story), office, story.today)
    return tasks


def _pass_reforms(plan: Plan, office: User, story: Story) -> None:
    """Hand over to successors on each day of the story on which units were set up.

    What the old units did comes first, so that the history runs in the order of its dates.
    """
    born = Unit.objects.filter(
        valid_from__gt=story.dispatched_on, valid_from__lte=story.today
    ).values_list("valid_from", flat=True)
    for day in sorted({day for day in born if day is not None}):
        _work(plan, office, story, until=day)
        hand_over_to_successors(actor=get_system_user(), at=morning_of(day, 1), today=day)


def _open_accounts(story: Story) -> User:
    system, at = get_system_user(), morning_of(story.loaded_on)
    users = {}
    for username, name, unit_code, kind, title in ACCOUNTS:
        unit = Unit.objects.get(code=unit_code)
        user = create_user(
            username=username, full_name=name, password=PASSWORD, is_demo=True, actor=system, at=at
        )
        post = ensure_post(unit, kind, title=title, actor=system, at=at)
        appoint(user, post, starts_on=story.loaded_on, actor=system, at=at)
        users[username] = user
    return users["office"]


def _liaisons(plan: Plan, story: Story) -> dict[int, User]:
    """Return unit id → the person who reports for it; units without an account get a silent one."""
    system, at = get_system_user(), morning_of(story.loaded_on)
    people = {}
    for unit in Unit.objects.filter(tasks__obligation__plan=plan).distinct():
        post = ensure_post(unit, PostKind.LIAISON, title="联络员", actor=system, at=at)
        held = post.appointments.select_related("user").first()
        if held is None:
            user = create_user(
                username=f"demo-{unit.code}",
                full_name=f"{unit.short_name}联络员",
                password=None,
                is_demo=True,
                actor=system,
                at=at,
            )
            since = max(story.loaded_on, unit.valid_from or story.loaded_on)
            held = appoint(user, post, starts_on=since, actor=system, at=at)
        people[unit.pk] = held.user
    return people


def _decide_deadlines(plan: Plan, office: User, story: Story) -> None:
    """Settle what the text leaves open: an interval for 定期, a date for the rest."""
    at = morning_of(story.dispatched_on - timedelta(days=7))
    for row in plan.obligations.live().filter(deadline_kind=DeadlineKind.UNDECIDED):
        if row.frequency == Frequency.PERIODIC_UNSPECIFIED:
            deadline = Deadline(DeadlineKind.PERIODIC, BASIS, frequency=Frequency.QUARTERLY)
        else:
            deadline = Deadline(DeadlineKind.FIXED, BASIS, due_on=_month_end(row, story))
        set_deadline(
            row,
            deadline,
            version=row.version,
            actor=office,
            at=at,
            today=story.dispatched_on,
            reason=f"{BASIS}明确完成时限",
        )


def _month_end(row: Obligation, story: Story) -> date:
    """Return a month's end between three and twenty-four months after the dispatch."""
    months = 3 + dice("due", row.code) * 22 // 100
    year, month = divmod(story.dispatched_on.month - 1 + months, 12)
    first_of_next = date(story.dispatched_on.year + year, month + 1, 1)
    return first_of_next - timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """What becomes of one task: when it is received, reported and reviewed, and how it ends."""

    received_on: date
    reported_on: date | None = None
    kind: ReportKind = ReportKind.PROGRESS
    decision: ReviewDecision | None = None

    @property
    def last_day(self) -> date:
        return self.reported_on or self.received_on


def _work(plan: Plan, office: User, story: Story, until: date | None = None) -> None:
    """Do what the story holds, or the part of it that is over before ``until``."""
    people = _liaisons(plan, story)
    tasks = Task.objects.filter(
        obligation__plan=plan,
        obligation__fulfilled_by=FulfilledBy.REPORT,
        state=TaskState.AWAITING_RECEIPT,
    )
    for task in tasks.with_obligations().order_by("pk"):
        step = _step(task, story)
        if step is not None and (until is None or step.last_day < until):
            _take(task, step, people[task.unit_id], office)
    inspect_quarters(plan, people, story.today, until=until)


def _step(task: Task, story: Story) -> Step | None:
    """Decide by the codes alone; nothing happens before the task begins or after today."""
    roll = dice(task.obligation.code, task.unit.code, task.period)
    begins = max(filter(None, (task.starts_on, task.unit.valid_from, story.dispatched_on)))
    received = begins + timedelta(days=1 + roll % 3 + (0 if roll % 16 else 6))
    if received > story.today:
        return None
    if task.due_on is not None and task.due_on <= story.today:
        return _past_due(task, received, roll, story)
    if roll < 4:
        return None if roll < 2 else Step(received)
    if task.due_on is None:
        return Step(received, max(received, story.today - timedelta(days=3 + roll * 4 // 5)),
                    ReportKind.PROGRESS, _verdict(roll))  # fmt: skip
    reported = max(received, story.today - timedelta(days=4 + roll % 60))
    if task.period and roll >= 45:
        return Step(received, reported, ReportKind.CLOSING, ReviewDecision.PASS)
    return Step(received, reported, ReportKind.PROGRESS, _verdict(roll))


def _verdict(roll: int) -> ReviewDecision | None:
    """Most reports pass; a few wait for the office, a few were returned."""
    return {7: None, 31: None, 44: None, 52: ReviewDecision.RETURN}.get(roll, ReviewDecision.PASS)


def _past_due(task: Task, received: date, roll: int, story: Story) -> Step:
    """Work whose date has passed: nearly all done, some late, a little still owed."""
    due_on = task.due_on or story.today
    recent = (story.today - due_on).days < 120
    alone = task.obligation.mode == FulfilmentMode.JOINT
    if not task.period and roll < ((50 if recent else 12) if alone else 2 if recent else 0):
        reported = max(received, due_on - timedelta(days=20))
        return Step(received, reported, ReportKind.PROGRESS, ReviewDecision.PASS)
    late = roll < 14
    closed = due_on + timedelta(days=5) if late else due_on - timedelta(days=3 + roll % 25)
    closed = min(max(closed, received), story.today)
    return Step(received, closed, ReportKind.CLOSING, ReviewDecision.PASS)


def _take(task: Task, step: Step, liaison: User, office: User) -> None:
    receive_task(task, actor=liaison, at=morning_of(step.received_on, 10))
    if step.reported_on is None:
        return
    at = morning_of(step.reported_on, 15)
    report = submit_report(
        task, _words(task, step.kind, at), token=f"demo-{task.pk}", actor=liaison, at=at
    )
    if step.decision is not None:
        review_report(
            report,
            step.decision,
            seen_sha256=report.content_sha256,
            actor=office,
            at=at + timedelta(hours=1),
            reason="（演示）缺少佐证文号，请补正。"
            if step.decision == ReviewDecision.RETURN
            else "",
        )


def _words(task: Task, kind: ReportKind, at: datetime) -> ReportContent:
    title = task.obligation.title
    steps = tuple(str(step) for step in task.obligation.milestones.standing())
    if kind == ReportKind.CLOSING:
        return ReportContent(
            milestones=steps,
            kind=kind,
            summary=f"（演示）{title}已按要求完成。",
            document_no=f"（演示）钦南发〔{at.year}〕{1 + dice(task.pk)}号",
        )
    return ReportContent(
        kind=kind,
        summary=f"（演示）{title}正在推进，已明确分工并完成阶段性工作。",
        next_steps="（演示）按时间表继续推进。",
        milestones=steps[:1],
    )


def real_accounts() -> QuerySet[User]:
    """The accounts of people who work here in earnest."""
    return User.objects.filter(is_demo=False).exclude(username=SYSTEM_USERNAME)


def demo_accounts() -> Iterator[tuple[str, str]]:
    """Yield the sign-in names of the demonstration accounts with whom they show."""
    for username, name, _, kind, _ in ACCOUNTS:
        yield username, f"{name}({kind.label})"
