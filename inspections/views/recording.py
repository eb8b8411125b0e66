"""The liaison's side: fill in, change, send, void; and the record as everybody reads it."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.clock import now
from common.errors import DomainError, StaleVersion, domain_errors_as_messages, messages_of
from inspections.enums import InspectionState
from inspections.facts import wanted_besides
from inspections.forms.inspection import (
    FindingForm,
    InspectionForm,
    VoidForm,
    finding_forms,
    lines_typed,
)
from inspections.models import Inspection
from inspections.permissions import can_confirm, can_void
from inspections.services.recording import (
    HEAD_VOIDS,
    edit_inspection,
    prepare_inspection,
    submit_inspection,
    void_inspection,
)
from inspections.timeline import inspection_acts
from organizations.http import AuthenticatedRequest

ONLY_UNITS = "带队检查由各单位填报，区安委办和区领导查看。"


def seen_inspection(request: AuthenticatedRequest, pk: int) -> Inspection:
    """Return a record that the person may read; another unit's is not there."""
    found = Inspection.objects.visible_to(request.access).with_people()
    return get_object_or_404(found, pk=pk)


def own_inspection(request: AuthenticatedRequest, pk: int) -> Inspection:
    """Return a record of the person's own unit, or of one that it took over."""
    own = Inspection.objects.filter(unit__in=request.access.answered_ids).visible_to(request.access)
    return get_object_or_404(own.with_people(), pk=pk)


@require_safe
def inspection_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """一份检查记录。"""
    inspection = seen_inspection(request, pk)
    is_own = inspection.unit_id in request.access.answered_ids
    state = InspectionState(inspection.state)
    context = {
        "inspection": inspection,
        "findings": list(inspection.findings.all()),
        "photos": inspection.shown_photos(),
        "hazards": list(inspection.hazards.live()),
        "acts": inspection_acts(inspection),
        "wanted": wanted_besides(inspection, today=request.today)
        if state == InspectionState.RECORDED
        else "",
        "may_edit": is_own and not inspection.is_void,
        "may_send": is_own and state in {InspectionState.DRAFT, InspectionState.RETURNED},
        "may_confirm": state == InspectionState.AWAITING
        and can_confirm(request.user, inspection, today=request.today),
        "may_void": not inspection.is_void
        and can_void(request.user, inspection, today=request.today),
    }
    return render(request, "inspections/inspection_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_create(request: AuthenticatedRequest) -> HttpResponse:
    """填报带队检查。"""
    units = request.access.units
    if not units:
        raise PermissionDenied(ONLY_UNITS)
    form = InspectionForm(request.POST or None, units=units, today=request.today)
    lines = finding_forms(request.POST or None)
    if request.method == "POST" and _is_valid(form, lines):
        try:
            with transaction.atomic():
                inspection = prepare_inspection(
                    form.cleaned_data["unit"],
                    form.content(lines_typed(lines)),
                    token=form.cleaned_data["token"],
                    actor=request.user,
                    at=now(),
                )
                return _saved(request, inspection)
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
    return _form_page(request, form, lines)


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """改一份记录；已确认的，改了要重新确认。"""
    inspection = own_inspection(request, pk)
    form = InspectionForm(
        request.POST or None, units=[inspection.unit], today=request.today, inspection=inspection
    )
    lines = finding_forms(request.POST or None, inspection=inspection)
    if request.method == "POST" and _is_valid(form, lines):
        try:
            with transaction.atomic():
                version = form.cleaned_data["version"] or 0
                kept = inspection.content().photos
                content = replace(form.content(lines_typed(lines)), photos=kept)
                edited = edit_inspection(
                    inspection, content, version=version, actor=request.user, at=now()
                )
                return _saved(request, edited)
        except StaleVersion as error:
            form.add_error(None, error.message)
            form.carry(version=own_inspection(request, pk).version)
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
    return _form_page(request, form, lines, inspection)


def _is_valid(form: InspectionForm, lines: "BaseFormSet[FindingForm]") -> bool:
    """Look at both, so that every mistake is shown at once."""
    return all([form.is_valid(), lines.is_valid()])


def _saved(request: AuthenticatedRequest, inspection: Inspection) -> HttpResponse:
    """Send the record on if the button said so, and say where it lies now."""
    waits = inspection.state in {InspectionState.DRAFT, InspectionState.RETURNED}
    if "send" in request.POST and waits:
        inspection = submit_inspection(
            inspection, version=inspection.version, actor=request.user, at=now()
        )
    return _told(request, inspection)


def _told(request: AuthenticatedRequest, inspection: Inspection) -> HttpResponse:
    state = InspectionState(inspection.state)
    if state == InspectionState.AWAITING:
        if can_confirm(request.user, inspection, today=request.today):
            return redirect("inspections:inspection_confirm", pk=inspection.pk)
        messages.success(request, f"已报负责人确认。确认后才计入{inspection.quarter_label}。")
    elif state == InspectionState.RECORDED:
        wanted = wanted_besides(inspection, today=request.today)
        messages.success(request, f"已登记。分管负责人带队的不计入。{wanted}")
    else:
        messages.success(request, "已保存，还没有报负责人确认。")
    return redirect(inspection)


def _form_page(
    request: AuthenticatedRequest,
    form: InspectionForm,
    lines: "BaseFormSet[FindingForm]",
    inspection: Inspection | None = None,
) -> HttpResponse:
    failed = bool(form.errors or any(lines.errors))
    context = {
        "form": form,
        "lines": lines,
        "inspection": inspection,
        "is_sent": inspection is not None and inspection.is_sent,
        "is_confirmed": inspection is not None and inspection.counts,
        "failed": failed,
    }
    status = 422 if failed else 200
    return render(request, "inspections/inspection_form.html", context, status=status)


@require_POST
def inspection_submit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """报负责人确认。"""
    inspection = own_inspection(request, pk)
    with domain_errors_as_messages(request):
        sent = request.POST.get("version", "")
        version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
        sent_on = submit_inspection(inspection, version=version, actor=request.user, at=now())
        return _told(request, sent_on)
    return redirect(inspection)


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_void(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """作废一份记录。"""
    inspection = seen_inspection(request, pk)
    if not can_void(request.user, inspection, today=request.today):
        if inspection.unit_id not in request.access.answered_ids:
            raise Http404
        messages.error(request, HEAD_VOIDS)
        return redirect(inspection)
    form = VoidForm(request.POST or None, initial={"version": inspection.version})
    if request.method == "POST" and form.is_valid():
        try:
            void_inspection(inspection, **form.cleaned_data, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
            inspection = seen_inspection(request, pk)
            form.carry(version=inspection.version)
        else:
            messages.success(request, "已作废，记录和理由留存备查。")
            return redirect(inspection)
    context = {"form": form, "inspection": inspection}
    status = 422 if form.errors else 200
    return render(request, "inspections/inspection_void.html", context, status=status)
