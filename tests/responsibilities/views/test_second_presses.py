"""Old pages, back buttons and second presses: refused in words, and nothing done twice."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from organizations.enums import PostKind
from responsibilities.enums import ReportState, TaskState
from responsibilities.models import Coordination, Event, Extension, ProgressReport, Task
from tests.builders import dispatch, make_plan, make_row, make_unit, make_user
from tests.responsibilities.happenings import event_row

pytestmark = pytest.mark.django_db


class Loop:
    """One task of 区住建局, an event row of 区应急局, and everybody signed in."""

    def __init__(self) -> None:
        zjj, awb = make_unit("zjj", "区住建局"), make_unit("awb", "区安委办", order=1)
        self.people = {
            "liaison": make_user("liaison", (zjj, PostKind.LIAISON)),
            "head": make_user("head", (zjj, PostKind.HEAD)),
            "office": make_user("office", (awb, PostKind.OFFICE)),
            "leader": make_user("leader", (awb, PostKind.LEADER)),
        }
        plan = make_plan()
        row = make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 9, 20))
        self.event_row = event_row(plan, "02-03", zjj)
        dispatch(plan, row)
        self.sent = 0

    @property
    def task(self) -> Task:
        return Task.objects.get(obligation__code="02-02")

    def as_(self, who: str) -> Client:
        client = Client()
        client.force_login(self.people[who])
        return client

    def post(self, who: str, name: str, pk: int | None = None, **typed: object) -> tuple[int, str]:
        """Post as somebody and follow; returns the first status and the page that is shown."""
        url = reverse(f"responsibilities:{name}", args=[pk] if pk else [])
        answer = self.as_(who).post(url, typed, follow=True)
        first = answer.redirect_chain[0][1] if answer.redirect_chain else answer.status_code
        return first, answer.content.decode()

    def report(self, kind: str, **typed: str) -> ProgressReport:
        self.sent += 1
        said = {"token": f"page-{self.sent}", "kind": kind, "summary": f"第{self.sent}次。"}
        self.post("liaison", "task_report", self.task.pk, **said | typed)
        return ProgressReport.objects.order_by("-pk")[0]


@pytest.fixture
def loop() -> Loop:
    return Loop()


def test_an_old_review_page_decides_nothing_about_what_came_after_it(loop: Loop) -> None:
    closing = loop.report("closing", document_no="钦南住建〔2019〕8号")
    seen = closing.current_sha256
    loop.post("liaison", "report_withdraw", closing.pk)
    loop.report("progress")

    for decision in ("pass", "return"):
        status, page = loop.post(
            "office", "report_review", closing.pk, decision=decision, seen=seen, reason="请补。"
        )
        assert status == 422
        assert "这份进展已撤回，不用核验" in page
        assert "请补。" in page
    assert loop.task.state == TaskState.UNDER_REVIEW
    assert list(ProgressReport.objects.order_by("pk").values_list("state", flat=True)) == [
        ReportState.WITHDRAWN,
        ReportState.SUBMITTED,
    ]


def test_a_returned_report_wants_words_and_not_the_same_again(loop: Loop) -> None:
    first = loop.report("progress")
    sent = {"decision": "return", "seen": first.current_sha256, "reason": "请补时间。"}
    loop.post("office", "report_review", first.pk, **sent)

    _, page = loop.post("liaison", "task_unchanged", loop.task.pk, token="again")

    assert "退回补正的要写明补了什么，不能按“无变化”报" in page
    form = reverse("responsibilities:task_report", args=[loop.task.pk])
    shown = loop.as_("liaison").get(form).content.decode()
    assert "无变化，继续推进" not in shown
    assert "<b>退回补正</b>：请补时间。" in shown
    again = loop.report("progress")
    loop.post("liaison", "report_withdraw", again.pk)
    row = loop.as_("liaison").get(loop.task.get_absolute_url()).content.decode()
    assert "<b>退回补正</b>：请补时间。" in row
    assert loop.task.state == TaskState.RETURNED


def test_a_second_press_on_a_review_is_told_that_it_was_done(loop: Loop) -> None:
    first = loop.report("progress")
    typed = {"decision": "pass", "seen": first.current_sha256}
    assert loop.post("office", "report_review", first.pk, **typed)[0] == 302
    loop.report("closing", document_no="钦南住建〔2019〕8号")

    status, page = loop.post("office", "report_review", first.pk, **typed)

    assert status == 422
    assert "这份进展已通过，不用重复核验" in page
    assert loop.task.state == TaskState.UNDER_REVIEW


def test_the_second_of_two_reviewers_reads_what_the_first_decided(loop: Loop) -> None:
    first = loop.report("progress")
    typed = {"seen": first.current_sha256}
    loop.post("office", "report_review", first.pk, **typed, decision="return", reason="请补照片。")
    own = loop.as_("office").get(reverse("responsibilities:report_review", args=[first.pk]))

    _, lost = loop.post(
        "office", "report_review", first.pk, **typed, decision="pass", reason="行。"
    )

    for page in (own.content.decode(), lost):
        assert "这份进展已退回补正，不用重复核验，结论见“核验结论”。" in page
        said = page.partition("<h2>核验结论</h2>")[2].partition("</section>")[0]
        assert "退回补正</span> office · 今天" in " ".join(said.split())
        assert "请补照片。" in said
    assert "行。" in lost


def test_a_report_that_waits_for_its_head_is_not_the_offices_yet(loop: Loop) -> None:
    loop.post(
        "head", "signing_rule", loop.people["head"].appointments.get().post.unit_id, head_signs="on"
    )
    waiting = loop.report("progress")
    assert waiting.state == ReportState.SIGNING

    page = loop.as_("office").get(reverse("responsibilities:report_review", args=[waiting.pk]))

    assert "还在等本单位主要负责人签发" in page.content.decode()
    typed = {"decision": "pass", "seen": waiting.current_sha256}
    status, said = loop.post("office", "report_review", waiting.pk, **typed)
    assert status == 422
    assert "还在等本单位主要负责人签发" in said


def test_more_time_is_asked_for_once_and_decided_once(loop: Loop) -> None:
    ask = {"asked_due_on": "2019-10-20", "reason": "招标流标。"}
    assert loop.post("liaison", "task_extension", loop.task.pk, **ask)[0] == 422
    assert loop.post("head", "task_extension", loop.task.pk, **ask)[0] == 302
    status, page = loop.post("head", "task_extension", loop.task.pk, **ask)
    assert (status, Extension.objects.count()) == (422, 1)
    assert "已有一份延期申请在等待审批" in page

    asked = Extension.objects.get()
    grant = {"grant": "1", "granted_due_on": "2019-10-10", "note": ""}
    assert loop.post("office", "extension_decide", asked.pk, **grant)[0] == 302
    later = grant | {"granted_due_on": "2019-12-31"}
    status, page = loop.post("office", "extension_decide", asked.pk, **later)
    assert status == 422
    assert "已经批过" in page
    assert loop.task.due_on == date(2019, 10, 10)
    for far in ("9999-12-31", "2019-10-10", "0001-01-01", "2019-02-30"):
        ask["asked_due_on"] = far
        assert loop.post("head", "task_extension", loop.task.pk, **ask)[0] == 422, far


def test_a_matter_rises_once_and_is_decided_once(loop: Loop) -> None:
    for status in (302, 422):
        typed = {"matter": "用地未落实。", "proposal": ""}
        assert loop.post("office", "task_coordination", loop.task.pk, **typed)[0] == status
    matter = Coordination.objects.get()
    decide = {"decision": "由区自然资源局月底前办。", "basis": ""}
    assert loop.post("leader", "coordination_detail", matter.pk, **decide)[0] == 302

    status, page = loop.post("leader", "coordination_detail", matter.pk, decision="改主意了。")
    assert status == 422
    assert "已决定，不能再办" in page
    _, page = loop.post("office", "coordination_withdraw", matter.pk, reason="不用了。")
    assert "已决定，不能再办" in page
    assert Coordination.objects.get().decision == "由区自然资源局月底前办。"


def test_an_event_is_registered_once_and_taken_back_once(loop: Loop) -> None:
    key = loop.event_row.pk
    typed = {
        "kind": "accident",
        "title": "9·12 某工地坍塌事故",
        "happened_on": "2019-09-12",
        "document_no": "快报〔2019〕1号",
        f"row-{key}": "on",
        f"due-{key}": "2019-10-12",
    }
    for status in (302, 422):
        assert loop.post("office", "event_add", **typed)[0] == status
    event = Event.objects.get()
    done = event.tasks.get()
    for _ in range(2):
        _, page = loop.post("office", "event_void", event.pk, reason="登记错了。")
    assert "已经撤销，不用重复办理" in page
    done.refresh_from_db()
    assert done.state == TaskState.VOID
    for name in ("task_receive", "task_unchanged"):
        _, page = loop.post("liaison", name, done.pk)
        assert "已撤销" in page
    assert not ProgressReport.objects.exists()
