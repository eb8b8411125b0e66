"""The workbench of the office (逐句处理): every sentence becomes a duty or is declined."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from clauses.enums import Disposition
from clauses.models import Plan, Provision
from common import clock
from common.errors import DomainError, StaleVersion
from organizations.http import AuthenticatedRequest, office_required, stamp_of
from responsibilities.forms.plan import DeclineForm, JoinForm, MakeForm, ReasonForm
from responsibilities.forms.refusals import add_refusal
from responsibilities.models import Obligation
from responsibilities.pages.suggestions import suggest, suggest_decline
from responsibilities.pages.workbench import Workbench, build_workbench
from responsibilities.services.sentences import (
    decline_sentence,
    join_row,
    leave_row,
    make_row,
    reopen_sentence,
)


@dataclass(frozen=True)
class Panel:
    """The forms under the chosen sentence; ``failed`` names the one that was refused."""

    make: MakeForm
    join: JoinForm
    decline: DeclineForm
    reopen: ReasonForm
    leave: ReasonForm
    failed: str = "make"
    left_code: str = ""
    conflict: str = ""

    @property
    def failed_form(self) -> object:
        return getattr(self, self.failed)


@require_safe
@office_required
@vary_on_headers("HX-Request")
def plan_breakdown(request: AuthenticatedRequest, plan: str) -> HttpResponse:
    """Show one clause; without a choice the first that has an undecided sentence."""
    asked = request.GET.get("clause", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 4 else None
    bench = build_workbench(_plan(request, plan), number=number)
    return _render(request, bench, None, 200)


@require_safe
@office_required
@vary_on_headers("HX-Request")
def provision_detail(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    """Show a sentence within its clause, with what can be done about it."""
    provision = _sentence(request, plan, code)
    bench = build_workbench(provision.plan, code=code)
    return _render(request, bench, _panel(request, provision), 200)


@require_POST
@office_required
def provision_make(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    """Make a row from the sentence or a part of it (立项)."""
    provision = _sentence(request, plan, code)
    form = MakeForm(request.POST, provision=provision, today=request.today)

    def act() -> str:
        row = make_row(
            provision,
            form.draft(),
            seen=request.POST.get("seen", ""),
            actor=request.user,
            at=clock.now(),
            today=request.today,
        )
        return f"已立项：{row.code} {row.title}。"

    return _answer(request, provision, "make", form, act)


@require_POST
@office_required
def provision_join(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    """Let the sentence be a further source of an existing row (并入)."""
    provision = _sentence(request, plan, code)
    form = JoinForm(request.POST, provision=provision, rows=_rows(request, provision.plan))

    def act() -> str:
        row: Obligation = form.cleaned_data["obligation"]
        join_row(
            row,
            provision,
            span=form.cleaned_data["span"],
            seen=request.POST.get("seen", ""),
            actor=request.user,
            at=clock.now(),
        )
        return f"{provision.code} 句已并入 {row.code} {row.title}。"

    return _answer(request, provision, "join", form, act)


@require_POST
@office_required
def provision_leave(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    """Take the sentence out of a row (撤下)."""
    provision = _sentence(request, plan, code)
    row_code = request.POST.get("row", "")
    sources = provision.obligation_sources.select_related("obligation")
    source = next((item for item in sources if item.obligation.code == row_code), None)
    if source is None:
        raise Http404
    form = ReasonForm(request.POST, auto_id="leave_%s")

    def act() -> str:
        leave_row(
            source,
            seen=request.POST.get("seen", ""),
            **stamp_of(request, form),
        )
        return f"{provision.code} 句已从 {row_code} 撤下。"

    return _answer(request, provision, "leave", form, act, left_code=row_code)


@require_POST
@office_required
def provision_decline(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    """Decide that the sentence makes no duty (不立项)."""
    provision = _sentence(request, plan, code)
    form = DeclineForm(request.POST, plan=provision.plan)

    def act() -> str:
        decline_sentence(
            provision,
            disposition=Disposition(form.cleaned_data["disposition"]),
            reason=form.cleaned_data["reason"],
            duplicate_of=form.cleaned_data["duplicate_of"],
            seen=request.POST.get("seen", ""),
            actor=request.user,
            at=clock.now(),
        )
        return f"{provision.code} 句已定为不立项。"

    return _answer(request, provision, "decline", form, act)


@require_POST
@office_required
def provision_reopen(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    """Put a declined sentence back to undecided (恢复未定)."""
    provision = _sentence(request, plan, code)
    form = ReasonForm(request.POST, auto_id="reopen_%s")

    def act() -> str:
        reopen_sentence(
            provision,
            reason=form.cleaned_data["reason"],
            seen=request.POST.get("seen", ""),
            actor=request.user,
            at=clock.now(),
        )
        return f"{provision.code} 句已恢复为未定。"

    return _answer(request, provision, "reopen", form, act)


def _plan(request: AuthenticatedRequest, code: str) -> Plan:
    plans = Plan.objects.visible_to(request.access).without_text()
    return get_object_or_404(plans, code=code)


def _sentence(request: AuthenticatedRequest, plan: str, code: str) -> Provision:
    sentences = Provision.objects.visible_to(request.access).with_clause().with_plan()
    return get_object_or_404(sentences, plan__code=plan, code=code)


def _rows(request: AuthenticatedRequest, plan: Plan) -> list[Obligation]:
    rows = Obligation.objects.visible_to(request.access).of_plan(plan).live()
    return list(rows.only("code", "title").order_by("code"))


def _panel(request: AuthenticatedRequest, provision: Provision) -> Panel:
    return Panel(
        make=MakeForm(provision=provision, today=request.today, initial=suggest(provision)),
        join=JoinForm(provision=provision, rows=_rows(request, provision.plan)),
        decline=DeclineForm(plan=provision.plan, initial=suggest_decline(provision)),
        reopen=ReasonForm(auto_id="reopen_%s"),
        leave=ReasonForm(auto_id="leave_%s"),
    )


def _answer(
    request: AuthenticatedRequest,
    provision: Provision,
    name: str,
    form: MakeForm | JoinForm | DeclineForm | ReasonForm,
    act: Callable[[], str],
    **more: str,
) -> HttpResponse:
    """Do the act and lead back to the sentence, or show the page again with what was typed."""
    status, conflict = 422, ""
    if form.is_valid():
        try:
            said = act()
        except StaleVersion as error:
            status, conflict = 409, error.message
        except (DomainError, ValidationError) as error:
            add_refusal(form, error)
        else:
            messages.success(request, said)
            return redirect(
                "responsibilities:provision_detail", provision.plan.code, provision.code
            )
    changed: dict[str, Any] = {name: form, "failed": name, "conflict": conflict, **more}
    panel = replace(_panel(request, provision), **changed)
    bench = build_workbench(provision.plan, code=provision.code)
    return _render(request, bench, panel, status)


def _render(
    request: AuthenticatedRequest, bench: Workbench, panel: Panel | None, status: int
) -> HttpResponse:
    name = "breakdown_bench" if request.htmx else "breakdown"
    context = {"bench": bench, "panel": panel, "plan": bench.plan}
    return render(request, f"responsibilities/{name}.html", context, status=status)
