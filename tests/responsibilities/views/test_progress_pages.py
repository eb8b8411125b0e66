"""The loop in the browser's terms: what each person is shown and told."""

from datetime import date

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.models import User
from responsibilities.enums import Frequency, ReportKind, TaskState
from responsibilities.models import ProgressReport, Task
from responsibilities.services.assigning import change_lead
from responsibilities.services.progress import ReportContent, submit_report
from tests.builders import NOW, TODAY, as_, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    zjj, jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    office = make_unit("awb", "区安委办", order=1)
    return {
        "liaison": make_user("liaison", (zjj, PostKind.LIAISON), name="李科员"),
        "head": make_user("head", (zjj, PostKind.HEAD)),
        "stranger": make_user("stranger", (jtj, PostKind.LIAISON)),
        "office": make_user("office", (office, PostKind.OFFICE)),
        "leader": make_user("leader", (office, PostKind.LEADER)),
    }


@pytest.fixture
def task(people: dict[str, User]) -> Task:
    plan = make_plan()
    unit = people["liaison"].appointments.get().post.unit
    dispatch(plan, make_row(plan, "02-02", leads=[unit], due_on=date(2019, 9, 20)))
    return Task.objects.get()


def url(name: str, pk: int) -> str:
    return reverse(f"responsibilities:{name}", args=[pk])


def report(client: Client, task: Task, **fields: str):
    typed = {"token": "page-1", "kind": "progress", "summary": "已起草初稿。"} | fields
    return client.post(url("task_report", task.pk), typed)


def test_a_period_that_has_not_begun_takes_no_report(people: dict[str, User]) -> None:
    plan = make_plan()
    unit = people["liaison"].appointments.get().post.unit
    dispatch(plan, make_row(plan, "02-02", leads=[unit], frequency=Frequency.QUARTERLY))
    now, coming = Task.objects.order_by("period")  # 2019Q3 and 2019Q4
    client, sentence = as_(people["liaison"]), "2019年第四季度还没有开始，2019年10月1日起报"

    assert sentence in client.get(url("task_report", coming.pk)).content.decode()
    early = report(client, coming)
    assert early.status_code == 422
    assert sentence in early.content.decode()
    assert "已起草初稿。" in early.content.decode()
    pressed = client.post(url("task_unchanged", coming.pk), {"token": "x"}, follow=True)
    assert sentence in pressed.content.decode()
    assert not ProgressReport.objects.exists()
    assert report(client, now).status_code == 302


def test_from_receipt_to_closing(task: Task, people: dict[str, User]) -> None:
    liaison, office = as_(people["liaison"]), as_(people["office"])

    liaison.post(url("task_receive", task.pk))
    report(liaison, task, kind="closing", document_no="钦南住建〔2019〕8号")
    waiting = ProgressReport.objects.get()
    assert "已起草初稿。" in office.get(reverse("responsibilities:review_queue")).content.decode()
    office.post(
        url("report_review", waiting.pk), {"seen": waiting.content_sha256, "decision": "pass"}
    )

    task.refresh_from_db()
    assert task.state == TaskState.CLOSED


def test_more_time_is_offered_only_while_it_can_be_asked_for(
    task: Task, people: dict[str, User]
) -> None:
    head, page = as_(people["head"]), url("task_extension", task.pk)
    offer = f'href="{page}"'
    assert offer in head.get(task.get_absolute_url()).content.decode()
    asked = {"asked_due_on": "2020-01-31", "reason": "施工队缺人。"}
    head.post(page, asked)
    assert "已报区安委办，等待审批" in head.get(page).content.decode()

    QuerySet(Task).filter(pk=task.pk).update(due_on=date(2019, 9, 1))

    assert offer not in head.get(task.get_absolute_url()).content.decode()
    late = head.post(page, asked)
    assert "已过到期日，撤回后不能再申请。" in head.get(page).content.decode()
    head.post(url("extension_withdraw", task.extensions.get().pk))
    assert "延期要在到期前提出" in head.get(page).content.decode()
    assert late.status_code == 422
    assert "施工队缺人。" in late.content.decode()


@pytest.mark.parametrize("who", ["stranger", "office", "leader"])
@pytest.mark.parametrize("name", ["task_report", "task_extension"])
def test_another_units_task_is_not_there(
    task: Task, people: dict[str, User], who: str, name: str
) -> None:
    assert as_(people[who]).get(url(name, task.pk)).status_code == 404


def test_a_missing_number_is_named_and_the_words_stay(task: Task, people: dict[str, User]) -> None:
    page = report(as_(people["liaison"]), task, kind="closing", summary="全部完成,请予办结。")

    assert page.status_code == 422
    assert '<a href="#id_document_no">申请办结要有佐证' in page.content.decode()
    assert "全部完成,请予办结。" in page.content.decode()


