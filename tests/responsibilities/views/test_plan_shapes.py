"""Plans of other shapes than the first: their headings and numbers stand as the source has them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from clauses.models import Plan
from clauses.reading import read_plan
from clauses.services.importing import import_document
from organizations.enums import PostKind, UnitKind
from organizations.models import User
from organizations.services.people import get_system_user
from tests.builders import NOW, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
# 一、四两部分没有编号的条款，（二）写了两次，没有“三、”，五之下条款之后还有一段。
TEXT = """某区冬春火灾防控工作方案

一、工作目标
全区不发生较大以上火灾事故。
二、工作任务
（一）加强巡查。各镇要每月巡查一次。
（二）加强宣传。区融媒体中心要播放宣传片。
（二）加强执法。区消防救援大队要开展监督检查。
（四）加强联动。区应急局要完善会商机制。
（五）加强培训。区民政局要组织培训。
四、时间安排
各单位要于2024年12月10日前制定方案。
五、工作要求
区消安委要定期督查。
（一）严肃纪律。各单位要压实责任。
"""


@pytest.fixture
def plan() -> Plan:
    return import_document(read_plan(TEXT), code="fire", actor=get_system_user(), at=NOW)


@pytest.fixture
def office() -> User:
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    return make_user("office", (awb, PostKind.OFFICE))


def listed(html: str, pattern: str) -> list[str]:
    found = re.findall(pattern, html, re.DOTALL)
    return ["".join(re.sub(r"<[^>]+>", "", words).split()) for words in found]


def page(client: Client, user: User, url: str) -> str:
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_plan_page_has_every_heading_and_number_of_the_source(
    client: Client, plan: Plan, office: User
) -> None:
    html = page(client, office, plan.get_absolute_url())

    assert listed(html, r'<h2 class="sec"[^>]*>(.*?)</h2>') == [
        "一、工作目标",
        "二、工作任务",
        "四、时间安排",
        "五、工作要求",
    ]
    assert listed(html, r'<nav class="toc".*?</nav>') == [
        "一、工作目标二、工作任务（一）加强巡查（二）加强宣传（二）加强执法（四）加强联动（五）加强培训"
        "四、时间安排五、工作要求未编号的段落（一）严肃纪律"
    ]
    assert "4 章 6 条" in html
    order = [html.index(mark) for mark in ('id="sec3"', 'id="s00-02"', 'id="sec4"', 'id="s00-03"')]
    assert order == sorted(order)


def test_the_workbench_lists_the_headings_and_makes_rows_from_what_stands_under_them(
    client: Client, plan: Plan, office: User
) -> None:
    bench = reverse("responsibilities:plan_breakdown", args=[plan.code])
    entries = listed(page(client, office, bench), r'<nav class="toc".*?</nav>')
    assert [entry.replace("句未定", "") for entry in entries] == [
        "一、工作目标1二、工作任务（一）加强巡查1（二）加强宣传1（二）加强执法1（四）加强联动1"
        "（五）加强培训1四、时间安排1五、工作要求未编号的段落1（一）严肃纪律1"
    ]

    sentence = reverse("responsibilities:provision_detail", args=[plan.code, "00-02"])
    html = page(client, office, sentence)

    assert listed(html, r'<h2 class="sec">(.*?)</h2>') == ["四、时间安排"]
    assert "<b>立项</b>" in html

    make_row(plan, "00-02", leads=[], title="制定方案")
    make_row(plan, "03-01", leads=[], title="开展监督检查")
    ledger = page(client, office, f"{reverse('responsibilities:obligation_list')}?group=clause")
    groups = listed(ledger, r'<th colspan="\d+" scope="rowgroup">(.*?)</th>')
    assert groups == ["（二）加强执法1", "四、时间安排1"]
    row = page(client, office, plan.obligations.get(code="00-02").get_absolute_url())
    assert "四、时间安排第2句" in "".join(re.sub(r"<[^>]+>", "", row).split())


def test_a_number_finds_the_clauses_that_bear_it(client: Client, plan: Plan, office: User) -> None:
    found = page(client, office, f"{reverse('search')}?q=第（二）条")

    assert listed(found, r'<li><a href="/plan/[^>]*>(.*?)</a>') == [
        "第（二）条加强宣传整条",
        "第（二）条加强执法整条",
    ]


NESTED = """某区消防安全大整治行动实施方案

一、重点任务
（一）高层建筑整治
1.全面排查。区住建局要开展排查。
2.集中整改。区消防救援大队要督促整改。
（二）电动自行车整治
1.源头治理。区市场监管局要开展检查。
2.停放治理。各镇要清理飞线充电。
"""


def test_a_heading_that_groups_clauses_is_not_lost(client: Client, office: User) -> None:
    plan = import_document(read_plan(NESTED), code="nested", actor=get_system_user(), at=NOW)

    html = page(client, office, plan.get_absolute_url())

    assert listed(html, r'<p class="group serif">(.*?)</p>') == [
        "（一）高层建筑整治",
        "（二）电动自行车整治",
    ]
    assert listed(html, r"<h3>(.*?)<small>") == [
        "1.全面排查",
        "2.集中整改",
        "1.源头治理",
        "2.停放治理",
    ]
