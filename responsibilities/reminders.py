"""What the ledger tells the reminders: the tasks that units owe, as plain facts."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from notices.facts import Kind, Source, Subject
from notices.rules import QUARTERLY, Schedule
from organizations.enums import PostKind
from responsibilities.chasing import ASK_SIGNER
from responsibilities.enums import ObligationState, TaskState
from responsibilities.fulfilment import Slot, way_by, with_heads
from responsibilities.models import Task
from responsibilities.models.progress import waits_for_head
from responsibilities.models.task import TaskQuerySet
from responsibilities.periods import EVENT_MARK, Period

NAME = "task"
CHUNK = 1000
ASK = "请报进展或申请延期。"
# 报了待核验的在安委办手里，不再催单位。
OWED_STATES = (TaskState.AWAITING_RECEIPT, TaskState.IN_PROGRESS, TaskState.RETURNED)
KIND_OF_MONTHS = {1: "task-month", 3: "task-quarter", 6: "task-half", 12: "task-year"}
LONG = Schedule(at_middle=True, days_before=(30,), workdays_before=(5,))
KINDS = (
    Kind("task-once", "一次性任务", Schedule(days_before=(30, 7))),
    Kind("task-event", "事件触发的任务", Schedule(days_before=(30, 7))),
    Kind("task-month", "每月任务", Schedule(days_before=(7,), workdays_before=(3,))),
    Kind("task-quarter", "每季度任务", QUARTERLY),
    Kind("task-half", "每半年任务", LONG),
    Kind("task-year", "每年任务", LONG),
)
WITHOUT_PERIOD = ("task-once", "task-event")  # 没有期次，只按到期日提醒
COLUMNS = (
    "pk",
    "unit_id",
    "period",
    "starts_on",
    "due_on",
    "obligation__code",
    "obligation__title",
    "obligation__fulfilled_by",
    "obligation__times_per_period",
    "obligation__plan__code",
    "is_signing",
)


def owed(today: date, lead_days: int) -> Iterator[Sequence[Subject]]:
    """Yield the dated tasks that units owe and that have begun or are near, a chunk at a time.

    Walks along the key, so that neither memory nor a query grows with the number of tasks.
    """
    once = Q(period="") | Q(period__startswith=EVENT_MARK)
    begun = Q(starts_on__lte=today) & ~once
    near = once & Q(due_on__lte=today + timedelta(days=lead_days))
    tasks, last = _owed_tasks().filter(begun | near), 0
    while True:
        rows = list(tasks.filter(pk__gt=last).order_by("pk").values(*COLUMNS)[:CHUNK])
        if not rows:
            return
        yield _subjects(rows)
        last = rows[-1]["pk"]


def standing(keys: Collection[str]) -> dict[str, Subject]:
    """Return those of the tasks that are still owed."""
    pks = [int(key.partition(":")[2]) for key in keys]
    rows = _owed_tasks().filter(pk__in=pks).values(*COLUMNS)
    return {subject.key: subject for subject in _subjects(list(rows))}


def of_units(units: Collection[int], until: date) -> list[Subject]:
    """Return the dated tasks that units owe up to a day, for their calendars."""
    rows = _owed_tasks().filter(unit__in=units, due_on__lte=until).order_by("due_on", "pk")
    return _subjects(list(rows.values(*COLUMNS)[:CHUNK]))


def _owed_tasks() -> TaskQuerySet:
    return Task.objects.filter(
        state__in=OWED_STATES,
        due_on__isnull=False,
        obligation__state=ObligationState.DISPATCHED,
    ).annotate(is_signing=waits_for_head())


def _kind_of(period: str) -> str:
    if not period:
        return "task-once"
    if period.startswith(EVENT_MARK):
        return "task-event"
    return KIND_OF_MONTHS[Period.parse(period).months]


def _subjects(rows: Sequence[dict[str, Any]]) -> list[Subject]:
    """Return the tasks as facts; some of them lie with the head."""
    resting = with_heads(map(_slot, rows))
    return [
        _resting(_subject(row), row)
        if row["is_signing"] or _slot(row) in resting
        else _subject(row)
        for row in rows
    ]


def _resting(subject: Subject, row: dict[str, Any]) -> Subject:
    """Return the task as one that lies with the head."""
    if row["is_signing"]:
        return to_sign(subject)
    way = way_by(row["obligation__fulfilled_by"])
    asked = way.ask_head if way else ""
    return replace(subject, rests=True, ask_head=asked or subject.ask_head)


def to_sign(subject: Subject) -> Subject:
    """Return what the liaison has written up as a duty of the head, who is to sign it."""
    page = reverse("responsibilities:report_signing")
    return replace(subject, rests=True, ask_head=f"{ASK_SIGNER}。", url=page)


def _slot(row: dict[str, Any]) -> tuple[str, Slot]:
    slot = Slot(row["unit_id"], row["period"], row["obligation__times_per_period"])
    return row["obligation__fulfilled_by"], slot


def _subject(row: dict[str, Any]) -> Subject:
    code, way = row["obligation__code"], way_by(row["obligation__fulfilled_by"])
    page = reverse("responsibilities:obligation_detail", args=[row["obligation__plan__code"], code])
    kind = _kind_of(row["period"])
    return Subject(
        key=f"{NAME}:{row['pk']}",
        kind=kind,
        unit_id=row["unit_id"],
        due_on=row["due_on"],
        starts_on=None if kind in WITHOUT_PERIOD else row["starts_on"],
        label=code,
        title=row["obligation__title"],
        ask=way.ask if way else ASK,
        ask_late=way.ask_late if way else "",
        url=way.url if way else page,
        audience=(PostKind.LIAISON, PostKind.HEAD) if way and way.for_heads else (),
    )


SOURCE = Source(NAME, KINDS, owed, standing, of_units)
