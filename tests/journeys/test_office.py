"""The office: from the text to dispatched work, and from the ledger into the past."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from responsibilities.enums import DeadlineKind, ObligationState
from responsibilities.models import Obligation
from tests.builders import PASSWORD
from tests.journeys.conftest import DESKTOP, PHONE, Visit
from tests.journeys.site import Site

pytestmark = pytest.mark.browser

PLAN = "/plan/qinnan-2018/"
BASIS = "区安委会2019年第3次会议纪要"
# Mark a stretch of the sentence as the mouse would; corrections split it into several nodes.
SELECT = """() => {
  const home = document.querySelector("[data-sentence]");
  const walker = document.createTreeWalker(home, NodeFilter.SHOW_TEXT);
  while (walker.nextNode().length < 12);
  document.getSelection().setBaseAndExtent(walker.currentNode, 1, walker.currentNode, 12);
  return document.getSelection().toString();
}"""


def said(page: Page, text: str) -> None:
    """Expect a message in words; scripts lift it out of the page and take it away in a while."""
    expect(page.get_by_text(text).first).to_be_visible()


def reopen(page: Page, code: str) -> None:
    page.goto(f"{PLAN}sentences/{code}/")
    page.get_by_label("理由").first.fill("重新研究。")
    page.get_by_role("button", name="恢复为未定").click()
    said(page, f"{code} 句已恢复为未定。")


def test_from_signing_in_to_dispatch(site: Site, visit: Visit) -> None:
    page = visit()
    _sign_in(page)
    _read_the_plan(page)
    reopen(page, "01-01")
    _meet_the_refusal(page)
    row = _make_a_row(page)
    _set_lead_and_deadline(page, row)
    codes = _set_deadlines_in_bulk(page)
    _dispatch(page, [row, *codes])

    states = Obligation.objects.filter(code__in=[row, *codes]).values_list("state", flat=True)
    assert set(states) == {ObligationState.DISPATCHED}


def _sign_in(page: Page) -> None:
    page.goto("/plan/")
    page.get_by_label("用户名").fill("office")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile(f"{PLAN}$"))


def _read_the_plan(page: Page) -> None:
    expect(page.locator("main .cl[id^=c]:not(#c00)")).to_have_count(33)
    page.get_by_role("link", name="逐句处理").click()
    expect(page.get_by_text("句都已处置")).to_be_visible()


def _meet_the_refusal(page: Page) -> None:
    page.goto(f"{PLAN}dispatch/")
    expect(page.get_by_role("heading", name="先处理这些，才能下发")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^下发"))).to_be_disabled()
    page.locator(".fixes a", has_text="01-01").click()
    expect(page.get_by_text("还有 1 句未定")).to_be_visible()


def _make_a_row(page: Page) -> str:
    """Select a part of the sentence and make a row of it."""
    words: str = page.evaluate(SELECT)
    form = page.locator("form[action$='/make/']")
    expect(form.get_by_label("所选文字")).to_have_value(words)
    form.get_by_label("重点任务").fill("组织学习贯彻党的十九大精神")
    form.get_by_role("button", name="立项").click()
    said(page, "已立项：01-01 组织学习贯彻党的十九大精神。")
    expect(page.get_by_text("句都已处置")).to_be_visible()
    assert Obligation.objects.get(code="01-01").sources.get().text == words.replace("，", ",")
    return "01-01"


def test_marking_beyond_the_sentence_takes_what_lies_in_it(visit: Visit) -> None:
    page = visit("office")
    page.goto(f"{PLAN}sentences/04-06/")
    page.locator("#panel summary").first.click()
    marked = page.locator("form[action$='/make/']").get_by_label("所选文字")
    sentence = page.locator("[data-sentence]")
    beside = {"x": 60, "y": 12}

    sentence.dblclick(position=beside)
    expect(marked).to_have_value("部门")
    sentence.click(position=beside, click_count=3)
    expect(marked).to_have_value(
        "各有关部门主要负责人每季度至少带队检查1次本行业领域安全生产工作。"
    )

    sentence.hover(position=beside)
    page.mouse.down()
    page.locator("article.on .code").first.hover()  # on the line below the sentence
    page.mouse.up()
    expect(marked).to_have_value(re.compile("本行业领域安全生产工作。$"))

    page.locator("h1").click(click_count=3)
    expect(marked).to_have_value(re.compile("本行业领域安全生产工作。$"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_sentence_stays_in_sight_below_the_bar_while_it_is_dealt_with(
    visit: Visit, size: Any
) -> None:
    page = visit("office", size)
    page.goto(f"{PLAN}breakdown/?clause=18")
    page.get_by_role("link", name="处理 18-05 句").click()
    expect(page.locator("#s18-05.on")).to_be_visible()

    bar = page.locator(".benchbar").bounding_box()
    sentence = page.locator("[data-sentence]").bounding_box()
    assert bar
    assert sentence
    assert bar["y"] + bar["height"] <= sentence["y"] < size[1] / 2


def _set_lead_and_deadline(page: Page, code: str) -> None:
    page.get_by_role("link", name=re.compile(f"{code} 组织学习")).click()
    _choose(page, "明确责任单位")
    page.get_by_label("找单位").fill("住房和城乡")
    unit = page.get_by_role("radiogroup").and_(page.locator(":visible")).filter(has_text="住房")
    expect(unit).to_have_count(1)
    unit.get_by_text("牵头").click()
    _save(page, "责任单位已更新。")
    _choose(page, "定时限")
    page.get_by_label("固定日期").check()
    page.get_by_label("到期日").fill("2019-12-20")
    page.get_by_label("依据").fill(BASIS)
    _save(page, "时限已更新。")


def _choose(page: Page, act: str) -> None:
    page.locator("summary", has_text="修改").first.click()
    page.get_by_role("link", name=act, exact=True).click()


def _save(page: Page, message: str) -> None:
    page.get_by_label("理由").fill("会议决定。")
    page.get_by_role("button", name="保存").click()
    said(page, message)


def _set_deadlines_in_bulk(page: Page) -> list[str]:
    """Follow the page's own advice to the undecided rows; mark two of them by keyboard."""
    page.goto(f"{PLAN}dispatch/")
    page.get_by_role("link", name="在台账里成批定时限").click()
    page.wait_for_load_state()  # until then nobody listens to the keys
    rows = page.locator("tr[data-row]")
    codes = [rows.nth(place).locator(".c-code").inner_text() for place in (0, 1)]
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-count]")).to_have_text("2")
    page.get_by_role("button", name="改时限").click()
    page.get_by_label("时限类型").select_option(DeadlineKind.FIXED)
    page.get_by_label("到期日").fill("2019-11-30")
    page.get_by_label("时限依据").fill(BASIS)
    page.get_by_label("理由").fill("会议决定。")
    page.get_by_role("button", name="逐项核对").click()
    expect(page.locator("[data-label=改为]")).to_have_text(["2019-11-30", "2019-11-30"])
    page.get_by_role("button", name="确认修改 2 项").click()
    said(page, "已修改 2 项任务的时限。")
    return codes


