"""The floors that pages are measured against: bare Django views of the same shape.

One indexed query for 50 joined rows, a plain table template, sessions and sign-in as in the
product; once with tuples, which ratios refer to, and once with model instances, as views are
commonly written.  Served by the same server on the same machine in the same run.
"""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from responsibilities.models import Obligation

ROWS = engines["django"].from_string(
    "<!doctype html><title>bare</title><table>{% for row in rows %}<tr><td>{{ row.0 }}</td>"
    "<td>{{ row.1 }}</td><td>{{ row.2 }}</td><td>{{ row.3 }}</td><td>{{ row.4 }}</td>"
    "<td>{{ row.5 }}</td></tr>{% endfor %}</table>"
)


def rows(request: HttpRequest) -> HttpResponse:
    """Fifty rows of one plan, by date."""
    columns = ("code", "title", "deadline_kind", "open_due_on", "clause__number", "plan__code")
    found = (
        models.QuerySet(Obligation)
        .filter(plan__code="qinnan-2018")
        .order_by("open_due_on", "code")
        .values_list(*columns)[:50]
    )
    return HttpResponse(ROWS.render({"rows": found, "user": str(request.user)}))


def instances(request: HttpRequest) -> HttpResponse:
    """The same fifty rows as model instances with their plan and clause."""
    found = (
        models.QuerySet(Obligation)
        .filter(plan__code="qinnan-2018")
        .order_by("open_due_on", "code")
        .select_related("plan", "clause")[:50]
    )
    lines = (
        (o.code, o.title, o.deadline_kind, o.open_due_on, o.clause.number, o.plan.code)
        for o in found
    )
    return HttpResponse(ROWS.render({"rows": lines, "user": str(request.user)}))


urlpatterns = [path("bare/", rows), path("bare/instances/", instances)]
