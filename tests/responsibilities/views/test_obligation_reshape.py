"""Splitting, merging and voiding a row, and the sentences it comes from."""

import pytest
from django.test import Client

from organizations.models import Unit
from responsibilities.enums import (
    ObligationState,
)
from responsibilities.models import Obligation
from tests.builders import dispatch, make_row

pytestmark = pytest.mark.django_db
URL = "/tasks/sample/02-02/"


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

    response = desk.post(f"{URL}edit/", {"version": row.version, "title": "再改"}, follow=True)

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
