"""Schemes: everybody reads the rules; the office revises them in numbered versions."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.enums import HUNDRED, SchemeState
from assessments.forms.schemes import IndicatorLines, SchemeForm, beside, lines_of, typed_lines
from assessments.models import Assessment, Computation, Scheme
from assessments.rules.canonical import from_json
from assessments.rules.comparing import what_if
from assessments.rules.facts import Snapshot
from assessments.rules.scoring import number
from assessments.services.schemes import copy_scheme, edit_scheme, enforce_scheme
from common.clock import now
from common.errors import DomainError, StaleVersion, domain_errors_as_messages, messages_of
from organizations.enums import AssessmentClass
from organizations.http import AuthenticatedRequest, office_required

PERIODS_OFFERED = 6


def visible_schemes(request: AuthenticatedRequest) -> Any:
    """The rules are open to everybody who holds a post; drafts are the office's own."""
    if not (request.access.sees_all or request.access.unit_ids):
        raise PermissionDenied("这一页由有岗位的人员使用，如需查看请联系区安委办。")
    schemes = Scheme.objects.with_indicators()
    return schemes if request.access.is_office else schemes.exclude(state=SchemeState.DRAFT)


@require_safe
def scheme_list(request: AuthenticatedRequest) -> HttpResponse:
    """评分规则：每类一份，分版次。"""
    found = visible_schemes(request)
    schemes = sorted(found, key=lambda one: AssessmentClass.place_of(one.assessment_class))
    return render(request, "assessments/scheme_list.html", {"schemes": schemes})


@require_safe
def scheme_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """一份考核方案。"""
    scheme = get_object_or_404(visible_schemes(request), pk=pk)
    return render(request, "assessments/scheme_detail.html", {"scheme": scheme})


@require_safe
@office_required
def scheme_what_if(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """试算：用一期的事实按这一版规则再算，看谁变动、因为什么。"""
    scheme = get_object_or_404(Scheme.objects.with_indicators(), pk=pk)
    choices = list(Assessment.objects.visible_to(request.access)[:PERIODS_OFFERED])
    asked = request.GET.get("period", "")
    chosen = next((item for item in choices if item.period == asked), None)
    assessment = chosen or next(iter(choices), None)
    moves = []
    if assessment is not None:
        text = Computation.objects.get(pk=assessment.current().pk).snapshot
        moves = what_if(from_json(Snapshot, text), scheme.rules())
    context = {
        "scheme": scheme,
        "choices": choices,
        "assessment": assessment,
        "moves": moves,
        "moved": sum(move.is_moved for move in moves),
        "total": scheme.total_points,
    }
    return render(request, "assessments/what_if.html", context)


@require_POST
@office_required
def scheme_copy(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """修订：照现行的一版起一份草稿。"""
    scheme = get_object_or_404(Scheme, pk=pk)
    with domain_errors_as_messages(request):
        draft = copy_scheme(scheme, actor=request.user, at=now())
        messages.success(request, f"已起草{draft}，改好后施行。")
        return redirect("assessments:scheme_edit", pk=draft.pk)
    return redirect(scheme)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def scheme_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """在浏览器里改草稿，合计随改随算。"""
    scheme = get_object_or_404(Scheme, pk=pk, state=SchemeState.DRAFT)
    data = request.POST or None
    form = SchemeForm(data, instance=scheme, initial={"edition": scheme.edition})
    lines = IndicatorLines(data, initial=lines_of(scheme))
    context: dict[str, Any] = {"pairs": [], "last": None}
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            return redirect(_save(request, scheme, form, lines))
        except StaleVersion as error:
            form.add_error(None, error.message)
            context = _beside(scheme, form, lines)
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
    context |= {"scheme": scheme, "form": form, "lines": lines, "total": _typed_total(lines)}
    failed = bool(data) and request.method == "POST"
    return render(request, "assessments/scheme_edit.html", context, status=422 if failed else 200)


def _save(request: AuthenticatedRequest, scheme: Scheme, form: SchemeForm, lines: Any) -> Scheme:
    columns, edition = form.cleaned_data, form.cleaned_data["edition"]
    given = typed_lines(lines)
    draft = edit_scheme(scheme, columns, given, edition=edition, actor=request.user, at=now())
    total = sum((line["points"] for line in given), Decimal(0))
    note = "" if total == HUNDRED else "，不是 100 分，还不能施行"
    messages.success(request, f"已保存，各指标合计 {number(total)} 分{note}。")
    return draft


def _beside(scheme: Scheme, form: SchemeForm, lines: Any) -> dict[str, Any]:
    """After a conflict: both texts, who saved in between, and a form that saves over it."""
    newest = Scheme.objects.get(pk=scheme.pk)
    form.carry(edition=newest.edition)
    last = newest.history.select_related("history_user").order_by("-history_id")[0]
    return {"pairs": beside(form, lines, newest), "last": last}


def _typed_total(lines: Any) -> Decimal:
    """Return what the points on the page add up to, as typed or as stored."""
    if lines.is_bound:
        found = [getattr(form, "cleaned_data", {}) for form in lines]
    else:
        found = [form.initial for form in lines]
    return sum((item.get("points") or Decimal(0) for item in found), Decimal(0))


@require_POST
@office_required
def scheme_enforce(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """施行：合计正好 100 分才能施行。"""
    scheme = get_object_or_404(Scheme, pk=pk)
    sent = request.POST.get("edition", "")
    edition = int(sent) if sent.isdecimal() and len(sent) < 7 else 0
    with domain_errors_as_messages(request):
        enforce_scheme(scheme, edition=edition, actor=request.user, at=now())
        messages.success(request, f"{scheme}已施行，此后的测算用这一版。")
    return redirect(scheme)
