"""What the leaders' page says about the newest assessment: one line, and where to read on."""

from collections import Counter
from dataclasses import dataclass

from assessments.enums import Grade, LineKind
from assessments.models import Assessment, ScoreLine
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
