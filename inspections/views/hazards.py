"""Hazards: the list, one hazard with its six steps, and the page of each step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.clock import now
from common.errors import DomainError, StaleVersion, messages_of
from common.keys import is_key
from inspections.enums import SIX_STEPS, HazardGrade
from inspections.forms import hazard as forms_of
from inspections.hazard_acts import acts_beside, may_act, next_step
from inspections.hazard_filters import filtered
from inspections.models import Hazard, Inspection
from inspections.services import hazards, listing, reopening
from inspections.services.hazards import Settled, Stamp, raise_hazard, register_hazard
from inspections.timeline import hazard_acts
from organizations.http import AuthenticatedRequest
from organizations.models import User

PAGE = 50
ONLY_UNITS = "隐患由各单位登记，区安委办和区领导查看。"


@dataclass(frozen=True)
class Act:
    """One step as a page: its heading, its form, and the service that does it."""

    heading: str
    form: type[forms_of.GradedForm]
    do: Callable[..., Hazard]
    done: str


ACTS = {
    "register": Act("登记隐患", forms_of.RegisterForm, register_hazard, "已登记，按时限治理。"),
    "treat": Act("报治理完成", forms_of.StepForm, hazards.treat_hazard, "已报，等另一个人复查。"),
    "recheck": Act("复查意见", forms_of.VerdictForm, hazards.recheck_hazard, "复查意见已记录。"),
    "assess": Act("评估意见", forms_of.AssessForm, hazards.assess_hazard, "评估意见已记录。"),
    "close": Act("销号", forms_of.StepForm, hazards.close_hazard, "已销号。"),
    "report": Act("记双报告", forms_of.ReportForm, hazards.report_hazard, "双报告已记录。"),
    "reopen": Act("重开隐患", forms_of.ReopenForm, reopening.reopen_hazard, "已重开，重新治理。"),
    "void": Act("作废隐患", forms_of.StepForm, hazards.void_hazard, "已作废，记录留存备查。"),
    "list": Act("挂牌督办", forms_of.ListForm, listing.list_hazard, "已挂牌督办。"),
    "delist": Act("摘牌", forms_of.DelistForm, listing.delist_hazard, "已摘牌，可以销号。"),
    "extend": Act("调整时限", forms_of.DueForm, listing.extend_hazard, "时限已调整，原时限留存。"),
}


def seen_hazard(request: AuthenticatedRequest, pk: int) -> Hazard:
    """Return a hazard that the person may read; another unit's is not there."""
    found = Hazard.objects.visible_to(request.access).with_units()
    return get_object_or_404(found, pk=pk)


@require_safe
def hazard_list(request: AuthenticatedRequest) -> HttpResponse:
    """隐患闭环：未销号的在前，时限近的在前。"""
    visible = Hazard.objects.visible_to(request.access)
    asked, found = filtered(visible, request.GET, today=request.today)
    page = Paginator(found.with_units().nearest_first(), PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page_obj": page,
        "rows": [(hazard, hazard.lamp_on(request.today)) for hazard in page.object_list],
        "asked": asked,
        "grades": HazardGrade.choices,
        "open": visible.open().count(),
        "overdue": visible.overdue(today=request.today).count(),
        "query": query.urlencode(),
        "may_raise": bool(request.access.unit_ids),
    }
    return render(request, "inspections/hazard_list.html", context)


@require_safe
def hazard_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """一处隐患：六步走到哪一步，现在该做什么。"""
    hazard = seen_hazard(request, pk)
    stamps = list(hazard.stamps.select_related("actor"))
    last = {stamp.kind: stamp for stamp in stamps}
    step = next_step(hazard)
    context = {
        "hazard": hazard,
        "lamp": hazard.lamp_on(request.today),
        "steps": [
            (name, last.get(name.value) if number <= hazard.done else None, number)
            for number, name in enumerate(SIX_STEPS, start=1)
        ],
        "stamps": stamps[::-1],
        "next": step,
        "may_next": step is not None and may_act(hazard, step.act, request.access),
        "beside": acts_beside(hazard, request.access),
        "acts": hazard_acts(hazard),
    }
    return render(request, "inspections/hazard_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hazard_create(request: AuthenticatedRequest) -> HttpResponse:
    """登记一处发现的隐患，可以来自一次带队检查。"""
    units = request.access.units
    if not units:
        raise PermissionDenied(ONLY_UNITS)
    inspection = _inspection_asked(request)
    form = forms_of.HazardForm(
        request.POST or None, units=units, today=request.today, inspection=inspection
    )
    if request.method == "POST" and form.is_valid():
        try:
            hazard = raise_hazard(
                form.cleaned_data["unit"],
                form.content(),
                token=form.cleaned_data["token"],
                actor=request.user,
                at=now(),
                inspection=inspection,
            )
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"{hazard.number} 已记下，接着落实措施和时限。")
            return redirect(hazard)
    context = {"form": form, "inspection": inspection}
    status = 422 if form.errors else 200
    return render(request, "inspections/hazard_form.html", context, status=status)


def _inspection_asked(request: AuthenticatedRequest) -> Inspection | None:
    """Return the inspection that the address names, if it is the person's own unit's."""
    asked = request.GET.get("inspection", "")
    if not is_key(asked):
        return None
    own = Inspection.objects.visible_to(request.access).filter(unit__in=request.access.unit_ids)
    return own.live().filter(pk=int(asked)).first()


@require_http_methods(["GET", "HEAD", "POST"])
def hazard_act(request: AuthenticatedRequest, pk: int, act: str) -> HttpResponse:
    """办一步：登记、治理、复查、评估、销号，和挂牌、摘牌、调整时限、重开、作废。"""
    hazard = seen_hazard(request, pk)
    is_own = hazard.unit_id in request.access.answered_ids
    if act not in ACTS or not (is_own or request.access.is_office):
        raise Http404
    page = ACTS[act]
    form = page.form(request.POST or None, initial=_initial(hazard, request))
    latest = None if request.access.is_office else hazard.again_until(request.today)
    form.fit(hazard, latest=latest)
    if request.method == "POST" and form.is_valid():
        try:
            _do(page, hazard, form, actor=request.user, at=now())
        except StaleVersion as error:
            form.add_error(None, error.message)
            form.carry(version=seen_hazard(request, pk).version)
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"{hazard.number} {page.done}")
            return redirect(hazard)
    context = {"form": form, "hazard": hazard, "page": page, "act": act}
    context["may"] = request.method == "POST" or may_act(hazard, act, request.access)
    status = 422 if form.errors else 200
    return render(request, "inspections/hazard_act.html", context, status=status)


def _initial(hazard: Hazard, request: AuthenticatedRequest) -> dict[str, Any]:
    told = ("version", "due_on", "department_told_on", "workers_told_on")
    return {"happened_on": request.today} | {name: getattr(hazard, name) for name in told}


def _do(page: Act, hazard: Hazard, form: forms.Form, *, actor: User, at: datetime) -> Hazard:
    typed = form.cleaned_data
    if isinstance(form, forms_of.StepForm):
        stamp = Stamp(actor, at, typed["happened_on"], typed["note"])
        return page.do(hazard, stamp, version=typed["version"], **form.extras())
    version = typed.pop("version")
    return page.do(hazard, Settled(**typed), version=version, actor=actor, at=at)
