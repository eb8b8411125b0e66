"""What has been corrected in an assessment since a paper of it was issued."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.urls import reverse

from assessments.enums import Stage
from assessments.models import Assessment, Computation, ScoreLine
from common.clock import day_of
from common.days import full_day
from documents.kinds import Correction
from organizations.models import Unit
from qinnan_safety.papers.letterhead import period_words


def corrections(period: str, unit: Unit | None, since: datetime) -> Sequence[Correction]:
    """Return the corrections made after ``since``; of a unit's paper only those that changed it."""
    assessment = Assessment.objects.filter(period=period).first()
    if assessment is None:
        return []
    found = []
    for number, computation in enumerate(_corrections_of(assessment), 1):
        made_at = computation.known_at or computation.as_of
        if made_at > since and (unit is None or _touches(computation, unit)):
            words = (
                f"{period_words(assessment.span)}考核结果第{number}号更正"
                f"（{full_day(day_of(made_at))}）"
            )
            found.append(Correction(words, _address(assessment, unit)))
    return found


def corrected_at(periods: Collection[str]) -> Mapping[str, datetime]:
    """Return when the results of the periods were last corrected: one query."""
    made = Computation.objects.filter(stage=Stage.CORRECTION, assessment__period__in=periods)
    told = made.order_by("number").values_list("assessment__period", "known_at", "as_of")
    return {period: known_at or as_of for period, known_at, as_of in told}


def _corrections_of(assessment: Assessment) -> Sequence[Computation]:
    made = assessment.computations.defer("snapshot").filter(stage=Stage.CORRECTION)
    return list(made.order_by("number"))


def _touches(computation: Computation, unit: Unit) -> bool:
    """Whether the correction gave the unit other points or other causes than it had before."""
    lines = ScoreLine.objects.filter(
        score__unit=unit, score__computation__assessment=computation.assessment_id
    )
    columns = ("title", "cause", "points", "score__grade")
    return (
        len(
            {
                tuple(
                    lines.filter(score__computation__number=number)
                    .order_by("number")
                    .values_list(*columns)
                )
                for number in (computation.number - 1, computation.number)
            }
        )
        > 1
    )


def _address(assessment: Assessment, unit: Unit | None) -> str:
    if unit is None:
        return assessment.get_absolute_url()
    return reverse("assessments:scorecard", args=[assessment.period, unit.code])
