"""The dispatch page: what blocks, what is ready, what comes of it."""

import re
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from responsibilities.enums import ObligationState
from responsibilities.models import Obligation, Task
from tests.builders import make_row
from tests.responsibilities.views.plan_worlds import World, make_world, settle
from tests.standing import built_once

pytestmark = pytest.mark.django_db


whole = built_once(lambda: make_world(is_settled=False, is_dispatched=False))


@pytest.fixture
def world(db: None, whole: World) -> World:
    return deepcopy(whole)


@pytest.fixture
def office(client: Client, world: World) -> Client:
    client.force_login(world.office)
    return client


@pytest.fixture
def address(world: World) -> str:
    return reverse("responsibilities:plan_dispatch", args=[world.plan.code])


def drafts() -> list[str]:
    rows = Obligation.objects.drafts().order_by("code")
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def test_only_the_office_dispatches(client: Client, world: World, address: str) -> None:
    client.force_login(world.head)

    assert client.get(address).status_code == 403
    assert client.post(address, {"starts_on": "2019-07-01", "row": drafts()}).status_code == 403
    assert Task.objects.count() == 0


def test_every_open_sentence_is_a_link_to_where_it_is_decided(office: Client, address: str) -> None:
    html = office.get(address).content.decode()

    assert "方案还有未处置的句子" in html
    for code in ("00-01", "02-03"):
        assert reverse("responsibilities:provision_detail", args=["sample", code]) in html
    assert re.search(r'<button class="btn pri" disabled>', html)


def test_rows_that_are_not_ready_lead_to_their_fix(
    office: Client, world: World, address: str
) -> None:
    make_row(world.plan, "02-03", leads=[], title="通报情况")

    html = office.get(address).content.decode()

    assert reverse("responsibilities:obligation_units", args=["sample", "02-03"]) in html
    assert reverse("responsibilities:obligation_deadline", args=["sample", "02-03"]) in html
    assert "/tasks/?plan=sample&amp;deadline=undecided" in html
    assert html.count('name="row"') == 3


def test_dispatch_is_refused_while_a_sentence_is_open_and_says_which(
    office: Client, address: str
) -> None:
    response = office.post(address, {"starts_on": "2019-07-01", "row": drafts()})

    assert response.status_code == 422
    assert "未处置的句子：00-01、02-03" in response.content.decode()
    assert Task.objects.count() == 0


def test_the_preview_counts_tasks_and_units_of_the_chosen_rows(
    office: Client, world: World, address: str
) -> None:
    settle(world.plan)

    # 按季检查两个单位各二季（三、四季度）4 件，另两项各 1 件。
    every = office.get(f"{address}?starts_on=2019-07-01&row={'&row='.join(drafts())}")
    one = office.get(f"{address}?starts_on=2019-10-01&row={drafts()[0]}")

    assert "将产生 6 件办理件，涉及 2 个单位" in every.content.decode()
    assert "将产生 2 件办理件，涉及 2 个单位" in one.content.decode()
    assert one.content.decode().count(" checked") == 1


def test_everything_that_is_ready_is_chosen_at_first(
    office: Client, world: World, address: str
) -> None:
    settle(world.plan)

    html = office.get(address).content.decode()

    assert len(re.findall(r'name="row"[^>]* checked', html)) == 3
    assert 'value="2019-09-18"' in html
    assert "下发 3 项任务" in html


def test_the_chosen_rows_go_out_and_the_rest_stays(
    office: Client, world: World, address: str
) -> None:
    settle(world.plan)

    response = office.post(address, {"starts_on": "2019-07-01", "row": drafts()[:2]})

    assert response.status_code == 302
    html = office.get(response.headers["Location"]).content.decode()
    assert "已下发 2 项任务，产生 5 件办理件。" in html
    assert Obligation.objects.get(code="03-01").state == ObligationState.DRAFT


def test_nothing_chosen_or_no_date_is_refused(office: Client, world: World, address: str) -> None:
    settle(world.plan)

    nothing = office.post(address, {"starts_on": "2019-07-01"})
    undated = office.post(address, {"starts_on": "", "row": drafts()})

    assert nothing.status_code == undated.status_code == 422
    assert "没有选中要下发的任务" in nothing.content.decode()
    assert "请填写起算日期。" in undated.content.decode()


def test_a_row_that_somebody_sent_out_meanwhile_is_not_sent_again(
    office: Client, world: World, address: str
) -> None:
    settle(world.plan)
    chosen = drafts()
    office.post(address, {"starts_on": "2019-07-01", "row": chosen})

    response = office.post(address, {"starts_on": "2019-07-01", "row": chosen})

    assert response.status_code == 422
    assert "已经下发或已不能下发" in response.content.decode()
    assert Task.objects.count() == 6


def test_the_swapped_preview_stands_in_the_whole_page(
    office: Client, world: World, address: str
) -> None:
    settle(world.plan)
    query = f"{address}?starts_on=2019-07-01&row={drafts()[0]}"

    part = office.get(query, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    assert part.strip() in office.get(query).content.decode()


def test_the_number_of_statements_does_not_grow_with_the_rows(
    office: Client, world: World, address: str, django_assert_max_num_queries: Any
) -> None:
    settle(world.plan)
    office.get(address)
    with django_assert_max_num_queries(10) as few:
        office.get(address)
    for number in range(20):
        make_row(world.plan, "03-01", leads=[world.jia], title=f"第 {number} 项")

    with django_assert_max_num_queries(10) as many:
        office.get(address)

    assert len(many.captured_queries) == len(few.captured_queries)
