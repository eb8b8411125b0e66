"""Every main page for each kind of user: accessible, no wider than the screen, light."""

import gzip
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, Response

from responsibilities.enums import EventKind
from responsibilities.models import Event, Obligation, ProgressReport, Task
from responsibilities.services.events import Happening, register_event
from tests.builders import NOW, dispatch
from tests.journeys import scored
from tests.journeys.conftest import DESKTOP, PHONE, Visit
from tests.journeys.scripts import AXE, CHECK, WIDTH
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

AT_ONCE = 12  # pages that one test looks at, so that no process waits for another at the end
PLAN, ROW = "/plan/qinnan-2018/", "/tasks/qinnan-2018/05-03/"
DRAFT = "/tasks/qinnan-2018/04-01/"
PAGES = {
    "": (
        "/login/",
        "/no/such/page/",
        "/public/",
        "/public/1/tasks/",
        "/public/1/tasks/?status=没有这样的进度",
        "/public/1/data/",
        "/verify/",
        "/verify/{code}",
    ),
    "office": (
        "/",
        PLAN,
        f"{PLAN}?show=declined",
        f"{PLAN}breakdown/?clause=4",
        f"{PLAN}sentences/04-02/",
        f"{PLAN}sentences/31-02/",
        f"{PLAN}dispatch/",
        f"{PLAN}errata/",
        f"{PLAN}clauses/4/history/",
        "/plan/import/",
        "/tasks/",
        "/tasks/?group=lead&lamp=overdue",
        "/tasks/?q=没有这样的任务",
        "/tasks/history/?on=2019-09-01",
        "/tasks/import/",
        "/tasks/bulk/?act=deadline&rows={row}",
        "/tasks/bulk/?act=lead&rows={row}",
        "/views/?lamp=overdue",
        ROW,
        DRAFT,
        f"{ROW}edit/",
        f"{ROW}units/",
        f"{ROW}deadline/",
        f"{ROW}milestones/",
        f"{ROW}fulfilment/",
        f"{DRAFT}split/",
        f"{ROW}merge/",
        f"{ROW}void/",
        f"{ROW}sources/",
        f"{ROW}row/",
        f"{ROW}history/",
        f"{ROW}history/?on=2019-09-01",
        "/reviews/",
        "/reviews/{report}/",
        "/inspections/",
        "/inspections/records/",
        "/hazards/",
        "/overview/",
        "/coordination/",
        "/events/",
        "/events/add/",
        "/events/{event}/",
        "/events/{event}/tasks/",
        "/checkup/",
        "/items/{task}/reopen/",
        f"{PLAN}thresholds/",
        "/publication/",
        "/publication/fields/",
        "/publication/1/",
        "/notices/desk/",
        "/notices/units/zjj/",
        "/scores/",
        "/scores/2019Q3/",
        "/scores/2019Q3/?class=township",
        "/scores/2019Q3/units/zjj/",
        "/scores/objections/",
        "/scores/objections/{objection}/",
        "/scores/facts/",
        "/scores/facts/new/",
        "/scores/facts/{fact}/",
        "/scores/vetoes/new/",
        "/scores/vetoes/{veto}/",
        "/scores/schemes/",
        "/scores/schemes/{scheme}/",
        "/scores/schemes/{scheme}/edit/",
        "/scores/schemes/{scheme}/what-if/",
        "/documents/",
        "/documents/{card}/",
        "/documents/{standings}/",
        "/documents/{standings}/wording/",
        "/documents/{one_page}/",
        "/documents/jobs/{job}/",
        "/search/?q=隐患",
        "/units/",
        "/units/zjj/",
        "/units/zjj/edit/",
        "/units/phrases/",
        "/units/phrases/{alias}/",
        "/people/",
        "/people/new/",
        "/people/{person}/",
        "/password/",
    ),
    "liaison": (
        "/",
        PLAN,
        "/tasks/",
        ROW,
        "/items/{task}/report/",
        "/round/",
        "/round/import/",
        "/evidence/",
        "/search/?q=隐患",
        "/units/",
        "/inspections/",
        "/inspections/new/",
        "/inspections/checklists/",
        "/inspections/checklists/construction/",
        "/hazards/new/",
        "/hazards/import/",
        "/notices/",
        "/notices/reach/",
    ),
    "head": (
        "/",
        "/signing/",
        "/items/{task}/extension/",
        "/scores/",
        "/scores/2019Q3/units/zjj/",
        "/scores/2019Q3/units/zjj/self/",
        "/scores/lines/{line}/objection/",
        "/scores/objections/",
        "/documents/",
        "/documents/{card}/",
    ),
    "leader": (
        "/",
        PLAN,
        "/tasks/",
        ROW,
        "/search/?q=隐患",
        "/coordination/",
        "/publication/",
        "/scores/",
        "/scores/2019Q3/",
        "/scores/2019Q3/units/zjj/",
        "/documents/",
        "/documents/{card}/",
    ),
    "auditor": ("/", "/tasks/", f"{ROW}history/"),
}
KILO = 1024
LIMIT, FIRST_LOAD = 12 * KILO, 60 * KILO
# The whole text on one page; the workbench names all rows and units, so that they can be picked.
# 演示数据里的全区情况比这里的重 1.5 KB 左右，合起来也不超过 12 KB。
LIMITS = {PLAN: 30 * KILO, "/overview/": 10.8 * KILO} | dict.fromkeys(
    (f"{PLAN}sentences/04-02/", f"{PLAN}sentences/31-02/"), 14 * KILO
)
REQUESTS = 8
TEXT_TYPES = ("text/", "image/svg", "application/javascript")
WIDEST = """() => [...document.querySelectorAll("main *, header *, nav *")]
  .filter((item) => item.getBoundingClientRect().right > innerWidth + 1 && !item.closest(".scroll"))
  .slice(0, 3).map((item) => item.outerHTML.slice(0, 120))"""


