"""What happened to a row, and how a row, a clause or the whole ledger stood on any past day."""

from collections import Counter
from collections.abc import Sequence, Set
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clauses.models import Clause, Plan
from organizations.access import Access
from organizations.http import AuthenticatedRequest
from organizations.models import Unit
from responsibilities import as_of
from responsibilities.enums import LAMP_ORDER
from responsibilities.forms.history import DayForm
from responsibilities.models import Obligation
from responsibilities.pages.timeline import clause_acts, obligation_acts
from responsibilities.rules import Lamp

ROWS_A_PAGE = 60
ACTS_A_PAGE = 30


@require_safe
def obligation_history(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    """Tell the acts on a row, or with ``?on=`` show it as it stood at the end of that day.

    A unit that has left the row still finds it on the days on which it was in it.
    """
    row = get_object_or_404(Obligation.objects.with_plan().coded(code, plan=plan))
    form = DayForm(request.GET, today=request.today)
    if form.day:
        return _row_on_a_day(request, row, form)
    get_object_or_404(Obligation.objects.visible_to(request.access), pk=row.pk)
    only = request.GET.get("only") == "row"
    acts = Paginator(obligation_acts(row, request.access, with_tasks=not only), ACTS_A_PAGE)
    shown = acts.get_page(request.GET.get("page"))
    context = {
        "row": row,
        "form": form,
        "acts": shown,
        "only": only,
        "query": "only=row" if only else "",
    }
    template = "responsibilities/obligation_history.html"
    return render(request, template, context, status=form.status)


def _row_on_a_day(request: AuthenticatedRequest, row: Obligation, form: DayForm) -> HttpResponse:
    day, access = form.cleaned_data["on"], request.access
    past = as_of.row_as_of(row, day, access)
    if past is None:
        get_object_or_404(Obligation.objects.visible_to(access), pk=row.pk)
    tasks = as_of.tasks_as_of(past, day, access) if past else []
    coming = [task for task in tasks if task.starts_on and task.starts_on > day]
    begun = [task for task in tasks if task not in coming]
    begun.sort(key=lambda task: task.period, reverse=True)
    context = {
        "row": row,
        "form": form,
        "day": day,
        "past": past,
        "lamp": past.lamp_on(day) if past else None,
        "lines": [(task, task.lamp_on(day)) for task in begun],
        "coming": len(coming),
        "milestones": as_of.milestones_as_of(past, tasks, day) if past else [],
    }
    return render(request, "responsibilities/obligation_as_of.html", context)


@require_safe
def ledger_as_of(request: AuthenticatedRequest) -> HttpResponse:
    """Show a plan's ledger at the end of a past day, today if none is asked for."""
    asked = request.GET.get("plan", "")
    plan = _plan_asked(request, asked)
    form = DayForm(request.GET, today=request.today)
    day = form.day if form.is_bound else request.today
    unit, access = _unit_asked(request), request.access
    lamp = request.GET.get("lamp", "")
    asks = {"on": day, "plan": asked, "unit": unit.code if unit else ""}
    query = urlencode({key: value for key, value in asks.items() if value})
    lit = _lit(plan, day, unit, access) if day else []
    context = {
        "plan": plan,
        "form": form,
        "day": day,
        "query": query,
        "page_query": f"{query}&lamp={lamp}" if lamp else query,
        "keep": [(name, value) for name, value in (("plan", asked), ("lamp", lamp)) if value],
        "unit": unit,
        "units": Unit.objects.order_by("order", "pk") if access.sees_all else [],
        "lamp": lamp,
    }
    mine = filter(None, [unit]) if access.sees_all else access.units
    context |= _listed(request, lit, {each.code for each in mine})
    return render(request, "responsibilities/ledger_as_of.html", context, status=form.status)


def _listed(
    request: AuthenticatedRequest, lit: Sequence[tuple[as_of.PastRow, Lamp]], units: Set[str]
) -> dict[str, Any]:
    """Return the rows to list and the lamps counted; rows in which ``units`` only assisted are
    listed and light nothing."""
    lamp = request.GET.get("lamp", "")
    own = [pair for pair in lit if not pair[0].is_aided_by(units)]
    counts = Counter(str(shown.kind) for _, shown in own)
    kept = [pair for pair in own if pair[1].kind == lamp] if lamp else lit
    return {
        "total": len(lit),
        "aided": {row.obligation.pk for row, _ in lit} - {row.obligation.pk for row, _ in own},
        "lamps": [(kind.value, kind.label, counts[kind.value]) for kind in LAMP_ORDER],
        "rows": Paginator(kept, ROWS_A_PAGE).get_page(request.GET.get("page")),
    }


def _plan_asked(request: AuthenticatedRequest, code: str) -> Plan:
    plans = Plan.objects.visible_to(request.access).without_text()
    plan = get_object_or_404(plans, code=code) if code else plans.current()
    if plan is None:
        raise Http404
    return plan


def _lit(
    plan: Plan, day: date, unit: Unit | None, access: Access
) -> list[tuple[as_of.PastRow, Lamp]]:
    """Return the rows of the day with their lamps; of one unit, those it was in."""
    rows = as_of.ledger_as_of(plan, day, access)
    return [(row, row.lamp_on(day)) for row in rows if unit is None or row.concerns(unit.code)]


def _unit_asked(request: AuthenticatedRequest) -> Unit | None:
    code = request.GET.get("unit", "")
    return get_object_or_404(Unit, code=code) if code else None


@require_safe
def clause_history(request: AuthenticatedRequest, plan: str, number: int) -> HttpResponse:
    """Show a clause at the end of a past day: what its sentences were and which rows they made."""
    clauses = Clause.objects.visible_to(request.access).with_plan()
    clause = get_object_or_404(clauses, plan__code=plan, number=number)
    form = DayForm(request.GET, today=request.today)
    day = form.day if form.is_bound else request.today
    sentences = as_of.dispositions_as_of(clause, day) if day else []
    carried = as_of.clause_rows_as_of(clause, sentences, day, request.access) if day else {}
    context = {
        "clause": clause,
        "form": form,
        "day": day,
        "sentences": [
            (sentence, [(row, row.lamp_on(day)) for row in carried.get(sentence.pk, [])])
            for sentence in sentences
            if day
        ],
        "acts": clause_acts(clause, request.access),
    }
    return render(request, "responsibilities/clause_as_of.html", context, status=form.status)
