"""Proof: what a file is, what it proves, and the file itself, each only to those who may see it."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.attachments import MEDIA_TYPES
from common.blobs import blob_path
from common.clock import day_of, now
from common.errors import DomainError, messages_of
from organizations.http import AuthenticatedRequest
from organizations.models import Unit
from responsibilities.bundle import gather, quarters, write_bundle
from responsibilities.forms.proof import VoidEvidenceForm
from responsibilities.models import Evidence, ProgressReport
from responsibilities.periods import Period
from responsibilities.services.evidence import FOLDER, void_evidence

PER_PAGE, MOST_QUARTERS = 50, 12
# 材料只供下载：浏览器即使打开，也不得运行其中任何东西。
PASSIVE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def visible_evidence(request: AuthenticatedRequest, pk: int) -> Evidence:
    found = Evidence.objects.visible_to(request.access).with_uses()
    return get_object_or_404(found, pk=pk)


@require_safe
def evidence_list(request: AuthenticatedRequest) -> HttpResponse:
    """一个单位的佐证材料，按收到的先后；每个季度可以打成一包。"""
    unit = _unit(request)
    found = Evidence.objects.visible_to(request.access).filter(unit=unit).with_uses()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    first = ProgressReport.objects.filter(task__unit=unit).order_by("submitted_at").first()
    since = day_of(first.submitted_at) if first else request.today
    context = {
        "unit": unit,
        "page": page,
        "quarters": list(quarters(since, request.today))[:MOST_QUARTERS],
        "units": _units(request),
    }
    return render(request, "responsibilities/evidence_list.html", context)


@require_safe
def evidence_bundle(request: AuthenticatedRequest) -> FileResponse:
    """一个单位一个季度的佐证材料，打成一个 zip。"""
    unit = _unit(request)
    try:
        quarter = Period.parse(request.GET.get("quarter", ""))
        bundle = gather(unit, quarter, request.access)
    except (ValueError, OverflowError) as error:
        raise Http404("没有这个季度，请从材料页点选。") from error
    file = write_bundle(bundle, at=now())
    return FileResponse(
        file, as_attachment=True, filename=bundle.filename, content_type="application/zip"
    )


def _units(request: AuthenticatedRequest) -> Sequence[Unit]:
    """Return the units whose files the person may look at."""
    if request.access.sees_all:
        return list(Unit.objects.filter(tasks__isnull=False).distinct().order_by("order", "pk"))
    return request.access.units


def _unit(request: AuthenticatedRequest) -> Unit:
    """Return the unit asked for, else the first; units of others are not there."""
    units, code = _units(request), request.GET.get("unit", "")
    found = [unit for unit in units if unit.code == code] if code else list(units)
    if not found:
        raise Http404
    return found[0]


@require_safe
def evidence_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """一份材料：三个日期、校验值，证明了哪几件事。"""
    return _page(request, visible_evidence(request, pk), VoidEvidenceForm())


@require_safe
def evidence_file(request: AuthenticatedRequest, pk: int) -> FileResponse:
    """下载原件。"""
    evidence = visible_evidence(request, pk)
    path = blob_path(FOLDER, evidence.sha256)
    if not default_storage.exists(path):
        raise Http404("这份材料的原件不在存储里，请联系管理员从备份恢复。")
    response = FileResponse(
        default_storage.open(path),
        as_attachment=True,
        filename=evidence.name,
        content_type=MEDIA_TYPES[evidence.kind],
    )
    for name, value in PASSIVE.items():
        response[name] = value
    return response


@require_POST
def evidence_void(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """作废本单位的一份材料。"""
    own = Evidence.objects.filter(unit__in=request.access.unit_ids).with_uses()
    evidence = get_object_or_404(own, pk=pk)
    form = VoidEvidenceForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            void_evidence(evidence, reason=reason, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"“{evidence.name}”已作废，记录和原件留底。")
            return redirect("responsibilities:evidence_detail", pk=evidence.pk)
    return _page(request, evidence, form)


def _page(
    request: AuthenticatedRequest, evidence: Evidence, form: VoidEvidenceForm
) -> HttpResponse:
    visible = ProgressReport.objects.visible_to(request.access).filter(
        evidence_links__evidence=evidence
    )
    context = {
        "evidence": evidence,
        "form": form,
        "reports": visible.with_people(),
        "may_void": evidence.unit_id in request.access.unit_ids and not evidence.is_void,
    }
    status = 422 if form.errors else 200
    return render(request, "responsibilities/evidence_detail.html", context, status=status)
