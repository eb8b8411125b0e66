"""The quarterly round when something goes wrong: what was typed is kept on the device, not sent
twice, and gone once it is reported."""

import re
from datetime import date

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from organizations.models import Unit
from responsibilities.models import Task
from responsibilities.services.dispatch import dispatch_obligations
from tests.builders import NOW, TODAY, make_row
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
ROUND = "/round/"


def two_tasks(site: Site) -> list[Task]:
    """Hand two new tasks to 区住建局; each journey reports its own."""
    zjj, due_on = Unit.objects.get(code="zjj"), date(2019, 9, 25)
    rows = [make_row(site.plan, code, leads=[zjj], due_on=due_on) for code in ("01-01", "02-01")]
    actor = site.people["office"]
    dispatch_obligations(site.plan, rows, actor=actor, at=NOW, today=TODAY, starts_on=TODAY)
    return list(Task.objects.filter(obligation__in=rows))


def line(page: Page, task: Task) -> Locator:
    return page.locator(f"#t{task.pk}")


def write(page: Page, words: dict[Task, str]) -> None:
    page.goto(ROUND)
    for task, text in words.items():
        line(page, task).get_by_label("进展情况").fill(text)


def is_there(page: Page, words: dict[Task, str]) -> None:
    for task, text in words.items():
        expect(line(page, task).get_by_label("进展情况")).to_have_value(text)


def send(page: Page) -> None:
    page.get_by_role("button", name="报送填了的").last.click(no_wait_after=True)


def test_a_lost_connection_costs_no_word_of_the_round(site: Site, visit: Visit) -> None:
    page, tasks = visit("liaison", PHONE), two_tasks(site)
    words = dict(zip(tasks, ("已巡查三遍。", "已约谈两家企业。"), strict=True))
    write(page, words)
    line(page, tasks[1]).get_by_label("佐证文号").fill("钦南住建〔2019〕31号")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        send(page)
    expect(page.locator("main")).to_have_count(0)

    page.context.set_offline(False)
    page.goto(ROUND)
    is_there(page, words)
    expect(line(page, tasks[1]).get_by_label("佐证文号")).to_have_value("钦南住建〔2019〕31号")
    expect(page.get_by_text("已恢复上次没有提交的内容。")).to_be_visible()
    send(page)
    expect(page.get_by_text("已报送 2 件").first).to_be_visible()

    assert [task.reports.count() for task in tasks] == [1, 1]
    page.goto(ROUND)
    expect(page.get_by_text("已恢复上次没有提交的内容。")).to_have_count(0)


def test_an_ended_session_costs_no_word_of_the_round(site: Site, visit: Visit) -> None:
    page, tasks = visit("liaison"), two_tasks(site)
    words = dict(zip(tasks, ("已改造一段。", "已培训 40 人。"), strict=True))
    write(page, words)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    send(page)
    expect(page).to_have_url(re.compile("/login/"))

    page.context.add_cookies([site.cookie("liaison")])
    page.goto(ROUND)

    is_there(page, words)
    assert [task.reports.count() for task in tasks] == [0, 0]


def test_a_closed_page_costs_no_word_and_another_person_sees_none(site: Site, visit: Visit) -> None:
    page, tasks = visit("liaison"), two_tasks(site)
    words = dict(zip(tasks, ("写到一半。", "也写到一半。"), strict=True))
    write(page, words)
    expect(page.get_by_text("已存草稿（本机）")).to_be_visible()
    page.close()

    again = page.context.new_page()
    page.context.add_cookies([site.cookie("head")])
    again.goto(ROUND)
    expect(line(again, tasks[0]).get_by_label("进展情况")).to_have_value("")
    page.context.add_cookies([site.cookie("liaison")])
    again.goto(ROUND)
    is_there(again, words)


def test_words_that_were_reported_do_not_come_back_after_a_refused_line(
    site: Site, visit: Visit
) -> None:
    page, (good, bad) = visit("liaison"), two_tasks(site)
    write(page, {good: "已完成。"})
    line(page, bad).get_by_label("佐证文号").fill("钦南住建〔2019〕32号")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("填了文号，还要写一句做到了哪一步。")
    expect(page.get_by_text("已报送 1 件").first).to_be_visible()

    page.goto(ROUND)
    expect(line(page, bad).get_by_label("佐证文号")).to_have_value("钦南住建〔2019〕32号")
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert f"t{good.pk}-summary" not in kept
    line(page, bad).get_by_label("进展情况").fill("已报批。")
    send(page)
    expect(page.get_by_text("已报送 1 件").first).to_be_visible()
    assert [task.reports.count() for task in (good, bad)] == [1, 1]
