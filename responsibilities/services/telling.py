"""Tell units in their bell what the office did that concerns them, one notice for one act."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse

from clauses.models import Plan
from common.clock import day_of
from common.days import full_day, short_day
from notices.addressees import Directory
from notices.facts import Kind
from notices.models import Notice
from notices.rules import ACT, SIGNATURE, Schedule, fit
from notices.services.posting import Message, post_notices
from organizations.enums import PostKind
from organizations.models import Unit, User
from responsibilities.enums import AssignmentRole, ObligationState, TaskState
from responsibilities.models import Coordination, Event, Extension, Obligation, ProgressReport, Task
from responsibilities.rules import few_units

CLERK = (PostKind.LIAISON,)
SIGNERS = (PostKind.LIAISON, PostKind.HEAD)  # 延期由主要负责人提出，结果也告诉他
_is_within_an_act = ContextVar("_is_within_an_act", default=False)


def tell_return(task: Task, reason: str, *, actor: User, at: datetime) -> None:
    """Tell the liaison that a report was returned, and how the reason begins."""
    text = fit(f"【退回补正】{task.obligation.code}：", _line(reason), "")
    _tell([_of_task(task, text, "return")], CLERK, actor=actor, at=at)


def tell_signer(report: ProgressReport, *, actor: User, at: datetime) -> None:
    """Tell the head that reports wait for their signature: at most once a day until it is read."""
    unit, row = report.task.unit, report.task.obligation
    subject = f"signing:{unit.pk}"
    if Notice.objects.unread().filter(subject=subject, planned_on=day_of(at)).exists():
        return
    text = fit(f"【请签发】{row.code} ", row.title, "，联络员已填好，签发后报区安委办。")
    page = reverse("responsibilities:report_signing")
    message = Message(subject, text, page, unit, kind="signing")
    _tell([message], (PostKind.HEAD,), actor=actor, at=at)


def tell_sent_back(report: ProgressReport, *, actor: User, at: datetime) -> None:
    """Tell the liaison that the head gave a report back instead of signing it, and why."""
    code = report.task.obligation.code
    text = fit(f"【负责人退回】{code}：", _line(report.sent_back_for), "")
    _tell([_of_task(report.task, text, "return")], CLERK, actor=actor, at=at)


def tell_extension(extension: Extension, task: Task, *, actor: User, at: datetime) -> None:
    """Tell the liaison and the head, who asked, what became of a request for more time."""
    code = task.obligation.code
    if extension.granted_due_on is None:
        text = fit(f"【不同意延期】{code}：", _line(extension.decision_note), "")
    else:
        until = _day(extension.granted_due_on, day_of(at))
        text = fit(f"【同意延期】{code} ", task.obligation.title, f"，改为{until}前。")
    _tell([_of_task(task, text, "extension")], SIGNERS, actor=actor, at=at)


def tell_decision(item: Coordination, *, actor: User, at: datetime) -> None:
    """Tell the liaison of the task's unit what the leaders decided about it."""
    text = fit(f"【领导决定】{item.task.obligation.code}：", _line(item.decision), "")
    _tell([_of_task(item.task, text, "decision")], CLERK, actor=actor, at=at)


def tell_event(event: Event, tasks: Iterable[Task], *, actor: User, at: datetime) -> None:
    """Tell the liaison of each unit for which what happened opened tasks."""
    messages = []
    for unit, own in _by_unit(tasks):
        due = min(task.due_on for task in own if task.due_on is not None)
        until = f"{_day(due, day_of(at))}前办结"
        what = own[0].obligation.code if len(own) == 1 else f"{len(own)} 项任务，最早"
        text = fit("【事件触发】", _line(event.title), f"：{what} {until}，请签收。")
        url = own[0].get_absolute_url() if len(own) == 1 else reverse("home")
        messages.append(Message(f"event:{event.pk}", text, url, unit, kind="event"))
    _tell(messages, CLERK, actor=actor, at=at)


def tell_dispatch(plan: Plan, tasks: Iterable[Task], *, actor: User, at: datetime) -> None:
    """Tell the liaison of each unit once how many rows were dispatched to it, however many."""
    messages = []
    for unit, own in _by_unit(tasks):
        rows = len({task.obligation_id for task in own})
        first = min(task.starts_on for task in own if task.starts_on is not None)
        begins = "" if first <= day_of(at) else f"{_day(first, day_of(at))}起办理，届时"
        after = f"》下发 {rows} 项任务，{begins}请签收。"
        text = fit(f"{SIGNATURE}《", _line(plan.title), after)
        messages.append(Message(f"plan:{plan.pk}", text, reverse("home"), unit, kind="dispatch"))
    _tell(messages, CLERK, actor=actor, at=at)


