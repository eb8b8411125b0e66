"""体检: what in the ledger does not hold together."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clauses.models import Plan
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.checkup import checkup


@require_safe
@office_required
def ledger_checkup(request: AuthenticatedRequest) -> HttpResponse:
    """台账体检：每一个问题都给出去哪里改。"""
    plan = Plan.objects.visible_to(request.access).current()
    page = checkup(plan, request.today) if plan else None
    return render(request, "responsibilities/checkup.html", {"page": page})
