"""Objections: the unit objects to a line, the office answers it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.comparison import hints_of
from assessments.enums import ObjectionState
from assessments.forms.objections import AnswerForm, ObjectionForm, SelfScoreForm
from assessments.models import Assessment, Objection, ScoreLine, UnitScore
from assessments.services.objections import (
    answer_objection,
    applying,
    score_oneself,
    submit_objection,
)
from common.clock import now
from common.errors import DomainError, messages_of
from organizations.http import AuthenticatedRequest
from organizations.models import Unit


@require_safe
def objection_list(request: AuthenticatedRequest) -> HttpResponse:
    """申诉：没有答复的在前；单位只看本单位的。"""
    found = Objection.objects.visible_to(request.access).with_lines()
    waiting = [item for item in found if item.state == ObjectionState.SUBMITTED]
    answered = [item for item in found if item.state != ObjectionState.SUBMITTED]
    context = {"waiting": waiting, "answered": answered}
    return render(request, "assessments/objection_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def objection_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """一件申诉；经办人在这里答复。"""
    if request.method == "POST" and not request.access.is_office:
        raise PermissionDenied("申诉由区安委办答复。")
    found = Objection.objects.visible_to(request.access).with_lines()
    objection = get_object_or_404(found, pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_objection(
                objection,
                is_upheld=form.cleaned_data["decision"] == ObjectionState.UPHELD,
                answer=form.cleaned_data["answer"],
                actor=request.user,
                at=now(),
            )
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, "已答复，终评时按答复重算。")
            return redirect("assessments:objection_list")
    context = {"objection": objection, "form": form}
    status = 422 if form.errors else 200
    return render(request, "assessments/objection_detail.html", context, status=status)


def own_line(request: AuthenticatedRequest, pk: int) -> ScoreLine:
    """Return a line of the person's own unit, or of one it took over, that units were shown."""
    scores = UnitScore.objects.visible_to(request.access)
    own = scores.filter(unit__in=request.access.answered_ids)
    lines = ScoreLine.objects.filter(score__in=own)
    return get_object_or_404(lines.select_related("score__computation__assessment"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def objection_create(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """申诉一笔扣分。"""
    line = own_line(request, pk)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = submit_objection(line, **form.cleaned_data, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, "申诉已报区安委办，答复后在这里看得到。")
            return redirect(made)
    context = {"line": line, "form": form, "assessment": line.score.computation.assessment}
    status = 422 if form.errors else 200
    return render(request, "assessments/objection_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def self_score(request: AuthenticatedRequest, period: str, code: str) -> HttpResponse:
    """自评：给本单位各项打分，只作对照。"""
    open_now = Assessment.objects.open_to_self_scores(request.access)
    assessment = get_object_or_404(open_now, period=period)
    unit = get_object_or_404(Unit, pk__in=request.access.answered_ids, code=code)
    items = applying(assessment, unit)
    known = {item.indicator: item for item in assessment.self_scores.filter(unit=unit)}
    hints = hints_of(assessment, unit)
    form = SelfScoreForm(request.POST or None, items=items, known=known, hints=hints)
    if request.method == "POST" and form.is_valid():
        try:
            score_oneself(assessment, unit, form.scores(), actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, "自评已保存，终评前可以再改。")
            return redirect("assessments:assessment_list")
    context = {"assessment": assessment, "unit": unit, "form": form}
    status = 422 if form.errors else 200
    return render(request, "assessments/self_score.html", context, status=status)
