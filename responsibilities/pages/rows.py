"""Rows of the ledger, ready to be drawn: units, lamp, progress and exceptions in words.

One statement for a whole page; the rows themselves are plain values, not model instances.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from django.db.models import CharField, Count, DateField, F, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from clauses.models import Plan
from common.templatetags.display import fullwidth
from organizations.access import Access
from responsibilities.enums import (
    MONTHS_OF,
    OPEN_TASK_STATES,
    AssignmentRole,
    DeadlineKind,
    LampKind,
    ObligationState,
    TaskState,
)
from responsibilities.models import Assignment, Task
from responsibilities.models.lamp_dates import last_word
from responsibilities.models.unit_order import RANKED, name_of
from responsibilities.periods import EVENT_MARK, Period
from responsibilities.rules import (
    Lamp,
    LampFacts,
    Thresholds,
    deadline_words,
    lamp,
    silent_words,
    thresholds_of,
)

NAMES_UNITS = re.compile("部门|单位|镇|街道")
NOTHING = Value("", output_field=CharField())
FITS = 9  # 一列放得下的字数
SHORT = 6  # 再长的称谓先写家数，免得被截掉
# 每一行所需的列；办理件和单位另读，不随行数增加语句。
COLUMNS = (
    "pk",
    "version",
    "code",
    "title",
    "deadline_kind",
    "due_on",
    "frequency",
    "state",
    "starts_on",
    "task_count",
    "row_due_on",
    "row_quiet",
    "row_open",
)
ROLE_WORDS = {role.value: str(role.label) for role in AssignmentRole}


@dataclass(frozen=True, slots=True)
class Tag:
    """An exception beside the title; what is as it should be carries none."""

    label: str
    tone: str


VOIDED = Tag("已撤销", "")
UNDECIDED = Tag("待明确", "amber")
RETURNED = Tag("退回补正", "red")
UNDER_REVIEW = Tag("待核验", "blue")
EXTENDED = Tag("延", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger, ready to be drawn; ``role`` is what the person's unit does in it
    where it does not lead."""

    pk: int
    version: int
    code: str
    title: str
    url: str
    lamp: Lamp
    when: str
    lead: str
    assist: str
    done: int
    total: int
    updated_on: date | None
    tags: tuple[Tag, ...]
    is_void: bool
    role: str = ""

    @property
    def lead_is_long(self) -> bool:
        """Whether the column may cut the units short, so that they are told again on hover."""
        return len(self.lead) > FITS

    @property
    def assist_is_long(self) -> bool:
        return len(self.assist) > FITS


@dataclass(slots=True)
class Work:
    """The tasks of one row in its current period, counted."""

    total: int = 0
    closed: int = 0
    reported_on: date | None = None
    states: set[str] = field(default_factory=set)
    is_extended: bool = False
    silent: int = 0
    first_silent: str = ""

    @property
    def silent_words(self) -> str:
        return silent_words(self.silent, self.total, name_of(self.first_silent))

    def add(self, state: str, count: int, reported_on: date | None, moved: int) -> None:
        self.total += count
        if state == TaskState.CLOSED:
            self.closed += count
        self.states.add(state)
        self.is_extended = self.is_extended or bool(moved)
        self.reported_on = max(filter(None, (self.reported_on, reported_on)), default=None)

    def add_silent(self, count: int, first: str | None) -> None:
        self.silent += count
        self.first_silent = min(filter(None, (self.first_silent, first)), default="")


def drawn(
    records: Sequence[Mapping[str, Any]], *, plan: Plan, access: Access, today: date
) -> list[Row]:
    """Turn the values of ``COLUMNS`` into rows, in the same order."""
    thresholds = thresholds_of(plan)
    silent_before = today - timedelta(days=thresholds.quiet)
    units, work = _read(records, access, today, silent_before)
    base = reverse("responsibilities:obligation_detail", args=[plan.code, "-"]).removesuffix("-/")
    return [
        Row(
            pk=record["pk"],
            version=record["version"],
            code=record["code"],
            title=fullwidth(record["title"]),
            url=f"{base}{record['code']}/",
            lamp=lamp_of_values(record, today, thresholds),
            when=fullwidth(
                deadline_words(
                    kind=DeadlineKind(record["deadline_kind"]),
                    due_on=record["due_on"],
                    frequency=record["frequency"],
                )
            ),
            lead=units.get((record["pk"], AssignmentRole.LEAD), "未定"),
            assist=units.get((record["pk"], AssignmentRole.ASSIST), ""),
            done=work[record["pk"]].closed,
            total=work[record["pk"]].total,
            updated_on=work[record["pk"]].reported_on,
            tags=_tags(record, work[record["pk"]]),
            is_void=record["state"] == ObligationState.VOID,
            role=ROLE_WORDS.get(record.get("own_role", ""), ""),
        )
        for record in records
    ]


