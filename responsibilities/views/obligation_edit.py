"""The office changes one row: each page is one form, one reason and one act.

A form that was filled in while somebody else saved comes back with 409 and both texts side by side;
what the person typed stays in the form, which then carries the newest version.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from common.errors import DomainError, StaleVersion
from organizations.http import AuthenticatedRequest, Stamp, office_required, stamp_of
from responsibilities.enums import FulfilledBy, ObligationState
from responsibilities.forms.obligation import (
    DeadlineForm,
    FulfilmentForm,
    LeaveForm,
    MergeForm,
    RowForm,
    SourceForm,
    SplitForm,
    VoidForm,
    WordingForm,
)
from responsibilities.forms.obligation_units import UnitsForm
from responsibilities.forms.refusals import add_refusal
from responsibilities.forms.steps import MilestonesForm
from responsibilities.models import Obligation
from responsibilities.pages.obligation_edits import Conflict, Standing, conflict_of, standing_of
from responsibilities.services import assigning, breakdown, deadlines, fulfilment, milestones

form_page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Edit:
    """One page of changes: its form, its template, the act and what is said when it is done."""

    form: type[RowForm]
    template: str
    act: Callable[[Obligation, Any, Stamp, date], Obligation | None]
    done: str
    only_draft: bool = False


def _wording(row: Obligation, form: WordingForm, stamp: Stamp, _today: date) -> None:
    version = form.cleaned_data["version"]
    breakdown.revise_obligation(row, form.wording(), version=version, **stamp)


def _units(row: Obligation, form: UnitsForm, stamp: Stamp, today: date) -> None:
    version = form.cleaned_data["version"]
    assigning.assign_units(row, form.roles(), version=version, today=today, **stamp)


def _deadline(row: Obligation, form: DeadlineForm, stamp: Stamp, today: date) -> None:
    version = form.cleaned_data["version"]
    deadlines.set_deadline(row, form.deadline(), version=version, today=today, **stamp)


def _milestones(row: Obligation, form: MilestonesForm, stamp: Stamp, _today: date) -> None:
    version = form.cleaned_data["version"]
    milestones.set_milestones(row, form.planned(), version=version, **stamp)


def _fulfilment(row: Obligation, form: FulfilmentForm, stamp: Stamp, _today: date) -> None:
    kind = FulfilledBy(form.cleaned_data["fulfilled_by"])
    fulfilment.set_fulfilment(row, kind, version=form.cleaned_data["version"], **stamp)


def _split(row: Obligation, form: SplitForm, stamp: Stamp, _today: date) -> Obligation:
    version = form.cleaned_data["version"]
    return breakdown.split_obligation(row, form.wording(), version=version, **stamp)


def _merge(row: Obligation, form: MergeForm, stamp: Stamp, _today: date) -> None:
    version = form.cleaned_data["version"]
    breakdown.merge_obligations(row, form.cleaned_data["other"], version=version, **stamp)


def _void(row: Obligation, form: VoidForm, stamp: Stamp, _today: date) -> None:
    breakdown.void_obligation(row, version=form.cleaned_data["version"], **stamp)


def _join(row: Obligation, form: SourceForm, stamp: Stamp, _today: date) -> None:
    sentence = form.cleaned_data["sentence"]
    breakdown.join_obligation(row, sentence, span=form.span(), **stamp)


def _leave(_row: Obligation, form: LeaveForm, stamp: Stamp, _today: date) -> None:
    breakdown.leave_obligation(form.source, **stamp)


WORDING = Edit(WordingForm, "obligation_edit", _wording, "任务内容已修改。")
UNITS = Edit(UnitsForm, "obligation_units", _units, "责任单位已更新。")
DEADLINE = Edit(DeadlineForm, "obligation_deadline", _deadline, "时限已更新。")
MILESTONES = Edit(MilestonesForm, "obligation_milestones", _milestones, "里程碑已更新。")
FULFILMENT = Edit(FulfilmentForm, "obligation_fulfilment", _fulfilment, "办结方式已更新。")
SPLIT = Edit(
    SplitForm, "obligation_split", _split, "已拆出新任务，请核对它的单位和时限。", only_draft=True
)
MERGE = Edit(MergeForm, "obligation_merge", _merge, "已并入，出处已转到本任务。")
VOID = Edit(VoidForm, "obligation_void", _void, "任务已撤销，修改记录仍可查。")
JOIN = Edit(SourceForm, "obligation_source_add", _join, "出处已增加。")
LEAVE = Edit(LeaveForm, "obligation_source_remove", _leave, "出处已撤下。")


@form_page
@office_required
def obligation_edit(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    return _page(request, _row(request, plan, code), WORDING)


@form_page
@office_required
def obligation_units(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    return _page(request, _row(request, plan, code), UNITS)


@form_page
@office_required
def obligation_deadline(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    return _page(request, _row(request, plan, code), DEADLINE)


@form_page
@office_required
def obligation_milestones(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    return _page(request, _row(request, plan, code), MILESTONES)


@form_page
@office_required
def obligation_fulfilment(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    return _page(request, _row(request, plan, code), FULFILMENT)


@form_page
@office_required
def obligation_split(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    return _page(request, _row(request, plan, code), SPLIT)


@form_page
@office_required
def obligation_merge(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    return _page(request, _row(request, plan, code), MERGE)


@form_page
@office_required
def obligation_void(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    return _page(request, _row(request, plan, code), VOID)


@form_page
@office_required
def obligation_source_add(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    return _page(request, _row(request, plan, code), JOIN)


@form_page
@office_required
def obligation_source_remove(
    request: AuthenticatedRequest, plan: str, code: str, pk: int
) -> HttpResponse:
    row = _row(request, plan, code)
    source = get_object_or_404(row.sources.select_related("provision", "obligation"), pk=pk)
    return _page(request, row, LEAVE, source=source)


def _row(request: AuthenticatedRequest, plan: str, code: str) -> Obligation:
    rows = Obligation.objects.visible_to(request.access).with_row_dates(request.access)
    return get_object_or_404(rows.with_plan().coded(code, plan=plan))


def _page(
    request: AuthenticatedRequest, row: Obligation, edit: Edit, **options: Any
) -> HttpResponse:
    """Show the form; on a post, act or show what stands in the way with what was typed."""
    refusal = _refusal(row, edit)
    if refusal:
        messages.error(request, refusal)
        return redirect(row)
    form = edit.form(request.POST or None, row=row, today=request.today, **options)
    status, conflict = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = edit.act(row, form, stamp_of(request, form), request.today)
            except StaleVersion:
                status, (form, conflict) = 409, _reopened(request, row, edit, options)
            except (DomainError, ValidationError) as error:
                add_refusal(form, error)
            else:
                messages.success(request, edit.done)
                return redirect(made or row)
    return _render(request, row, edit, form, status, conflict)


def _refusal(row: Obligation, edit: Edit) -> str:
    """Return why the page does not open for this row, if so."""
    if row.state == ObligationState.VOID:
        return f"{row.code} 已撤销，不能再改。"
    if edit.only_draft and row.state != ObligationState.DRAFT:
        return f"{row.code} 已下发，不能拆分；确需调整的，请先撤销后重新立项。"
    return ""


def _reopened(
    request: AuthenticatedRequest, row: Obligation, edit: Edit, options: dict[str, Any]
) -> tuple[RowForm, Conflict]:
    """Return the form as typed but carrying the newest version, and both texts."""
    newest = _row(request, row.plan.code, row.code)
    typed = request.POST.copy()
    untouched = edit.form(None, row=newest, today=request.today, **options).untouched(typed)
    typed.update({"version": str(newest.version), **untouched})
    form = edit.form(typed, row=newest, today=request.today, **options)
    return form, conflict_of(newest, form)


def _render(
    request: AuthenticatedRequest,
    row: Obligation,
    edit: Edit,
    form: RowForm,
    status: int,
    conflict: Conflict | None,
) -> HttpResponse:
    standing: Standing = standing_of(row, today=request.today)
    context = {"row": row, "form": form, "conflict": conflict, "standing": standing}
    template = f"responsibilities/{edit.template}.html"
    return render(request, template, context, status=status)
