"""Corrections of a plan's text (校勘): everybody reads them, the office adds and amends."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clauses.forms import ErratumForm, NewErratumForm, reading_form
from clauses.models import Erratum, Plan
from clauses.services.errata import add_erratum, amend_erratum, erratum_stamp
from common import clock
from common.errors import DomainError, StaleVersion, messages_of
from organizations.http import AuthenticatedRequest, office_required


@dataclass(frozen=True)
class Note:
    """A correction with the place that it belongs to; no anchor outside the plan's clauses."""

    erratum: Erratum
    place: str
    anchor: str


@require_safe
def plan_errata(request: AuthenticatedRequest, plan: str) -> HttpResponse:
    """List all corrections of the plan in the order of the text."""
    shown = _plan(request, plan)
    context = {"plan": shown, "notes": list(_notes(shown))}
    return render(request, "responsibilities/errata.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def erratum_add(request: AuthenticatedRequest, plan: str) -> HttpResponse:
    """Record a correction."""
    shown = _plan(request, plan)
    form = NewErratumForm(request.POST or None, plan=shown)
    if request.method == "POST" and form.is_valid():
        try:
            erratum = add_erratum(
                shown,
                form.cleaned_data["span"],
                form.reading(),
                actor=request.user,
                at=clock.now(),
            )
        except (DomainError, ValidationError) as error:
            _add_errors(form, error)
        else:
            messages.success(request, f"已登记校勘“{erratum.original}”。")
            return redirect("responsibilities:plan_errata", plan)
    return _render(request, {"plan": shown, "form": form}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def erratum_edit(request: AuthenticatedRequest, plan: str, pk: int) -> HttpResponse:
    """Amend a correction; an edit that somebody made in between is shown beside one's own."""
    shown = _plan(request, plan)
    erratum = get_object_or_404(shown.errata, pk=pk)
    form = ErratumForm(request.POST or None, initial=reading_form(erratum))
    context: dict[str, Any] = {"plan": shown, "form": form, "erratum": erratum}
    context["stamp"] = erratum_stamp(erratum)
    if request.method == "POST" and form.is_valid():
        try:
            amend_erratum(
                erratum,
                form.reading(),
                seen=request.POST.get("seen", ""),
                actor=request.user,
                at=clock.now(),
            )
        except StaleVersion as error:
            return _render(request, context | {"conflict": error.message}, form, 409)
        except (DomainError, ValidationError) as error:
            _add_errors(form, error)
        else:
            messages.success(request, f"已修改校勘“{erratum.original}”。")
            return redirect("responsibilities:plan_errata", plan)
    return _render(request, context, form)


def _render(
    request: AuthenticatedRequest, context: dict[str, Any], form: ErratumForm, status: int = 0
) -> HttpResponse:
    defaults: dict[str, Any] = {"erratum": None, "conflict": "", "stamp": ""}
    code = status or (422 if form.errors else 200)
    return render(request, "responsibilities/errata_form.html", defaults | context, status=code)


def _add_errors(form: ErratumForm, error: DomainError | ValidationError) -> None:
    for sentence in messages_of(error):
        form.add_error(None, sentence)


def _plan(request: AuthenticatedRequest, code: str) -> Plan:
    return get_object_or_404(Plan.objects.visible_to(request.access).without_text(), code=code)


def _notes(plan: Plan) -> Iterator[Note]:
    sentences = list(plan.provisions.all())
    clauses = list(plan.clauses.defer("text"))
    for erratum in plan.errata.all():
        sentence = next((p for p in sentences if p.start <= erratum.start < p.end), None)
        clause = next((c for c in clauses if c.start <= erratum.start < c.end), None)
        if sentence is not None:
            yield Note(erratum, f"{sentence.code} 句", f"s{sentence.code}")
        elif clause is not None:
            yield Note(erratum, clause.name, f"c{clause.number:02d}")
        else:
            yield Note(erratum, "条文之外", "")
