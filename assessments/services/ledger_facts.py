"""What the ledger says about each unit in a period: tasks due, reports, returns, extensions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from assessments.rules.facts import CHARGED_ONCE, Due, Event, LongTerm, Ref
from clauses.models import Plan
from common.clock import day_of
from common.days import full_day
from responsibilities.as_of import UNCOUNTED, as_it_was, end_of, records
from responsibilities.enums import (
    OPEN_TASK_STATES,
    DeadlineKind,
    ExtensionState,
    FulfilledBy,
    ReportKind,
    ReportState,
    ReviewDecision,
)
from responsibilities.models import Extension, Obligation, ProgressReport, Review, Task
from responsibilities.rules import QUIET_DAYS

# 没有报出来的：还在等本单位负责人签发的，和撤回的。
NOT_SENT = (ReportState.SIGNING, ReportState.WITHDRAWN)


@dataclass
class LedgerFacts:
    """The facts of the ledger by unit."""

    tasks: dict[int, list[Due]] = field(default_factory=dict)
    inspections: dict[int, list[Due]] = field(default_factory=dict)
    waiting: dict[int, int] = field(default_factory=dict)
    long_term: dict[int, list[LongTerm]] = field(default_factory=dict)
    returns: dict[int, list[Event]] = field(default_factory=dict)
    extensions: dict[int, list[Event]] = field(default_factory=dict)


@dataclass
class _Reading:
    """One reading of the ledger at one instant."""

    first: date
    due_until: date
    last: date
    as_of: datetime
    edition: int
    tasks: dict[int, Task]
    rows: dict[int, Obligation]
    plans: dict[int, str]
    reports: dict[int, list[ProgressReport]] = field(default_factory=dict)
    waited_before: Mapping[int, date] = field(default_factory=dict)
    waited_at_end: Mapping[int, date] = field(default_factory=dict)

    def ref(self, task: Task) -> Ref:
        row = self.rows[task.obligation_id]
        label = f"{row.code} {self.period_words(task)}".strip()
        return Ref("task", f"{self.plans[row.plan_id]}/{row.code}", label)

    def period_words(self, task: Task) -> str:
        """Earlier editions named a quarter 2019年三季度, and are read again as they were."""
        words = task.period_label
        return words if self.edition >= CHARGED_ONCE else words.replace("年第", "年")

    def kind(self, task: Task) -> str:
        return self.rows[task.obligation_id].deadline_kind

    def is_inspection(self, task: Task) -> bool:
        return self.rows[task.obligation_id].fulfilled_by == FulfilledBy.INSPECTION

    def title(self, task: Task) -> str:
        return self.rows[task.obligation_id].title

    def holds(self, instant: datetime | None) -> bool:
        return instant is not None and self.first <= day_of(instant) <= self.last


def read_ledger(
    first: date, due_until: date, last: date, as_of: datetime, unit_ids: list[int], edition: int
) -> LedgerFacts:
    """Return the facts of the units as of an instant, in a fixed number of queries."""
    found = as_it_was(Task, as_of).filter(unit_id__in=unit_ids).exclude(state__in=UNCOUNTED)
    tasks: dict[int, Task] = {task.pk: task for task in records(found.order_by("id"))}
    wanted = {task.obligation_id for task in tasks.values()}
    rows = records(as_it_was(Obligation, as_of).filter(id__in=wanted))
    plans = dict(Plan.objects.values_list("pk", "code"))
    reading = _Reading(
        first, due_until, last, as_of, edition, tasks, {row.pk: row for row in rows}, plans
    )
    sent = as_it_was(ProgressReport, as_of).exclude(state__in=NOT_SENT)
    for report in records(sent.filter(task_id__in=tasks).order_by("id")):
        reading.reports.setdefault(report.task_id, []).append(report)
    if edition >= CHARGED_ONCE:
        reading.waited_before = _closings_waiting(end_of(first - timedelta(days=1)))
        reading.waited_at_end = _closings_waiting(min(end_of(last), as_of))
    facts = LedgerFacts()
    for task in tasks.values():
        if task.due_on is not None:
            _note_dated(reading, facts, task)
        elif reading.kind(task) == DeadlineKind.CONTINUOUS:
            _note_long_term(reading, facts, task)
    _note_returns(reading, facts)
    _note_extensions(reading, facts)
    return facts


def _note_dated(reading: _Reading, facts: LedgerFacts, task: Task) -> None:
    """Expect what fell due in the period, and what was owed from before it.

    What inspections fulfil (带队检查) is scored by itself and by its own quarters alone.

    A closing that waits for the office counts as of the day it was sent in: sent in time it is
    left out until it has been reviewed, sent late it is late. What was left out so when a period
    ended stays out of it, and falls to the next if it was returned.
    """
    due_on, done_on = task.due_on, task.closed_on
    if due_on is None or due_on > reading.due_until:
        return
    if due_on < reading.first and done_on is not None and done_on < reading.first:
        return
    sent = _closing_sent_on(reading.reports.get(task.pk, ())) if done_on is None else None
    waited = min(sent or date.max, reading.waited_at_end.get(task.pk, date.max))
    if waited <= due_on and (done_on is None or done_on > due_on):
        facts.waiting[task.unit_id] = facts.waiting.get(task.unit_id, 0) + 1
        return
    is_deferred = due_on < reading.first and reading.waited_before.get(task.pk, date.max) <= due_on
    due = Due(due_on, reading.title(task), reading.ref(task), done_on or sent, is_deferred)
    if not reading.is_inspection(task):
        facts.tasks.setdefault(task.unit_id, []).append(due)
    elif due_on >= reading.first:
        facts.inspections.setdefault(task.unit_id, []).append(due)


def _closings_waiting(instant: datetime) -> dict[int, date]:
    """Return task → the day on which the closing was sent that waited for the office then."""
    found = as_it_was(ProgressReport, instant).filter(
        state=ReportState.SUBMITTED, kind=ReportKind.CLOSING
    )
    days: dict[int, date] = {}
    for task, sent in found.values_list("task_id", "submitted_at"):
        days[task] = min(day_of(sent), days.get(task, date.max))
    return days


def _closing_sent_on(reports: Iterable[ProgressReport]) -> date | None:
    waiting = [
        day_of(report.submitted_at)
        for report in reports
        if report.state == ReportState.SUBMITTED and report.kind == ReportKind.CLOSING
    ]
    return min(waiting, default=None)


def _note_long_term(reading: _Reading, facts: LedgerFacts, task: Task) -> None:
    """Expect a report of open long-term work every ``QUIET_DAYS`` days, once it has run so long."""
    row = reading.rows[task.obligation_id]
    began = task.starts_on or (day_of(row.dispatched_at) if row.dispatched_at else None)
    if began is None or task.state not in OPEN_TASK_STATES:
        return
    if (reading.due_until - began).days <= QUIET_DAYS:
        return
    sent = [day_of(report.submitted_at) for report in reading.reports.get(task.pk, ())]
    last = max([began, *(day for day in sent if day <= reading.due_until)])
    quiet = (reading.due_until - last).days
    item = LongTerm(reading.title(task), reading.ref(task), quiet, quiet > QUIET_DAYS)
    facts.long_term.setdefault(task.unit_id, []).append(item)


def _note_returns(reading: _Reading, facts: LedgerFacts) -> None:
    reviews: Any = as_it_was(Review, reading.as_of).filter(decision=ReviewDecision.RETURN)
    task_of = {
        report.pk: reading.tasks[task]
        for task, reports in reading.reports.items()
        for report in reports
    }
    for review in records(reviews.order_by("id")):
        task = task_of.get(review.report_id)
        if task is not None and reading.holds(review.reviewed_at):
            title = f"{reading.title(task)}：退回补正，{review.reason}"
            event = Event(day_of(review.reviewed_at), title, reading.ref(task))
            facts.returns.setdefault(task.unit_id, []).append(event)


def _note_extensions(reading: _Reading, facts: LedgerFacts) -> None:
    granted: Any = as_it_was(Extension, reading.as_of).filter(state=ExtensionState.GRANTED)
    for item in records(granted.order_by("id")):
        task = reading.tasks.get(item.task_id)
        if task is not None and reading.holds(item.decided_at):
            day = item.granted_due_on
            title = f"{reading.title(task)}：延期至{full_day(day)}"
            event = Event(day_of(item.decided_at), title, reading.ref(task))
            facts.extensions.setdefault(task.unit_id, []).append(event)
