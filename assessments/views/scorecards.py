"""The scorecard of one unit: where the points went, each with its record."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.comparison import compared
from assessments.enums import AssessmentState
from assessments.improving import improvements_of
from assessments.services.scorecards import card_of
from assessments.trend import trend_of
from assessments.views.assessments import own_score, visible_assessment
from common.clock import now
from documents.pages import issued_file
from organizations.http import AuthenticatedRequest

SCORECARD = "scorecard"  # 文件种类


@require_safe
def scorecard(request: AuthenticatedRequest, period: str, code: str) -> HttpResponse:
    """成绩单：100 分扣在哪儿，每一分都有出处。"""
    assessment = visible_assessment(request, period)
    score = own_score(request, assessment, code)
    card = card_of(assessment, assessment.current(), score)
    titles = {item.number: (item.title, item.full) for item in card.items if item.applies}
    objections = assessment.objections.filter(unit=score.unit).select_related("line")
    is_own = score.unit_id in request.access.answered_ids
    objected = {(item.line.title, item.line.cause) for item in objections}
    said = {(item.line.title, item.line.mark or item.line.cause): item for item in objections}
    answers = {line.pk: said.get((line.title, line.mark)) for line in card.losses}
    may_object = is_own and assessment.state == AssessmentState.OBJECTIONS
    context = {
        "assessment": assessment,
        "unit": score.unit,
        "card": card,
        "trend": trend_of(assessment, score.unit, score.scheme, request.access),
        "compared": compared(assessment, score.unit, titles),
        "objections": answers,
        "shows_objections": may_object or any(answers.values()),
        "better": improvements_of(assessment, score.unit, card, objected, at=now()),
        "paper": issued_file(
            request.access, kind=SCORECARD, period=assessment.period, unit=score.unit
        ),
        "may_object": may_object,
        "may_self_score": is_own and assessment.takes_self_scores,
    }
    return render(request, "assessments/scorecard.html", context)
