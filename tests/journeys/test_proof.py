"""What goes wrong on the way: a bad file, a page sent twice, a page gone back to, a stale one."""

import io
import re
from datetime import date

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Page, expect

from common.clock import morning_of
from organizations.models import User
from responsibilities.enums import ReportKind
from responsibilities.models import Evidence, ProgressReport, ReportDraft, Task
from responsibilities.services.evidence import Proof, take_evidence, void_evidence
from responsibilities.services.progress import ReportContent, submit_report, withdraw_report
from tests.builders import TODAY, pdf_file
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.site import Site

pytestmark = pytest.mark.browser


def photo() -> dict[str, object]:
    file = io.BytesIO()
    Image.new("RGB", (80, 60), "white").save(file, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


PROGRAM = {"name": "清单.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90\x00" * 9}


def open_task() -> Task:
    """Return the last task of 区住建局; what waits on it is taken back first."""
    task = Task.objects.filter(unit__code="zjj").order_by("pk").last()
    assert task is not None
    for report in task.reports.awaiting_review():
        withdraw_report(report, actor=report.author, at=morning_of(date(2019, 9, 18), 15))
    return task


def fill(page: Page, words: str) -> Task:
    task = open_task()
    page.goto(f"/items/{task.pk}/report/")
    page.get_by_label("进展情况").fill(words)
    return task


def test_a_bad_file_on_a_phone_costs_nothing_that_was_good(visit: Visit) -> None:
    page = visit("liaison", PHONE)
    task = fill(page, "已完成一半。")
    kept = Evidence.objects.count()
    page.get_by_label("上传佐证材料").set_input_files([photo(), PROGRAM])
    page.get_by_role("button", name="报送").click()

    expect(page.get_by_role("alert")).to_contain_text("“清单.exe”是程序")
    expect(page.get_by_label("进展情况")).to_have_value("已完成一半。")
    expect(page.get_by_label(re.compile("现场.jpg"))).to_be_checked()
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_text("待区安委办核验").first).to_be_visible()

    page.go_back()
    expect(page.locator("main")).to_contain_text("现在已经是“待核验”，不用再报")
    report = task.reports.first()
    assert [file.name for file in report.evidence] == ["现场.jpg"]
    assert Evidence.objects.count() == kept + 1


def test_a_page_pressed_twice_or_gone_back_to_is_one_report(visit: Visit) -> None:
    page = visit("liaison")
    task = fill(page, "已完成三分之二。")
    before = task.reports.count()
    page.get_by_role("button", name="报送").dblclick()
    expect(page.get_by_text("待区安委办核验").first).to_be_visible()

    page.go_back()
    expect(page.locator("main")).to_contain_text("现在已经是“待核验”，不用再报")
    assert task.reports.count() == before + 1


def test_words_survive_a_session_that_ends(visit: Visit) -> None:
    page = visit("liaison")
    task = fill(page, "写到一半，人走开了。")
    expect(page.locator("#draft-saved")).to_contain_text("已存草稿")

    other = visit("liaison", PHONE)
    other.goto(f"/items/{task.pk}/report/")

    expect(other.get_by_label("进展情况")).to_have_value("写到一半，人走开了。")
    expect(other.get_by_text("已接上")).to_be_visible()
    other.get_by_role("button", name="不要草稿").click()


def test_an_older_page_writes_over_no_newer_draft(visit: Visit) -> None:
    phone, desk = visit("liaison", PHONE), visit("liaison")
    task = fill(phone, "手机上写的一句。")
    expect(phone.locator("#draft-saved")).to_contain_text("已存草稿")
    words, report = "一是查了。二是改了。三是验了。", f"/items/{task.pk}/report/"
    desk.goto(report)
    desk.get_by_label("进展情况").fill(words)
    expect(desk.locator("#draft-saved")).to_contain_text("已存草稿")
    again = phone.context.new_page()
    again.goto(report)
    expect(again.get_by_label("进展情况")).to_have_value(words)
    expect(again.get_by_role("button", name="换成本机的")).to_have_count(0)

    phone.get_by_label("进展情况").fill("手机上又添一句。")
    expect(phone.locator("#draft-saved")).to_contain_text("没有存上")
    assert ReportDraft.objects.get(task=task).words["summary"] == words
    phone.get_by_role("button", name="存为草稿").click()
    expect(phone.get_by_role("alert")).to_contain_text("没有存上")
    expect(phone.get_by_label("进展情况")).to_have_value("手机上又添一句。")
    phone.goto(report)
    expect(phone.get_by_label("进展情况")).to_have_value(words)
    assert ReportDraft.objects.get(task=task).words["summary"] == words

    phone.get_by_role("button", name="换成本机的").click()
    expect(phone.get_by_label("进展情况")).to_have_value("手机上又添一句。")
    desk.goto(report)
    desk.get_by_role("button", name="不要草稿").click()


def test_words_just_typed_survive_a_press_on_an_ended_session(site: Site, visit: Visit) -> None:
    page = visit("liaison")
    task = fill(page, "刚写完就按了报送。")
    page.get_by_label("申请办结").check()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="报送").click()
    expect(page).to_have_url(re.compile("/login/"))

    page.context.add_cookies([site.cookie("liaison")])
    page.goto(f"/items/{task.pk}/report/")

    expect(page.get_by_label("进展情况")).to_have_value("刚写完就按了报送。")
    expect(page.get_by_label("申请办结")).to_be_checked()


def test_a_review_page_that_went_stale_is_read_again_and_decided(visit: Visit) -> None:
    liaison, task, at = User.objects.get(username="liaison"), open_task(), morning_of(TODAY)
    file, _ = take_evidence(task.unit, pdf_file("作废的.pdf"), proof=Proof(), actor=liaison, at=at)
    words = ReportContent(ReportKind.PROGRESS, "附一份材料。", evidence=(file.sha256,))
    report = submit_report(task, words, token="stale", actor=liaison, at=at)
    page = visit("office")
    page.goto(f"/reviews/{report.pk}/")
    page.get_by_label("意见").fill("同意。")
    void_evidence(file, reason="传错了。", actor=liaison, at=at)

    page.get_by_role("button", name="通过").click()
    expect(page.get_by_role("alert")).to_contain_text("进展在您打开之后有变动")
    expect(page.locator("main")).to_contain_text("已作废")
    expect(page.get_by_label("意见")).to_have_value("同意。")
    page.get_by_role("button", name="通过").click()

    expect(page.get_by_text("：通过。").first).to_be_visible()
    page.goto(f"/reviews/{report.pk}/")
    expect(page.locator("section", has_text="核验结论").first).to_contain_text("同意。")


def test_the_reviewer_works_by_keys(visit: Visit) -> None:
    liaison, task = User.objects.get(username="liaison"), open_task()
    words = ReportContent(kind=ReportKind.PROGRESS, summary="等核验的话。")
    report = submit_report(
        task, words, token="keys", actor=liaison, at=morning_of(date(2019, 9, 18))
    )
    page = visit("office")
    page.goto(f"/reviews/{report.pk}/")
    page.keyboard.press("b")
    expect(page.get_by_label("意见")).to_be_focused()
    page.keyboard.type("请补文号。")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("退回补正。").first).to_be_visible()
    assert ProgressReport.objects.get(pk=report.pk).review.reason == "请补文号。"
