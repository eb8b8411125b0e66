"""Filters of the ledger: each alone, together, and with values nobody knows."""

from copy import deepcopy
from datetime import date

import pytest
from django.test import Client

from clauses.models import Plan
from common.tracked import save_with_history
from organizations.services.people import get_system_user
from responsibilities.filters import named_clause
from responsibilities.services.breakdown import void_obligation
from tests.builders import NOW
from tests.responsibilities.views.ledger_worlds import (
    LEDGER,
    Ledger,
    chips,
    codes,
    make_ledger,
    text_of,
)
from tests.standing import built_once

pytestmark = pytest.mark.django_db


whole = built_once(make_ledger)


@pytest.fixture
def ledger(db: None, whole: Ledger) -> Ledger:
    return deepcopy(whole)


@pytest.fixture
def office(client: Client, ledger: Ledger) -> Client:
    client.force_login(ledger.people["office"])
    return client


@pytest.mark.parametrize(
    ("query", "expected", "chip"),
    [
        ("q=平台", ["02-02"], "搜索：平台"),
        ("q=信息平台", ["02-02"], "搜索：信息平台"),
        ("q=02-02", ["02-02"], "搜索：02-02"),
        ("q=2-2", ["02-02"], "搜索：2-2"),
        ("q=0202", ["02-02"], "搜索：0202"),
        ("q=02—02", ["02-02"], "搜索：02—02"),
        ("q=02-0", ["02-02", "02-01", "02-03"], "搜索：02-0"),
        ("q=2-0", ["02-02", "02-01", "02-03"], "搜索：2-0"),
        ("q=2-", ["02-02", "02-01", "02-03"], "搜索：2-"),
        ("q=第(三)条", ["03-01"], "搜索：第（三）条"),
        ("q=第（三）条", ["03-01"], "搜索：第（三）条"),
        ("q=第三条", ["03-01"], "搜索：第三条"),
        ("q=第3条", ["03-01"], "搜索：第3条"),
        ("q=三", ["03-01"], "搜索：三"),
        ("q=区乙局 检查", ["02-01"], "搜索：区乙局 检查"),
        ("q=各镇（场、街道）", ["03-01"], "搜索：各镇（场、街道）"),
        ("lamp=overdue", ["02-02"], "亮灯：逾期"),
        ("lamp=due_soon", ["02-01"], "亮灯：临期"),
        ("lamp=not_started", ["02-03"], "亮灯：未启动"),
        ("unit=yi", ["02-02", "02-01", "01-01", "03-01"], "单位：区乙局"),
        ("unit=yi&role=assist", ["03-01"], "角色：配合"),
        ("unit=yi&role=lead", ["02-02", "02-01", "01-01"], "角色：牵头"),
        ("clause=3", ["03-01"], "条款：（三）属地责任"),
        ("clause=第三条", ["03-01"], "条款：（三）属地责任"),
        ("section=1", ["01-01"], "部分：一、总体要求"),
        ("deadline=periodic", ["02-01"], "时限类型：周期"),
        ("deadline=undecided", ["02-03"], "时限类型：待明确"),
        ("frequency=quarterly", ["02-01"], "周期：每季度"),
        ("state=draft", ["02-03"], "下发状态：未下发"),
        ("state=dispatched", ["02-02", "02-01", "01-01", "03-01"], "下发状态：已下发"),
        ("due=quarter", ["02-02", "02-01"], "时限：本季内"),
        ("due=month", ["02-02", "02-01"], "时限：本月内"),
        ("due=year", ["02-02", "02-01", "01-01"], "时限：本年内"),
        ("due=2019-08-01", ["02-02"], "时限：2019-08-01 前"),
    ],
)
def test_each_filter_keeps_its_rows_and_shows_as_a_chip(
    office: Client, query: str, expected: list[str], chip: str
) -> None:
    page = office.get(f"{LEDGER}?{query}")

    assert codes(page) == expected
    assert chip in chips(page)


def test_filters_work_together_and_each_chip_drops_one(office: Client) -> None:
    page = office.get(f"{LEDGER}?clause=2&unit=jia&role=lead&group=section")

    assert codes(page) == ["02-01", "02-03"]
    assert 'href="?unit=jia&amp;role=lead&amp;group=section"' in text_of(page)
    # 去掉单位时,牵头或配合也就没有了着落。
    assert 'href="?clause=2&amp;group=section"' in text_of(page)


def test_void_rows_are_shown_only_when_asked_for(office: Client, ledger: Ledger) -> None:
    void_obligation(ledger.rows["draft"], actor=ledger.people["office"], at=NOW, reason="重复")

    assert "02-03" not in codes(office.get(LEDGER))
    page = office.get(f"{LEDGER}?state=void")
    assert codes(page) == ["02-03"]
    assert "已撤销" in text_of(page)
    assert "data-edit" not in text_of(page)


@pytest.mark.parametrize(
    "query",
    [
        "lamp=red",
        "unit=nobody",
        "unit=yi&role=boss",
        "clause=99",
        "clause=abc",
        "section=x",
        "deadline=soon",
        "frequency=daily",
        "state=lost",
        "due=tomorrow",
        "due=2019-02-30",
        "group=colour",
        "sort=random",
        "plan=none",
    ],
)
def test_a_value_nobody_knows_is_left_out_and_said(office: Client, query: str) -> None:
    page = office.get(f"{LEDGER}?{query}")

    assert page.status_code == 200
    assert "已先不按它筛选" in text_of(page)
    assert "02-02" in codes(page)


@pytest.mark.parametrize("query", ["q=%25_'\"", "page=abc", "page=-1", "foo=1", "q=" + "长" * 300])
def test_strange_input_never_fails(office: Client, query: str) -> None:
    assert office.get(f"{LEDGER}?{query}").status_code == 200


def test_a_role_needs_a_unit(office: Client) -> None:
    page = office.get(f"{LEDGER}?role=lead")

    assert "选定单位后" in text_of(page)
    assert len(codes(page)) == 5


def test_a_unit_tells_what_it_leads_from_what_it_helps_with(client: Client, ledger: Ledger) -> None:
    client.force_login(ledger.people["yi"])

    assert codes(client.get(f"{LEDGER}?role=assist")) == ["03-01"]
    assert codes(client.get(f"{LEDGER}?role=lead")) == ["02-02", "02-01", "01-01"]


def test_rows_of_one_plan_at_a_time(office: Client, ledger: Ledger) -> None:
    later = Plan(
        code="later",
        title="后一份方案",
        source_text="正文。",
        source_sha256="0" * 64,
        body_start=0,
        body_end=3,
        published_on=date(2019, 1, 1),
    )
    save_with_history(later, actor=get_system_user(), reason="测试", at=NOW)

    assert codes(office.get(LEDGER)) == []
    assert codes(office.get(f"{LEDGER}?plan=later")) == []
    page = office.get(f"{LEDGER}?plan={ledger.plan.code}")
    assert len(codes(page)) == 5
    assert 'name="plan"' in text_of(page)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("四", 4),
        ("（四）", 4),
        ("第(二十一)条", 21),
        ("第4条", 4),
        ("(4)", 4),
        ("23", None),
        ("第一百条", None),
        ("四十四四", None),
        ("检查", None),
    ],
)
def test_reads_how_people_name_a_clause(word: str, number: int | None) -> None:
    assert named_clause(word) == number
