"""A unit that assists may say a word on joint work; the lead and the office read it."""

from datetime import date

import pytest
from django.urls import reverse

from notices.models import Notice
from organizations.enums import PostKind
from organizations.models import User
from responsibilities.enums import FulfilmentMode, ReportKind, ReviewDecision
from responsibilities.models import Obligation, ProgressReport, Remark, Task
from responsibilities.pages.timeline import obligation_acts
from responsibilities.services.breakdown import void_obligation
from responsibilities.services.progress import ReportContent, review_report, submit_report
from tests.builders import NOW, as_, dispatch, make_plan, make_row, make_unit, make_user, rights

pytestmark = pytest.mark.django_db
WORDS = "已派 2 人参加联合检查,检查表附后。"
People = dict[str, User]


@pytest.fixture
def people() -> People:
    units = {
        "lead": make_unit("zjj", "区住建局", order=11),
        "helper": make_unit("jtj", "区交通局", order=12),
        "helper2": make_unit("xfj", "区消防局", order=13),
        "stranger": make_unit("nyj", "区农业局", order=14),
    }
    office = make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))
    plan = make_plan()
    helpers = [units["helper"], units["helper2"]]
    joint = make_row(
        plan, "02-02", leads=[units["lead"]], assists=helpers, due_on=date(2019, 12, 31)
    )
    dispatch(plan, joint)
    found = {name: make_user(name, (unit, PostKind.LIAISON)) for name, unit in units.items()}
    return found | {"office": office}


def row() -> Obligation:
    return Obligation.objects.with_plan().get(code="02-02")


def path() -> str:
    return reverse("responsibilities:remark_add", args=["sample", "02-02"])


def say(who: User, words: str = WORDS, mark: str = "page-1") -> str:
    answer = as_(who).post(path(), {"words": words, "token": mark}, follow=True)
    return str(answer.status_code) + answer.content.decode()


def test_the_helper_says_it_in_one_short_form_and_is_asked_for_no_report(people: People) -> None:
    helper = as_(people["helper"])
    page = helper.get(row().get_absolute_url()).content.decode()
    assert path() in page
    assert "报进展" not in page.split("<main")[1].split("修改记录")[0]

    shown = say(people["helper"])

    assert "已派 2 人参加联合检查，检查表附后。" in shown
    assert not ProgressReport.objects.exists()


def test_lead_office_and_reviewer_read_it_and_another_helper_does_not(people: People) -> None:
    say(people["helper"])
    task = Task.objects.get()
    content = ReportContent(kind=ReportKind.PROGRESS, summary="推进中。")
    report = submit_report(task, content, token="a", actor=people["lead"], at=NOW)
    review = reverse("responsibilities:report_review", args=[report.pk])
    own = reverse("responsibilities:task_report", args=[task.pk])

    for who, page in (
        ("lead", row().get_absolute_url()),
        ("lead", own),
        ("office", row().get_absolute_url()),
        ("office", review),
    ):
        assert "已派 2 人参加联合检查" in as_(people[who]).get(page).content.decode(), (who, page)
    for who, reads in (("lead", 1), ("helper", 1), ("office", 1), ("helper2", 0), ("stranger", 0)):
        assert Remark.objects.visible_to(rights(people[who])).count() == reads, who
        told = [act for act in obligation_acts(row(), rights(people[who])) if WORDS in act.reason]
        assert len(told) == reads, who
    assert "已派 2 人" not in as_(people["helper2"]).get(row().get_absolute_url()).content.decode()


