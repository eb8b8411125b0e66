"""The list of assessments, the ranking of one, and the steps to its publication."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from assessments.exports.workbook import MEDIA_TYPE, result_workbook
from assessments.forms.assessment import OBJECTION_DAYS, AgainForm, ComputeForm, StepForm
from assessments.forms.objections import CorrectForm
from assessments.later import facts_since, suspected
from assessments.models import Assessment, UnitScore
from assessments.ranking import grades_of, places_before, ranked, scores_of, tabs_of
from assessments.services.computing import compute_assessment
from assessments.services.publishing import (
    correct_assessment,
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from assessments.vetoes import unsettled
from common.clock import now
from common.errors import DomainError, messages_of
from organizations.enums import AssessmentClass
from organizations.http import AuthenticatedRequest, office_required


@require_safe
def assessment_list(request: AuthenticatedRequest) -> HttpResponse:
    """考核：各期的状态；单位看到自己的成绩。"""
    access = request.access
    if not (access.sees_all or access.unit_ids):
        raise PermissionDenied("这一页由有岗位的人员使用，如需查看请联系区安委办。")
    context = _list_context(request)
    form = ComputeForm(today=request.today) if access.is_office else None
    return render(request, "assessments/assessment_list.html", context | {"form": form})


def _list_context(request: AuthenticatedRequest) -> dict[str, object]:
    found = list(Assessment.objects.visible_to(request.access))
    own: dict[str, list[UnitScore]] = {}
    for assessment in found:
        scores = UnitScore.objects.visible_to(request.access).of_computation(assessment.current())
        if not request.access.sees_all:
            own[assessment.period] = list(scores)
    return {
        "assessments": [(item, own.get(item.period, [])) for item in found],
        "self_scores": [
            (item, score.unit)
            for item in Assessment.objects.open_to_self_scores(request.access)
            for score in UnitScore.objects.of_computation(item.current()).filter(
                unit__in=request.access.answered_ids
            )
        ],
    }


@require_POST
@office_required
def assessment_compute(request: AuthenticatedRequest) -> HttpResponse:
    """测算一个考核期。"""
    form = ComputeForm(request.POST, today=request.today)
    if form.is_valid():
        try:
            computation = compute_assessment(**form.cleaned_data, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"{computation.assessment.label}已测算。")
            return redirect(computation.assessment)
    context = _list_context(request) | {"form": form}
    return render(request, "assessments/assessment_list.html", context, status=422)


def visible_assessment(request: AuthenticatedRequest, period: str) -> Assessment:
    """Return the assessment of a period, if the person may see it."""
    return get_object_or_404(Assessment.objects.visible_to(request.access), period=period)


@require_safe
def assessment_detail(request: AuthenticatedRequest, period: str) -> HttpResponse:
    """排名：一次一类，不混排；单位转到自己的成绩单。"""
    assessment = visible_assessment(request, period)
    if not request.access.sees_all:
        return redirect("assessments:scorecard", period=period, code=_own_code(request, assessment))
    return render(request, "assessments/assessment_detail.html", _page(request, assessment))


def _own_code(request: AuthenticatedRequest, assessment: Assessment) -> str:
    """Return the code of the person's unit that was scored, before one that it took over."""
    found = UnitScore.objects.visible_to(request.access).of_computation(assessment.current())
    scores = sorted(found, key=lambda score: score.unit_id not in request.access.unit_ids)
    if not scores:
        raise Http404
    return scores[0].unit.code


def _page(request: AuthenticatedRequest, assessment: Assessment) -> dict[str, object]:
    computation = assessment.current()
    scores = scores_of(computation)
    found = {score.assessment_class for score in scores}
    classes = [kind.value for kind in AssessmentClass if kind in found]
    asked = request.GET.get("class", "")
    chosen = asked if asked in classes else next(iter(classes), "")
    shown = [score for score in scores if score.assessment_class == chosen]
    until = _objections_until(request, assessment)
    return {
        "assessment": assessment,
        "computation": computation,
        "tabs": tabs_of(scores, chosen),
        "chosen": chosen,
        "ranking": ranked(shown, places_before(assessment)),
        "grades": grades_of(shown),
        "computations": assessment.computations.defer("snapshot").select_related("computed_by"),
        "step_form": StepForm(
            initial={"version": assessment.version, "seen": computation.number, "until": until}
        ),
        "again_form": AgainForm(),
        "correct_form": CorrectForm(initial={"version": assessment.version}),
        "waiting": assessment.objections.open().count(),
        **(_for_the_office(assessment) if request.access.is_office else {}),
        "is_running": request.today <= assessment.span.last_day,
        "takes_objections": bool(
            assessment.objections_until and request.today <= assessment.objections_until
        ),
    }