def lamp_of_values(record: Mapping[str, Any], today: date, thresholds: Thresholds) -> Lamp:
    """The same facts as ``Obligation.lamp_on``, from values instead of an instance."""
    if record["state"] == ObligationState.VOID:
        return Lamp(LampKind.NOT_STARTED, "已撤销")
    dispatched = record["state"] == ObligationState.DISPATCHED
    facts = LampFacts(
        is_draft=not dispatched,
        is_closed=dispatched and record["task_count"] > 0 and not record["row_open"],
        due_on=record["row_due_on"],
        is_periodic=record["deadline_kind"] == DeadlineKind.PERIODIC,
        quiet_since=record["row_quiet"],
        starts_on=record["starts_on"],
    )
    return lamp(facts, today=today, thresholds=thresholds)


def _tags(record: Mapping[str, Any], work: Work) -> tuple[Tag, ...]:
    """Return the exceptions of a row, what needs somebody first."""
    told = (
        (VOIDED, record["state"] == ObligationState.VOID),
        (UNDECIDED, record["deadline_kind"] == DeadlineKind.UNDECIDED),
        (UNDER_REVIEW, TaskState.UNDER_REVIEW in work.states),
        (RETURNED, TaskState.RETURNED in work.states),
        (EXTENDED, work.is_extended),
    )
    tags = tuple(tag for tag, applies in told if applies)
    return (*tags, Tag(work.silent_words, "amber")) if work.silent_words else tags


def _read(
    records: Sequence[Mapping[str, Any]], access: Access, today: date, silent_before: date
) -> tuple[dict[tuple[int, str], str], dict[int, Work]]:
    """Return (row, role) → its units in few words, and row → what it expects now, in a statement.

    Both are counts by row; each leaves empty what only the other one counts.  ``marked`` are the
    tasks with more time, and the units that a phrase of the text brought.
    """
    periods = _current_periods(records, today)
    units: dict[tuple[int, str], str] = {}
    work = {pk: Work() for pk in periods}
    rows = list(periods)
    now = Q(period__in=set(periods.values())) | Q(period__startswith=EVENT_MARK)
    tasks = _counted_tasks(silent_before).visible_to(access).filter(now, obligation__in=rows)
    counted = tasks.union(_counted_units().filter(obligation__in=rows), all=True)
    for pk, role, period, state, count, reported_on, marked, first, phrase, last, silent in counted:
        if role:
            one = marked == count and phrase == last
            said = _said(count, name_of(first), phrase if one else "")
            units[pk, role] = fullwidth(said)
        elif period == periods[pk] or period.startswith(EVENT_MARK):
            work[pk].add(state, count, reported_on, marked)
            work[pk].add_silent(silent, first)
    return units, work


@cache
def _counted_units() -> "QuerySet[Any, tuple[Any, ...]]":
    """Count the units of each row and role: the phrase of the text, or the first and how many;
    kept is the question, put together once."""
    found: QuerySet[Any, tuple[Any, ...]] = (
        Assignment.objects.exclude(role=AssignmentRole.SUPERVISE)
        .order_by()
        .annotate(period=NOTHING, state=NOTHING)
        .values_list("obligation", "role", "period", "state")
        .annotate(
            count=Count("pk"),
            reported_on=Cast(Value(None), DateField()),
            marked=Count("alias"),
            first=Min(RANKED, output_field=CharField()),
            phrase=Min("alias__phrase"),
            last=Max("alias__phrase"),
            silent=Value(0),
        )
    )
    return found


def _said(count: int, first: str, phrase: str) -> str:
    """Name units in few words; a phrase such as 企业 names whom they watch over, not them."""
    if count == 1:
        return first
    if not NAMES_UNITS.search(phrase):
        return f"{first}等 {count} 家"
    return f"{phrase} {count} 家" if len(phrase) <= SHORT else f"{count} 家{phrase}"


def _current_periods(records: Iterable[Mapping[str, Any]], today: date) -> dict[int, str]:
    """Return row → the period that holds now; work that is done once has an empty one."""
    current = {freq.value: Period.containing(today, freq).code for freq in MONTHS_OF}
    return {
        record["pk"]: current[record["frequency"]]
        if record["deadline_kind"] == DeadlineKind.PERIODIC
        else ""
        for record in records
    }


@lru_cache(maxsize=8)
def _counted_tasks(silent_before: date) -> Any:
    """Count the tasks of each row by period and state; ``first`` is the first unit of the
    long-term ones that told nothing since ``silent_before``. Kept is the question, put together
    once."""
    is_silent = Q(state__in=OPEN_TASK_STATES, due_on=None, told_on__lt=silent_before)
    return (
        Task.objects.exclude(state__in=[TaskState.VOID, TaskState.UNDISPATCHED])
        .order_by()
        .annotate(role=NOTHING, told_on=last_word())
        .values_list("obligation", "role", "period", "state")
        .annotate(
            count=Count("pk"),
            reported_on=Max("last_reported_on"),
            marked=Count("pk", filter=Q(due_on__gt=F("original_due_on"))),
            first=Min(RANKED, filter=is_silent, output_field=CharField()),
            phrase=NOTHING,
            last=NOTHING,
            silent=Count("pk", filter=is_silent),
        )
    )
