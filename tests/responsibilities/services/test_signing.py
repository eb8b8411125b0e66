"""The head's signature: where a unit wants it, nothing reaches the office without it."""

from copy import deepcopy
from datetime import timedelta

import pytest

from common.errors import DomainError, NotAllowed, StaleVersion
from common.tracked import save_with_history
from notices.models import Notice
from responsibilities.enums import ReportKind, ReportState, TaskState
from responsibilities.models import ProgressReport, Task
from responsibilities.services.evidence import void_evidence
from responsibilities.services.progress import ReportContent, submit_report, withdraw_report
from responsibilities.services.signing import send_back_report, set_reporting_rule, sign_report
from tests.builders import NOW, TODAY, as_
from tests.responsibilities.town import Signing
from tests.standing import built_once

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


whole = built_once(Signing)


@pytest.fixture
def town(db: None, whole: Signing) -> Signing:
    return deepcopy(whole)


def test_a_report_waits_for_the_head_and_counts_from_the_signature(town: Signing) -> None:
    report = town.report()
    assert town.state() == (TaskState.IN_PROGRESS, ReportState.SIGNING)
    assert not ProgressReport.objects.awaiting_review().exists()

    signed = sign_report(report, seen_sha256=report.current_sha256, actor=town.head, at=LATER)

    assert town.state() == (TaskState.UNDER_REVIEW, ReportState.SUBMITTED)
    assert (signed.submitted_at, signed.signed_at, signed.signed_by) == (LATER, LATER, town.head)
    assert Task.objects.get(pk=town.first.pk).last_reported_on == LATER.date()


def test_the_head_is_told_once_a_day_until_they_have_read_it(town: Signing) -> None:
    town.report()
    town.close(town.second, town.take())

    told = town.head.notices.get(kind="signing")
    assert (told.text, told.url) == (
        "【请签发】02-02 任务02-02，联络员已填好，签发后报区安委办。",
        "/signing/",
    )
    assert not Notice.objects.filter(kind="signing").exclude(recipient=town.head).exists()
    withdraw_report(town.first.reports.get(), actor=town.liaison, at=LATER)
    content = ReportContent(ReportKind.PROGRESS, "改好了。")
    submit_report(town.first, content, token="later", actor=town.liaison, at=LATER)
    assert town.head.notices.filter(kind="signing").count() == 2


def test_the_heads_own_report_needs_no_signature(town: Signing) -> None:
    town.report(town.head)

    assert town.state() == (TaskState.UNDER_REVIEW, ReportState.SUBMITTED)


def test_nobody_else_signs_and_nothing_is_signed_twice(town: Signing) -> None:
    report = town.report()
    for who in (town.liaison, town.stranger, town.office):
        with pytest.raises(NotAllowed):
            sign_report(report, seen_sha256=report.current_sha256, actor=who, at=LATER)

    sign_report(report, seen_sha256=report.current_sha256, actor=town.head, at=LATER)

    with pytest.raises(DomainError, match="不在等签发"):
        sign_report(report, seen_sha256=report.current_sha256, actor=town.head, at=LATER)


def test_a_signature_binds_to_what_was_seen(town: Signing) -> None:
    evidence = town.take()
    report = town.close(town.first, evidence)
    seen = report.current_sha256
    void_evidence(evidence, reason="传错了。", actor=town.liaison, at=NOW)

    with pytest.raises(StaleVersion):
        sign_report(report, seen_sha256=seen, actor=town.head, at=LATER)


def test_a_report_goes_back_with_a_word(town: Signing) -> None:
    report = town.report()
    with pytest.raises(DomainError, match="写一句改什么"):
        send_back_report(report, reason=" ", actor=town.head, at=LATER)

    send_back_report(report, reason="数字不对。", actor=town.head, at=LATER)

    assert town.state() == (TaskState.IN_PROGRESS, ReportState.WITHDRAWN)
    assert ProgressReport.objects.get().sent_back_for == "数字不对。"
    town.report(token="again")
    assert town.state() == (TaskState.IN_PROGRESS, ReportState.SIGNING)


def test_one_report_waits_at_a_time_and_can_be_taken_back(town: Signing) -> None:
    report = town.report()
    for who, token in ((town.liaison, "second"), (town.head, "third")):
        with pytest.raises(DomainError, match="等主要负责人签发"):
            town.report(who, token=token)

    withdraw_report(report, actor=town.liaison, at=NOW)

    assert town.state() == (TaskState.IN_PROGRESS, ReportState.WITHDRAWN)


def test_where_nobody_heads_the_unit_a_report_goes_straight_to_the_office(town: Signing) -> None:
    waiting = town.report()
    left = town.head.appointments.get()
    left.ends_on = TODAY - timedelta(days=1)
    save_with_history(left, actor=town.office, reason="调离", at=NOW)

    page = as_(town.liaison).get("/signing/").content.decode()
    assert "主要负责人空缺，没有人签发：到任务页撤回再报，直接报区安委办。" in page
    withdraw_report(waiting, actor=town.liaison, at=NOW)
    report = town.report(token="again")

    assert report.state == ReportState.SUBMITTED


def test_only_the_head_decides_how_the_unit_reports(town: Signing) -> None:
    with pytest.raises(NotAllowed, match="主要负责人定"):
        set_reporting_rule(town.zjj, head_signs=False, actor=town.liaison, at=NOW)

    set_reporting_rule(town.zjj, head_signs=False, actor=town.head, at=NOW)

    town.report()
    assert town.state() == (TaskState.UNDER_REVIEW, ReportState.SUBMITTED)
    reasons = town.zjj.reporting_rule.history.values_list("history_change_reason", flat=True)
    assert list(reasons) == ["进展不用签发，直接报送", "进展先由主要负责人签发"]
