"""What the homes say about the newest assessment: a line for leaders, a unit's own score."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Subquery

from assessments.enums import Grade, LineKind
from assessments.models import Assessment, Computation, ScoreLine, UnitScore
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
    """Return the scores of the person's own units in the newest assessment shown to them: one
    statement."""
    newest = Assessment.objects.visible_to(access).values("pk")[:1]
    current = Computation.objects.filter(assessment=Subquery(newest)).order_by("-number")
    scores = UnitScore.objects.visible_to(access).filter(
        computation=Subquery(current.values("pk")[:1])
    )
    return list(
        scores.select_related("unit", "computation__assessment").defer("computation__snapshot")
    )


def newest_assessment(access: Access, *, until: date | None = None) -> AssessmentSummary | None:
    """Return the newest published assessment, or the newest at all while none is published.

    With ``until`` only of a period that ended by that day.
    """
    visible = Assessment.objects.visible_to(access)
    if until is not None:
        ended = [found.pk for found in visible if found.span.last_day <= until]
        visible = visible.filter(pk__in=ended)
    found = visible.published().first() or visible.first()
    if found is None:
        return None
    computation = found.current()
    vetoes = ScoreLine.objects.filter(score=OuterRef("pk"), kind=LineKind.VETO)
    scores = list(
        computation.scores.annotate(is_vetoed=Exists(vetoes))
        .order_by("unit__order")
        .values("grade", "is_vetoed", name=F("unit__short_name"))
    )
    counts = Counter(score["grade"] for score in scores)
    return AssessmentSummary(
        label=found.label,
        state=found.get_state_display(),
        url=found.get_absolute_url(),
        grades=tuple((grade.label, counts[grade]) for grade in Grade if counts[grade]),
        failed=tuple(score["name"] for score in scores if score["grade"] == Grade.FAIL),
        vetoed=sum(score["is_vetoed"] for score in scores),
    )
