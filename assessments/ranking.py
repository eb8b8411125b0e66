"""The ranking page of an assessment: one class at a time, never mixed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.enums import Grade, LineKind
from assessments.models import Assessment, Computation, ScoreLine, UnitScore
from organizations.enums import AssessmentClass


@dataclass(frozen=True)
class ClassTab:
    """A class with the number of its units."""

    value: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class RankedUnit:
    """A unit in its place, with the change since the period before and its heaviest losses."""

    score: UnitScore
    climbed: int | None
    causes: tuple[str, ...]


@dataclass(frozen=True)
class GradeCount:
    label: str
    bounds: str
    count: int


def tabs_of(scores: Sequence[UnitScore], chosen: str) -> list[ClassTab]:
    counts = Counter(score.assessment_class for score in scores)
    return [
        ClassTab(kind, kind.label, counts[kind], kind == chosen)
        for kind in AssessmentClass
        if counts[kind]
    ]


def ranked(
    scores: Sequence[UnitScore], earlier: dict[int, int | None], most: int = 2
) -> list[RankedUnit]:
    """Return the scores in the order of their places with what cost them most."""
    causes: dict[int, list[str]] = {}
    lines = ScoreLine.objects.filter(score__in=[score.pk for score in scores], points__lt=0)
    for line in lines.exclude(kind=LineKind.SCALING).order_by("points", "number"):
        words = line.cause if line.refs else f"{line.title}：{line.cause}"
        causes.setdefault(line.score_id, []).append(words)
    found = sorted(scores, key=lambda score: (score.rank is None, score.rank, score.unit.order))
    return [
        RankedUnit(
            score,
            _climbed(score.rank, earlier.get(score.unit_id)),
            tuple(causes.get(score.pk, ())[:most]),
        )
        for score in found
    ]


def _climbed(rank: int | None, before: int | None) -> int | None:
    return before - rank if rank is not None and before is not None else None


def places_before(assessment: Assessment) -> dict[int, int | None]:
    """Return unit id → place in the assessment of the same length just before."""
    before = assessment_before(assessment)
    return dict(before.current().scores.values_list("unit_id", "rank")) if before else {}


def assessment_before(assessment: Assessment) -> Assessment | None:
    """Return the assessment of the same length just before."""
    spans = Assessment.objects.filter(period__lt=assessment.period).order_by("-period")
    months = assessment.span.months
    return next((found for found in spans if found.span.months == months), None)


def grades_of(scores: Sequence[UnitScore]) -> list[GradeCount]:
    """Count the grades of one class, with the bounds of its scheme."""
    if not scores:
        return []
    scheme, counts = scores[0].scheme, Counter(score.grade for score in scores)
    bounds = {
        Grade.EXCELLENT: f"{_bare(scheme.excellent_from)} 分及以上",
        Grade.GOOD: f"{_bare(scheme.good_from)} 分及以上",
        Grade.PASS: f"{_bare(scheme.pass_from)} 分及以上",
        Grade.FAIL: f"{_bare(scheme.pass_from)} 分以下或一票否决",
    }
    return [GradeCount(grade.label, words, counts[grade]) for grade, words in bounds.items()]


def _bare(points: Decimal) -> str:
    return f"{points.normalize():f}"


def scores_of(computation: Computation) -> list[UnitScore]:
    return list(UnitScore.objects.of_computation(computation))
