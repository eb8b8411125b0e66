"""The page that each kind of user starts on."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.workdays import calendar_warning
from documents.pages import newest_files
from organizations.http import AuthenticatedRequest
from qinnan_safety.home_pages import staff_home
from qinnan_safety.overview_page import overview
from qinnan_safety.unit_home_page import office_contacts, unit_home


@require_safe
def home(request: AuthenticatedRequest) -> HttpResponse:
    """Show the home of the person's posts; a person without any is told whom to ask."""
    access, today = request.access, request.today
    if access.shell_kind == "staff":
        page = staff_home(access, today, code=request.GET.get("plan", ""))
        context = {"page": page, "calendar": calendar_warning(today)}
        return render(request, "home/staff.html", context)
    if access.shell_kind == "leader":
        return _overview(request)
    if access.shell_kind == "unit":
        return render(request, "home/unit.html", {"page": unit_home(access, today)})
    return render(request, "home/no_post.html", {"contacts": office_contacts(today)})


@require_safe
def district_overview(request: AuthenticatedRequest) -> HttpResponse:
    """Show the leaders' page to everybody who sees the whole district."""
    if not request.access.sees_all:
        raise PermissionDenied("全区情况由区安委办和区领导查看，本单位任务请看首页。")
    return _overview(request)


def _overview(request: AuthenticatedRequest) -> HttpResponse:
    context = {
        "page": overview(request.access, request.today, code=request.GET.get("plan", "")),
        "papers": newest_files(request.access),
    }
    return render(request, "home/overview.html", context)
