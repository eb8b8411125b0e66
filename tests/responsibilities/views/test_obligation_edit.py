"""Changing words and deadline of a row: who may, what is refused, and two people at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from organizations.enums import PostKind
from organizations.models import Unit, User
from responsibilities.enums import (
    DeadlineKind,
    Frequency,
    TaskState,
)
from responsibilities.models import Obligation, Task
from responsibilities.services.breakdown import Wording, revise_obligation
from tests.builders import NOW, dispatch, make_plan, make_row, make_user

pytestmark = pytest.mark.django_db
URL = "/tasks/sample/02-02/"
MINUTES = "会议纪要〔2019〕3号"
PAGES = ["edit", "units", "deadline", "fulfilment", "split", "merge", "void", "sources"]


def wording(row: Obligation, **changes: Any) -> dict[str, Any]:
    return {
        "version": row.version,
        "title": row.title,
        "measure": row.measure,
        "expected_result": row.expected_result,
        "note": row.note,
        "reason": "统一口径",
        **changes,
    }


def deadline(row: Obligation, **changes: Any) -> dict[str, Any]:
    return {
        "version": row.version,
        "deadline_kind": row.deadline_kind,
        "due_on": row.due_on or "",
        "frequency": row.frequency,
        "times_per_period": row.times_per_period,
        "decision_basis": row.decision_basis,
        "reason": "会议决定",
        **changes,
    }


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("kind", "status"), [("office", 200), ("leader", 403), ("auditor", 403)])
def test_only_the_office_opens_the_forms(
    client: Client, units: dict[str, Unit], row: Obligation, page: str, kind: str, status: int
) -> None:
    client.force_login(make_user("somebody", (units["awb"], PostKind(kind))))

    assert client.get(f"{URL}{page}/").status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_a_unit_can_neither_open_nor_send_a_form(
    client: Client, units: dict[str, Unit], row: Obligation, page: str
) -> None:
    client.force_login(make_user("liaison", (units["zjj"], PostKind.LIAISON)))

    assert client.get(f"{URL}{page}/").status_code == 403
    assert client.post(f"{URL}{page}/", wording(row, title="改掉")).status_code == 403
    assert Obligation.objects.get().title == row.title


def test_new_words_are_saved_with_actor_and_reason(desk: Client, row: Obligation) -> None:
    response = desk.post(f"{URL}edit/", wording(row, title="建立信息平台", note="二期另行安排"))

    assert response.headers["Location"] == URL
    row.refresh_from_db()
    assert (row.title, row.note) == ("建立信息平台", "二期另行安排")
    last = row.history.first()
    assert (last.history_user.full_name, last.history_change_reason) == ("陆科员", "统一口径")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"title": "新", "reason": ""}, "请写明理由。", id="没有理由"),
        pytest.param({"title": ""}, "请写明重点任务。", id="没有标题"),
        pytest.param({}, "内容没有改动，不用保存", id="没有改动"),
        pytest.param(
            {"title": "长" * 61}, "“重点任务”不能超过 60 个字，现在有 61 个字。", id="标题太长"
        ),
    ],
)
def test_refused_words_come_back_with_what_was_typed(
    desk: Client, row: Obligation, changes: dict[str, str], sentence: str
) -> None:
    response = desk.post(
        f"{URL}edit/", wording(row, measure="另写的措施。", **changes) if changes else wording(row)
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert not changes or "另写的措施。" in page
    assert Obligation.objects.get().version == row.version


@pytest.mark.parametrize("page", ["edit", "units", "deadline", "split", "merge", "void"])
def test_every_form_asks_for_a_reason(desk: Client, row: Obligation, page: str) -> None:
    response = desk.post(f"{URL}{page}/", {"version": row.version, "title": "题", "code": "02-02"})

    assert response.status_code == 422
    assert "请写明理由。" in response.content.decode()


def test_two_people_at_once_see_both_texts_and_lose_nothing(
    desk: Client, row: Obligation, units: dict[str, Unit]
) -> None:
    other = make_user("other", (units["awb"], PostKind.OFFICE), name="韦科员")
    later = NOW + timedelta(minutes=5)
    revise_obligation(
        row, Wording("别人改的题"), version=row.version, actor=other, at=later, reason="抢先"
    )

    mine = wording(row, title="我改的题")
    response = desk.post(f"{URL}edit/", mine)

    assert response.status_code == 409
    page = response.content.decode()
    assert "韦科员" in page
    assert "抢先" in page
    assert "别人改的题" in page
    assert page.count("我改的题") == 2  # 对照表里一次,表单里一次
    assert Obligation.objects.get().title == "别人改的题"

    again = desk.post(f"{URL}edit/", {**mine, "version": row.version + 1})
    assert again.status_code == 302
    assert Obligation.objects.get().title == "我改的题"


def test_a_field_that_was_not_touched_keeps_what_the_other_person_wrote(
    desk: Client, row: Obligation, office: User
) -> None:
    revise_obligation(
        row,
        Wording("别人改的题", row.measure, row.expected_result),
        version=row.version,
        actor=office,
        at=NOW + timedelta(minutes=5),
        reason="抢先",
    )

    page = desk.post(f"{URL}edit/", wording(row, measure="我写的措施。")).content.decode()

    assert 'value="别人改的题"' in page
    assert row.title not in page.split("不一样的地方")[1].split("</table>")[0]


def test_a_new_date_moves_open_tasks_after_a_warning(desk: Client, row: Obligation) -> None:
    dispatch(row.plan, row)
    row.refresh_from_db()
    assert "1 件未办结的办理件会跟着变" in desk.get(f"{URL}deadline/").content.decode()

    desk.post(f"{URL}deadline/", deadline(row, due_on="2019-12-20", decision_basis=MINUTES))

    row.refresh_from_db()
    assert row.due_on == date(2019, 12, 20)
    assert Task.objects.get().due_on == date(2019, 12, 20)


def test_a_periodic_deadline_lays_out_its_periods(desk: Client, row: Obligation) -> None:
    dispatch(row.plan, row)
    row.refresh_from_db()

    desk.post(
        f"{URL}deadline/",
        deadline(
            row,
            deadline_kind="periodic",
            due_on="",
            frequency="quarterly",
            decision_basis=MINUTES,
        ),
    )

    row.refresh_from_db()
    assert (row.deadline_kind, row.frequency) == (DeadlineKind.PERIODIC, Frequency.QUARTERLY)
    states = dict(Task.objects.values_list("period", "state"))
    assert states == {
        "": TaskState.VOID,
        "2019Q3": TaskState.AWAITING_RECEIPT,
        "2019Q4": TaskState.AWAITING_RECEIPT,
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"due_on": ""}, "固定日期或年"),
        ({"deadline_kind": "periodic", "due_on": ""}, "周期任务要选定"),
        ({"due_on": "明年"}, "请按 2020-12-31 的样式填写日期。"),
        ({"due_on": "2019-12-20", "decision_basis": ""}, "请写明时限的依据"),
        ({"due_on": "2019-12-20", "times_per_period": "0"}, "每期次数至少为 1。"),
        ({"due_on": "2019-12-20"}, "依据还是原来的“测试依据”，请写明这次是谁定的、凭什么"),
        (
            {"due_on": "2019-12-20", "decision_basis": "条文原文"},
            "02-02 的条文没有写明 2019-12-20 这个日期",
        ),
    ],
)
def test_a_deadline_that_does_not_hold_together_is_refused(
    desk: Client, row: Obligation, changes: dict[str, str], sentence: str
) -> None:
    response = desk.post(f"{URL}deadline/", deadline(row, **changes))

    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "会议决定" in page


def test_changing_only_the_basis_keeps_the_interval_of_the_text(
    desk: Client, units: dict[str, Unit]
) -> None:
    row = make_row(make_plan(), "02-02", leads=[units["zjj"]], frequency=Frequency.YEARLY)

    desk.post(f"{URL}deadline/", deadline(row, decision_basis="会议纪要〔2019〕3号"))

    row.refresh_from_db()
    assert (row.frequency, row.decision_basis) == (Frequency.YEARLY, "会议纪要〔2019〕3号")


def test_a_date_that_does_not_belong_to_the_kind_is_left_out(desk: Client, row: Obligation) -> None:
    desk.post(f"{URL}deadline/", deadline(row, deadline_kind="continuous", decision_basis=MINUTES))

    row.refresh_from_db()
    assert (row.deadline_kind, row.due_on) == (DeadlineKind.CONTINUOUS, None)


def test_the_office_decides_what_closes_a_row_and_says_why(
    desk: Client, units: dict[str, Unit]
) -> None:
    row = make_row(make_plan(), "02-02", leads=[units["zjj"]], frequency=Frequency.QUARTERLY)
    page = desk.get(f"{URL}fulfilment/").content.decode()
    assert "带队检查办结：主要负责人带队检查并确认" in page
    typed = {"version": row.version, "fulfilled_by": "inspection", "reason": "按条文（四）"}

    assert desk.post(f"{URL}fulfilment/", typed | {"reason": ""}).status_code == 422
    assert desk.post(f"{URL}fulfilment/", typed).status_code == 302
    late = typed | {"fulfilled_by": "report"}
    assert desk.post(f"{URL}fulfilment/", late).status_code == 409

    last = Obligation.history.filter(code="02-02").latest()
    assert (last.fulfilled_by, last.history_change_reason) == ("inspection", "按条文（四）")
    told = desk.get(f"{URL}history/").content.decode()
    assert "办结方式由“报进展办结”改为“带队检查办结”" in told
    assert "按条文（四）" in told
    # 由带队检查办结的按季度计，时限不能改成别的。
    yearly = {"deadline_kind": "periodic", "frequency": "yearly", "times_per_period": "1"}
    row.refresh_from_db()
    answer = desk.post(f"{URL}deadline/", deadline(row, **yearly))
    assert answer.status_code == 422
    assert "02-02 由带队检查办结，按季度计；要改时限，先改办结方式。" in answer.content.decode()


def test_inspections_close_only_what_is_owed_each_quarter(desk: Client, row: Obligation) -> None:
    typed = {"version": row.version, "fulfilled_by": "inspection", "reason": "按条文（四）"}

    answer = desk.post(f"{URL}fulfilment/", typed)

    assert answer.status_code == 422
    assert "先把时限定为周期、每季度" in answer.content.decode()
