"""What became of the reminders of a duty so far, as the planner looks back on it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from common.clock import day_of
from notices.enums import WAITING_STATES, NoticeState
from notices.facts import Subject
from notices.models import Notice
from notices.rules import ACT, Told


@dataclass
class Past:
    """The reminders of one duty for one due date, by rule: those that went out and when, those
    that wait, and those that the office called off, when last and how often."""

    given: dict[str, date] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    called_off: dict[str, date] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)

    def attempt(self, rule: str) -> int:
        """Return the number of the next attempt at a rule: one more than were called off."""
        return self.attempts.get(rule, 0) + 1

    def give(self, rule: str, day: date) -> None:
        self.given[rule] = min(day, self.given.get(rule, day))

    def call_off(self, rule: str, day: date, attempt: int) -> None:
        self.called_off[rule] = max(day, self.called_off.get(rule, day))
        self.attempts[rule] = max(attempt, self.attempts.get(rule, attempt))


@dataclass
class Pasts:
    """The pasts of a chunk of duties, and the last day on which a person told of each."""

    of_window: Mapping[tuple[str, str], Past]
    told_on: Mapping[str, date]

    def of(self, subject: Subject) -> Past:
        return self.of_window.get((subject.key, subject.window)) or Past()

    def told(self, subject: Subject) -> Told:
        past = self.of(subject)
        return Told(
            given=past.given,
            told_on=self.told_on.get(subject.key),
            first=subject.first_rung,
            waiting=past.waiting,
            called_off=past.called_off,
        )


def pasts_of(subjects: Sequence[Subject]) -> Pasts:
    """Look back on a chunk of duties: one query."""
    pasts: dict[tuple[str, str], Past] = defaultdict(Past)
    told_on: dict[str, date] = {}
    rows = (
        Notice.objects.given()
        .filter(subject__in=[subject.key for subject in subjects])
        .order_by()
        .values_list(
            "subject", "window", "rule", "state", "attempt", "planned_on", "sent_at", "cancelled_at"
        )
    )
    for subject, window, rule, state, attempt, planned_on, sent_at, cancelled_at in rows:
        if rule == ACT:
            told_on[subject] = max(planned_on, told_on.get(subject, planned_on))
        elif state in WAITING_STATES:
            pasts[subject, window].waiting.add(rule)
        elif state == NoticeState.CANCELLED:
            pasts[subject, window].call_off(rule, _later(planned_on, cancelled_at), attempt)
        else:
            pasts[subject, window].give(rule, _later(planned_on, sent_at))
    return Pasts(pasts, told_on)


def _later(planned_on: date, at: datetime | None) -> date:
    """Return the day on which it happened, at the earliest the day it was planned for."""
    return planned_on if at is None else max(planned_on, day_of(at))
