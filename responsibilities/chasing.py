"""Whom a chase reaches and what it says: worked out the same for the preview and the sending."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q
from django.urls import reverse

from notices.addressees import Directory
from notices.facts import Kind
from notices.rules import SIGNATURE, Schedule, fit
from organizations.enums import PostKind
from organizations.models import User
from responsibilities.enums import ChaseAudience, LampKind, ObligationState, TaskState
from responsibilities.fulfilment import Slot, Way, with_heads
from responsibilities.models import Task
from responsibilities.models.progress import waits_for_head
from responsibilities.models.task import TaskQuerySet
from responsibilities.rules import Lamp

# 报了待核验的在安委办手里，不催单位。
CHASEABLE_STATES = (TaskState.AWAITING_RECEIPT, TaskState.IN_PROGRESS, TaskState.RETURNED)
POST_OF = {
    ChaseAudience.LIAISON: PostKind.LIAISON,
    ChaseAudience.DEPUTY: PostKind.DEPUTY,
    ChaseAudience.HEAD: PostKind.HEAD,
}
ASK_SIGNER = "联络员已填好，请您签发"
DEFAULT_ASK = "请尽快办理并报进展"
RECENT_DAYS = 3  # 几天内催过的，预览里不预先勾选


def chaseable(today: date) -> TaskQuerySet:
    """Tasks that lie with their units on ``today``."""
    return (
        Task.objects.filter(
            state__in=CHASEABLE_STATES, obligation__state=ObligationState.DISPATCHED
        )
        .started_by(today)
        .with_obligations()
        .annotate(is_signing=waits_for_head())
    )


def resting(tasks: Sequence[Task]) -> set[int]:
    """Return the keys of those tasks that lie with the head: whoever is chased, it is the head."""
    slots = {task.pk: _slot(task) for task in tasks}
    found = with_heads(slots.values())
    return {
        task.pk for task in tasks if slots[task.pk] in found or getattr(task, "is_signing", False)
    }


def _slot(task: Task) -> tuple[str, Slot]:
    row = task.obligation
    return row.fulfilled_by, Slot(task.unit_id, task.period, row.times_per_period)


def words_of(task: Task, lamp: Lamp, ask: str = "", *, rests: bool = False) -> str:
    """Word a chase within the limit of a message.

    The ask is the office's own words, or the usual sentence where it says none.
    """
    state = f"{lamp.text}，" if lamp.kind in {LampKind.OVERDUE, LampKind.DUE_SOON} else ""
    usual = _usual_ask(task.other_way, lamp, rests=rests)
    asked = (ask.strip() or usual).rstrip("。")
    before = f"{SIGNATURE}{task.obligation.code} "
    return fit(before, task.obligation.title, f"，{state}{asked}。")


def _usual_ask(way: Way | None, lamp: Lamp, *, rests: bool) -> str:
    if way is None:
        return ASK_SIGNER if rests else DEFAULT_ASK
    if rests:
        return way.ask_head
    late = way.ask_late if lamp.kind == LampKind.OVERDUE else ""
    return late or way.ask


def page_for(task: Task, *, rests: bool) -> str:
    """Return the address of the page where what the chase asks for is done."""
    if task.other_way is not None:
        return task.other_way.url
    return reverse("responsibilities:report_signing") if rests else task.get_absolute_url()


def people_for(task: Task, audience: ChaseAudience, directory: Directory) -> tuple[int, ...]:
    """Return the people in post whom the chase goes to; a vacant post passes it upward."""
    kind = Kind("chase", "催办", Schedule(), audience=(POST_OF[audience],))
    return directory.of(task.unit_id, kind, "act")


@dataclass(frozen=True)
class Line:
    """One task in the preview of a chase."""

    task: Task
    lamp: Lamp
    words: str
    people: tuple[User, ...]
    count: int
    last_on: date | None
    is_recent: bool
    rests: bool

    @property
    def is_reachable(self) -> bool:
        return bool(self.people)

    @property
    def is_ticked(self) -> bool:
        return self.is_reachable and not self.is_recent


def preview(tasks: Iterable[Task], audience: ChaseAudience, ask: str, *, today: date) -> list[Line]:
    """Return who would get what, latest work first; the statements do not grow with the tasks."""
    found = list(tasks)
    directory, with_head = Directory.on(today), resting(found)
    reached = {
        task.pk: people_for(
            task, ChaseAudience.HEAD if task.pk in with_head else audience, directory
        )
        for task in found
    }
    users = User.objects.in_bulk({pk for people in reached.values() for pk in people})
    counted = _counted(found)
    lines = []
    for task in found:
        lamp = task.lamp_on(today)
        count, last = counted.get(task.pk, (0, None))
        lines.append(
            Line(
                task=task,
                lamp=lamp,
                words=words_of(task, lamp, ask, rests=task.pk in with_head),
                people=tuple(users[pk] for pk in reached[task.pk]),
                count=count,
                last_on=last,
                is_recent=last is not None and (today - last).days < RECENT_DAYS,
                rests=task.pk in with_head,
            )
        )
    return sorted(lines, key=lambda line: (line.task.due_on or date.max, line.task.pk))


def _counted(tasks: Sequence[Task]) -> dict[int, tuple[int, date | None]]:
    standing = Q(chases__undone_at__isnull=True)
    rows = (
        Task.objects.filter(pk__in=[task.pk for task in tasks])
        .order_by()
        .annotate(
            count=Count("chases", filter=standing),
            last=Max("chases__chased_at", filter=standing),
        )
        .values_list("pk", "count", "last")
    )
    return {pk: (count, last.astimezone().date() if last else None) for pk, count, last in rows}
