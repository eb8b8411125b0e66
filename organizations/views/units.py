"""Units (单位)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organizations.http import AuthenticatedRequest
from organizations.models import Unit


@require_safe
def unit_list(request: AuthenticatedRequest) -> HttpResponse:
    units = Unit.objects.visible_to(request.access).on(request.today)
    return render(request, "organizations/unit_list.html", {"units": units})


@require_safe
def unit_detail(request: AuthenticatedRequest, code: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.access), code=code)
    return render(request, "organizations/unit_detail.html", {"unit": unit})
