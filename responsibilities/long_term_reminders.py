"""What long-term work tells the reminders: when its next report is due.

Source: 方案(三十三)“定期检查、全程跟踪”. Long-term work has no end to miss; what can be late is
the report on it, due so many days after the last one (未更新天数, set for each plan).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse

from clauses.models import Plan
from notices.facts import Kind, Source, Subject
from notices.rules import Schedule
from responsibilities.enums import ObligationState
from responsibilities.models import Task
from responsibilities.models.lamp_dates import last_word
from responsibilities.models.progress import waits_for_head
from responsibilities.models.task import TaskQuerySet
from responsibilities.reminders import CHUNK, OWED_STATES, to_sign

NAME = "long-term"
# 长期任务不因没有办完而逾期，只催报进展：到联络员、分管负责人为止。
KIND = Kind(
    "task-long",
    "长期任务报进展",
    Schedule(days_before=(15,), workdays_before=(3,), ladder=(1, 10)),
)
ASK = "请报进展，没有变化的报“无变化”。"
COLUMNS = (
    "pk",
    "unit_id",
    "told_on",
    "obligation__code",
    "obligation__title",
    "obligation__plan__code",
    "obligation__plan__quiet_days",
    "is_signing",
)


def owed(today: date, lead_days: int) -> Iterator[Sequence[Subject]]:
    """Yield long-term work whose next report is near or late, plan by plan, a chunk at a time."""
    for plan in Plan.objects.without_text():
        is_near = Q(told_on__lte=today + timedelta(days=lead_days - plan.quiet_days))
        tasks, last = _open_work().filter(is_near, obligation__plan=plan), 0
        while rows := list(tasks.filter(pk__gt=last).order_by("pk").values(*COLUMNS)[:CHUNK]):
            yield [_subject(row) for row in rows]
            last = rows[-1]["pk"]


def standing(keys: Collection[str]) -> dict[str, Subject]:
    """Return those that are still open, each with the date of its next report as it is now."""
    rows = _open_work().filter(pk__in=[int(key.partition(":")[2]) for key in keys])
    return {subject.key: subject for subject in map(_subject, rows.values(*COLUMNS))}


def of_units(units: Collection[int], until: date) -> list[Subject]:
    """Return the reports that units owe up to a day, for their calendars."""
    rows = _open_work().filter(unit__in=units).order_by("pk").values(*COLUMNS)
    return [found for found in map(_subject, rows[:CHUNK]) if found.due_on <= until]


def _open_work() -> TaskQuerySet:
    tasks = Task.objects.filter(
        state__in=OWED_STATES, due_on=None, obligation__state=ObligationState.DISPATCHED
    )
    found: TaskQuerySet = tasks.annotate(told_on=last_word(), is_signing=waits_for_head())
    return found.exclude(Q(told_on=None))


def _subject(row: dict[str, Any]) -> Subject:
    code = row["obligation__code"]
    subject = Subject(
        key=f"{NAME}:{row['pk']}",
        kind=KIND.code,
        unit_id=row["unit_id"],
        due_on=row["told_on"] + timedelta(days=row["obligation__plan__quiet_days"]),
        starts_on=None,
        label=code,
        title=row["obligation__title"],
        ask=ASK,
        url=reverse(
            "responsibilities:obligation_detail", args=[row["obligation__plan__code"], code]
        ),
        late="迟报",
    )
    return to_sign(subject) if row["is_signing"] else subject


SOURCE = Source(NAME, (KIND,), owed, standing, of_units)