def _for_the_office(assessment: Assessment) -> dict[str, object]:
    """What the result does not show yet, and what may have been forgotten."""
    return {
        "unsettled": unsettled(assessment),
        "later": facts_since(assessment),
        "suspected": suspected(assessment),
    }


def _objections_until(request: AuthenticatedRequest, assessment: Assessment) -> date:
    """Propose the last day of objections, no earlier than units were told."""
    until = request.today + timedelta(days=OBJECTION_DAYS)
    return max(until, assessment.objections_until or until)


@require_POST
@office_required
def assessment_again(request: AuthenticatedRequest, period: str) -> HttpResponse:
    """重新测算，前几次都留着。"""
    assessment = visible_assessment(request, period)
    form = AgainForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            compute_assessment(period, actor=request.user, at=now(), reason=reason)
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"{assessment.label}已重新测算。")
            return redirect(assessment)
    context = _page(request, assessment) | {"again_form": form}
    return render(request, "assessments/assessment_detail.html", context, status=422)


@require_POST
@office_required
def assessment_step(request: AuthenticatedRequest, period: str) -> HttpResponse:
    """公示、终评、发布。"""
    assessment = visible_assessment(request, period)
    form = StepForm(request.POST)
    if form.is_valid():
        before = assessment.current().number
        try:
            moved = _take_step(assessment, form, request)
        except (DomainError, ValidationError) as error:
            form.carry(until=form.cleaned_data["until"] or _objections_until(request, assessment))
            _refuse(form, error, assessment)
        else:
            messages.success(request, f"{moved.label}考核：{moved.get_state_display()}。")
            if form.cleaned_data["step"] == "objections" and moved.current().number > before:
                messages.info(request, "上次测算以后台账有变动，公示前已按此刻的事实重新测算。")
            return redirect(assessment)
    context = _page(request, assessment) | {"step_form": form}
    return render(request, "assessments/assessment_detail.html", context, status=422)


def _refuse(
    form: StepForm | CorrectForm, error: DomainError | ValidationError, assessment: Assessment
) -> None:
    """Say why on the page that keeps what was typed; the next press is about what it shows now."""
    form.add_error(None, messages_of(error))
    form.carry(version=assessment.version, seen=assessment.current().number)


def _take_step(assessment: Assessment, form: StepForm, request: AuthenticatedRequest) -> Assessment:
    typed = form.cleaned_data
    version, actor, at = typed["version"], request.user, now()
    if typed["step"] == "objections":
        until = typed["until"]
        return open_objections(assessment, until=until, version=version, actor=actor, at=at)
    if typed["step"] == "final":
        return finalize_assessment(assessment, version=version, actor=actor, at=at)
    seen = typed["seen"]
    return publish_assessment(assessment, version=version, seen=seen, actor=actor, at=at)


@require_POST
@office_required
def assessment_correct(request: AuthenticatedRequest, period: str) -> HttpResponse:
    """更正已发布的结果：另立编号，写明原因。"""
    assessment = visible_assessment(request, period)
    form = CorrectForm(request.POST)
    if form.is_valid():
        try:
            correct_assessment(assessment, **form.cleaned_data, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            _refuse(form, error, assessment)
        else:
            messages.success(request, f"{assessment.label}考核已更正，原结果留着。")
            return redirect(assessment)
    context = _page(request, assessment) | {"correct_form": form}
    return render(request, "assessments/assessment_detail.html", context, status=422)


@require_safe
def assessment_export(request: AuthenticatedRequest, period: str) -> HttpResponseBase:
    """导出 Excel：各类名次和得分明细，由看得到全区的人使用。"""
    if not request.access.sees_all:
        raise Http404
    assessment = visible_assessment(request, period)
    file = result_workbook(assessment, assessment.current(), at=now())
    name = f"{assessment.label}考核.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=MEDIA_TYPE)


def own_score(request: AuthenticatedRequest, assessment: Assessment, code: str) -> UnitScore:
    """Return a unit's score in the newest computation; another unit's is not there."""
    scores = UnitScore.objects.visible_to(request.access)
    score = scores.of_computation(assessment.current()).filter(unit__code=code).first()
    if score is None:
        raise Http404
    return score
