"""The head's page: reports that wait for a signature, and whether they are to wait at all."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.clock import now
from common.errors import domain_errors_as_messages
from organizations.enums import PostKind
from organizations.http import AuthenticatedRequest
from organizations.models import Unit
from responsibilities.models import ProgressReport, ReportingRule
from responsibilities.permissions import has_head
from responsibilities.services.signing import send_back_report, set_reporting_rule, sign_report


@require_safe
def report_signing(request: AuthenticatedRequest) -> HttpResponse:
    """等签发的进展，和本单位的规则。"""
    units = request.access.units
    if not units:
        raise Http404
    rules = dict(ReportingRule.objects.filter(unit__in=units).values_list("unit", "head_signs"))
    waiting = ProgressReport.objects.awaiting_signature().filter(task__unit__in=units)
    context = {
        "reports": waiting.with_people().with_evidence().order_by("submitted_at", "pk"),
        "rules": [
            (unit, rules.get(unit.pk, False), request.access.holds_in(unit.pk, PostKind.HEAD))
            for unit in units
        ],
        "vacant": {unit.pk for unit in units if not has_head(unit.pk, today=request.today)},
        "headed": {u.pk for u in units if request.access.holds_in(u.pk, PostKind.HEAD)},
    }
    return render(request, "responsibilities/report_signing.html", context)


@require_POST
def signing_rule(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """定本单位的进展要不要签发。"""
    unit = get_object_or_404(Unit.objects.filter(pk__in=request.access.unit_ids), pk=pk)
    wanted = request.POST.get("head_signs") == "on"
    with domain_errors_as_messages(request):
        set_reporting_rule(unit, head_signs=wanted, actor=request.user, at=now())
        said = "先由主要负责人签发，再报区安委办" if wanted else "不用签发，直接报区安委办"
        messages.success(request, f"{unit.short_name}的进展{said}。")
    return redirect("responsibilities:report_signing")


@require_POST
def report_sign(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """签发，或写一句退给联络员。"""
    own = ProgressReport.objects.filter(task__unit__in=request.access.unit_ids)
    report = get_object_or_404(own.with_people(), pk=pk)
    code = report.task.obligation.code
    with domain_errors_as_messages(request):
        if request.POST.get("decision") == "back":
            reason = request.POST.get("reason", "")[:500]
            send_back_report(report, reason=reason, actor=request.user, at=now())
            messages.success(request, f"{code} 已退给联络员。")
        else:
            seen = request.POST.get("seen", "")
            sign_report(report, seen_sha256=seen, actor=request.user, at=now())
            messages.success(request, f"{code} 已签发，待区安委办核验。")
    return redirect("responsibilities:report_signing")
