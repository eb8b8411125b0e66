"""Changing one row: who may, what is refused, what is asked, and two people at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from organizations.enums import PostKind
from organizations.models import AliasMember, Unit, UnitAlias, User
from responsibilities.enums import (
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    ObligationState,
    TaskState,
)
from responsibilities.models import Obligation, Task
from responsibilities.services.breakdown import Wording, revise_obligation
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
URL = "/tasks/sample/02-02/"
PAGES = ["edit", "units", "deadline", "split", "merge", "void", "sources"]


@pytest.fixture
def units() -> dict[str, Unit]:
    return {
        "awb": make_unit("awb", "区安委办", order=1),
        "zjj": make_unit("zjj", "区住建局", order=11),
        "jtj": make_unit("jtj", "区交通局", order=12),
    }


@pytest.fixture
def office(units: dict[str, Unit]) -> User:
    return make_user("office", (units["awb"], PostKind.OFFICE), name="陆科员")


@pytest.fixture
def row(units: dict[str, Unit]) -> Obligation:
    return make_row(make_plan(), "02-02", leads=[units["zjj"]], due_on=date(2019, 10, 8))


@pytest.fixture
def desk(client: Client, office: User) -> Client:
    client.force_login(office)
    return client


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


def alias_of(*units: Unit, phrase: str = "各有关部门") -> UnitAlias:
    alias = UnitAlias(phrase=phrase, note="测试认定")
    alias._change_reason = "测试"
    alias.save()
    for unit in units:
        member = AliasMember(alias=alias, unit=unit)
        member._change_reason = "测试"
        member.save()
    return alias


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
        pytest.param({"title": "新", "reason": ""}, "请写明变更理由。", id="没有理由"),
        pytest.param({"title": ""}, "请写明重点任务。", id="没有标题"),
        pytest.param({}, "内容没有改动，不用保存", id="没有改动"),
        pytest.param(
            {"title": "长" * 61}, "重点任务不能超过 60 个字，现在有 61 个字。", id="标题太长"
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
    assert "请写明变更理由。" in response.content.decode()


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


def test_a_stale_form_of_units_compares_names(
    desk: Client, row: Obligation, units: dict[str, Unit], office: User
) -> None:
    revise_obligation(
        row, Wording("新题"), version=row.version, actor=office, at=NOW, reason="改题"
    )

    response = desk.post(
        f"{URL}units/",
        {
            "version": row.version,
            "mode": "joint",
            f"unit_{units['jtj'].pk}": "lead",
            "reason": "换牵头",
        },
    )

    assert response.status_code == 409
    assert "区交通局" in response.content.decode().split("不一样的地方")[1].split("</table>")[0]


def test_units_by_phrase_keep_the_phrase_and_own_choices_come_first(
    desk: Client, row: Obligation, units: dict[str, Unit]
) -> None:
    nyj = make_unit("nyj", "区农业局", order=13)
    alias = alias_of(units["zjj"], units["jtj"], nyj)

    desk.post(
        f"{URL}units/",
        {
            "version": row.version,
            "mode": "joint",
            f"unit_{units['zjj'].pk}": "lead",
            "extra_phrase": alias.pk,
            "extra_role": "assist",
            "reason": "按称谓列入",
        },
    )

    held = {a.unit.code: (a.role, a.alias) for a in row.assignments.select_related("unit", "alias")}
    assert held == {
        "zjj": ("lead", None),
        "jtj": ("assist", alias),
        "nyj": ("assist", alias),
    }
    page = desk.get(f"{URL}units/").content.decode()
    assert f'name="phrase_{alias.pk}" value="assist" id="id_phrase_{alias.pk}_2" checked' in page


def test_one_unit_can_be_left_out_of_a_phrase(
    desk: Client, row: Obligation, units: dict[str, Unit]
) -> None:
    nyj = make_unit("nyj", "区农业局", order=13)
    alias = alias_of(units["jtj"], nyj)
    data = {
        "version": row.version,
        "mode": "separate",
        f"unit_{units['zjj'].pk}": "lead",
        "extra_phrase": alias.pk,
        "extra_role": "lead",
        "reason": "列入",
    }
    desk.post(f"{URL}units/", data)
    row.refresh_from_db()

    response = desk.post(
        f"{URL}units/",
        {
            "version": row.version,
            "mode": "separate",
            f"unit_{units['zjj'].pk}": "lead",
            f"phrase_{alias.pk}": "lead",
            f"unit_{nyj.pk}": "out",
            "reason": "农业局除外",
        },
    )

    assert response.status_code == 302
    assert {a.unit.code for a in row.assignments.select_related("unit")} == {"zjj", "jtj"}


def test_joint_work_with_two_leads_is_refused_in_a_sentence(
    desk: Client, row: Obligation, units: dict[str, Unit]
) -> None:
    response = desk.post(
        f"{URL}units/",
        {
            "version": row.version,
            "mode": "joint",
            f"unit_{units['zjj'].pk}": "lead",
            f"unit_{units['jtj'].pk}": "lead",
            "reason": "两家",
        },
    )

    assert response.status_code == 422
    assert "只能有一个牵头单位" in response.content.decode()


def test_a_phrase_without_a_role_is_asked_about(desk: Client, row: Obligation) -> None:
    alias = alias_of(row.assignments.get().unit)

    response = desk.post(
        f"{URL}units/",
        {"version": row.version, "mode": "joint", "extra_phrase": alias.pk, "reason": "加"},
    )

    assert response.status_code == 422
    assert "请选定这个称谓是牵头、配合还是督办。" in response.content.decode()


def test_a_new_date_moves_open_tasks_after_a_warning(desk: Client, row: Obligation) -> None:
    dispatch(row.plan, row)
    row.refresh_from_db()
    assert "1 件未办结的办理件会跟着变" in desk.get(f"{URL}deadline/").content.decode()

    desk.post(f"{URL}deadline/", deadline(row, due_on="2019-12-20"))

    row.refresh_from_db()
    assert row.due_on == date(2019, 12, 20)
    assert Task.objects.get().due_on == date(2019, 12, 20)


def test_a_periodic_deadline_lays_out_its_periods(desk: Client, row: Obligation) -> None:
    dispatch(row.plan, row)
    row.refresh_from_db()

    desk.post(
        f"{URL}deadline/",
        deadline(row, deadline_kind="periodic", due_on="", frequency="quarterly"),
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
        ({"deadline_kind": "continuous"}, "才填写到期日"),
        ({"due_on": "明年"}, "请按 2020-12-31 的样式填写日期。"),
        ({"due_on": "2019-12-20", "decision_basis": ""}, "请写明时限的依据"),
        ({"due_on": "2019-12-20", "times_per_period": "0"}, "每期次数至少为 1。"),
    ],
)
def test_a_deadline_that_does_not_hold_together_is_refused(
    desk: Client, row: Obligation, changes: dict[str, str], sentence: str
) -> None:
    response = desk.post(f"{URL}deadline/", deadline(row, **changes))

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_changing_only_the_basis_keeps_the_interval_of_the_text(
    desk: Client, units: dict[str, Unit]
) -> None:
    row = make_row(make_plan(), "02-02", leads=[units["zjj"]], frequency=Frequency.YEARLY)

    desk.post(f"{URL}deadline/", deadline(row, decision_basis="会议纪要〔2019〕3号"))

    row.refresh_from_db()
    assert (row.frequency, row.decision_basis) == (Frequency.YEARLY, "会议纪要〔2019〕3号")


def test_splitting_leads_to_the_new_row(desk: Client, row: Obligation) -> None:
    response = desk.post(
        f"{URL}split/", {"version": row.version, "title": "平台运行维护", "reason": "两件事"}
    )

    assert response.headers["Location"] == "/tasks/sample/02-02b/"
    part = Obligation.objects.get(code="02-02b")
    assert part.title == "平台运行维护"
    assert [a.unit.code for a in part.assignments.select_related("unit")] == ["zjj"]


def test_a_dispatched_row_is_not_split(desk: Client, row: Obligation) -> None:
    dispatch(row.plan, row)

    response = desk.get(f"{URL}split/", follow=True)

    assert "已下发，不能拆分" in response.content.decode()


def test_merging_offers_drafts_only_and_moves_the_sentence(
    desk: Client, row: Obligation, units: dict[str, Unit]
) -> None:
    other = make_row(row.plan, "02-03", leads=[units["jtj"]], title="通报情况")
    assert "02-03 通报情况" in desk.get(f"{URL}merge/").content.decode()

    desk.post(f"{URL}merge/", {"version": row.version, "other": other.pk, "reason": "同一件事"})

    other.refresh_from_db()
    assert other.state == ObligationState.VOID
    assert {s.provision.code for s in row.sources.select_related("provision")} == {
        "02-02",
        "02-03",
    }


def test_voiding_asks_for_the_code_and_tells_the_consequences(
    desk: Client, row: Obligation
) -> None:
    dispatch(row.plan, row)
    row.refresh_from_db()
    page = desk.get(f"{URL}void/").content.decode()
    assert "1 件未办结的办理件一并撤销" in page
    assert "02-02 句没有别的任务承接" in page

    wrong = desk.post(
        f"{URL}void/", {"version": row.version, "code": "02-03", "reason": "不再需要"}
    )
    assert wrong.status_code == 422
    assert "编号不对，请输入 02-02。" in wrong.content.decode()

    desk.post(f"{URL}void/", {"version": row.version, "code": "02-02", "reason": "不再需要"})
    row.refresh_from_db()
    assert row.state == ObligationState.VOID
    assert "任务已撤销" in desk.get(URL).content.decode()


def test_a_void_row_cannot_be_changed_any_more(desk: Client, row: Obligation) -> None:
    desk.post(f"{URL}void/", {"version": row.version, "code": "02-02", "reason": "不再需要"})

    response = desk.post(f"{URL}edit/", wording(row, title="再改"), follow=True)

    assert "02-02 已撤销，不能再改。" in response.content.decode()
    assert Obligation.objects.get().title == row.title


def test_a_part_of_a_sentence_joins_and_leaves_with_a_reason(desk: Client, row: Obligation) -> None:
    part = "明确责任人"
    data = {"version": row.version, "sentence": "03-01", "part": part, "reason": "同一平台"}
    assert desk.post(f"{URL}sources/", data).status_code == 302
    joined = row.sources.select_related("provision").get(provision__code="03-01")
    assert joined.text == part

    address = f"{URL}sources/{joined.pk}/remove/"
    assert "撤下后回到“未定”" in desk.get(address).content.decode()
    assert desk.post(address, {"version": row.version}).status_code == 422
    assert desk.post(address, {"version": row.version, "reason": "另立"}).status_code == 302
    assert row.sources.count() == 1


@pytest.mark.parametrize(
    ("sentence", "part", "refusal"),
    [
        ("09-09", "", "本方案没有编号为“09-09”的句子"),
        ("03-01", "没有的话", "03-01 句中没有这段文字"),
        ("02-02", "", "不用再次并入"),
    ],
)
def test_a_sentence_that_cannot_join_is_refused(
    desk: Client, row: Obligation, sentence: str, part: str, refusal: str
) -> None:
    response = desk.post(
        f"{URL}sources/",
        {"version": row.version, "sentence": sentence, "part": part, "reason": "并入"},
    )

    assert response.status_code == 422
    assert refusal in response.content.decode()


def test_a_source_of_another_row_is_not_found(
    desk: Client, row: Obligation, units: dict[str, Unit]
) -> None:
    other = make_row(row.plan, "02-03", leads=[units["jtj"]])

    assert desk.get(f"{URL}sources/{other.sources.get().pk}/remove/").status_code == 404


def test_the_form_of_units_costs_the_same_for_two_units_and_for_twenty(
    desk: Client, units: dict[str, Unit], django_assert_max_num_queries
) -> None:
    plan = make_plan()
    few = make_row(plan, "02-02", leads=[units["zjj"]])
    many = [make_unit(f"u{n}", f"单位{n}", order=50 + n) for n in range(20)]
    make_row(plan, "02-03", leads=many, mode=FulfilmentMode.SEPARATE)
    desk.get(f"{URL}units/")  # 第一次请求还要写会话
    counts = []
    for code in (few.code, "02-03"):
        with django_assert_max_num_queries(13) as queries:
            desk.get(f"/tasks/sample/{code}/units/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
