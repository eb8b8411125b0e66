"""The homes: one sentence, what is late or next, nothing of others."""

import re
from datetime import date

import pytest
from django.test import Client

from organizations.access import access_of
from organizations.enums import PostKind
from qinnan_safety.unit_home_page import unit_home
from responsibilities.enums import DeadlineKind, ReportKind, ReviewDecision
from responsibilities.models import Task
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.extensions import request_extension
from responsibilities.services.progress import (
    ReportContent,
    receive_task,
    review_report,
    submit_report,
)
from tests.builders import NOW, TODAY, dispatch, make_row, make_user
from tests.counting import statements_of

pytestmark = pytest.mark.django_db


def text_of(client: Client, user, path: str = "/") -> str:
    client.force_login(user)
    return client.get(path).content.decode()


def sheet_of(page: str) -> str:
    """The page's own part, without navigation and tags."""
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", main))


def test_the_office_reads_the_state_of_the_ledger_in_one_sentence(client, district):
    page = sheet_of(text_of(client, district.office))

    assert "三季度还剩12天。3项任务中1项逾期、2项临期。" in page


def test_the_office_is_told_that_the_years_holidays_are_missing(client, district, monkeypatch):
    monkeypatch.setattr("common.workdays.PUBLISHED_YEARS", range(2004, 2019))

    for page in ("/", "/notices/desk/"):
        assert "平台里还没有2019年的放假安排" in sheet_of(text_of(client, district.office, page))


def test_the_numbers_of_the_sentence_lead_to_the_ledger(client, district):
    page = text_of(client, district.office)

    assert 'href="/tasks/?lamp=overdue"' in page
    assert 'href="/tasks/?lamp=due_soon"' in page


def test_the_office_sees_late_rows_with_unit_and_days(client, district):
    page = sheet_of(text_of(client, district.office))

    # 8月31日到9月18日是18天。
    assert "02-02建立信息平台逾期18天·区住建局" in page


def test_what_waits_for_the_office_is_not_said_to_wait_for_the_auditor(client, district):
    task = Task.objects.get(obligation=district.rows[1])
    receive_task(task, actor=district.liaison, at=NOW)
    content = ReportContent(kind=ReportKind.CLOSING, summary="平台已建成。", document_no="文号1")
    submit_report(task, content, token="t1", actor=district.liaison, at=NOW)

    assert "等我核验 <span" in text_of(client, district.office)
    page = text_of(client, district.auditor)
    assert "待核验 <span" in page
    assert "等我核验" not in page


def test_the_office_sees_what_units_have_asked_of_it_and_nobody_else_does(client, district):
    late = Task.objects.get(obligation__code="02-02")
    head = make_user("head-1", (district.jtj, PostKind.HEAD))
    words = ReportContent(ReportKind.PROGRESS, "推进中。", coordination="用地要区领导协调。")
    submit_report(late, words, token="a", actor=district.liaison, at=NOW)
    request_extension(
        Task.objects.get(obligation__code="03-01"),
        asked_due_on=date(2019, 12, 31),
        reason="招标流标。",
        actor=head,
        at=NOW,
    )

    page = sheet_of(text_of(client, district.office))

    assert "等我答复延期申请待批1件单位请求协调，还没有提请1件" in page
    assert "等我答复" not in sheet_of(text_of(client, district.auditor))


def test_the_last_acts_are_told_with_their_author(client, district):
    task = Task.objects.get(obligation=district.rows[1])
    receive_task(task, actor=district.liaison, at=NOW)
    content = ReportContent(kind=ReportKind.PROGRESS, summary="平台招标中。", next_steps="开标。")
    submit_report(task, content, token="t1", actor=district.liaison, at=NOW)

    page = sheet_of(text_of(client, district.office))

    assert "区住建局报送进展：02-02建立信息平台今天09:30" in page


def test_a_unit_reads_how_much_is_left_this_quarter(client, district):
    page = sheet_of(text_of(client, district.liaison))

    # 逾期的信息平台和第三季度的检查;第四季度还没开始。
    assert "三季度还有2件事要办，其中1件逾期。" in page
    assert "区安监局要建立信息平台。" in page


def test_a_unit_sees_nothing_of_another_unit(client, district):
    page = text_of(client, district.liaison)

    assert "制定实施方案" not in page
    assert "区交通局" not in page