def test_last_words_are_already_there(task: Task, people: dict[str, User]) -> None:
    liaison = as_(people["liaison"])
    report(liaison, task, summary="护栏完成 11.2 公里。")
    waiting = ProgressReport.objects.get()
    as_(people["office"]).post(
        url("report_review", waiting.pk), {"seen": waiting.content_sha256, "decision": "pass"}
    )

    assert "护栏完成 11.2 公里。" in liaison.get(url("task_report", task.pk)).content.decode()


def test_what_waits_for_review_offers_no_form_but_keeps_words_typed_before(
    task: Task, people: dict[str, User]
) -> None:
    liaison = as_(people["liaison"])
    report(liaison, task)

    page = liaison.get(url("task_report", task.pk)).content.decode()
    late = report(liaison, task, token="page-2", summary="在另一页写好的长文字。")

    assert "要改，先到任务页撤回" in page
    assert "<textarea" not in page
    assert late.status_code == 422
    assert "现在已经是“待核验”" in late.content.decode()
    assert "在另一页写好的长文字。" in late.content.decode()


def test_no_change_is_one_press_and_a_double_press_is_one_report(
    task: Task, people: dict[str, User]
) -> None:
    liaison = as_(people["liaison"])

    for _ in range(2):
        liaison.post(url("task_unchanged", task.pk), {"token": "same-page"})

    assert ProgressReport.objects.get().is_unchanged


def test_a_return_without_a_reason_stays_on_the_page(task: Task, people: dict[str, User]) -> None:
    report(as_(people["liaison"]), task)
    waiting = ProgressReport.objects.get()

    page = as_(people["office"]).post(
        url("report_review", waiting.pk), {"seen": waiting.content_sha256, "decision": "return"}
    )

    assert page.status_code == 422
    assert "退回补正要写明理由" in page.content.decode()


def test_a_stale_review_is_refused_in_words(task: Task, people: dict[str, User]) -> None:
    report(as_(people["liaison"]), task)
    waiting = ProgressReport.objects.get()

    page = as_(people["office"]).post(
        url("report_review", waiting.pk), {"seen": "0" * 64, "decision": "pass"}
    )

    assert "在您打开之后有变动" in page.content.decode()
    assert ProgressReport.objects.awaiting_review().exists()


def test_after_a_decision_comes_the_report_behind_it_not_the_one_put_off(
    task: Task, people: dict[str, User]
) -> None:
    office, plan = as_(people["office"]), task.obligation.plan
    later = [
        make_row(plan, code, leads=[task.unit], due_on=date(2019, 9, 20))
        for code in ("02-01", "02-03")
    ]
    dispatch(plan, *later)
    put_off, second, third = (
        submit_report(
            each,
            ReportContent(ReportKind.PROGRESS, "推进中。"),
            token=f"t{each.pk}",
            actor=people["liaison"],
            at=NOW,
        )
        for each in Task.objects.order_by("pk")
    )
    page = office.get(url("report_review", put_off.pk)).content.decode()
    assert f'href="{url("report_review", second.pk)}" data-key="j"' in page

    def passes(report: ProgressReport) -> str:
        seen = {"seen": report.content_sha256, "decision": "pass"}
        return office.post(url("report_review", report.pk), seen).url

    assert passes(second) == url("report_review", third.pk)
    assert passes(third) == url("report_review", put_off.pk)
    assert passes(put_off) == reverse("responsibilities:review_queue")


def test_who_writes_while_the_lead_changes_is_told_who_has_it_and_keeps_the_words(
    task: Task, people: dict[str, User]
) -> None:
    liaison, jtj = as_(people["liaison"]), people["stranger"].appointments.get().post.unit
    change_lead(task.obligation, jtj, actor=people["office"], at=NOW, today=TODAY, reason="纪要3期")
    sentence = "02-02 现由区交通局牵头，区住建局不用再办。"

    sent = report(liaison, task, summary="正在写的话。")

    page = sent.content.decode()
    assert sent.status_code == 422
    assert sentence in page
    assert "正在写的话。" in page
    assert "无变化，继续推进" not in page
    again = liaison.get(url("task_report", task.pk)).content.decode()
    assert sentence in again
    assert "您写的草稿" in again
    assert "正在写的话。" in again
    received = liaison.post(url("task_receive", task.pk), {"next": "/"}, follow=True)
    assert sentence in received.content.decode()


