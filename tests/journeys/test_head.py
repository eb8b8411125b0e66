"""A head on a phone: from the link in a message to the receipt, in three taps."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from common.clock import morning_of
from inspections.enums import InspectionState
from inspections.models import Inspection
from inspections.services.recording import prepare_inspection, submit_inspection
from organizations.models import Unit
from tests.builders import PASSWORD, make_content
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.scripts import AXE, CHECK, WIDTH
from tests.journeys.site import Site

pytestmark = pytest.mark.browser


def sent(site: Site, inspected_on: date) -> Inspection:
    """Let the liaison fill in an inspection and send it to the head."""
    liaison = site.people["liaison"]
    inspection = prepare_inspection(
        Unit.objects.get(code="zjj"),
        make_content(inspected_on, findings=()),
        token=f"journey-{inspected_on}",
        actor=liaison,
        at=morning_of(date(2019, 9, 16)),
    )
    return submit_inspection(inspection, version=1, actor=liaison, at=morning_of(date(2019, 9, 16)))


def sign_in(page: Page) -> None:
    page.goto("/login/")
    page.get_by_label("用户名").fill("head")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def faults(page: Page) -> list[str]:
    """What keeps somebody from using the page as it stands, once all of it is there."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    found = [violation["id"] for violation in page.evaluate(CHECK)["violations"]]
    return found + (["wide"] if page.evaluate(WIDTH) > PHONE[0] else [])


@pytest.mark.parametrize(("day", "scripts"), [(11, True), (12, False)])
def test_three_taps_to_the_receipt(site: Site, visit: Visit, day, scripts) -> None:
    inspection = sent(site, date(2019, 9, day))
    phone = visit("", PHONE, scripts=scripts)
    sign_in(phone)

    phone.goto(f"/inspections/{inspection.pk}/confirm/")  # 第一下：消息里的链接
    expect(phone.get_by_role("heading", level=1)).to_have_text("覃局长，这次检查是您带队的吗？")
    expect(phone.locator("main")).to_contain_text("沙埠镇施工点")
    assert not scripts or faults(phone) == []
    phone.get_by_label(f"本人于2019年9月{day}日带队检查").check()  # 第二下：声明
    phone.get_by_role("button", name="确认提交").click()  # 第三下：提交

    expect(phone.get_by_role("heading", level=1)).to_have_text("2019年第三季度带队检查已确认")
    expect(phone.locator("main")).to_contain_text(f"JC-2019Q3-{inspection.pk:04d}")
    assert not scripts or faults(phone) == []
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.CONFIRMED
    assert inspection.confirmed_by == site.people["head"]


def test_the_honest_way_out(site: Site, visit: Visit) -> None:
    inspection = sent(site, date(2019, 9, 13))
    phone = visit("head", PHONE)

    phone.goto(f"/inspections/{inspection.pk}/confirm/")
    expect(phone.get_by_label("您的登录密码")).to_be_visible()
    phone.get_by_text("不是我带队，或情况不符").click()
    phone.get_by_label("带队的人").fill("韦副局长")
    phone.get_by_role("button", name="本次由他人带队").click()

    expect(phone.get_by_text("已登记为他人带队，不计入").first).to_be_visible()
    inspection.refresh_from_db()
    assert (inspection.state, inspection.leader_name) == (InspectionState.RECORDED, "韦副局长")


def test_a_hazard_from_the_inspection_to_the_recheck(site: Site, visit: Visit) -> None:
    inspection = sent(site, date(2019, 9, 10))
    phone = visit("liaison", PHONE)

    phone.goto(inspection.get_absolute_url())
    phone.get_by_role("link", name="登记隐患").click()
    phone.get_by_label("隐患", exact=True).fill("临边防护缺失")
    phone.get_by_label("部位").fill("沙埠镇施工点")
    phone.get_by_label("责任企业（单位）").fill("某建筑公司")
    phone.get_by_role("button", name="记下").click()
    assert faults(phone) == []
    phone.get_by_role("link", name="登记", exact=True).click()
    phone.get_by_label("措施").fill("加装防护栏。")
    phone.get_by_label("责任人").fill("张经理")
    phone.get_by_label("时限").fill("2019-09-25")
    phone.get_by_role("button", name="登记隐患").click()
    phone.get_by_role("link", name="报治理完成").click()
    phone.get_by_label("情况").fill("已加装。")
    phone.get_by_role("button", name="报治理完成").click()

    expect(phone.locator("[aria-current=step]")).to_contain_text("监督")
    expect(phone.get_by_role("link", name="填写复查意见")).to_have_count(0)
    office = visit("office")
    office.goto("/hazards/")
    office.get_by_role("link", name="临边防护缺失").click()
    office.get_by_role("link", name="填写复查意见").click()
    office.get_by_label("已治好，通过").check()
    office.get_by_label("情况").fill("到场看过。")
    office.get_by_role("button", name="复查意见").click()
    expect(office.locator("[aria-current=step]")).to_contain_text("评估")
