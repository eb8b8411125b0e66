"""Dispatch of a plan's rows to their units (下发)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from clauses.models import Plan
from common import clock
from common.errors import DomainError, messages_of
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.forms.plan import DispatchForm
from responsibilities.pages.dispatch import DispatchPage, build_dispatch_page, preview_of
from responsibilities.services.dispatch import dispatch_obligations


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
@vary_on_headers("HX-Request")
def plan_dispatch(request: AuthenticatedRequest, plan: str) -> HttpResponse:
    """Show what is ready and what stands in the way; on POST send the chosen rows out."""
    plans = Plan.objects.visible_to(request.access).without_text()
    page = build_dispatch_page(get_object_or_404(plans, code=plan), access=request.access)
    if request.method == "POST":
        return _send(request, page)
    ticked = set(request.GET.getlist("rows"))  # from the ledger; without it every ready row
    default = {
        "starts_on": request.today.isoformat(),
        "row": [str(r.pk) for r in page.ready_rows if not ticked or str(r.pk) in ticked],
    }
    asked = "starts_on" in request.GET
    form = DispatchForm(request.GET if asked else default, rows=page.ready_rows)
    return _render(request, page, form, 200)


def _send(request: AuthenticatedRequest, page: DispatchPage) -> HttpResponse:
    form = DispatchForm(request.POST, rows=page.ready_rows)
    if form.is_valid():
        try:
            made = dispatch_obligations(
                page.plan,
                form.cleaned_data["row"],
                starts_on=form.cleaned_data["starts_on"],
                actor=request.user,
                at=clock.now(),
                today=request.today,
            )
        except (DomainError, ValidationError) as error:
            for sentence in messages_of(error):
                form.add_error(None, sentence)
        else:
            count = len(form.cleaned_data["row"])
            messages.success(request, f"已下发 {count} 项任务，产生 {made} 件办理件。")
            return redirect("responsibilities:plan_dispatch", page.plan.code)
    return _render(request, page, form, 422)


def _render(
    request: AuthenticatedRequest, page: DispatchPage, form: DispatchForm, status: int
) -> HttpResponse:
    form.is_valid()
    rows = form.cleaned_data.get("row", []) if form.is_bound else []
    starts_on = form.cleaned_data.get("starts_on")
    count, preview = preview_of(rows, today=request.today, starts_on=starts_on)
    context = {
        "page": page,
        "plan": page.plan,
        "form": form,
        "chosen": {row.pk for row in rows},
        "chosen_count": count,
        "preview": preview,
    }
    name = "dispatch_preview" if request.htmx else "dispatch"
    return render(request, f"responsibilities/{name}.html", context, status=status)
