"""自评, 初评 and 终评 of one unit side by side."""

from dataclasses import dataclass
from decimal import Decimal

from assessments.enums import SHOWN_TO_UNITS, Stage
from assessments.models import Assessment, Computation, ScoreLine, SelfScore, UnitScore
from assessments.rules.scoring import number
from assessments.rules.words import words_of
from organizations.models import Unit


@dataclass(frozen=True)
class ComparedItem:
    """One indicator with what the unit gave itself and what each computation came to."""

    number: int
    title: str
    full: Decimal
    own: Decimal | None
    note: str
    preliminary: Decimal | None
    final: Decimal | None


def compared(
    assessment: Assessment, unit: Unit, titles: dict[int, tuple[str, Decimal]]
) -> list[ComparedItem]:
    """Return the indicators of ``titles`` (number → title and full marks) side by side."""
    own = {item.indicator: item for item in SelfScore.objects.filter(
        assessment=assessment, unit=unit)}  # fmt: skip
    stages = assessment.computations.defer("snapshot").order_by("-number")
    first = next((c for c in stages if c.stage == Stage.PRELIMINARY), None)
    last = next((c for c in stages if c.stage != Stage.PRELIMINARY), None)
    before, after = _earned(first, unit), _earned(last, unit)
    return [
        ComparedItem(
            number=place,
            title=title,
            full=full,
            own=own[place].points if place in own else None,
            note=own[place].note if place in own else "",
            preliminary=before.get(place),
            final=after.get(place),
        )
        for place, (title, full) in titles.items()
    ]


def hints_of(assessment: Assessment, unit: Unit) -> dict[int, str]:
    """Return indicator → how it is scored, and once units were shown what it was given."""
    computation = assessment.current()
    earned = _earned(computation, unit) if assessment.state in SHOWN_TO_UNITS else {}
    score = UnitScore.objects.of_computation(computation).get(unit=unit)
    hints = {}
    for item in score.scheme.indicators.all():
        given = earned.get(item.number)
        told = f"；初评 {number(given)} 分" if given is not None else ""
        hints[item.number] = f"{words_of(item.rule_of())}{told}。"
    return hints


def _earned(computation: Computation | None, unit: Unit) -> dict[int, Decimal]:
    """Return indicator → what it earned; added up here, for a database may add in floats."""
    if computation is None:
        return {}
    lines = ScoreLine.objects.filter(score__computation=computation, score__unit=unit)
    earned: dict[int, Decimal] = {}
    for indicator, points in lines.order_by("number").values_list("indicator", "points"):
        if indicator is not None:
            earned[indicator] = earned.get(indicator, Decimal(0)) + points
    return earned
