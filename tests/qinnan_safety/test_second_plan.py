"""With a second plan no page hides the first: each says which it shows and what others hold."""

import re
from datetime import date

import pytest
from django.urls import reverse

from organizations.enums import PostKind
from tests.builders import dispatch, make_row, make_unit, make_user
from tests.counting import statements_of

pytestmark = pytest.mark.django_db


def shares(page: str) -> list[str]:
    nav = re.search(r'<nav class="shares".*?</nav>', page, re.DOTALL)
    links = re.findall(r"<a [^>]*>.*?</a>", nav[0]) if nav else []
    return [re.sub(r"<[^>]+>", "", link).replace("》", "》 ") for link in links]


def open_page(client, user, url: str) -> str:
    client.force_login(user)
    return client.get(url).content.decode()


@pytest.mark.parametrize("url", ["/", "/overview/", "/tasks/"])
def test_the_office_sees_on_every_page_what_the_other_plan_holds_late(client, both, url):
    newest = open_page(client, both.office, url)
    assert shares(newest) == [
        "《样例区冬春火灾防控工作方案》 2 项 · 逾期 1 项",
        "《样例区安全生产实施方案》 3 项 · 逾期 1 项",
    ]
    assert "/tasks/fire/01-01/" in newest
    assert "/tasks/sample/02-02/" not in newest

    other = open_page(client, both.office, f"{url}?plan=sample")
    assert shares(other)[0].startswith("《样例区安全生产实施方案》")
    assert "/tasks/sample/02-02/" in other
    assert "/tasks/fire/01-01/" not in other
    assert "plan=sample&amp;lamp=overdue" in other


def test_the_checkup_says_which_plan_it_looked_through(client, both):
    url = reverse("responsibilities:checkup")

    page = open_page(client, both.office, f"{url}?plan=sample")

    assert shares(page)[0].startswith("《样例区安全生产实施方案》")
    assert "/tasks/fire/" not in page


def test_a_unit_is_told_of_its_own_rows_in_the_other_plan_and_of_no_others(client, both):
    assert shares(open_page(client, both.liaison, "/tasks/")) == [
        "《样例区冬春火灾防控工作方案》 1 项 · 逾期 1 项",
        "《样例区安全生产实施方案》 2 项 · 逾期 1 项",
    ]
    home = open_page(client, both.liaison, "/")
    assert "样例区冬春火灾防控工作方案" in home
    assert "样例区安全生产实施方案" in home


def test_whoever_has_nothing_in_the_newest_plan_is_led_to_the_other(client, both):
    unit = make_unit("slj", "区水利局", order=12)
    row = make_row(both.plan, "02-03", leads=[unit], due_on=date(2019, 8, 31), title="通报")
    dispatch(both.plan, row)
    client.force_login(make_user("liaison-2", (unit, PostKind.LIAISON)))

    response = client.get("/tasks/?lamp=overdue", follow=True)

    assert response.redirect_chain == [("/tasks/?plan=sample&lamp=overdue", 302)]
    assert "/tasks/sample/02-03/" in response.content.decode()


def test_one_plan_is_not_named(client, district):
    for url in ("/", "/overview/", "/tasks/"):
        assert 'class="shares"' not in open_page(client, district.office, url)


def test_hits_name_their_plan(client, both):
    client.force_login(both.office)
    groups = {g.heading: g.hits for g in client.get("/search/?q=信息平台").context["groups"]}

    assert {hit.plan for hit in groups["条文"]} == {
        "样例区冬春火灾防控工作方案",
        "样例区安全生产实施方案",
    }
    assert "《样例区安全生产实施方案》" in client.get("/search/?q=第二条").content.decode()


def test_what_the_other_plan_holds_costs_the_ledger_one_statement_and_the_home_none(client, both):
    client.force_login(both.office)

    assert statements_of(client, "/tasks/") <= 7
    assert statements_of(client, "/") <= 6
