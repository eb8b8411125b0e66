"""A unit on its phone: what is to be done, receipt, report; and the office that reviews it."""

import re

import pytest
from playwright.sync_api import Page, expect

from responsibilities.enums import ReportState, TaskState
from responsibilities.models import Obligation, ProgressReport, Task
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.site import Site

pytestmark = pytest.mark.browser


def own_codes() -> set[str]:
    rows = Obligation.objects.filter(assignments__unit__code="zjj", dispatched_at__isnull=False)
    return set(rows.values_list("code", flat=True))


def test_a_liaison_sees_the_units_own_work_and_nothing_else(site: Site, visit: Visit) -> None:
    page = visit("liaison", PHONE)
    own = own_codes()

    for address in ("/", "/tasks/", "/search/?q=安全", f"/plan/{site.plan.code}/"):
        page.goto(address)
        rows = page.locator("main a[href*='/tasks/qinnan-2018/']")
        linked = {link.get_attribute("href").split("/")[3] for link in rows.all()}
        assert linked
        assert linked <= own

    foreign = Obligation.objects.exclude(code__in=own).order_by("code").first()
    answer = page.goto(foreign.get_absolute_url())
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这个页面")
    expect(page.locator("body")).not_to_contain_text(foreign.title)


def test_from_receipt_to_review(visit: Visit) -> None:
    phone = visit("liaison", PHONE)
    task = Task.objects.get(unit__code="zjj", obligation__code="22-01a")
    _receive(phone)
    _report(phone)
    _review(visit("office"))

    phone.reload()
    expect(phone.locator("#h-progress + .cnt, main")).to_contain_text(["已完成规划初稿"])
    task.refresh_from_db()
    report = task.reports.get()
    assert (task.state, report.state) == (TaskState.IN_PROGRESS, ReportState.ACCEPTED)
    assert task.received_by.username == report.author.username == "liaison"
    assert report.review.reviewer.username == "office"


def _receive(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="编制城市综合防灾专项规划").click()
    page.get_by_role("button", name="签收").click()
    expect(page.get_by_text("22-01a 已签收。").first).to_be_visible()


def _report(page: Page) -> None:
    """First forget what to write, then write it: nothing is lost on the way."""
    page.get_by_role("link", name="报进展").click()
    page.get_by_label("佐证文号").fill("钦南住建〔2019〕8号")
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_role("alert")).to_contain_text("进展情况要写一句话")
    expect(page.get_by_label("佐证文号")).to_have_value("钦南住建〔2019〕8号")
    page.get_by_label("进展情况").fill("已完成规划初稿。")
    page.get_by_role("button", name="报送").click()
    expect(page.get_by_text("已报送，报进展待区安委办核验。").first).to_be_visible()


def _review(page: Page) -> None:
    page.goto("/reviews/")
    page.get_by_role("link", name="编制城市综合防灾专项规划").click()
    expect(page.locator("main")).to_contain_text("钦南住建〔2019〕8号")
    page.get_by_role("button", name="通过").click()
    expect(page.get_by_text("22-01a 区住房和城乡建设局：通过。").first).to_be_visible()


def test_a_return_comes_back_with_its_reason(visit: Visit) -> None:
    office = visit("office")
    report = ProgressReport.objects.get(submit_token="first")
    office.goto(f"/reviews/{report.pk}/")
    office.get_by_role("button", name="退回补正").click()
    expect(office.get_by_role("alert")).to_contain_text("退回补正要写明理由")
    office.get_by_label("意见").fill("请补佐证文号。")
    office.get_by_role("button", name="退回补正").click()

    phone = visit("liaison", PHONE)
    phone.goto(report.task.obligation.get_absolute_url())

    expect(phone.locator("main")).to_contain_text("退回补正：请补佐证文号。")


def test_a_leader_reads_the_district_and_changes_nothing(visit: Visit) -> None:
    page = visit("leader")
    row = Obligation.objects.get(code="05-03").get_absolute_url()

    for address in ("/", "/tasks/", "/plan/qinnan-2018/", row, f"{row}history/", "/units/zjj/"):
        assert page.goto(address).status == 200
        expect(page.locator("form[method=post]:not([action='/logout/'])")).to_have_count(0)
        expect(page.get_by_role("link", name=re.compile("^(改|下发|逐句处理)"))).to_have_count(0)

    assert page.goto(f"{row}edit/").status == 403
    assert page.goto("/plan/qinnan-2018/dispatch/").status == 403
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"逾期|没有"))
    page.get_by_role("link", name="任务台账").first.click()
    expect(page.locator("tr[data-row]").first).to_be_visible()
