"""The plan page (方案条文): the text, and the tasks made from it."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from clauses.models import Plan
from organizations.http import AuthenticatedRequest


@require_safe
def plan_current(request: AuthenticatedRequest) -> HttpResponse:
    """Lead to the newest plan."""
    plan = Plan.objects.visible_to(request.access).current()
    if plan is None:
        raise Http404
    return redirect(plan)


@require_safe
def plan_detail(request: AuthenticatedRequest, plan: str) -> HttpResponse:
    shown = get_object_or_404(Plan.objects.visible_to(request.access).without_text(), code=plan)
    return render(request, "responsibilities/plan_detail.html", {"plan": shown})