def test_its_unit_takes_a_remark_back_and_the_history_keeps_the_words(people: People) -> None:
    say(people["helper"])
    remark, page = Remark.objects.get(), row().get_absolute_url()
    back = reverse("responsibilities:remark_withdraw", args=[remark.pk])
    for who in ("lead", "helper2", "stranger", "office"):
        assert back not in as_(people[who]).get(page).content.decode()
        assert as_(people[who]).post(back).status_code == 404
    assert back in as_(people["helper"]).get(page).content.decode()

    shown = as_(people["helper"]).post(back, follow=True).content.decode()

    assert "已撤回这条配合说明，修改记录里仍看得到。" in shown
    for who in ("helper", "lead"):
        now = as_(people[who]).get(page).content.decode().split("修改记录</h2>")[0]
        assert "已撤回" in now
        assert "已派 2 人" not in now
    newest = obligation_acts(row(), rights(people["lead"]))[0]
    assert (newest.actor, newest.reason) == ("helper", "撤回配合说明")
    assert newest.lines == ("配合说明 区交通局：标为“已撤回”",)
    texts = list(Notice.objects.filter(kind="remark").order_by("pk").values_list("text", flat=True))
    assert texts[1:] == ["【配合说明】02-02 区交通局：撤回了一条配合说明"]
    again = as_(people["helper"]).post(back, follow=True).content.decode()
    assert "已经撤回，不用重复办理" in again


def test_the_leads_liaison_is_told_once_and_a_second_press_says_nothing(people: People) -> None:
    for _ in range(2):
        say(people["helper"])

    (notice,) = Notice.objects.filter(kind="remark")
    assert notice.recipient == people["lead"]
    assert notice.text == "【配合说明】02-02 区交通局：已派 2 人参加联合检查,检查表附后。"
    assert notice.url == row().get_absolute_url()
    assert Remark.objects.count() == 1


def test_separate_work_has_nobody_to_sum_up_and_rings_no_bell(people: People) -> None:
    separate = make_row(
        row().plan,
        "02-03",
        leads=[held.unit for held in row().assignments.filter(role="lead")]
        + [make_unit("gxj", "区工信局", order=15)],
        assists=[people["helper"].appointments.get().post.unit],
        mode=FulfilmentMode.SEPARATE,
        due_on=date(2019, 12, 31),
    )
    dispatch(row().plan, separate)
    sent = {"words": WORDS, "token": "a"}

    as_(people["helper"]).post(path().replace("02-02", "02-03"), sent)

    assert Remark.objects.get().obligation == separate
    assert not Notice.objects.filter(kind="remark").exists()


@pytest.mark.parametrize("who", ["stranger", "office"])
def test_whoever_neither_leads_nor_assists_finds_nothing(people: People, who: str) -> None:
    assert as_(people[who]).get(path()).status_code == 404
    assert say(people[who]).startswith("404")


def test_the_lead_is_sent_to_its_own_form(people: People) -> None:
    assert "本单位牵头，直接报进展" in as_(people["lead"]).get(path()).content.decode()
    assert "本单位牵头，直接报进展" in say(people["lead"])
    assert not Remark.objects.exists()


def test_nothing_said_is_told_so(people: People) -> None:
    assert say(people["helper"], " ").startswith("422")


def test_closed_and_void_work_refuses_with_a_sentence_and_keeps_the_words(people: People) -> None:
    task = Task.objects.get()
    closing = ReportContent(kind=ReportKind.CLOSING, summary="办结。", document_no="1号")
    report = submit_report(task, closing, token="a", actor=people["lead"], at=NOW)
    review_report(
        report,
        ReviewDecision.PASS,
        seen_sha256=report.content_sha256,
        actor=people["office"],
        at=NOW,
    )
    shown = say(people["helper"])
    assert shown.startswith("422")
    assert "02-02 已办结，不能再写配合说明" in shown
    assert WORDS in shown
    assert path() not in as_(people["helper"]).get(row().get_absolute_url()).content.decode()

    void_obligation(row(), actor=people["office"], at=NOW, reason="重复")
    assert "02-02 已撤销" in say(people["helper"])
    assert "02-02 已撤销" in as_(people["helper"]).get(path()).content.decode()
    assert not Remark.objects.exists()