@contextmanager
def telling_of_changed_work(
    rows: Iterable[Obligation], *, actor: User, at: datetime
) -> Iterator[None]:
    """Tell each unit, once the act inside is done, what it now owes of the rows and did not before,
    and of which of them it owes nothing any more.

    An act made of others of its kind (批量办理、导入) tells of them all together.
    """
    live = [row.pk for row in rows if row.state == ObligationState.DISPATCHED]
    if _is_within_an_act.get() or not live:
        yield
        return
    owed = Task.objects.open().filter(obligation__in=live).values_list("pk", flat=True)
    before = set(owed)
    token = _is_within_an_act.set(True)
    try:
        yield
    finally:
        _is_within_an_act.reset(token)
    after = set(owed.all())
    new = Task.objects.with_obligations().filter(pk__in=after - before)
    _tell_of_work("新增任务", new, actor=actor, at=at)
    if gone := before - after:
        theirs = Task.objects.filter(pk__in=after, unit=OuterRef("unit"))
        lost = Task.objects.with_obligations().filter(pk__in=gone, state=TaskState.VOID)
        rest = lost.exclude(Exists(theirs.filter(obligation=OuterRef("obligation"))))
        tell_loss(rest, actor=actor, at=at)


def tell_loss(tasks: Iterable[Task], *, actor: User, at: datetime, why: str = "") -> None:
    """Tell the liaison of each unit that work was taken from it, and ``why``, or who has it now."""
    messages = []
    for unit, own in _by_unit(tasks):
        rows = {task.obligation_id: task.obligation for task in own}
        row = own[0].obligation
        what = f"{row.code} {row.title}" if len(rows) == 1 else f"{len(rows)} 项任务"
        said = why or (_who_has(row) if len(rows) == 1 else "已撤销或改由别的单位牵头")
        text = fit("【不再办理】", what, f"，{said}，不用再办。")
        messages.append(Message(f"unit:{unit.pk}", text, reverse("home"), unit, kind="work"))
    _tell(messages, CLERK, actor=actor, at=at)


def leads_of(row: Obligation) -> list[Unit]:
    """Return the units that lead a row now."""
    role = AssignmentRole.LEAD
    return list(Unit.objects.filter(assignments__obligation=row, assignments__role=role))


def _who_has(row: Obligation) -> str:
    """Return what became of a row that a unit has lost."""
    leads = leads_of(row)
    if row.state == ObligationState.VOID or not leads:
        return "任务已撤销"
    return f"改由{few_units([unit.short_name for unit in leads], most=2)}牵头"


def tell_inheritance(tasks: Iterable[Task], *, actor: User, at: datetime) -> None:
    """Tell the liaison of each heir what came to it from units that are no more."""
    keys = [task.pk for task in tasks]
    came = Task.objects.with_obligations().filter(pk__in=keys)
    _tell_of_work("承接任务", came, actor=actor, at=at)


def tell_periods(tasks: Iterable[Task], *, actor: User, at: datetime) -> None:
    """Tell the liaison of each unit that further periods of its recurring work are laid out."""
    _tell_of_work("新的期次", tasks, actor=actor, at=at)


def _tell_of_work(head: str, tasks: Iterable[Task], *, actor: User, at: datetime) -> None:
    messages = []
    for unit, own in _by_unit(tasks):
        rows = {task.obligation_id: task.obligation for task in own}
        row = own[0].obligation
        what = f"{row.code} {row.title}" if len(rows) == 1 else f"{len(rows)} 项任务"
        url = row.get_absolute_url() if len(rows) == 1 else reverse("home")
        text = fit(f"【{head}】", what, f"，{_ask(own, day_of(at))}。")
        messages.append(Message(f"unit:{unit.pk}", text, url, unit, kind="work"))
    _tell(messages, CLERK, actor=actor, at=at)


def _ask(tasks: Sequence[Task], today: date) -> str:
    """Say what the tasks ask of their unit: to be received now, or when they begin, or done."""
    begins = min((task.starts_on or today for task in tasks), default=today)
    if begins > today:
        return f"{_day(begins, today)}起办理，届时请签收"
    if any(task.state == TaskState.AWAITING_RECEIPT for task in tasks):
        return "请签收"
    return "请接着办理"


def _tell(
    messages: Sequence[Message], posts: tuple[PostKind, ...], *, actor: User, at: datetime
) -> None:
    """Send each message to its unit's people in post, a vacant post passing it upward; bodies that
    are only linked get none. Few statements, however many units."""
    if not messages:
        return
    kind = Kind(ACT, "通知", Schedule(), audience=posts)
    directory = Directory.on(day_of(at))
    reached = [
        directory.of(message.unit.pk, kind, ACT) if message.unit else () for message in messages
    ]
    users = User.objects.in_bulk({pk for people in reached for pk in people})
    letters = [
        ([users[pk] for pk in people], message)
        for people, message in zip(reached, messages, strict=True)
    ]
    post_notices(letters, actor=actor, at=at)


def _of_task(task: Task, text: str, kind: str) -> Message:
    return Message(f"task:{task.pk}", text, task.get_absolute_url(), task.unit, kind=kind)


def _by_unit(tasks: Iterable[Task]) -> Iterable[tuple[Unit, list[Task]]]:
    found: dict[Unit, list[Task]] = {}
    for task in tasks:
        found.setdefault(task.unit, []).append(task)
    return found.items()


def _line(words: str) -> str:
    return " ".join(words.split())


def _day(day: date, today: date) -> str:
    return short_day(day) if day.year == today.year else full_day(day)
