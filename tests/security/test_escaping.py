"""No word that anybody typed becomes markup, on any page, in any answer to a form, in any file."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import QuerySet
from openpyxl import load_workbook

from responsibilities.models import Obligation
from tests.builders import as_
from tests.permissions.matrix import addresses
from tests.permissions.world import World, make_world
from tests.security.crawling import crawl, page_of
from tests.security.markup import faults
from tests.security.poison import poison
from tests.standing import standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def poisoned(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[World, set[str]]]:
    def build() -> tuple[World, set[str]]:
        return make_world(), poison()

    with standing(django_db_blocker, build) as made:
        yield made


def test_the_words_stand_in_every_free_text(poisoned: tuple[World, set[str]]) -> None:
    _, columns = poisoned

    assert columns >= {
        "Obligation.title",
        "Obligation.measure",
        "Obligation.bearers",
        "ProgressReport.summary",
        "Extension.reason",
        "SavedView.name",
        "Plan.title",
        "Clause.title",
        "Provision.disposition_reason",
        "Erratum.corrected",
        "Unit.name",
        "UnitAlias.phrase",
        "User.full_name",
        "Inspection.places",
        "Hazard.description",
        "Post.title",
        "Notice.text",
        "HistoricalObligation.history_change_reason",
    }


@pytest.mark.parametrize("who", ["office", "own_liaison", "leader"])
def test_no_page_takes_stored_words_for_markup(poisoned: tuple[World, set[str]], who: str) -> None:
    world, _ = poisoned
    client = as_(world.people[who])

    pages = crawl(client, ["/", *(address.url(world) for address in addresses())])

    assert {page.url: found for page in pages.values() if (found := faults(page))} == {}
    shown = "".join(page.body.decode() for page in pages.values() if page.is_html)
    assert [
        n for n in range(1, 12) if f"xss({n})" not in shown and f"xss（{n}）" not in shown
    ] == []


def test_no_cell_of_an_export_is_a_formula(poisoned: tuple[World, set[str]]) -> None:
    world, _ = poisoned
    rows = QuerySet(Obligation).filter(plan=world.plan)
    rows.update(title='=HYPERLINK("http://evil.example")', measure="@SUM(1)")

    page = page_of(as_(world.people["office"]).get("/tasks/export/"), "/tasks/export/")

    book = load_workbook(io.BytesIO(page.body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
