"""The ledger (任务台账): the office's page all day, and its saved views."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import push_url

from common import clock
from common.errors import DomainError, messages_of
from organizations.http import AuthenticatedRequest
from responsibilities.filters import Filters, parse
from responsibilities.forms.ledger import SavedViewForm
from responsibilities.models import SavedView
from responsibilities.pages.choices import Frame, frame_of
from responsibilities.pages.filter_bar import bar_of
from responsibilities.pages.ledger import ledger_page, ledger_url
from responsibilities.pages.plan_shares import PlanShare, plan_shares
from responsibilities.services.views import create_saved_view, delete_saved_view

PAGE_DIGITS = 6


@require_safe
@vary_on_headers("HX-Request")
def obligation_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the rows that the person may see, under the filters of the query string.

    Whoever has nothing in the newest plan is led to the one that holds something.
    """
    access, today = request.access, request.today
    frame, filters, notices = _asked(request, request.GET)
    shares = _shares(frame, request)
    if shares and not shares[0].total and not filters.plan:
        return redirect(ledger_url(filters.query(plan=shares[1].code)))
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isdecimal() and len(asked) <= PAGE_DIGITS else 1
    context = {
        "page": ledger_page(filters, frame, number=number, access=access, today=today),
        "bar": bar_of(filters, frame.choices, access=access),
        "chips": filters.chips(frame.choices),
        "filters": filters,
        "query": filters.query(),
        "plan": frame.choices.plan,
        "shares": shares,
        "save_url": f"{reverse('responsibilities:saved_view_create')}?{filters.query()}",
        "clear_url": ledger_url(Filters(plan=filters.plan).query()),
        "notices": notices,
        "is_office": access.is_office,
    }
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "responsibilities/obligation_list.html", context)
    fragment = render(request, "responsibilities/obligation_rows.html", context)
    return push_url(fragment, ledger_url(filters.query()))


def _asked(request: AuthenticatedRequest, given: QueryDict) -> tuple[Frame, Filters, list[str]]:
    """Read a query string; of a name given twice the last value that says something holds."""
    params = {
        name: next((value for value in reversed(values) if value.strip()), "")
        for name, values in given.lists()
    }
    frame = frame_of(request.access, today=request.today, plan=params.get("plan", ""))
    return frame, *parse(params, frame.choices, access=request.access)


def _shares(frame: Frame, request: AuthenticatedRequest) -> Sequence[PlanShare]:
    plan = frame.choices.plan
    if plan is None or len(frame.choices.plans) == 1 or request.htmx:
        return ()
    return plan_shares(plan, access=request.access, today=request.today)


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_create(request: AuthenticatedRequest) -> HttpResponse:
    """Give the filters in the query string a name."""
    frame, filters, _ = _asked(request, request.GET)
    can_share = request.access.is_office
    form = SavedViewForm(request.POST or None, can_share=can_share)
    if request.method == "POST" and form.is_valid():
        try:
            view = create_saved_view(
                name=form.cleaned_data["name"],
                query=filters.query(),
                is_shared=form.cleaned_data.get("is_shared", False),
                actor=request.user,
                at=clock.now(),
            )
        except (DomainError, ValidationError) as error:
            form.add_error("name", messages_of(error))
        else:
            messages.success(request, f"已存为视图“{view.name}”。")
            return redirect(view)
    context = {
        "form": form,
        "chips": filters.chips(frame.choices),
        "query": filters.query(),
        "back_url": ledger_url(filters.query()),
    }
    status = 422 if form.errors else 200
    return render(request, "responsibilities/saved_view_create.html", context, status=status)


@require_POST
def saved_view_delete(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Take away one of the person's own views; everybody else's do not exist here."""
    views = SavedView.objects.visible_to(request.access)
    view = get_object_or_404(views, pk=pk, owner=request.user)
    delete_saved_view(view, actor=request.user, at=clock.now())
    messages.success(request, f"已删除视图“{view.name}”。")
    return redirect(ledger_url(view.query))
