"""What the homes say about the newest assessment: a line for leaders, a unit's own score."""

from collections import Counter
from dataclasses import dataclass

from assessments.enums import Grade, LineKind
from assessments.models import Assessment, ScoreLine, UnitScore
from organizations.access import Access


@dataclass(frozen=True)
class AssessmentSummary:
    """The newest assessment: how many units have each grade, and who failed."""

    label: str
    state: str
    url: str
    grades: tuple[tuple[str, int], ...]
    failed: tuple[str, ...]
    vetoed: int


def newest_scores(access: Access) -> list[UnitScore]:
    """Return the scores of the person's own units in the newest assessment shown to them."""
    found = Assessment.objects.visible_to(access).first()
    if found is None:
        return []
    scores = UnitScore.objects.visible_to(access).filter(computation=found.current())
    return list(scores.select_related("unit", "computation__assessment"))


def newest_assessment(access: Access) -> AssessmentSummary | None:
    """Return the newest published assessment, or the newest at all while none is published."""
    visible = Assessment.objects.visible_to(access)
    found = visible.published().first() or visible.first()
    if found is None:
        return None
    computation = found.current()
    scores = list(computation.scores.select_related("unit").order_by("unit__order"))
    counts = Counter(score.grade for score in scores)
    vetoed = ScoreLine.objects.filter(score__computation=computation, kind=LineKind.VETO)
    return AssessmentSummary(
        label=found.label,
        state=found.get_state_display(),
        url=found.get_absolute_url(),
        grades=tuple((grade.label, counts[grade]) for grade in Grade if counts[grade]),
        failed=tuple(score.unit.short_name for score in scores if score.grade == Grade.FAIL),
        vetoed=vetoed.values("score").distinct().count(),
    )
