"""The head's side, made for a phone: read, declare, confirm; or say that it is not so."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.clock import now
from common.errors import DomainError, StaleVersion, messages_of
from inspections.enums import InspectionState
from inspections.facts import wanted_besides
from inspections.forms.inspection import ConfirmForm, DeclineForm
from inspections.models import Inspection
from inspections.permissions import can_confirm, confirming_post
from inspections.services.confirming import (
    ONLY_HEADS,
    confirm_inspection,
    declaration_of,
    decline_inspection,
)
from inspections.views.recording import own_inspection, seen_inspection
from organizations.http import AuthenticatedRequest
from organizations.reauthentication import note_password, password_entered_at, password_is_right


def _refused(request: AuthenticatedRequest, inspection: Inspection) -> HttpResponse | None:
    """Send whoever is not the unit's head back to the record, with a word why."""
    if can_confirm(request.user, inspection, today=request.today):
        return None
    messages.error(request, ONLY_HEADS)
    return redirect(inspection)


def _fresh_entry(request: AuthenticatedRequest, at: datetime) -> datetime | None:
    """Return when the password was entered, if that is recent enough to confirm by."""
    entered = password_entered_at(request)
    limit = timedelta(minutes=settings.CONFIRM_PASSWORD_MINUTES)
    return entered if entered and timedelta(0) <= at - entered <= limit else None


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_confirm(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """确认带队检查：所见的内容、声明、身份，一页办完。"""
    inspection = own_inspection(request, pk)
    if refusal := _refused(request, inspection):
        return refusal
    if inspection.state != InspectionState.AWAITING:
        return redirect(inspection)
    at = now()
    entered = _fresh_entry(request, at)
    form = _confirm_form(request, inspection, asks=entered is None)
    if request.method == "POST" and form.is_valid():
        password = form.cleaned_data.get("password")
        if password is not None and password_is_right(request, request.user, password):
            note_password(request, at=at)
            entered = at
        if entered is None:
            form.add_error("password", "密码不对，请核对大小写后再输一次。")
        else:
            return _confirm(request, inspection, form, entered=entered, at=at)
    return _confirm_page(request, inspection, form)


def _confirm_form(
    request: AuthenticatedRequest, inspection: Inspection, *, asks: bool
) -> ConfirmForm:
    held = confirming_post(request.user, inspection, today=request.today)
    return ConfirmForm(
        request.POST or None,
        seen=inspection.content().sha256,
        declaration=declaration_of(inspection, held),
        asks=asks,
    )


def _confirm(
    request: AuthenticatedRequest,
    inspection: Inspection,
    form: ConfirmForm,
    *,
    entered: datetime,
    at: datetime,
) -> HttpResponse:
    try:
        confirm_inspection(
            inspection,
            seen_sha256=form.cleaned_data["seen"],
            declared=form.cleaned_data["declared"],
            authenticated_at=entered,
            actor=request.user,
            at=at,
        )
    except StaleVersion as error:
        messages.warning(request, error.message)
        return redirect("inspections:inspection_confirm", pk=inspection.pk)
    except (DomainError, ValidationError) as error:
        form.add_error(None, messages_of(error))
        return _confirm_page(request, inspection, form)
    return redirect("inspections:inspection_receipt", pk=inspection.pk)


def _confirm_page(
    request: AuthenticatedRequest, inspection: Inspection, form: ConfirmForm
) -> HttpResponse:
    """Show the content and, in the form, the fingerprint of exactly what is shown."""
    content = inspection.content()
    context = {
        "inspection": inspection,
        "took_over": inspection.unit_id not in request.access.unit_ids,
        "findings": content.findings,
        "wanted": wanted_besides(inspection, today=request.today),
        "photos": inspection.shown_photos(),
        "form": form,
        "seen": content.sha256,
        "decline": DeclineForm(initial={"seen": content.sha256}, prefix="no"),
    }
    status = 422 if form.errors else 200
    return render(request, "inspections/inspection_confirm.html", context, status=status)


@require_POST
def inspection_decline(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """不是我带队，或情况不符：退给联络员，或登记为他人带队。"""
    inspection = own_inspection(request, pk)
    if refusal := _refused(request, inspection):
        return refusal
    form = DeclineForm(request.POST, prefix="no")
    if not form.is_valid():
        messages.error(request, "请写明哪里不符，或由谁带队。")
        return redirect("inspections:inspection_confirm", pk=pk)
    typed = form.cleaned_data
    try:
        declined = decline_inspection(
            inspection,
            seen_sha256=typed["seen"],
            led_by=typed["led_by"] if "other" in request.POST else "",
            reason=typed["reason"],
            actor=request.user,
            at=now(),
        )
    except (DomainError, ValidationError) as error:
        for sentence in messages_of(error):
            messages.error(request, sentence)
        return redirect("inspections:inspection_confirm", pk=pk)
    if declined.state == InspectionState.RECORDED:
        wanted = wanted_besides(declined, today=request.today)
        messages.success(request, f"已登记为他人带队，不计入。{wanted}")
    else:
        messages.success(request, "已退给联络员修改。")
    return redirect(declined)


@require_safe
def inspection_receipt(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """回执：谁在何时确认了什么。"""
    inspection = seen_inspection(request, pk)
    if inspection.state != InspectionState.CONFIRMED:
        return redirect(inspection)
    waiting = Inspection.objects.filter(unit__in=request.access.answered_ids).awaiting()
    days = [found.due_on for found in inspection.findings.all() if found.due_on]
    ahead = [day for day in days if day >= request.today]
    context = {
        "inspection": inspection,
        "to_follow": len(days),
        "first_due": min(ahead, default=None),
        "past_due": len(days) - len(ahead),
        "next": waiting.first(),
    }
    return render(request, "inspections/inspection_receipt.html", context)
