"""Search over clauses, obligations and units."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.http import AuthenticatedRequest


@require_safe
def search(request: AuthenticatedRequest) -> HttpResponse:
    return render(request, "search/search.html", {"words": request.GET.get("q", "")})
