"""Units (单位): the list, one unit's sheet, and the office's edits of it."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from organizations.directory import (
    lineage_of,
    may_read_record,
    memberships_of,
    post_lines,
    unit_groups,
)
from organizations.forms import NewUnitForm, UnitDetailsForm, ValidityForm
from organizations.http import AuthenticatedRequest, office_required, stamp_of
from organizations.models import Unit
from organizations.services.units import create_unit, set_validity, update_unit
from organizations.services.versions import version_of
from organizations.timeline import unit_acts
from organizations.views.editing import FormPage, answer, attempt, typed


@require_safe
def unit_list(request: AuthenticatedRequest) -> HttpResponse:
    day, is_misread = asked_day(request)
    units = Unit.objects.visible_to(request.access).select_related("successor")
    shows_all = "all" in request.GET
    groups = unit_groups(units if shows_all else units.on(day), day)
    context = {
        "groups": groups,
        "day": day,
        "is_today": day == request.today,
        "is_misread": is_misread,
        "shows_all": shows_all,
        "total": sum(len(group.lines) for group in groups),
        "unverified": sum(not line.unit.is_verified for group in groups for line in group.lines),
    }
    return render(request, "organizations/unit_list.html", context)


@require_safe
def unit_detail(request: AuthenticatedRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    is_open = may_read_record(request.access, unit)
    context = {
        "unit": unit,
        "exists": unit.is_valid_on(request.today),
        "lineage": lineage_of(unit),
        "posts": post_lines(unit, request.today),
        "memberships": memberships_of(unit),
        "reads_record": is_open,
        "acts": unit_acts(unit) if is_open else [],
    }
    return render(request, "organizations/unit_detail.html", context)


@office_required
@require_http_methods(["GET", "POST"])
def unit_create(request: AuthenticatedRequest) -> HttpResponse:
    form = NewUnitForm(typed(request))
    if form.is_valid() and (
        unit := attempt(
            form,
            lambda: create_unit(
                form.cleaned_data["code"],
                form.details,
                valid_from=form.cleaned_data["valid_from"],
                **stamp_of(request, form),
            ),
        )
    ):
        messages.success(request, f"已新增{unit}。")
        return redirect(unit)
    page = FormPage("新增单位", reverse("organizations:unit_list"), "单位人员", "新增单位")
    return answer(request, form, page)


@office_required
@require_http_methods(["GET", "POST"])
def unit_edit(request: AuthenticatedRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    shown = {
        name: getattr(unit, name) for name in UnitDetailsForm.base_fields if hasattr(unit, name)
    }
    shown |= {"sectors": "、".join(unit.sectors), "seen": version_of(unit)}
    form = UnitDetailsForm(typed(request), initial=shown)
    if form.is_valid() and attempt(
        form,
        lambda: update_unit(
            unit,
            form.details,
            seen=form.cleaned_data["seen"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{unit}的基本情况已保存。")
        return redirect(unit)
    page = FormPage("修改基本情况", unit.get_absolute_url(), unit.name, "保存")
    return answer(request, form, page, record=unit)


@office_required
@require_http_methods(["GET", "POST"])
def unit_validity(request: AuthenticatedRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    shown = {
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "successor": unit.successor_id,
        "seen": version_of(unit),
    }
    form = ValidityForm(typed(request), initial=shown, unit=unit)
    if form.is_valid() and attempt(
        form,
        lambda: set_validity(
            unit,
            form.validity,
            seen=form.cleaned_data["seen"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{unit}的存续期间已保存。")
        return redirect(unit)
    lead = (
        "撤销日期过后，任务和没有办结的办理件自动转给承接单位；"
        "没有承接单位的，请在任务页改由别的单位牵头。"
    )
    page = FormPage("设立、撤销与承接", unit.get_absolute_url(), unit.name, "保存", lead)
    return answer(request, form, page, record=unit)


def asked_day(request: AuthenticatedRequest) -> tuple[date, bool]:
    """Return the day that ``?on=`` asks for, or today; and whether it could not be read."""
    asked = request.GET.get("on", "").strip()
    if not asked:
        return request.today, False
    try:
        return date.fromisoformat(asked), False
    except ValueError:
        return request.today, True


def _unit(request: AuthenticatedRequest, code: str) -> Unit:
    units = Unit.objects.visible_to(request.access).select_related("successor")
    return get_object_or_404(units, code=code)
