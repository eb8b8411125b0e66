"""Signing in the browser's terms, and two colleagues who report the same task."""

from copy import deepcopy

import pytest
from django.urls import reverse

from notices.models import Notice
from organizations.enums import PostKind
from responsibilities.enums import ReportState, ReviewDecision, TaskState
from responsibilities.models import ProgressReport, ReportDraft, Task
from responsibilities.services.progress import review_report, withdraw_report
from responsibilities.services.signing import send_back_report
from tests.builders import NOW, as_, make_user
from tests.responsibilities.town import Signing
from tests.standing import built_once

pytestmark = pytest.mark.django_db
PAGE = "/signing/"


whole = built_once(Signing)


@pytest.fixture
def town(db: None, whole: Signing) -> Signing:
    return deepcopy(whole)


def url(name: str, pk: int) -> str:
    return reverse(f"responsibilities:{name}", args=[pk])


def test_the_head_reads_and_signs_in_two_presses(town: Signing) -> None:
    report, head = town.report(), as_(town.head)
    assert "1 份进展等您签发" in head.get("/").content.decode()
    page = head.get(PAGE).content.decode()
    assert "已起草。" in page
    assert report.current_sha256 in page

    head.post(url("report_sign", report.pk), {"seen": report.current_sha256, "decision": "sign"})

    assert Task.objects.get(pk=town.first.pk).state == TaskState.UNDER_REVIEW
    review = as_(town.office).get(url("report_review", report.pk)).content.decode()
    assert "head签发" in review


def test_the_liaison_is_told_where_the_report_lies(town: Signing) -> None:
    liaison = as_(town.liaison)
    typed = {"token": "a", "kind": "progress", "summary": "已起草。"}
    page = liaison.post(url("task_report", town.first.pk), typed, follow=True).content.decode()

    assert "等主要负责人签发" in page
    assert "撤回" in page
    home = liaison.get("/").content.decode()
    assert "1 件<a" in home
    assert url("task_report", town.first.pk) not in home
    assert "在等主要负责人签发" in liaison.get(url("task_report", town.first.pk)).content.decode()
    assert "签发</button>" not in liaison.get(PAGE).content.decode()


def test_what_the_head_wants_changed_is_said_wherever_the_liaison_goes_on(town: Signing) -> None:
    report, liaison = town.report(), as_(town.liaison)
    fields = {"decision": "back", "reason": "数字不对。"}
    as_(town.head).post(url("report_sign", report.pk), fields)

    told = Notice.objects.get(recipient=town.liaison, kind="return")
    assert told.text == "【负责人退回】02-02：数字不对。"
    assert told.url == town.first.get_absolute_url()
    home, form = liaison.get("/").content.decode(), url("task_report", town.first.pk)
    row, round_page = (
        liaison.get(page).content.decode() for page in (town.first.get_absolute_url(), "/round/")
    )
    for page in (home, row, round_page, liaison.get(form).content.decode()):
        assert "<b>主要负责人退回</b>：数字不对。" in page
    assert "负责人退回</span>" in home
    for page in (home, row, liaison.get(form).content.decode()):
        assert url("task_unchanged", town.first.pk) not in page
    assert f't{town.first.pk}-unchanged"' not in round_page


def test_the_round_goes_on_from_the_words_that_the_head_gave_back(town: Signing) -> None:
    liaison = as_(town.liaison)
    sent = town.report()
    send_back_report(sent, reason="写清日期。", actor=town.head, at=NOW)

    page = liaison.get("/round/").content.decode()

    assert "报的话已填在下面" in page
    assert "已起草。</textarea>" in page
    prefix, token = f"t{town.first.pk}", "a" * 20
    typed = {"token": token, f"{prefix}-last": str(sent.pk), f"{prefix}-summary": "已起草。"}
    liaison.post("/round/", typed)
    assert town.first.reports.count() == 1
    liaison.post("/round/", typed | {f"{prefix}-summary": "9月16日已起草。"})
    assert town.first.reports.first().summary == "9月16日已起草。"


def test_the_heads_word_stays_beside_the_offices_until_both_are_answered(town: Signing) -> None:
    first, liaison = town.report(town.head), as_(town.liaison)
    review_report(
        first,
        ReviewDecision.RETURN,
        seen_sha256=first.current_sha256,
        actor=town.office,
        at=NOW,
        reason="请补时间。",
    )
    send_back_report(town.report(token="b"), reason="数字不对。", actor=town.head, at=NOW)
    withdraw_report(town.report(token="c"), actor=town.liaison, at=NOW)

    page = liaison.get(url("task_report", town.first.pk)).content.decode()

    assert "<b>主要负责人退回</b>：数字不对。" in page
    assert "<b>退回补正</b>：请补时间。" in page
    town.report(town.head, token="d")
    row = liaison.get(town.first.get_absolute_url()).content.decode()
    assert "数字不对。" not in row


def test_the_head_turns_signing_off_and_on(town: Signing) -> None:
    head, rule = as_(town.head), url("signing_rule", town.zjj.pk)

    head.post(rule, {})
    assert not ProgressReport.objects.exists()
    assert town.report().state == ReportState.SUBMITTED
    assert "不用签发" in head.post(rule, {}, follow=True).content.decode()
    assert "签发" in head.post(rule, {"head_signs": "on"}, follow=True).content.decode()


def test_the_second_of_two_colleagues_sees_both_texts(town: Signing) -> None:
    deputy = make_user("deputy", (town.zjj, PostKind.DEPUTY), name="黄副局长")
    as_(town.head).post(url("signing_rule", town.zjj.pk), {})
    town.report()

    typed = {"token": "b", "kind": "progress", "summary": "我写的另一份。", "problems": "缺人手。"}
    answer = as_(deputy).post(url("task_report", town.first.pk), typed)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已经报过这一件" in page
    assert "已起草。" in page
    assert page.count("我写的另一份。") == 2
    assert page.count("缺人手。") == 2
    assert "佐证文号" not in page.split("两份进展并排")[1].split("</table>")[0]
    assert ReportDraft.objects.get(user=deputy).words["problems"] == "缺人手。"
    assert ProgressReport.objects.count() == 1
