"""From computed to issued, and from signing in to the downloaded scorecard."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from assessments.models import Assessment
from documents.models import Document
from documents.services.issuing import next_number
from tests.builders import PASSWORD
from tests.documents.pdf import text
from tests.journeys.conftest import Visit

pytestmark = pytest.mark.browser
PERIOD = "2019Q2"
BUILT_WITHIN = 90_000


def said(page: Page, words: str) -> None:
    """Expect a message in words; scripts lift it out of the page and take it away in a while."""
    expect(page.get_by_text(words).first).to_be_visible()


def download(page: Page, name: str | re.Pattern[str], folder: Path) -> Path:
    with page.expect_download() as got:
        page.get_by_role("link", name=name).first.click()
    file = folder / got.value.suggested_filename
    got.value.save_as(file)
    return file


def test_a_leader_holds_the_scorecard_two_presses_after_typing_the_password(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit()
    page.goto("/")
    page.get_by_label("用户名").fill("leader")
    page.get_by_label("密码").fill(PASSWORD)

    page.get_by_role("button", name="登录").click()
    file = download(
        page, re.compile(r"下载 PDF\s*：2019年第三季度安全生产工作考核成绩单"), tmp_path
    )

    assert file.suffix == ".pdf"
    told = text(file.read_bytes())
    assert "2019年第三季度安全生产工作考核成绩单" in told
    assert "住房和城乡建设局" in told
    assert "正在公示、受理申诉" in told


def test_from_computed_to_issued_with_every_check_on_the_way(
    visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, head = visit("office"), visit("head")
    _compute(office)
    _refuse_the_public_edition_too_early(office)
    _open_objections(office)
    _object(head)
    _finalize_only_after_the_answer(office)
    monkeypatch.setattr(settings, "QINNAN_TODAY", "2019-09-19")
    _finalize_when_the_last_day_is_over(office)
    _publish(office)
    document = _draft_and_issue(office)
    _prove_the_file(office, document, tmp_path)
    _read_as_a_unit(head, document)


def _compute(page: Page) -> None:
    page.goto("/scores/")
    page.get_by_label("考核期").select_option(PERIOD)
    page.get_by_role("button", name="测算", exact=True).click()
    said(page, "2019年第二季度已测算。")
    expect(page.get_by_role("heading", name="2019年第二季度考核")).to_be_visible()


def _draft(page: Page, kind: str) -> None:
    page.goto("/documents/")
    form = page.locator("form[action$='/documents/draft/']")
    form.get_by_label("种类").select_option(label=kind)
    form.get_by_label("期次").select_option(PERIOD)
    form.get_by_role("button", name="起草").click()


def _refuse_the_public_edition_too_early(page: Page) -> None:
    _draft(page, "全区考核报告（公开版）")
    expect(page.get_by_role("alert")).to_contain_text("还没有发布，公开版只从已发布的结果起草")


def _open_objections(page: Page) -> None:
    page.goto(f"/scores/{PERIOD}/")
    page.get_by_label("申诉截止日").fill("2019-09-01")
    page.get_by_role("button", name="公示，受理申诉").click()
    said(page, "申诉截止日不能早于今天")
    page.get_by_label("申诉截止日").fill("2019-09-18")
    page.get_by_role("button", name="公示，受理申诉").click()
    said(page, "2019年第二季度考核：公示申诉。")


def _object(page: Page) -> None:
    page.goto(f"/scores/{PERIOD}/units/zjj/")
    expect(page.get_by_role("heading", name="还能怎么提高")).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^申诉\s*：")).first.click()
    page.get_by_label("申诉理由").fill("已开会研究，纪要在区政府办。")
    page.get_by_role("button", name="报区安委办").click()
    said(page, "受理中")


def _finalize_only_after_the_answer(page: Page) -> None:
    page.goto(f"/scores/{PERIOD}/")
    expect(page.get_by_text("还有 1 件申诉没有答复")).to_be_visible()
    page.goto("/scores/objections/")
    page.locator("main").get_by_role("link", name=re.compile("没有记录|未办结")).first.click()
    page.get_by_label("不采纳").check()
    page.get_by_label("答复", exact=True).fill("没有文号佐证，维持原扣分。")
    page.get_by_role("button", name="答复").click()
    page.goto(f"/scores/{PERIOD}/")
    expect(page.get_by_text("单位可以申诉到9月18日，截止以后才能终评。")).to_be_visible()
    expect(page.get_by_role("button", name="终评")).to_have_count(0)


def _finalize_when_the_last_day_is_over(page: Page) -> None:
    page.reload()
    page.get_by_role("button", name="终评").click()
    said(page, "2019年第二季度考核：终评。")


def _publish(page: Page) -> None:
    page.get_by_role("button", name="发布考核结果").click()
    said(page, "2019年第二季度考核：已发布。")
    assert Assessment.objects.get(period=PERIOD).is_published


def _draft_and_issue(page: Page) -> Document:
    _draft(page, "全区考核报告（公开版）")
    title = page.get_by_role("heading", name="关于2019年第二季度安全生产工作考核结果的通报")
    expect(title.first).to_be_visible()
    preview = page.get_by_role("article", name="公文预览")
    expect(preview).to_contain_text("同一等次内排名不分先后")
    expect(preview).not_to_contain_text(re.compile(r"\d分"))
    page.get_by_label("发文顺序号").fill("1")
    page.get_by_role("button", name="登记签发").click()
    expect(page.get_by_role("alert")).to_contain_text("已经用过，请换一个顺序号")
    draft = Document.objects.get(kind="grades", period=PERIOD)
    number = str(next_number(draft.number_prefix, 2019))
    page.get_by_label("发文顺序号").fill(number)
    # Without a queue the files are built before the answer comes.
    page.get_by_role("button", name="登记签发").click(timeout=BUILT_WITHIN)
    said(page, f"已签发 钦南安委办〔2019〕{number}号")
    return draft


def _prove_the_file(page: Page, document: Document, folder: Path) -> None:
    """The downloaded file is the one that was issued; a changed byte is told."""
    page.goto(document.get_absolute_url())
    file = download(page, re.compile("^下载 PDF$"), folder)
    page.get_by_role("link", name="核验页").click()
    page.get_by_label("要核对的文件").set_input_files(file)
    page.get_by_role("button", name="核对文件").click()
    expect(page.get_by_text("一致：您手上的文件与签发件逐字节相同。")).to_be_visible()
    changed = folder / "changed.pdf"
    changed.write_bytes(file.read_bytes()[:-1] + b"\x00")
    page.get_by_label("要核对的文件").set_input_files(changed)
    page.get_by_role("button", name="核对文件").click()
    expect(page.get_by_text("不一致：您手上的文件与签发件不同")).to_be_visible()


def _read_as_a_unit(page: Page, document: Document) -> None:
    page.goto("/documents/")
    expect(page.get_by_role("link", name=document.title).first).to_be_visible()
    expect(page.get_by_text("考核情况报告")).to_have_count(0)


def test_the_form_of_facts_shows_what_the_kind_asks_for(visit: Visit) -> None:
    page = visit("office")
    page.goto("/scores/facts/new/")
    number, level = page.get_by_label("数量"), page.get_by_label("加分级别")

    expect(number).to_be_hidden()
    expect(level).to_be_hidden()
    page.get_by_label("类别", exact=True).select_option(label="责任事故")
    expect(number).to_be_visible()
    expect(level).to_be_hidden()
    page.get_by_label("类别", exact=True).select_option(label="加分事项")
    expect(number).to_be_hidden()
    expect(level).to_be_visible()


def test_an_indicator_asks_for_what_its_rule_uses(visit: Visit) -> None:
    """The site has a draft for the first class; its first indicator asks for papers."""
    page = visit("office")
    page.goto("/scores/schemes/")
    page.get_by_role("link", name="第2版").click()
    page.get_by_role("link", name="修改").click()
    first, second = (page.get_by_role("group", name=f"第 {n} 项", exact=True) for n in (1, 2))

    expect(first.get_by_label("依据的事实")).to_be_visible()
    expect(first.get_by_label("每次扣分", exact=True)).to_be_hidden()
    first.get_by_label("评分规则").select_option(label="核验退回")
    expect(first.get_by_label("依据的事实")).to_be_hidden()
    expect(first.get_by_label("每次扣分", exact=True)).to_be_visible()
    expect(second.get_by_label("周期")).to_be_visible()