def test_only_the_head_asks_for_more_time(task: Task, people: dict[str, User]) -> None:
    asked = {"asked_due_on": "2019-10-20", "reason": "雨季停工"}

    page = as_(people["liaison"]).post(url("task_extension", task.pk), asked)
    assert "延期要由本单位主要负责人提出" in page.content.decode()
    as_(people["head"]).post(url("task_extension", task.pk), asked)

    extension = task.extensions.get()
    decide = reverse("responsibilities:extension_decide", args=[extension.pk])
    as_(people["office"]).post(decide, {"grant": "1", "granted_due_on": "2019-10-10"})
    task.refresh_from_db()
    assert task.due_on == date(2019, 10, 10)


def test_a_request_for_more_time_is_shown_taken_back_and_decided_with_what_it_rests_on(
    task: Task, people: dict[str, User]
) -> None:
    head, office = as_(people["head"]), as_(people["office"])
    page = url("task_extension", task.pk)
    report(as_(people["liaison"]), task, problems="雨季停工。")
    head.post(page, {"asked_due_on": "2019-10-20", "reason": "雨季停工"})
    first = task.extensions.get()

    assert "等待审批" in head.get(page).content.decode()
    assert "撤回申请" not in as_(people["liaison"]).get(page).content.decode()
    told = head.post(url("extension_withdraw", first.pk), follow=True).content.decode()
    assert "延期申请已撤回" in told
    assert "9月20日 申请延至 10月20日 · 已撤回" in told
    head.post(page, {"asked_due_on": "2019-10-25", "reason": "雨季停工"})
    second = task.extensions.get(state="requested")
    decide = office.get(url("extension_decide", second.pk)).content.decode()
    assert "第 2 次申请" in decide
    assert "雨季停工。" in decide
    review = office.get(url("report_review", ProgressReport.objects.get().pk)).content.decode()
    assert "申请延至 10月25日，还没有批" in review
    assert url("extension_decide", second.pk) in review
    granted = {"grant": "1", "granted_due_on": "2019-10-22"}
    answered = office.post(url("extension_decide", second.pk), granted, follow=True)
    assert "已同意延期，责任单位随即收到提醒。" in answered.content.decode()
    assert (
        "同意延至 <b>10月22日</b>"
        in office.get(url("extension_decide", second.pk)).content.decode()
    )
    assert "申请延至 10月25日 · 同意延至 10月22日" in head.get(page).content.decode()


def test_a_decision_on_more_time_shows_the_date_that_was_moved_meanwhile(
    task: Task, people: dict[str, User]
) -> None:
    asked = {"asked_due_on": "2019-10-20", "reason": "雨季停工"}
    as_(people["head"]).post(url("task_extension", task.pk), asked)
    task.refresh_from_db()
    task.redate(date(2019, 9, 30))
    save_with_history(task, actor=people["office"], reason="改时限", at=NOW)

    page = as_(people["office"]).get(url("extension_decide", task.extensions.get().pk))

    shown = page.content.decode()
    assert "<dt>申请时到期日</dt><dd>9月20日</dd>" in shown
    assert "<dt>现到期日</dt><dd>9月30日（申请以后改过时限）</dd>" in shown


def test_units_do_not_open_the_offices_queue(people: dict[str, User]) -> None:
    assert as_(people["liaison"]).get(reverse("responsibilities:review_queue")).status_code == 403


def test_the_row_offers_its_own_unit_what_it_can_do_now(
    task: Task, people: dict[str, User]
) -> None:
    liaison, row = as_(people["liaison"]), task.get_absolute_url()

    assert "签收</button>" in liaison.get(row).content.decode()
    report(liaison, task)
    page = liaison.get(row).content.decode()
    assert "撤回</button>" in page
    assert "等区安委办核验" in page
    assert "本单位要办" not in as_(people["office"]).get(row).content.decode()


def test_a_returned_report_says_why_on_the_row(task: Task, people: dict[str, User]) -> None:
    liaison = as_(people["liaison"])
    report(liaison, task)
    waiting = ProgressReport.objects.get()
    as_(people["office"]).post(
        url("report_review", waiting.pk),
        {"seen": waiting.content_sha256, "decision": "return", "reason": "缺桩号，请补。"},
    )

    page = liaison.get(task.get_absolute_url()).content.decode()

    assert "缺桩号，请补。" in page


def test_asking_for_an_earlier_day_is_refused_in_words(task: Task, people: dict[str, User]) -> None:
    asked = {"asked_due_on": "2019-09-19", "reason": "提前一天。"}

    page = as_(people["head"]).post(url("task_extension", task.pk), asked)

    assert page.status_code == 422
    assert "申请的新日期要晚于现在的到期日。" in page.content.decode()
    assert "提前一天。" in page.content.decode()