@pytest.fixture
def addresses(site: Site) -> dict[str, tuple[str, ...]]:
    """The addresses of each role with the keys of what they show."""
    keys = scored.keys() | {
        "row": Obligation.objects.get(code="05-03").pk,
        "report": ProgressReport.objects.order_by("pk").first().pk,
        "alias": site.plan.obligations.filter(assignments__alias__isnull=False)
        .values_list("assignments__alias", flat=True)
        .first(),
        "person": site.people["liaison"].pk,
        "task": Task.objects.get(unit__code="zjj", obligation__code="05-06").pk,
        "event": _event(site).pk,
    }
    return {
        who: tuple(address.format(**keys) for address in listed) for who, listed in PAGES.items()
    }


def _event(site: Site) -> Event:
    """An accident that opened one of the rows that the plan ties to it; registered once."""
    if known := Event.objects.first():
        return known
    row = Obligation.objects.get(code="07-02b")
    dispatch(site.plan, row)
    row.refresh_from_db()
    accident = Happening(EventKind.ACCIDENT, "9·12 坍塌事故", date(2019, 9, 12), "快报1号")
    dues = {row: date(2019, 10, 12)}
    return register_event(site.plan, accident, dues, actor=site.people["office"], at=NOW)


@pytest.mark.parametrize(
    ("who", "first"), [(who, n) for who in PAGES for n in range(0, len(PAGES[who]), AT_ONCE)]
)
def test_pages_can_be_used_by_everybody_on_every_screen(
    visit: Visit, addresses: dict[str, tuple[str, ...]], who: str, first: int
) -> None:
    page, found = visit(who), {}

    for address in addresses[who][first : first + AT_ONCE]:
        for width, height in (DESKTOP, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            if (width, height) == DESKTOP:
                page.goto(address)
                page.evaluate(AXE)
            if faults := list(_faults(page, width)):
                found[address, width] = faults

    assert found == {}


def test_the_line_that_tells_of_a_demonstration_is_found_by_a_screen_reader(
    visit: Visit, site: Site, settings: Any
) -> None:
    settings.DEMO = True
    person = site.people["auditor"]
    person.is_demo = True
    person.save(update_fields=["is_demo"])
    page = visit("auditor")

    page.goto("/")
    page.evaluate(AXE)

    assert page.get_by_role("complementary", name="演示说明").is_visible()
    assert list(_faults(page, DESKTOP[0])) == []
    person.is_demo = False
    person.save(update_fields=["is_demo"])


def _faults(page: Page, width: int) -> Iterator[str]:
    for violation in page.evaluate(CHECK)["violations"]:
        where = [node["target"] for node in violation["nodes"][:3]]
        yield f"{violation['id']}: {where}"
    if (taken := page.evaluate(WIDTH)) > width:
        yield f"{taken} px wide: {page.evaluate(WIDEST)}"


@pytest.mark.parametrize("who", PAGES)
def test_pages_stay_within_their_weight(
    visit: Visit, addresses: dict[str, tuple[str, ...]], who: str
) -> None:
    page, heavy = visit(who, scripts=False), {}
    page.route("**/static/**", lambda route: route.abort())

    for address in addresses[who]:
        weight = _weight(page.goto(address))
        if weight > LIMITS.get(address, LIMIT):
            heavy[address] = f"{weight / KILO:.1f} KB"

    assert heavy == {}


@pytest.mark.parametrize("who", ["office", "liaison", "leader"])
@pytest.mark.parametrize("address", ["/", "/tasks/", ROW, PLAN])
def test_the_first_page_of_the_day_is_light(visit: Visit, who: str, address: str) -> None:
    page, got = visit(who), list[Response]()
    page.on("response", lambda response: got.append(response))

    page.goto(address, wait_until="load")

    assert len(got) <= REQUESTS, [response.url for response in got]
    assert sum(map(_weight, got)) <= FIRST_LOAD + LIMITS.get(address, LIMIT) - LIMIT


def _weight(response: Any) -> int:
    """Return what the answer weighs as the server in front sends it: text is compressed."""
    body = response.body()
    is_text = response.headers.get("content-type", "").startswith(TEXT_TYPES)
    return len(gzip.compress(body, 6)) if is_text else len(body)
