"""自评, 初评 and 终评 of one unit side by side."""

from dataclasses import dataclass
from decimal import Decimal

from assessments.enums import Stage
from assessments.models import Assessment, Computation, ScoreLine, SelfScore
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
            number=number,
            title=title,
            full=full,
            own=own[number].points if number in own else None,
            note=own[number].note if number in own else "",
            preliminary=before.get(number),
            final=after.get(number),
        )
        for number, (title, full) in titles.items()
    ]


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
