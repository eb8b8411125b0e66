"""From the unit's words to the leader's page and back."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from organizations.enums import PostKind
from organizations.models import User
from responsibilities.enums import ReportKind, ReviewDecision
from responsibilities.models import Coordination, ProgressReport, Task
from responsibilities.services.progress import ReportContent, review_report, submit_report
from tests.builders import NOW, as_, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
LIST = "responsibilities:coordination_list"


@pytest.fixture
def people() -> dict[str, User]:
    zjj, awb = make_unit("zjj", "区住建局"), make_unit("awb", "区安委办", order=1)
    return {
        "liaison": make_user("liaison", (zjj, PostKind.LIAISON)),
        "stranger": make_user("stranger", (make_unit("jtj", "区交通局"), PostKind.LIAISON)),
        "office": make_user("office", (awb, PostKind.OFFICE)),
        "leader": make_user("leader", (awb, PostKind.LEADER)),
    }


@pytest.fixture
def task(people: dict[str, User]) -> Task:
    plan = make_plan()
    unit = people["liaison"].appointments.get().post.unit
    dispatch(plan, make_row(plan, "02-02", leads=[unit], due_on=date(2019, 9, 20)))
    task = Task.objects.get()
    said = ReportContent(ReportKind.PROGRESS, "已选址。", coordination="用地指标要国土分局调剂。")
    submit_report(task, said, token="t", actor=people["liaison"], at=NOW)
    return task


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def passed(report: ProgressReport, people: dict[str, User]) -> None:
    seen, office = report.current_sha256, people["office"]
    review_report(report, ReviewDecision.PASS, seen_sha256=seen, actor=office, at=NOW)


def test_the_whole_way_from_the_units_words_to_the_decision(
    task: Task, people: dict[str, User]
) -> None:
    office, leader, liaison = (as_(people[who]) for who in ("office", "leader", "liaison"))
    raise_url = reverse("responsibilities:task_coordination", args=[task.pk])

    assert "用地指标要国土分局调剂。" in text(office, reverse(LIST))
    assert "用地指标要国土分局调剂。" in text(office, raise_url)
    office.post(raise_url, {"matter": "用地指标要国土分局调剂。", "proposal": "召集一次专题会。"})
    home = text(leader, reverse("home"))
    assert "需要区领导协调" in home
    assert "召集一次专题会。" in home

    item = Coordination.objects.get()
    leader.post(item.get_absolute_url(), {"decision": "国土分局 10 月底前调剂到位。"})

    assert "需要区领导协调" not in text(leader, reverse("home"))
    assert "国土分局 10 月底前调剂到位。" in text(liaison, task.get_absolute_url())


def test_a_decision_without_words_keeps_the_page_and_says_so(
    task: Task, people: dict[str, User]
) -> None:
    office, leader = as_(people["office"]), as_(people["leader"])
    office.post(reverse("responsibilities:task_coordination", args=[task.pk]), {"matter": "用地。"})

    page = leader.post(Coordination.objects.get().get_absolute_url(), {"basis": "9月18日批示"})

    assert page.status_code == 422
    assert "请写明决定" in page.content.decode()
    assert "9月18日批示" in page.content.decode()


def test_a_matter_of_a_task_that_was_closed_meanwhile_says_so(
    task: Task, people: dict[str, User]
) -> None:
    office, leader = as_(people["office"]), as_(people["leader"])
    matter = {"matter": "用地。"}
    office.post(reverse("responsibilities:task_coordination", args=[task.pk]), matter)
    item = Coordination.objects.get()
    before = text(leader, reverse(LIST)), text(leader, item.get_absolute_url())

    passed(task.reports.get(), people)
    done = ReportContent(ReportKind.CLOSING, "平台已建成。", document_no="文号〔2019〕1号")
    passed(submit_report(task, done, token="c", actor=people["liaison"], at=NOW), people)

    assert not any("任务已" in page for page in before)
    assert "任务已办结" in text(leader, reverse(LIST))
    assert "任务已经办结；不用再协调的" in text(leader, item.get_absolute_url())


def test_another_unit_does_not_find_it(task: Task, people: dict[str, User]) -> None:
    as_(people["office"]).post(
        reverse("responsibilities:task_coordination", args=[task.pk]), {"matter": "用地。"}
    )
    stranger, path = as_(people["stranger"]), Coordination.objects.get().get_absolute_url()

    assert stranger.get(path).status_code == 404
    assert "用地。" not in text(stranger, reverse(LIST))
