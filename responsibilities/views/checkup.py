"""体检: what in the ledger does not hold together."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses.models import Plan
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.pages.checkup import SHOWN, checkup
from responsibilities.pages.plan_shares import plan_shares


@require_safe
@office_required
def ledger_checkup(request: AuthenticatedRequest) -> HttpResponse:
    """台账体检：每一个问题都给出去哪里改。"""
    access, today = request.access, request.today
    plan = Plan.objects.visible_to(access).chosen(request.GET.get("plan", ""))
    most = None if request.GET.get("all") == "1" else SHOWN
    context = {
        "page": checkup(plan, today, most) if plan else None,
        "shares": plan_shares(plan, access=access, today=today) if plan else (),
    }
    return render(request, "responsibilities/checkup.html", context)