def _dispatch(page: Page, codes: list[str]) -> None:
    page.goto(f"{PLAN}dispatch/")
    page.get_by_label("全选").uncheck()
    for code in codes:
        page.get_by_label(f"下发 {code}", exact=True).check()
    button = page.get_by_role("button", name=f"下发 {len(codes)} 项任务")
    expect(button).to_be_enabled()
    button.click()
    said(page, f"已下发 {len(codes)} 项任务")


def test_the_ledger_by_keyboard_and_a_day_in_the_past(visit: Visit) -> None:
    page = visit("office")
    page.goto("/tasks/")
    code = _find_and_open(page)
    page.get_by_role("link", name="修改记录").first.click()
    page.get_by_role("textbox", name="看哪一天").fill("2019-04-05")
    page.get_by_role("button", name="看这一天").click()

    expect(page.locator("header.top")).to_contain_text("2019年4月5日")
    expect(page.locator("main")).to_contain_text("待明确")
    expect(page.locator("main")).not_to_contain_text("2019年9月10日")
    assert code in page.url


def _find_and_open(page: Page) -> str:
    """Filter for the late row, walk to it and open it without the mouse."""
    rows = page.locator("tr[data-row]")
    page.get_by_label("在台账中搜索").fill("05-03")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("q=05-03"))
    page.get_by_label("在台账中搜索").fill("")
    expect(rows).to_have_count(50)
    page.get_by_label("亮灯").select_option("overdue")
    expect(page.locator("#rows .chip.on")).to_have_text(re.compile("逾期"))
    page.get_by_role("heading", level=1).click()  # the focus is nowhere, as after reading the page
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
    expect(rows.first).to_be_focused()
    code: str = rows.first.locator(".c-code").inner_text()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/tasks/qinnan-2018/{code}/$"))
    return code


