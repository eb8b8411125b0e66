"""The days on which lamps change, as database expressions: each plan has its own thresholds,
each task its last word."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.db import models
from django.db.models import Case, Value, When
from django.db.models.functions import Coalesce, Greatest

from clauses.models import Plan
from responsibilities.enums import DeadlineKind
from responsibilities.rules import DEFAULTS


def _by_plan(plans: Sequence[Plan], days: Callable[[Plan], date], rest: date) -> Case | Value:
    """Return the day that holds for each row by its plan; the only plan's holds for all."""
    if len(plans) == 1:
        return Value(days(plans[0]), models.DateField())
    whens = [When(plan=plan.pk, then=Value(days(plan))) for plan in plans]
    return Case(*whens, default=Value(rest), output_field=models.DateField())


def soon_by(plans: Sequence[Plan], today: date) -> Case:
    """Return the last due date that is due soon on ``today``, by plan and kind of deadline."""

    def until(days: int) -> date:
        return today + timedelta(days=days)

    periodic = _by_plan(
        plans, lambda p: until(p.due_soon_days_periodic), until(DEFAULTS.due_soon_periodic)
    )
    others = _by_plan(plans, lambda p: until(p.due_soon_days), until(DEFAULTS.due_soon))
    return Case(
        When(deadline_kind=DeadlineKind.PERIODIC, then=periodic),
        default=others,
        output_field=models.DateField(),
    )


def silent_before(plans: Sequence[Plan], today: date) -> Case | Value:
    """Return the day before which long-term work must have been told of, by plan."""
    return _by_plan(
        plans,
        lambda p: today - timedelta(days=p.quiet_days),
        today - timedelta(days=DEFAULTS.quiet),
    )


def last_word() -> Greatest:
    """Return since when nothing was told of a task, equal to ``Task.last_word``: its last report,
    but what another unit reported before the task was handed on counts for nobody."""
    return Greatest(
        Coalesce("last_reported_on", "starts_on"), Coalesce("starts_on", "last_reported_on")
    )
