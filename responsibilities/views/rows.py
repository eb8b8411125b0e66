"""Changes made on the ledger itself: one row in place, or many rows at once."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from common import clock
from common.errors import DomainError, StaleVersion
from common.keys import is_key
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.forms.ledger import DeadlineForm, LeadForm, RowForm
from responsibilities.forms.refusals import add_refusal
from responsibilities.models import Obligation
from responsibilities.models.obligation import ObligationQuerySet
from responsibilities.pages.ledger import ledger_url, single_row
from responsibilities.services.bulk import MAX_ROWS, change_many, proposals

# 批量办理的两种事：改什么、用哪张表。
ACTS: Mapping[str, tuple[str, type[DeadlineForm] | type[LeadForm]]] = {
    "deadline": ("时限", DeadlineForm),
    "lead": ("牵头单位", LeadForm),
}

# 核对页上随表列出的依据和原因。
SAID = ("basis", "reason")
STALE = 409


def _rows(request: AuthenticatedRequest) -> ObligationQuerySet:
    return Obligation.objects.visible_to(request.access).with_plan().with_assignments()


def _back(request: AuthenticatedRequest) -> str:
    """Return the ledger query that the person came from and goes back to."""
    if "back" in request.POST or "back" in request.GET:
        return request.POST.get("back") or request.GET.get("back", "")
    came_from = urlsplit(request.headers.get("referer", ""))
    return came_from.query if came_from.path == reverse("responsibilities:obligation_list") else ""


@office_required
@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def obligation_row(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    """Change the deadline or the lead of one row without leaving the ledger."""
    row = get_object_or_404(_rows(request).live(), plan__code=plan, code=code)
    form = RowForm(request.POST or None, row=row, today=request.today)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, row, form)
        except StaleVersion:
            form, status = _reread(request, row), STALE
        except DomainError as error:
            add_refusal(form, error)
        else:
            return _saved(request, row)
    status = 422 if form.errors and status == 200 else status
    page = "responsibilities/obligation_row.html"
    context = {
        "row": form.row,
        "form": form,
        "back": _back(request),
        "is_stale": status == STALE,
        "now": form.now if status == STALE else "",
    }
    template = f"{page}#edit" if request.htmx else page
    return render(request, template, context, status=status)


def _save(request: AuthenticatedRequest, row: Obligation, form: RowForm) -> None:
    change_many(
        {row.pk: form.cleaned_data["version"]},
        form.changes(),
        actor=request.user,
        at=clock.now(),
        today=request.today,
        reason=form.cleaned_data["reason"],
    )


def _reread(request: AuthenticatedRequest, row: Obligation) -> RowForm:
    """Return what was typed over the row as it now is: saving again is then a decision."""
    newest = _rows(request).get(pk=row.pk)
    typed = request.POST.copy()
    typed["version"] = str(newest.version)
    form = RowForm(typed, row=newest, today=request.today)
    form.full_clean()
    return form


def _saved(request: AuthenticatedRequest, row: Obligation) -> HttpResponse:
    if request.htmx:
        line = single_row(row, access=request.access, today=request.today)
        context = {"row": line, "is_office": True, "today": request.today, "is_fresh": True}
        return render(request, "responsibilities/obligation_line_saved.html", context)
    messages.success(request, f"{row.code} 已保存。")
    return redirect(ledger_url(_back(request)))


@office_required
@require_http_methods(["GET", "HEAD", "POST"])
def obligation_bulk(request: AuthenticatedRequest) -> HttpResponse:
    """Change many rows: choose what, look at it row by row, then confirm all of it."""
    given = request.POST if request.method == "POST" else request.GET
    rows = list(_rows(request).filter(pk__in=_picked(given)).order_by("plan", "code"))
    act = given.get("act", "")
    if act not in ACTS or not 0 < len(rows) <= MAX_ROWS:
        messages.error(request, f"请先在台账里勾选 1 至 {MAX_ROWS} 项任务。")
        return redirect(ledger_url(_back(request)))
    form_class = ACTS[act][1]
    form = form_class(request.POST or None, today=request.today)
    step = request.POST.get("step")
    if request.method == "POST" and step != "edit" and form.is_valid():
        return (
            _decide(request, rows, form, act)
            if step == "confirm"
            else _preview(request, rows, form, act)
        )
    status = 422 if request.method == "POST" and step != "edit" else 200
    context = {"rows": rows, "form": form, "act": act, "what": ACTS[act][0], "back": _back(request)}
    return render(request, "responsibilities/obligation_bulk.html", context, status=status)


def _picked(given: QueryDict) -> dict[int, int]:
    """Return pk → version of the ticked rows; a row without a version was not shown yet."""
    pairs = [value.partition(":") for value in given.getlist("rows")]
    return {
        int(pk): int(version or 0)
        for pk, _, version in pairs
        if is_key(pk) and is_key(version or "0")
    }


def _preview(
    request: AuthenticatedRequest,
    rows: list[Obligation],
    form: DeadlineForm | LeadForm,
    act: str,
    error: DomainError | None = None,
) -> HttpResponse:
    shown = proposals(rows, form.change(), today=request.today)
    stale = getattr(error, "codes", ())
    context = {
        "possible": [item for item in shown if item.is_possible],
        "refused": [item for item in shown if not item.is_possible],
        "form": form,
        "act": act,
        "what": ACTS[act][0],
        "back": _back(request),
        "error": error.message if error else "",
        "facts": [
            (form.fields[name].label, form.cleaned_data[name])
            for name in SAID
            if name in form.fields
        ],
        "stale": stale,
    }
    status = 200 if error is None else STALE if stale else 422
    return render(request, "responsibilities/obligation_bulk_preview.html", context, status=status)


def _decide(
    request: AuthenticatedRequest,
    rows: list[Obligation],
    form: DeadlineForm | LeadForm,
    act: str,
) -> HttpResponse:
    try:
        made = change_many(
            _picked(request.POST),
            [form.change()],
            actor=request.user,
            at=clock.now(),
            today=request.today,
            reason=form.cleaned_data["reason"],
        )
    except DomainError as error:
        fresh = list(
            _rows(request).filter(pk__in=[row.pk for row in rows]).order_by("plan", "code")
        )
        return _preview(request, fresh, form, act, error)
    messages.success(request, f"已修改 {len(made)} 项任务的{ACTS[act][0]}。")
    return redirect(ledger_url(_back(request)))
