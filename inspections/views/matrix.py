"""The matrix of the quarters and the list of the records behind it."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inspections.enums import InspectionState
from inspections.matrix import Matrix, matrix_of, quarter_asked
from inspections.models import Inspection
from inspections.models.inspection import InspectionQuerySet
from organizations.http import AuthenticatedRequest
from organizations.models import Unit
from organizations.succession import stood_for_by
from responsibilities.chasing import chaseable
from responsibilities.enums import FulfilledBy
from responsibilities.periods import Period, period_label

PAGE = 50


@require_safe
def inspection_matrix(request: AuthenticatedRequest) -> HttpResponse:
    """季度检查：单位 × 季度，每一格由记录推出。"""
    centre = quarter_asked(request.GET.get("quarter", ""), request.today)
    matrix = matrix_of(request.access, today=request.today, centre=centre)
    context = {
        "matrix": matrix,
        "days_left": (matrix.now.last_day - request.today).days,
        "is_over": matrix.now.last_day < request.today,
        "may_prepare": bool(request.access.unit_ids),
        "chase": _chase(request, matrix),
        "source": matrix.row.sources.select_related("provision").first() if matrix.row else None,
        "records": _records(request) if request.access.unit_ids else (),
    }
    return render(request, "inspections/matrix.html", context)


def _chase(request: AuthenticatedRequest, matrix: Matrix) -> tuple[int, str] | None:
    """Return how many departments the office can call to mind, and the page on which it does."""
    if not request.access.is_office:
        return None
    owed = chaseable(request.today).filter(
        obligation__fulfilled_by=FulfilledBy.INSPECTION, period=matrix.now.code
    )
    keys = [("task", pk) for pk in owed.order_by("pk").values_list("pk", flat=True)]
    return (len(keys), f"{reverse('responsibilities:chase')}?{urlencode(keys)}") if keys else None


def _records(request: AuthenticatedRequest) -> list[Inspection]:
    """The newest records of the person's own units."""
    own = Inspection.objects.visible_to(request.access).filter(unit__in=request.access.unit_ids)
    return list(own.with_people()[:20])


@require_safe
def inspection_list(request: AuthenticatedRequest) -> HttpResponse:
    """检查记录：按单位、季度、状态找。"""
    asked = {name: request.GET.get(name, "") for name in ("unit", "quarter", "state")}
    seen = Inspection.objects.visible_to(request.access)
    units = Unit.objects.filter(pk__in=seen.values("unit")).order_by("order", "pk")
    unit = Unit.objects.visible_to(request.access).filter(code=asked["unit"]).first()
    found = seen.with_people()
    if unit is not None:
        found = found.filter(unit__in=stood_for_by(unit.code, request.today))
    if _is_period(asked["quarter"]):
        found = found.filter(quarter=asked["quarter"])
    if asked["state"] in InspectionState.values:
        found = found.filter(state=asked["state"])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "unit": unit,
        "units": units if request.access.sees_all else (),
        "quarter": period_label(asked["quarter"]) if _is_period(asked["quarter"]) else "",
        "quarters": [(code, period_label(code)) for code in _quarters(seen)],
        "states": InspectionState.choices,
        "asked": asked,
        "query": query.urlencode(),
        "may_prepare": bool(request.access.unit_ids),
    }
    return render(request, "inspections/inspection_list.html", context)


def _quarters(seen: InspectionQuerySet) -> list[str]:
    """The quarters that there are records of, the newest first."""
    return list(seen.order_by("-quarter").values_list("quarter", flat=True).distinct())


def _is_period(code: str) -> bool:
    try:
        Period.parse(code)
    except ValueError:
        return False
    return True
