"""The plan page: the whole text for everybody, in the margin only one's own tasks."""

import re
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clauses.enums import Certainty
from clauses.services.errata import Reading, add_erratum
from clauses.services.storing import ClauseSpan, PlanSpec, ProvisionSpan, store_plan
from organizations.enums import PostKind
from organizations.models import Unit
from organizations.services.people import get_system_user
from tests.builders import NOW, PLAN_TEXT, make_row, make_user
from tests.responsibilities.views.plan_worlds import World, make_world, read, sentence_class, words
from tests.standing import built_once

pytestmark = pytest.mark.django_db


whole = built_once(make_world)


@pytest.fixture
def world(db: None, whole: World) -> World:
    return deepcopy(whole)


def margin(html: str) -> list[str]:
    return re.findall(r'data-s="([^"]+)"', html)


def test_a_visitor_who_is_not_signed_in_is_sent_to_the_login(client: Client, world: World) -> None:
    response = client.get(world.plan.get_absolute_url())

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login/")


def test_every_sentence_is_shown_in_full_width_with_its_anchor(
    client: Client, world: World
) -> None:
    html = read(client, world, query="?errata=off")

    for code in ("00-01", "01-01", "02-01", "02-02", "02-03", "03-01"):
        assert f'id="s{code}"' in html
    assert "各镇（场、街道）要制定实施方案，并明确责任人。" in html
    assert 'id="c03"' in html


def test_colour_marks_only_what_is_late_soon_or_declined(client: Client, world: World) -> None:
    html = read(client, world)

    assert sentence_class(html, "02-02") == "overdue"
    assert sentence_class(html, "02-01") == "due_soon"
    assert sentence_class(html, "01-01") == "rest"
    assert sentence_class(html, "03-01") == ""
    assert "逾期 48 天" in html
    assert "剩 12 天" in html


def test_a_declined_sentence_says_why(client: Client, world: World) -> None:
    assert "01目标指标：总体目标，列入年度考核。" in words(read(client, world))


def test_a_unit_reads_the_text_and_sees_only_its_own_tasks(client: Client, world: World) -> None:
    html = read(client, world, world.stranger)

    assert margin(html) == []
    assert sentence_class(html, "02-02") == ""
    assert "区安监局要建立信息平台。" in html
    assert "建立平台" not in html
    assert "逾期0" in words(html)
    assert "本单位0项任务" in words(html)


def test_a_unit_that_leads_or_assists_sees_its_tasks(client: Client, world: World) -> None:
    assert margin(read(client, world, world.head)) == ["02-01", "02-02", "03-01"]


def test_what_a_unit_only_assists_in_lights_no_lamp_of_its_own(
    client: Client, world: World, settings: Any
) -> None:
    """By 2021 all three rows are late; 区乙局 leads two of them and assists in the third."""
    settings.QINNAN_TODAY = "2021-01-05"
    office, head = read(client, world), read(client, world, world.head)
    picked = read(client, world, query="?unit=yi")

    assert "逾期3" in words(office)
    for html in (head, picked):
        assert "逾期2" in words(html)
        assert sentence_class(html, "03-01") == ""
        assert sentence_class(html, "02-02") == "overdue"
        assert "区甲局·配合" in words(html)
    assert sentence_class(office, "03-01") == "overdue"
    assert "本单位3项任务（1项配合，不计入亮灯）" in words(head)
    both = make_user(
        "both", (world.yi, PostKind.HEAD), (Unit.objects.get(code="awb"), PostKind.OFFICE)
    )
    assert "逾期3" in words(read(client, world, both))
    late = read(client, world, world.head, query="?show=overdue")
    assert re.findall(r'<section class="cl" id="(c\d\d)"', late) == ["c02"]


def test_only_the_office_is_offered_the_workbench(client: Client, world: World) -> None:
    address = reverse("responsibilities:plan_breakdown", args=["sample"])

    assert address in read(client, world)
    assert address not in read(client, world, world.head)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?show=overdue", ["c02"]),
        ("?show=declined", ["c00", "c01", "c02"]),
        ("?show=open", []),
        ("?unit=jia", ["c02", "c03"]),
        ("?unit=jia&show=overdue", []),
        ("?show=nonsense", ["c00", "c01", "c02", "c03"]),
    ],
)
def test_a_filter_leaves_the_clauses_that_hold_what_is_asked(
    client: Client, world: World, query: str, shown: list[str]
) -> None:
    html = read(client, world, query=query)

    assert re.findall(r'<section class="cl" id="(c\d\d)"', html) == shown


