"""Search over clauses, rows, inspections, hazards, units and people."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from organizations.http import AuthenticatedRequest
from qinnan_safety.search_hits import search_all
from qinnan_safety.search_words import read_query


@require_safe
@vary_on_headers("HX-Request")
def search(request: AuthenticatedRequest) -> HttpResponse:
    """Show the hits; htmx asks for the same page and gets the list of hits alone."""
    query = read_query(request.GET.get("q", ""))
    groups = search_all(query, request.access, request.today)
    template = "search/search.html#found" if request.htmx else "search/search.html"
    return render(request, template, {"query": query, "groups": groups})
