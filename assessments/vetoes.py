"""Which results have taken a decision of 一票否决 in, and which have still to."""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.enums import Grade, LineKind
from assessments.models import Assessment, ScoreLine, UnitScore, VetoDecision
from assessments.services.facts import held_by


@dataclass(frozen=True)
class Effect:
    """What a decision does to the result of one assessment."""

    assessment: Assessment
    is_settled: bool


def effects_of(veto: VetoDecision) -> Sequence[Effect]:
    """Return the assessments that the decision concerns, the quarter before its year."""
    concerned = [
        found
        for found in Assessment.objects.order_by("period")
        if veto.period in held_by(found.span) and _is_graded(found, veto)
    ]
    concerned.sort(key=lambda found: found.span.months)
    return [Effect(found, veto not in unsettled(found)) for found in concerned]


def unsettled(assessment: Assessment) -> Sequence[VetoDecision]:
    """Return the decisions that the newest result does not show: made or voided since."""
    lines = ScoreLine.objects.filter(
        score__computation=assessment.current(), kind=LineKind.VETO
    ).values_list("refs", flat=True)
    counted = {ref["key"] for refs in lines for ref in refs if ref["kind"] == "veto"}
    found = VetoDecision.objects.filter(period__in=held_by(assessment.span))
    return [
        veto
        for veto in found.select_related("unit").order_by("decided_on", "pk")
        if (str(veto.pk) in counted) == veto.is_void and _is_graded(assessment, veto)
    ]


def _is_graded(assessment: Assessment, veto: VetoDecision) -> bool:
    scores = UnitScore.objects.filter(computation=assessment.current(), unit=veto.unit_id)
    return scores.exclude(grade=Grade.NONE).exists()