def test_a_filter_for_a_unit_hides_the_tasks_of_others(client: Client, world: World) -> None:
    html = read(client, world, query="?unit=jia")

    assert margin(html) == ["02-01", "03-01"]
    assert sentence_class(html, "02-02") == "rest"


def test_a_correction_is_shown_beside_the_original_and_can_be_switched_off(
    client: Client, world: World
) -> None:
    start = PLAN_TEXT.index("区安监局")
    reading = Reading("区应急局", "2019年机构改革。", Certainty.PROBABLE)
    add_erratum(world.plan, (start, start + 4), reading, actor=get_system_user(), at=NOW)

    shown, plain = read(client, world), read(client, world, query="?errata=off")

    assert "区安监局原文如此，应作“区应急局”（很可能）。2019年机构改革。" in words(shown)
    assert "区应急局" not in plain
    assert "区安监局要建立信息平台。" in plain


def test_the_number_of_statements_does_not_grow_with_the_rows(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    client.force_login(world.office)
    address = world.plan.get_absolute_url()
    client.get(address)
    with django_assert_max_num_queries(10) as few:
        client.get(address)
    for number in range(20):
        make_row(world.plan, "03-01", leads=[world.jia], title=f"第 {number} 项")

    with django_assert_max_num_queries(10) as many:
        client.get(address)

    assert len(many.captured_queries) == len(few.captured_queries)


def test_the_list_of_corrections_is_a_page_of_its_own(client: Client, world: World) -> None:
    client.force_login(world.head)

    response = client.get(f"{world.plan.get_absolute_url()}?errata=list")

    assert response.headers["Location"] == "/plan/sample/errata/"


def test_the_short_address_leads_to_the_newest_plan(client: Client, world: World) -> None:
    client.force_login(world.head)

    response = client.get("/plan/")

    assert response.headers["Location"] == world.plan.get_absolute_url()


def test_all_plans_are_listed_on_request(client: Client, world: World) -> None:
    client.force_login(world.head)

    html = client.get("/plan/?all").content.decode()

    assert world.plan.title in html
    assert "2018年11月5日公布" in html


def test_a_sentence_of_no_clause_stands_where_it_stands_in_the_text(
    client: Client, world: World
) -> None:
    text = "前言一句。\n(一)甲条。甲句。\n夹在中间的一句。\n(二)乙条。乙句。\n"
    spans = {
        part: (text.index(part), text.index(part) + len(part))
        for part in (
            "前言一句。",
            "(一)甲条。甲句。",
            "甲句。",
            "夹在中间的一句。",
            "(二)乙条。乙句。",
            "乙句。",
        )
    }
    spec = PlanSpec(
        code="loose",
        title="有散句的方案",
        text=text,
        body_start=0,
        body_end=len(text),
        sections=[],
        clauses=[
            ClauseSpan(1, "一", "甲条", *spans["(一)甲条。甲句。"]),
            ClauseSpan(2, "二", "乙条", *spans["(二)乙条。乙句。"]),
        ],
        provisions=[
            ProvisionSpan("00-01", *spans["前言一句。"]),
            ProvisionSpan("01-01", *spans["甲句。"], 1),
            ProvisionSpan("00-02", *spans["夹在中间的一句。"]),
            ProvisionSpan("02-01", *spans["乙句。"], 2),
        ],
    )
    plan = store_plan(spec, actor=get_system_user(), at=NOW, reason="测试")
    client.force_login(world.office)

    html = client.get(plan.get_absolute_url()).content.decode()

    assert re.findall(r'id="(c[\d-]+)"', html) == ["c00", "c01", "c00-02", "c02"]
    assert re.findall(r'id="s([\d-]+)"', html) == ["00-01", "01-01", "00-02", "02-01"]


def test_an_unknown_plan_is_not_found(client: Client, world: World) -> None:
    client.force_login(world.stranger)

    assert client.get("/plan/nothing/").status_code == 404
