"""A closed task whose proof does not stand is opened again by the office, with its reason."""

from datetime import timedelta

import pytest
from django.urls import reverse

from notices.models import Notice
from organizations.enums import PostKind
from responsibilities.enums import LampKind, TaskState
from responsibilities.models import Obligation, ProgressReport, Task
from responsibilities.pages.timeline import obligation_acts
from responsibilities.services.evidence import void_evidence
from tests.builders import (
    NOW,
    TODAY,
    as_,
    make_inspected_row,
    make_plan,
    make_unit,
    make_user,
    rights,
)
from tests.responsibilities.town import Town

pytestmark = pytest.mark.django_db
REASON = "验收报告是别的项目的，请补本项目的。"


def page_of(task: Task) -> str:
    return reverse("responsibilities:task_reopen", args=[task.pk])


def sent(task: Task, reason: str = REASON, **more: int) -> dict[str, str | int]:
    return {"version": task.version, "reason": reason} | more


@pytest.fixture
def town() -> Town:
    """区住建局 closed its first task, due on the 20th, with one file that it then gave up."""
    town = Town()
    file = town.take()
    report = town.close(town.first, file)
    town.review(report, report.current_sha256)
    void_evidence(file, reason="传错了。", actor=town.liaison, at=NOW)
    town.first.refresh_from_db()
    return town


def test_from_the_checkup_to_the_unit_and_back_to_the_office(town: Town) -> None:
    office, task = as_(town.office), town.first
    assert page_of(task) in office.get("/checkup/").content.decode()
    assert page_of(task) in office.get(task.get_absolute_url()).content.decode()
    shown = office.get(page_of(task)).content.decode()
    assert "已作废" in shown
    assert "到期日不变，已过到期日的当即亮“逾期”" in shown

    answer = office.post(page_of(task), sent(task), follow=True)

    assert "02-02 已重新打开，并告诉了责任单位。" in answer.content.decode()
    assert "重开 1 次" in answer.content.decode()
    task.refresh_from_db()
    assert (task.state, task.closed_on, task.reopened) == (TaskState.IN_PROGRESS, None, 1)
    assert task.lamp_on(TODAY).text == "剩 2 天"
    assert task.lamp_on(TODAY + timedelta(days=3)).kind == LampKind.OVERDUE
    row = Obligation.objects.get(pk=task.obligation_id)
    assert (row.open_count, row.open_due_on) == (1, task.due_on)
    (notice,) = Notice.objects.filter(kind="reopen")
    assert notice.recipient == town.liaison
    assert notice.text == "【重新打开】02-02 重新打开：验收报告是别的项目的，请补本项目的。"
    act = obligation_acts(row, rights(town.liaison))[0]
    assert (act.actor, act.reason) == ("office", f"重新打开：{REASON}")
    assert "办理状态由“已办结”改为“办理中”" in act.lines[0]
    assert page_of(task) not in office.get("/checkup/").content.decode()

    unit = as_(town.liaison)
    assert f"<b>重新打开</b>：{REASON}" in unit.get(task.get_absolute_url()).content.decode()
    url = reverse("responsibilities:task_report", args=[task.pk])
    words = {
        "token": "again",
        "kind": "closing",
        "summary": "已补。",
        "document_no": "验〔2019〕3号",
    }
    assert unit.post(url, words).status_code == 302
    assert "<b>重新打开</b>" not in unit.get(task.get_absolute_url()).content.decode()
    assert ProgressReport.objects.filter(task=task).proving().count() == 0


def test_a_second_press_a_stale_page_and_silence_are_refused_in_words(town: Town) -> None:
    office, task = as_(town.office), town.first
    silent = office.post(page_of(task), sent(task, " "))
    assert silent.status_code == 422
    assert "重新打开要写明理由" in silent.content.decode()
    stale = office.post(page_of(task), sent(task, version=task.version - 1))
    assert stale.status_code == 422
    assert "刚刚被别人改过" in stale.content.decode()
    assert REASON in stale.content.decode()
    form = stale.context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert typed == {"version": str(task.version), "reason": REASON}

    office.post(page_of(task), typed)
    twice = office.post(page_of(task), typed)

    assert twice.status_code == 422
    assert "现在是“办理中”，没有办结，不用重新打开" in twice.content.decode()
    assert "没有办结，不用重新打开" in office.get(page_of(task)).content.decode()
    assert Task.objects.get(pk=task.pk).reopened == 1
    assert Notice.objects.filter(kind="reopen").count() == 1


@pytest.mark.parametrize("who", ["liaison", "stranger"])
def test_only_the_office_opens_again(town: Town, who: str) -> None:
    answer = as_(getattr(town, who)).post(page_of(town.first), sent(town.first))

    assert answer.status_code == 403
    assert "重新打开" not in as_(town.liaison).get(town.first.get_absolute_url()).content.decode()
    assert Task.objects.get(pk=town.first.pk).state == TaskState.CLOSED


def test_work_closed_by_inspections_is_opened_where_they_are_voided() -> None:
    unit = make_unit("zjj", "区住建局")
    office = make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))
    make_inspected_row(make_plan(), unit)
    task = Task.objects.order_by("period").first()

    answer = as_(office).post(page_of(task), sent(task))

    assert answer.status_code == 422
    assert "到季度检查里作废那份记录" in answer.content.decode()
