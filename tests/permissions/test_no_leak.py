"""What one unit does changes nothing that another unit can see: no word, no number, no row.

Two districts are walked through by 区甲局: one in which 区乙局 has work of its own, reports and
asks for more time, and one in which it has none.  Every page and file must be the same.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import Frequency, FulfilmentMode, ReportKind, ReviewDecision
from responsibilities.models import Obligation, Task
from responsibilities.services.breakdown import Wording, revise_obligation
from responsibilities.services.dispatch import dispatch_obligations
from responsibilities.services.extensions import decide_extension, request_extension
from responsibilities.services.progress import ReportContent, review_report, submit_report
from responsibilities.services.views import create_saved_view
from tests.builders import NOW, TODAY, as_, dispatch, make_plan, make_row, make_unit, make_user
from tests.security.crawling import Page, crawl, page_of, raw_text
from tests.standing import standing, undone

pytestmark = pytest.mark.django_db

CANARY = "金丝雀"
EMPTY = "POST"  # stands before the address of a form that was sent empty
START = date(2019, 7, 1)


class District:
    """区甲局 with work of its own, some of it owed by 区乙局 as well; the rest is draft."""

    def __init__(self) -> None:
        self.plan = make_plan()
        awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
        jia, yi = make_unit("jia", "区甲局"), make_unit("yi", "区乙局", order=20)
        self.units: dict[str, Unit] = {"jia": jia, "yi": yi}
        self.people: dict[str, User] = {
            "office": make_user("office", (awb, PostKind.OFFICE)),
            "jia": make_user("jia", (jia, PostKind.LIAISON)),
            "jia_head": make_user("jia-head", (jia, PostKind.HEAD)),
            "yi": make_user("yi", (yi, PostKind.LIAISON)),
            "yi_head": make_user("yi-head", (yi, PostKind.HEAD)),
        }
        shared = make_row(
            self.plan,
            "02-01",
            leads=[jia, yi],
            mode=FulfilmentMode.SEPARATE,
            frequency=Frequency.QUARTERLY,
            title="按季检查",
        )
        late = make_row(self.plan, "02-02", leads=[jia], due_on=date(2019, 8, 1), title="建立平台")
        helping = make_row(
            self.plan,
            "03-01",
            leads=[yi],
            assists=[jia],
            due_on=date(2020, 12, 31),
            title="制定方案",
        )
        for code in ("01-01", "02-03"):
            make_row(self.plan, code, leads=[], title="未下发")
        dispatch(self.plan, shared, late, helping, starts_on=START)
        self.shared = shared

    def let_the_other_unit_work(self) -> list[Obligation]:
        """Dispatch rows of 区乙局 alone; let it work on them and on its part of the shared one."""
        yi, system = self.units["yi"], get_system_user()
        rows = [
            make_row(self.plan, code, leads=[yi], due_on=day, title=f"{CANARY}任务{code}")
            for code, day in (
                ("01-01", date(2019, 7, 31)),
                ("02-02", date(2019, 9, 25)),
                ("02-03", date(2020, 6, 30)),
            )
        ]
        dispatch_obligations(self.plan, rows, actor=system, at=NOW, today=TODAY, starts_on=START)
        for row in rows:
            self._rewrite(Obligation.objects.get(pk=row.pk))
        mine = Task.objects.filter(unit=yi)
        self._report(mine.get(obligation=rows[0]), ReportKind.PROGRESS, ReviewDecision.RETURN)
        self._report(mine.get(obligation=rows[2]), ReportKind.CLOSING, ReviewDecision.PASS)
        for task in mine.filter(obligation=self.shared, due_on__lte=date(2019, 9, 30)):
            self._report(task, ReportKind.CLOSING, ReviewDecision.PASS)
        self._ask_for_time(mine.get(obligation=rows[1]))
        self._name_views()
        return rows

    def _rewrite(self, row: Obligation) -> None:
        wording = Wording(f"{CANARY}{row.code}", f"{CANARY}措施", f"{CANARY}成果", f"{CANARY}备注")
        revise_obligation(
            row,
            wording,
            version=row.version,
            actor=self.people["office"],
            at=NOW,
            reason=f"{CANARY}原因",
        )

    def _report(self, task: Task, kind: ReportKind, decision: ReviewDecision) -> None:
        words = ReportContent(
            kind=kind,
            summary=f"{CANARY}进展",
            problems=f"{CANARY}问题",
            coordination=f"{CANARY}协调",
            next_steps=f"{CANARY}打算",
            document_no=f"{CANARY}〔2019〕1号",
        )
        token = f"canary-{task.pk}"
        report = submit_report(task, words, token=token, actor=self.people["yi"], at=NOW)
        review_report(
            report,
            decision,
            seen_sha256=report.content_sha256,
            actor=self.people["office"],
            at=NOW,
            reason=f"{CANARY}意见",
        )

    def _ask_for_time(self, task: Task) -> None:
        extension = request_extension(
            task,
            asked_due_on=date(2020, 3, 31),
            reason=f"{CANARY}延期理由",
            actor=self.people["yi_head"],
            at=NOW,
        )
        decide_extension(
            extension,
            granted_due_on=date(2020, 3, 1),
            note=f"{CANARY}批示",
            actor=self.people["office"],
            at=NOW,
        )

    def _name_views(self) -> None:
        for who, is_shared in (("yi", False), ("office", True)):
            create_saved_view(
                name=f"{CANARY}视图{who}",
                query="unit=yi",
                is_shared=is_shared,
                actor=self.people[who],
                at=NOW,
            )


@pytest.fixture(scope="module")
def district(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    with standing(django_db_blocker, District) as made:
        yield made


def starts(rows: list[Obligation]) -> list[str]:
    """Return the front door and every side door: guessed addresses, searches, filters, exports."""
    asked = ["q=金丝雀", "unit=yi", "q=区乙局", "lamp=overdue", "lamp=closed", "state=draft"]
    found = ["/evidence/?unit=yi", "/evidence/bundle/?unit=yi&quarter=2019Q3", "/signing/"]
    found += ["/", "/overview/", "/reviews/", "/people/", "/views/?unit=yi", "/units/yi/"]
    for query in ["", *asked]:
        found += [f"/tasks/?{query}", f"/search/?{query}", f"/tasks/history/?{query}"]
        found.append(f"/tasks/export/?{query}&format=csv")
    found += [f"/tasks/export/?format={form}&level=task" for form in ("xlsx", "csv")]
    for row in rows:
        here = row.get_absolute_url()
        found += [f"/tasks/{row.code}/", here, f"/search/?q={row.code}"]
        found += [f"{here}{act}/" for act in ("edit", "units", "history", "row", "void")]
        found += [f"{here}history/?on={day}" for day in ("2019-09-18", "2019-09-01")]
        found += [
            f"/items/{task.pk}/{act}/"
            for task in row.tasks.all()
            for act in ("report", "extension")
        ]
    return found


def test_nothing_that_another_unit_does_can_be_seen(district: District) -> None:
    """Pages that are equal lead to the same pages, so the second walk need not find its way."""
    jia = district.people["jia"]
    with undone():
        busy = walk(jia, starts(district.let_the_other_unit_work()))
    client = as_(jia)

    differing = [page.url for page in busy if seen_again(client, page).text != page.text]

    assert len(busy) > 100
    assert differing == []
    assert [page.url for page in busy if _tells(page)] == []


@pytest.mark.parametrize("who", ["yi", "office"])
def test_the_same_doors_show_the_words_to_those_who_may_see_them(
    district: District, who: str
) -> None:
    """Without this the test above could pass by walking past everything."""
    client = as_(district.people[who])
    telling = set()

    with undone():
        rows = district.let_the_other_unit_work()
        for door in starts(rows):
            if _tells(page_of(client.get(door), door)):
                telling.add(door.partition("?")[0])

    row = rows[0].get_absolute_url()
    assert telling >= {"/", "/tasks/", "/tasks/export/", "/search/", row, f"{row}history/"}


def walk(user: User, doors: list[str]) -> list[Page]:
    """Visit everything as ``user``, then make every mistake that the pages allow."""
    client = as_(user)
    pages = list(crawl(client, doors).values())
    return pages + [send_empty(client, url) for url in sorted(form_targets(pages))]


def form_targets(pages: list[Page]) -> set[str]:
    """Return where the forms of the pages are sent, other than signing out."""
    found = {
        str(form.get("action") or page.url)
        for page in pages
        if page.is_html
        for form in page.forms("post")
    }
    return found - {"/logout/"}


def send_empty(client: Client, url: str) -> Page:
    """Send a form with nothing in it: the answer to a mistake tells nothing either."""
    with undone():
        return page_of(client.post(url, {"csrfmiddlewaretoken": "x"}), f"{EMPTY} {url}")


def seen_again(client: Client, page: Page) -> Page:
    """Ask for the page once more, in the same way as before."""
    if page.url.startswith(EMPTY):
        return send_empty(client, page.url.removeprefix(EMPTY).strip())
    headers = {"HX-Request": "true"} if page.is_fragment else {}
    return page_of(client.get(page.url, headers=headers), page.url, is_fragment=page.is_fragment)


def _tells(page: Page) -> bool:
    """Whether the page holds the canary; a page asked for it by name may repeat the question."""
    return CANARY not in unquote(page.url) and CANARY in raw_text(page)
