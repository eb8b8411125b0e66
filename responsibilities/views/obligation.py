"""One row of the ledger (任务)."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from organizations.http import AuthenticatedRequest
from responsibilities.models import Obligation
from responsibilities.pages.coordination import matters_of
from responsibilities.pages.obligation import Asked, obligation_page
from responsibilities.pages.own_work import own_work


@require_safe
def obligation_short(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Lead from a code said on the phone to its row in the newest plan that has it."""
    rows = Obligation.objects.visible_to(request.access).live().with_plan().coded(code)
    row = rows.newest_plan_first().first()
    return redirect(row or get_object_or_404(rows))


@require_safe
def obligation_detail(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    asked = Asked(request.GET.get("period", ""), request.GET.get("progress") == "all")
    page = obligation_page(plan, code, access=request.access, today=request.today, asked=asked)
    if page is None:
        raise Http404
    own = own_work(page.row, request.access, request.today)
    tasks = [line.task for line in page.work.lines]
    matters = matters_of(page.row, tasks, request.access)
    context = {"page": page, "own": own, "matters": matters}
    return render(request, "responsibilities/obligation_detail.html", context)
