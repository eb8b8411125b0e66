"""The last periods of a unit by one set of rules, with the line that is drawn of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assessments.enums import Grade
from assessments.models import Assessment, Computation, Scheme, UnitScore
from assessments.rules.canonical import from_json
from assessments.rules.comparing import trend
from assessments.rules.facts import Snapshot
from assessments.rules.scoring import score_all
from organizations.access import Access
from organizations.models import Unit

SHOWN = 4
WIDTH, TOP, BOTTOM, STEP = 280, 24, 70, 70


@dataclass(frozen=True)
class Point:
    """One period: the published total, the total by the rules of now, and its place on the line.

    What is lower than the one before is written below the line, which comes from above.
    """

    label: str
    url: str
    published: Decimal
    by_these_rules: Decimal
    x: int
    y: int
    falls: bool

    @property
    def label_y(self) -> int:
        return self.y + (18 if self.falls else -9)


def trend_of(assessment: Assessment, unit: Unit, scheme: Scheme, access: Access) -> list[Point]:
    """Return the last periods of the same length up to this one, oldest first."""
    months = assessment.span.months
    visible = Assessment.objects.visible_to(access).filter(period__lte=assessment.period)
    spans = [found for found in visible.order_by("-period") if found.span.months == months]
    scored = [pair for found in spans[:SHOWN] if (pair := _score(found, unit)) is not None]
    scored.reverse()
    rules = Scheme.objects.with_indicators().get(pk=scheme.pk).rules()
    texts = [Computation.objects.get(pk=score.computation_id).snapshot for _, score in scored]
    totals = trend([own_part(text, unit.code) for text in texts], rules, unit.code)
    return _points(scored, totals)


def _score(assessment: Assessment, unit: Unit) -> tuple[Assessment, UnitScore] | None:
    score = UnitScore.objects.filter(computation=assessment.current(), unit=unit).first()
    return (assessment, score) if score is not None else None


def own_part(text: str, code: str) -> Snapshot:
    """Return a stored snapshot with one unit in it: the others need not be read."""
    whole = json.loads(text)
    whole["units"] = [unit for unit in whole["units"] if unit["code"] == code]
    return from_json(Snapshot, json.dumps(whole))


def totals_by_rules_of(computation: Computation, earlier: Computation) -> dict[str, Decimal]:
    """Return unit code → what it would have had in ``earlier`` by the rules of ``computation``."""
    now, then = (
        from_json(Snapshot, Computation.objects.get(pk=found.pk).snapshot)
        for found in (computation, earlier)
    )
    results = score_all(replace(then, schemes=now.schemes))
    return {result.code: result.total for result in results if result.grade != Grade.NONE}


def _points(
    scored: Sequence[tuple[Assessment, UnitScore]], totals: Sequence[Decimal | None]
) -> list[Point]:
    known = [total for total in totals if total is not None]
    low, high = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    reach = (high - low) or Decimal(1)
    return [
        Point(
            label=assessment.label,
            url=assessment.get_absolute_url(),
            published=score.total,
            by_these_rules=total,
            x=35 + STEP * number,
            y=int(BOTTOM - (BOTTOM - TOP) * (total - low) / reach),
            falls=number > 0 and total < (totals[number - 1] or total),
        )
        for number, ((assessment, score), total) in enumerate(zip(scored, totals, strict=True))
        if total is not None
    ]
