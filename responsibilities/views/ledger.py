"""The ledger (任务台账)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.http import AuthenticatedRequest
from responsibilities.models import Obligation


@require_safe
def obligation_list(request: AuthenticatedRequest) -> HttpResponse:
    rows = Obligation.objects.visible_to(request.access).live().with_plan()
    return render(request, "responsibilities/obligation_list.html", {"rows": rows})
