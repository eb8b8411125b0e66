"""The scorecard of one unit: where the points went, each with its record."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.services.scorecards import card_of
from assessments.views.assessments import own_score, visible_assessment
from organizations.http import AuthenticatedRequest


@require_safe
def scorecard(request: AuthenticatedRequest, period: str, code: str) -> HttpResponse:
    """成绩单：100 分扣在哪儿，每一分都有出处。"""
    assessment = visible_assessment(request, period)
    score = own_score(request, assessment, code)
    context = {
        "assessment": assessment,
        "unit": score.unit,
        "card": card_of(assessment, assessment.current(), score),
    }
    return render(request, "assessments/scorecard.html", context)