def test_the_row_is_changed_in_place(visit: Visit) -> None:
    page = visit("office")
    page.goto("/tasks/?q=22-01b")
    row = page.locator("tr[data-row]")
    row.focus()

    page.keyboard.press("u")
    edit: Any = page.locator("tr.edit")
    edit.get_by_label("到期日").fill("2020-01-15")
    edit.get_by_label("依据").fill("区安委会会议纪要〔2019〕9号")
    edit.get_by_label("理由").fill("会议决定。")
    edit.get_by_role("button", name="保存").click()

    expect(row).to_contain_text("2020-01-15")
    expect(page.locator("tr.edit")).to_have_count(0)


def test_rows_are_picked_and_changed_on_a_phone(visit: Visit) -> None:
    page = visit("office", PHONE)
    page.goto("/tasks/?q=22-01b")

    page.get_by_role("checkbox", name="选择 22-01b").check()
    expect(page.get_by_role("button", name="换牵头")).to_be_visible()
    page.get_by_role("link", name="改 22-01b 的时限、牵头").click()

    expect(page.locator("tr.edit").get_by_label("理由")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_everything_works_without_scripts(visit: Visit) -> None:
    """The same steps with plain pages: decide, refuse, fix, dispatch, filter, look back."""
    page = visit("office", scripts=False)
    reopen(page, "02-01")
    _meet_the_plain_refusal(page)
    page.locator("summary", has_text="不立项").click()
    page.get_by_label("原则要求").check()
    page.locator("form[action$='/decline/']").get_by_label("理由").fill("总体要求。")
    page.get_by_role("button", name="定为不立项").click()
    expect(page.get_by_text("句都已处置")).to_be_visible()
    code = _bulk_without_scripts(page)
    page.goto(f"/tasks/?q={code}")
    page.get_by_role("checkbox", name=f"选择 {code}").check()
    page.get_by_role("button", name="下发").click()
    page.get_by_role("button", name="下发 1 项任务").click()
    said(page, "已下发 1 项任务")
    page.goto("/tasks/")
    page.get_by_label("在台账中搜索").fill(code)
    page.get_by_role("button", name="筛选").click()
    page.locator("tr[data-row] a").first.click()
    page.goto(f"{page.url}history/?on=2019-09-17")
    expect(page.locator("main")).to_contain_text("未下发")


def _meet_the_plain_refusal(page: Page) -> None:
    page.goto(f"{PLAN}dispatch/")
    page.locator(".fixes a", has_text="02-01").click()


def _bulk_without_scripts(page: Page) -> str:
    page.goto("/tasks/?deadline=undecided")
    row = page.locator("tr[data-row]").nth(5)
    code: str = row.locator(".c-code").inner_text()
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="改时限").click()
    page.get_by_label("时限类型").select_option(DeadlineKind.FIXED)
    page.get_by_label("到期日").fill("2019-11-30")
    page.get_by_label("时限依据").fill(BASIS)
    page.get_by_label("理由").fill("会议决定。")
    page.get_by_role("button", name="逐项核对").click()
    page.get_by_role("button", name="确认修改 1 项").click()
    said(page, "已修改 1 项任务的时限。")
    return code
