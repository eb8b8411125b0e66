"""A confirmation binds to exactly what was shown, and the quarter's task follows it."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from common.clock import morning_of
from common.errors import DomainError, NotAllowed, StaleVersion, TransitionNotAllowed
from common.tracked import save_with_history
from inspections.enums import InspectionState, LeaderKind
from inspections.models import Inspection
from inspections.services.confirming import decline_inspection
from inspections.services.recording import (
    edit_inspection,
    prepare_inspection,
    submit_inspection,
    void_inspection,
)
from inspections.services.settling import settle_open_tasks
from notices.models import Notice
from organizations.services.people import end_appointment, get_system_user
from responsibilities.enums import ReportKind, ReportState, TaskState
from responsibilities.models import Obligation, ProgressReport
from responsibilities.services.fulfilment import reopen_task
from responsibilities.services.progress import ReportContent, submit_report
from tests.builders import NOW, make_content
from tests.inspections.worlds import Department


def edit(department: Department, inspection: Inspection, *, at=NOW, version=None, **changed):
    content = replace(inspection.content(), **changed)
    return edit_inspection(
        inspection,
        content,
        version=version or inspection.version,
        actor=department.people["liaison"],
        at=at,
    )


def test_the_head_confirms_and_the_quarter_is_fulfilled(department: Department) -> None:
    confirmed = department.confirm(department.sent())

    task = department.task()
    assert (confirmed.state, confirmed.quarter) == (InspectionState.CONFIRMED, "2019Q3")
    assert confirmed.confirmed_sha256 == confirmed.content().sha256
    assert confirmed.confirmed_post.unit == department.unit
    assert (
        confirmed.declaration == "本人于2019年9月12日带队检查建筑施工安全生产工作，以上记录属实。"
    )
    assert (task.state, task.closed_on, task.is_late) == (
        TaskState.CLOSED,
        date(2019, 9, 18),
        False,
    )
    assert Obligation.objects.get(pk=task.obligation_id).open_due_on == date(2019, 3, 31)


def test_a_confirmation_after_the_quarter_stays_late(department: Department) -> None:
    department.confirmed(date(2019, 3, 28), date(2019, 4, 2))

    assert department.task("2019Q1").is_late
    assert department.task("2019Q2").state == TaskState.AWAITING_RECEIPT


def test_nobody_but_the_head_confirms(department: Department) -> None:
    sent = department.sent()

    for who in ("liaison", "stranger", "office"):
        with pytest.raises(NotAllowed):
            department.confirm(sent, actor=department.people[who])


def test_content_that_was_not_shown_is_not_confirmed(department: Department) -> None:
    sent = department.sent()
    shown = sent.content_sha256
    edited = edit(department, sent, places="另一处工地")

    with pytest.raises(StaleVersion):
        department.confirm(sent, seen_sha256=shown)
    assert department.confirm(edited).confirmed_sha256 != shown


def test_a_changed_finding_is_changed_content(department: Department) -> None:
    sent = department.sent()
    findings = (replace(sent.content().findings[0], problem="临边防护缺失 6 米"),)

    assert edit(department, sent, findings=findings).content_sha256 != sent.content_sha256
    with pytest.raises(StaleVersion):
        department.confirm(sent, seen_sha256=sent.content_sha256)


def test_without_the_declaration_nothing_is_confirmed(department: Department) -> None:
    with pytest.raises(DomainError, match="勾选声明"):
        department.confirm(department.sent(), declared=False)


def test_a_draft_and_a_confirmed_record_cannot_be_confirmed(department: Department) -> None:
    draft = department.draft()
    confirmed = department.confirm(department.sent())

    for record in (draft, confirmed):
        with pytest.raises(TransitionNotAllowed):
            department.confirm(record)


def test_who_did_not_head_the_unit_that_day_cannot_say_they_led(department: Department) -> None:
    sent = department.sent(make_content(date(2018, 12, 20), findings=()))

    with pytest.raises(DomainError, match="12月20日您还没有担任"):
        department.confirm(sent)


def test_who_heads_the_unit_no_longer_cannot_confirm(department: Department) -> None:
    sent = department.sent()
    held = department.people["head"].appointments.get()
    end_appointment(
        held, last_day=date(2019, 9, 15), actor=get_system_user(), at=NOW, reason="调离"
    )

    with pytest.raises(NotAllowed):
        department.confirm(sent)


def test_a_later_change_needs_a_new_confirmation(department: Department) -> None:
    confirmed = department.confirm(department.sent())

    edited = edit(department, confirmed, checked="另查了消防设施。")

    task = department.task()
    assert edited.state == InspectionState.AWAITING
    assert (edited.confirmed_by, edited.confirmed_at, edited.confirmed_sha256) == (None, None, "")
    assert (task.state, task.closed_on, task.closed_by) == (TaskState.IN_PROGRESS, None, None)
    again = department.confirm(edited, at=morning_of(date(2019, 10, 8)))
    assert again.state == InspectionState.CONFIRMED
    assert department.task().is_late


def test_the_same_words_again_keep_the_confirmation(department: Department) -> None:
    confirmed = department.confirm(department.sent())

    assert edit(department, confirmed).state == InspectionState.CONFIRMED
    assert department.task().state == TaskState.CLOSED


def test_an_edit_of_what_somebody_else_changed_is_refused(department: Department) -> None:
    sent = department.sent()
    edit(department, sent, places="另一处")

    with pytest.raises(StaleVersion):
        edit(department, sent, version=sent.version, places="又一处")


def test_moving_the_day_moves_the_quarter(department: Department) -> None:
    confirmed = department.confirm(department.sent())

    edit(department, confirmed, inspected_on=date(2019, 6, 28), findings=())
    department.confirm(Inspection.objects.get())

    assert department.task("2019Q3").state == TaskState.IN_PROGRESS
    assert department.task("2019Q2").is_late


def test_an_inspection_led_by_a_deputy_is_kept_and_not_counted(department: Department) -> None:
    content = make_content(leader_kind=LeaderKind.DEPUTY, leader_name="韦副局长")
    recorded = department.sent(content)

    assert recorded.state == InspectionState.RECORDED
    assert not recorded.counts
    assert department.task().state == TaskState.AWAITING_RECEIPT
    with pytest.raises(TransitionNotAllowed):
        department.confirm(recorded)


def test_the_head_can_say_that_another_led(department: Department) -> None:
    sent = department.sent()

    declined = decline_inspection(
        sent,
        seen_sha256=sent.content_sha256,
        led_by="韦副局长",
        actor=department.people["head"],
        at=NOW,
    )

    assert (declined.state, declined.leader_kind, declined.leader_name) == (
        InspectionState.RECORDED,
        LeaderKind.DEPUTY,
        "韦副局长",
    )
    assert declined.content_sha256 == declined.content().sha256
    assert department.task().state == TaskState.AWAITING_RECEIPT


def test_the_head_sends_back_what_is_not_so_with_a_reason(department: Department) -> None:
    sent = department.sent()
    refuse = {"seen_sha256": sent.content_sha256, "led_by": "", "actor": department.people["head"]}

    with pytest.raises(DomainError, match="写明哪里不符"):
        decline_inspection(sent, **refuse, at=NOW)
    returned = decline_inspection(sent, **refuse, reason="只去了两处。", at=NOW)

    assert (returned.state, returned.answer) == (InspectionState.RETURNED, "只去了两处。")
    edited = edit(department, returned, places="沙埠镇施工点")
    assert edited.state == InspectionState.RETURNED
    liaison = department.people["liaison"]
    assert (
        submit_inspection(edited, version=edited.version, actor=liaison, at=NOW).state
        == InspectionState.AWAITING
    )


def test_voiding_opens_the_quarter_again_unless_another_record_counts(
    department: Department,
) -> None:
    first = department.confirmed(date(2019, 7, 10), date(2019, 7, 11))
    second = department.confirmed(date(2019, 8, 20), date(2019, 8, 21))
    office = department.people["office"]

    void_inspection(first, version=first.version, actor=office, at=NOW, reason="抽查不实")
    assert department.task().closed_on == date(2019, 8, 21)
    void_inspection(second, version=second.version, actor=office, at=NOW, reason="抽查不实")
    assert department.task().state == TaskState.IN_PROGRESS

    kept = Inspection.objects.get(pk=first.pk)
    assert (kept.state, kept.answer) == (InspectionState.VOID, "抽查不实")
    assert kept.confirmed_by == department.people["head"]


def test_what_a_head_confirmed_is_not_the_liaisons_alone_to_void(department: Department) -> None:
    confirmed = department.confirmed(date(2019, 7, 10), date(2019, 7, 11))
    liaison = department.people["liaison"]
    client = Client()
    client.force_login(liaison)
    page = client.get(f"/inspections/{confirmed.pk}/void/", follow=True).content.decode()
    assert "要由主要负责人或区安委办作废" in page
    changed = edit(department, confirmed, places="沙埠镇施工点")
    with pytest.raises(NotAllowed, match="要由主要负责人或区安委办作废"):
        void_inspection(changed, version=changed.version, actor=liaison, at=NOW, reason="错")
    head = department.people["head"]
    void_inspection(changed, version=changed.version, actor=head, at=NOW, reason="重复")
    draft = department.draft()
    void_inspection(draft, version=draft.version, actor=liaison, at=NOW, reason="填错")
    assert not Inspection.objects.live().exists()


def test_a_record_changed_to_be_led_by_the_head_tells_the_head(department: Department) -> None:
    kept = department.sent(make_content(leader_kind=LeaderKind.DEPUTY))
    assert not Notice.objects.filter(kind="inspection-confirm").exists()

    changed = edit(department, kept, leader_kind=LeaderKind.HEAD)

    assert changed.state == InspectionState.AWAITING
    assert Notice.objects.get(kind="inspection-confirm").recipient == department.people["head"]


def test_a_report_that_waits_is_settled_by_the_confirmation(department: Department) -> None:
    task = department.task()
    report = ProgressReport(
        task=task,
        kind=ReportKind.PROGRESS,
        summary="旧的进展",
        author=department.people["liaison"],
        submitted_at=NOW,
        submit_token="old",
        content_sha256="0" * 64,
    )
    save_with_history(report, actor=report.author, reason="办结方式改动前的进展", at=NOW)

    department.confirm(department.sent())

    assert ProgressReport.objects.get().state == ReportState.WITHDRAWN
    assert department.task().state == TaskState.CLOSED


def test_no_report_fulfils_the_inspection(department: Department) -> None:
    words = ReportContent(kind=ReportKind.PROGRESS, summary="已检查。")

    with pytest.raises(DomainError, match="带队检查"):
        submit_report(
            department.task(), words, token="t", actor=department.people["liaison"], at=NOW
        )


def test_a_task_laid_out_after_the_confirmation_is_settled_by_the_nightly_run(
    department: Department,
) -> None:
    confirmed = department.confirm(department.sent())
    reopen_task(department.task(), actor=get_system_user(), at=NOW, reason="测试")

    assert settle_open_tasks(actor=get_system_user(), at=NOW) == 1
    assert settle_open_tasks(actor=get_system_user(), at=NOW) == 0
    assert department.task().closed_on == confirmed.confirmed_on


def test_what_cannot_be_is_refused_in_words(department: Department) -> None:
    for content, words in (
        (make_content(date(2019, 9, 19)), "不能晚于今天"),
        (make_content(places=" \n "), "被检查单位和地点要填写"),
        (
            make_content(
                date(2019, 9, 17),
                findings=(replace(make_content().findings[0], due_on=date(2019, 9, 16)),),
            ),
            "不能早于检查日期",
        ),
        (make_content(findings=(replace(make_content().findings[0], due_on=None),)), "整改期限"),
    ):
        with pytest.raises(DomainError, match=words):
            department.draft(content)
    assert not Inspection.objects.exists()


def test_the_same_page_sent_twice_is_one_record(department: Department) -> None:
    liaison = department.people["liaison"]
    sent = [
        prepare_inspection(department.unit, make_content(), token="p", actor=liaison, at=NOW)
        for _ in range(2)
    ]

    assert sent[0] == sent[1]
    assert Inspection.objects.count() == 1
