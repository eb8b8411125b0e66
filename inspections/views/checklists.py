"""Blank checklists to print."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inspections.checklists import checklists
from organizations.http import AuthenticatedRequest

BLANK_ROWS = 4


@require_safe
def checklist_list(request: AuthenticatedRequest) -> HttpResponse:
    """各行业领域的检查表。"""
    return render(request, "inspections/checklist_list.html", {"lists": checklists().values()})


@require_safe
def checklist_print(request: AuthenticatedRequest, name: str) -> HttpResponse:
    """一张空白检查表，打印后带到现场。"""
    checklist = checklists().get(name)
    if checklist is None:
        raise Http404
    units = request.access.units
    context = {
        "checklist": checklist,
        "unit": units[0] if len(units) == 1 else "",
        "blanks": range(len(checklist.items) + 1, len(checklist.items) + 1 + BLANK_ROWS),
    }
    return render(request, "inspections/checklist_print.html", context)
