"""The plan page (方案条文): the text, and the tasks made from it."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from clauses.models import Plan
from organizations.http import AuthenticatedRequest
from responsibilities.enums import LampKind
from responsibilities.forms.plan import SHOWS, read_options
from responsibilities.pages.plan import build_plan_page
from responsibilities.pages.plan_text import Options, PlanPage


@dataclass(frozen=True)
class Chip:
    """A filter above the text; pressing it again takes it off."""

    text: str
    url: str
    on: bool = False
    kind: str = ""


@require_safe
def plan_current(request: AuthenticatedRequest) -> HttpResponse:
    """Lead to the newest plan, or list all of them when asked (``?all``)."""
    plans = Plan.objects.visible_to(request.access).without_text().newest_first()
    if "all" in request.GET:
        return render(request, "responsibilities/plan_list.html", {"plans": plans})
    plan = plans.first()
    if plan is None:
        if request.access.is_office:
            return redirect("responsibilities:plan_import")
        raise Http404("还没有导入方案，请联系区安委办。")
    return redirect(plan)


@require_safe
def plan_detail(request: AuthenticatedRequest, plan: str) -> HttpResponse:
    """Show a plan with the person's tasks in the margin."""
    plans = Plan.objects.visible_to(request.access)
    shown = get_object_or_404(plans.with_sibling_count(), code=plan)
    if request.GET.get("errata") == "list":
        return redirect("responsibilities:plan_errata", shown.code)
    options = read_options(request.GET)
    page = build_plan_page(shown, options, access=request.access, today=request.today)
    context = {
        "plan": shown,
        "page": page,
        "options": options,
        "chips": list(_chips(page, options)),
        "unit_name": dict(page.units).get(options.unit, ""),
        "unit_links": _unit_links(page, options),
        "unit_all": _url(options, unit=""),
        "errata_url": _url(options, errata="" if options.errata else "off"),
        "show_name": SHOWS.get(options.show, ""),
    }
    return render(request, "responsibilities/plan_detail.html", context)


def _chips(page: PlanPage, options: Options) -> list[Chip]:
    """Return the filters with what each would leave."""
    counts = {
        LampKind.OVERDUE: page.lamps[LampKind.OVERDUE],
        LampKind.DUE_SOON: page.lamps[LampKind.DUE_SOON],
        "open": page.coverage.open,
    }
    chips = [Chip("全文", _url(options, show="", unit=""), on=not options.is_filtered)]
    for show, count in counts.items():
        on = options.show == show
        kind = show.value if isinstance(show, LampKind) else ""
        url = _url(options, show="" if on else str(show))
        chips.append(Chip(f"{SHOWS[show]} {count}", url, on, kind))
    return chips


def _unit_links(page: PlanPage, options: Options) -> list[Chip]:
    return [
        Chip(name, _url(options, unit=code), on=code == options.unit) for code, name in page.units
    ]


def _url(options: Options, **changed: str) -> str:
    """Return the page's own address under other options; a bare ? clears them all."""
    return f"?{options.query(**changed)}"
