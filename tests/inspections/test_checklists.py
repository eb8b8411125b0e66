"""Blank checklists: one for each field, ready to print, nothing stored."""

import pytest
from django.urls import reverse

from inspections.checklists import checklists
from tests.inspections.worlds import Department


@pytest.mark.parametrize("slug", sorted(checklists()))
def test_each_checklist_prints_with_its_items_and_room_for_more(
    department: Department, client, slug: str
) -> None:
    client.force_login(department.people["liaison"])
    checklist = checklists()[slug]

    page = client.get(reverse("inspections:checklist_print", args=[slug])).content.decode()

    assert all(item in page for item in checklist.items)
    assert page.count("□ 符合") == len(checklist.items) + 4
    assert "区住建局" in page


def test_a_checklist_that_is_not_there_is_not_there(department: Department, client) -> None:
    client.force_login(department.people["liaison"])

    assert client.get("/inspections/checklists/none/").status_code == 404
