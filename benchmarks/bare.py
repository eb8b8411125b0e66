"""The floors that pages are measured against: bare Django views of the same shape.

For lists one indexed query for 50 joined rows and a plain table: with tuples, which the ratios of
most pages refer to, and with model instances, as views are commonly written.  For dashboards two
counts, by unit and by clause, in one table.  Sessions and sign-in as in the product; on the same
machine in the same run.
"""

from datetime import date

from django.db import models
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from responsibilities.enums import TaskState
from responsibilities.models import Obligation, Task

TODAY = date(2019, 9, 18)
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


def dashboard(request: HttpRequest) -> HttpResponse:
    """The tasks of one plan by unit and by clause: all, closed, late."""
    tasks = models.QuerySet(Task).filter(obligation__plan__code="qinnan-2018").order_by()
    closed = Q(state=TaskState.CLOSED)
    counts = {
        "total": Count("pk"),
        "closed": Count("pk", filter=closed),
        "late": Count("pk", filter=~closed & Q(due_on__lt=TODAY)),
    }
    groups = (
        ("unit__code", "unit__short_name"),
        ("obligation__clause__number", "obligation__clause__title"),
    )
    lines = [
        (*line, line[2] - line[3])
        for columns in groups
        for line in tasks.values_list(*columns).annotate(**counts)
    ]
    return HttpResponse(ROWS.render({"rows": lines, "user": str(request.user)}))


urlpatterns = [
    path("bare/", rows),
    path("bare/instances/", instances),
    path("bare/dashboard/", dashboard),
]
