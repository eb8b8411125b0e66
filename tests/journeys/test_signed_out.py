"""Without scripts, too, an ended session loses no word."""

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from responsibilities.models import ProgressReport, Task
from tests.builders import PASSWORD
from tests.journeys.conftest import PHONE, Visit

pytestmark = pytest.mark.browser


def test_words_typed_without_scripts_outlive_the_session(visit: Visit) -> None:
    phone = visit(size=PHONE, scripts=False)
    _sign_in(phone, "/login/")
    task = Task.objects.filter(unit__code="zjj", state="awaiting_receipt").order_by("pk").last()
    said = ProgressReport.objects.count()
    phone.goto(f"/items/{task.pk}/report/")
    phone.get_by_label("进展情况").fill("专项规划已报区政府。")
    phone.get_by_label("佐证文号").fill("钦南住建〔2019〕9号")
    phone.get_by_label("申请办结").check()
    phone.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    phone.get_by_role("button", name="报送").click()

    expect(phone.locator("main")).to_contain_text("您填的内容已经留下")
    _sign_in(phone)
    expect(phone.get_by_role("status")).to_contain_text("还没有提交，请核对后再提交")
    expect(phone.get_by_label("进展情况")).to_have_value("专项规划已报区政府。")
    expect(phone.get_by_label("佐证文号")).to_have_value("钦南住建〔2019〕9号")
    expect(phone.get_by_label("申请办结")).to_be_checked()
    assert ProgressReport.objects.count() == said


def _sign_in(page: Page, address: str = "") -> None:
    if address:
        page.goto(address)
    page.get_by_label("用户名").fill("liaison")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "login" not in url)
