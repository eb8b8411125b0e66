"""A task in steps, and the quarterly round: ticked, pressed and checked in the browser."""

import re

import pytest
from playwright.sync_api import expect

from responsibilities.enums import TaskState
from responsibilities.models import Task
from tests.journeys.conftest import PHONE, Visit

pytestmark = pytest.mark.browser
TAKEN = ("22-01a", "05-03")  # 别的几段路要走的任务


def waiting() -> list[Task]:
    """The tasks of 区住建局 on which nobody has begun."""
    tasks = Task.objects.filter(unit__code="zjj", state=TaskState.AWAITING_RECEIPT)
    return list(tasks.exclude(obligation__code__in=TAKEN).with_obligations().order_by("pk"))


def test_steps_are_set_ticked_and_checked(visit: Visit) -> None:
    task = waiting()[0]
    row = task.get_absolute_url()
    office = visit("office")
    office.goto(f"{row}milestones/")
    office.get_by_label("里程碑 1 名称").fill("编制方案")
    office.get_by_label("里程碑 2 名称").fill("验收")
    office.get_by_label("理由").fill("按实施方案分步")
    office.get_by_role("button", name="保存").click()
    expect(office.get_by_text("里程碑 0/2").first).to_be_visible()

    phone = visit("liaison", PHONE)
    phone.goto(f"/items/{task.pk}/report/")
    phone.get_by_label("编制方案").check()
    phone.get_by_label("进展情况").fill("方案已编好。")
    phone.get_by_role("button", name="报送").click()
    expect(phone.get_by_text("已报送，报进展待区安委办核验。").first).to_be_visible()

    office.goto(f"/reviews/{task.reports.get().pk}/")
    expect(office.locator("main")).to_contain_text("这次勾 1 个")
    office.keyboard.press("a")
    expect(office.get_by_text("：通过。").first).to_be_visible()
    phone.goto(row)
    expect(phone.get_by_text("里程碑 1/2").first).to_be_visible()


def test_no_change_on_one_line_keeps_what_is_typed_in_the_others(visit: Visit) -> None:
    first, second = waiting()[:2]
    page = visit("liaison")
    page.goto("/round/")
    other = page.locator(f"#t{second.pk}")
    other.get_by_label("进展情况").fill("写到一半")

    page.locator(f"#t{first.pk}").get_by_role("button", name="无变化，马上报").click()

    expect(page).to_have_url(re.compile(r"/round/#t\d+$"))
    expect(other.get_by_label("进展情况")).to_have_value("写到一半")
    assert first.reports.get().is_unchanged
    other.get_by_label("佐证文号").press("Enter")
    expect(page.get_by_text("已报送 1 件").first).to_be_visible()
    assert second.reports.get().summary == "写到一半"