def test_late_tasks_come_first_and_name_their_period(district):
    home = unit_home(access_of(district.liaison, today=TODAY), TODAY)

    assert [(own.task.obligation.code, own.task.period) for own in home.tasks] == [
        ("02-02", ""),
        ("02-01", "2019Q3"),
    ]
    assert (home.led, home.assisted) == (2, 0)


def test_what_was_returned_or_is_to_be_received_comes_first_however_far_its_date(client, district):
    rows = [
        make_row(district.plan, "02-02", leads=[district.zjj], due_on=day, title=title)
        for day, title in ((date(2020, 12, 31), "远期补正"), (date(2020, 6, 30), "远期签收"))
    ]
    dispatch(district.plan, *rows)
    for row in (rows[0], district.rows[1]):
        receive_task(Task.objects.get(obligation=row), actor=district.liaison, at=NOW)
    report = submit_report(
        Task.objects.get(obligation=rows[0]),
        ReportContent(ReportKind.PROGRESS, "推进中。"),
        token="t1",
        actor=district.liaison,
        at=NOW,
    )
    seen = report.current_sha256
    review_report(
        report,
        ReviewDecision.RETURN,
        seen_sha256=seen,
        actor=district.office,
        at=NOW,
        reason="请附批复文件。",
    )

    home = unit_home(access_of(district.liaison, today=TODAY), TODAY)

    # 退回的在前，待签收的其次（临期的先），已签收的逾期任务排在后面。
    assert [(own.task.obligation.title, own.came_back) for own in home.tasks] == [
        ("远期补正", ("退回补正", "请附批复文件。")),
        ("每季度检查", None),
        ("远期签收", None),
        ("建立信息平台", None),
    ]
    assert (home.to_do, home.overdue, home.later) == (4, 1, 0)
    page = text_of(client, district.liaison)
    assert "三季度还有4件事要办，其中1件逾期。" in sheet_of(page)
    assert "退回补正：请附批复文件。" in sheet_of(page)
    far = Task.objects.get(obligation=rows[1])
    assert f'form="receive-{far.pk}"' in page


def test_what_lies_with_the_office_is_no_longer_the_units_to_do(district):
    task = Task.objects.get(obligation=district.rows[1])
    receive_task(task, actor=district.liaison, at=NOW)
    content = ReportContent(kind=ReportKind.PROGRESS, summary="平台招标中。", next_steps="开标。")
    submit_report(task, content, token="t1", actor=district.liaison, at=NOW)

    home = unit_home(access_of(district.liaison, today=TODAY), TODAY)

    assert (home.to_do, home.overdue, home.under_review) == (1, 0, 1)


def test_a_long_silent_duty_is_to_do_after_ninety_days(district):
    row = district.rows[1]
    row.refresh_from_db()
    set_deadline(
        row,
        Deadline(DeadlineKind.CONTINUOUS, "长期坚持"),
        version=row.version,
        actor=district.office,
        at=NOW,
        today=TODAY,
        reason="改为长期",
    )
    # 起算日是 2019-07-01:第 90 天是 9 月 29 日,第 91 天起算久未更新。
    for day, quiet in ((date(2019, 9, 29), 0), (date(2019, 9, 30), 1)):
        home = unit_home(access_of(district.liaison, today=day), day)
        assert home.quiet == quiet

    assert home.tasks[-1].lamp.text == "91 天未更新"


def test_a_units_home_names_whom_to_ask(client, district):
    page = text_of(client, district.liaison)

    assert "区安委办经办人 陆科员" in page


def test_a_person_without_a_post_is_told_what_to_do(client, district):
    page = text_of(client, district.nobody)

    assert "您的账号还没有岗位" in page
    assert "陆科员" in page
    assert "建立信息平台" not in page


@pytest.mark.parametrize(("who", "most"), [("office", 6), ("leader", 11), ("liaison", 12)])
def test_a_home_costs_the_same_with_more_rows(client, district, who, most):
    client.force_login(getattr(district, who))
    few = statements_of(client, "/")
    assert few <= most
    rows = [
        make_row(
            district.plan,
            "02-02",
            leads=[district.zjj],
            assists=[district.jtj],
            due_on=date(2019, 9, 1 + number),
            title=f"任务{number}",
        )
        for number in range(15)
    ]
    dispatch(district.plan, *rows)

    assert statements_of(client, "/") == few
