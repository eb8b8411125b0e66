"""The workbench: the office decides each sentence; nothing typed is lost, no change overlooked."""

import re
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clauses.enums import Disposition
from responsibilities.models import Obligation
from responsibilities.services.sentences import sentence_stamp
from tests.builders import make_row, sentence
from tests.responsibilities.views.plan_worlds import World, make_world, read, sentence_class, words
from tests.standing import built_once

pytestmark = pytest.mark.django_db


whole = built_once(lambda: make_world(is_settled=False, is_dispatched=False))


@pytest.fixture
def world(db: None, whole: World) -> World:
    return deepcopy(whole)


@pytest.fixture
def office(client: Client, world: World) -> Client:
    client.force_login(world.office)
    return client


def page(code: str, act: str = "detail") -> str:
    return reverse(f"responsibilities:provision_{act}", args=["sample", code])


def post(client: Client, world: World, code: str, act: str, **typed: str) -> Any:
    typed.setdefault("seen", sentence_stamp(sentence(world.plan, code)))
    return client.post(page(code, act), typed)


def make(client: Client, world: World, code: str, **typed: str) -> Any:
    typed = {
        "title": "通报安全情况",
        "mode": "joint",
        "deadline_kind": "undecided",
        "frequency": "",
    } | typed
    return post(client, world, code, "make", **typed)


def test_others_than_the_office_are_told_whose_page_it_is(client: Client, world: World) -> None:
    client.force_login(world.head)

    for address in (reverse("responsibilities:plan_breakdown", args=["sample"]), page("02-03")):
        response = client.get(address)
        assert response.status_code == 403
        assert "这一页由区安委办使用" in response.content.decode()
    assert make(client, world, "02-03").status_code == 403


def test_an_open_sentence_of_the_plan_leads_the_office_here(client: Client, world: World) -> None:
    html = read(client, world)

    assert sentence_class(html, "02-03") == "open"
    assert page("02-03") in html
    assert "未定2句" in words(html)


def test_the_first_undecided_sentence_is_one_press_away(office: Client) -> None:
    html = office.get(reverse("responsibilities:plan_breakdown", args=["sample"])).content.decode()

    assert "还有 2 句未定" in html
    assert "下一处未定 00-01" in html
    assert "前言" in html


def test_the_next_undecided_sentence_lies_after_the_one_at_hand(office: Client) -> None:
    assert "下一处未定 02-03" in office.get(page("00-01")).content.decode()
    assert "下一处未定 00-01" in office.get(page("02-03")).content.decode()


def test_a_clause_is_chosen_by_its_number(office: Client) -> None:
    address = reverse("responsibilities:plan_breakdown", args=["sample"])

    html = office.get(f"{address}?clause=3").content.decode()

    assert 'id="s03-01"' in html
    assert 'id="s02-01"' not in html
    assert office.get(f"{address}?clause=abc").status_code == 200


def test_what_the_text_says_is_offered_and_nothing_else(office: Client) -> None:
    html = office.get(page("02-03")).content.decode()

    assert re.search(r'name="frequency_text" value="定期"', html)
    assert re.search(r'<option value="periodic-unspecified" selected>', html)
    assert re.search(r'name="due_on"(?! value)', html)
    assert re.search(r'<option value="undecided" selected>', html)


def test_a_row_is_made_with_its_units_and_leads_back_to_the_sentence(
    office: Client, world: World
) -> None:
    response = make(
        office,
        world,
        "02-03",
        leads="区甲局、区乙局",
        mode="separate",
        frequency="periodic-unspecified",
        frequency_text="定期",
    )

    assert response.status_code == 302
    row = Obligation.objects.get(code="02-03")
    assert [item.unit.code for item in row.assignments.all()] == ["jia", "yi"]
    assert row.frequency == "periodic-unspecified"
    assert sentence(world.plan, "02-03").disposition == Disposition.OBLIGATION
    assert (
        "已立项：02-03 通报安全情况。" in office.get(response.headers["Location"]).content.decode()
    )


def test_a_part_copied_from_the_page_is_found_in_the_raw_text(office: Client, world: World) -> None:
    part = "各镇（场、街道）要制定实施方案"

    make(office, world, "03-01", selected=part, title="制定实施方案")

    row = Obligation.objects.get(code="03-01b")
    assert row.sources.get().text == "各镇(场、街道)要制定实施方案"


@pytest.mark.parametrize(
    ("typed", "sentence_said"),
    [
        ({"title": ""}, "请写明重点任务。"),
        ({"selected": "不在句里"}, "所选文字不在这一句里"),
        ({"leads": "区丁局"}, "没有找到单位“区丁局”"),
        ({"leads": "区甲局、区乙局"}, "只能有一个牵头单位"),
        ({"bearers": "区应急局"}, "“区应急局”不在本条原文里"),
        ({"deadline_kind": "fixed"}, "要填写到期日"),
        ({"deadline_kind": "periodic", "frequency": "monthly"}, "请写明时限的依据"),
    ],
)
def test_a_refused_row_keeps_what_was_typed(
    office: Client, world: World, typed: dict[str, str], sentence_said: str
) -> None:
    response = make(office, world, "02-03", measure="每月通报一次。", **typed)

    html = response.content.decode()
    assert response.status_code == 422
    assert sentence_said in html
    assert "每月通报一次。" in html
    assert not Obligation.objects.filter(code="02-03").exists()


def test_the_text_is_no_basis_for_a_date_that_it_does_not_give(
    office: Client, world: World
) -> None:
    typed = {"deadline_kind": "fixed", "due_on": "2020-12-31", "basis": "条文原文"}

    response = make(office, world, "02-03", title="按会议定的通报", **typed)

    assert response.status_code == 422
    html = response.content.decode()
    assert "的条文没有写明 2020-12-31 这个日期，请写明这次是谁定的、凭什么" in html
    for kept in ("按会议定的通报", "2020-12-31", "条文原文"):
        assert f'value="{kept}"' in html
    assert not Obligation.objects.filter(title="按会议定的通报").exists()


def test_a_sentence_that_changed_meanwhile_is_shown_with_what_was_typed(
    office: Client, world: World
) -> None:
    seen = sentence_stamp(sentence(world.plan, "02-03"))
    make_row(world.plan, "02-03", leads=[], title="别人立的项")

    response = make(office, world, "02-03", seen=seen, measure="我写的措施")

    html = response.content.decode()
    assert response.status_code == 409
    assert "02-03 句刚刚被别人处理过" in html
    assert "别人立的项" in html
    assert "我写的措施" in html
    assert Obligation.objects.filter(code__startswith="02-03").count() == 1


@pytest.mark.parametrize("typed", ["02-02", "02-02 建立平台", "建立平台"])
def test_a_sentence_joins_a_row_by_code_or_title(office: Client, world: World, typed: str) -> None:
    post(office, world, "02-03", "join", obligation=typed)

    row = Obligation.objects.get(code="02-02")
    assert [source.provision.code for source in row.sources.all()] == ["02-02", "02-03"]


def test_an_unknown_row_is_not_joined(office: Client, world: World) -> None:
    response = post(office, world, "02-03", "join", obligation="99-99")

    assert response.status_code == 422
    assert "没有找到任务“99-99”" in response.content.decode()


def test_a_sentence_is_declined_and_reopened(office: Client, world: World) -> None:
    post(office, world, "02-03", "decline", disposition="principle", reason="原则要求，不单列。")
    assert sentence(world.plan, "02-03").disposition == Disposition.PRINCIPLE

    post(office, world, "02-03", "reopen", reason="上级要求立项")

    assert sentence(world.plan, "02-03").disposition == Disposition.OPEN


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"disposition": "principle", "reason": ""}, "请写明不立项的理由。"),
        ({"reason": "理由。"}, "请选定不立项的类别。"),
        ({"disposition": "duplicate", "reason": "重复。"}, "要写明与哪一句重复"),
        (
            {"disposition": "duplicate", "reason": "重复。", "duplicate_of": "77-01"},
            "方案里没有 77-01 句",
        ),
        (
            {"disposition": "duplicate", "reason": "重复。", "duplicate_of": "02-03"},
            "不能与自身重复",
        ),
    ],
)
def test_a_refused_decline_says_why(
    office: Client, world: World, typed: dict[str, str], said: str
) -> None:
    response = post(office, world, "02-03", "decline", **typed)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert sentence(world.plan, "02-03").disposition == Disposition.OPEN


def test_a_sentence_leaves_a_row_that_has_another(office: Client, world: World) -> None:
    post(office, world, "02-03", "join", obligation="02-02")

    response = post(office, world, "02-03", "leave", row="02-02", reason="并错了")

    assert response.status_code == 302
    assert sentence(world.plan, "02-03").disposition == Disposition.OPEN


def test_the_only_sentence_of_a_row_stays(office: Client, world: World) -> None:
    response = post(office, world, "02-02", "leave", row="02-02", reason="试试")

    assert response.status_code == 422
    assert "唯一的出处" in response.content.decode()


def test_a_row_that_does_not_carry_the_sentence_is_not_found(office: Client, world: World) -> None:
    assert post(office, world, "02-03", "leave", row="02-02", reason="试试").status_code == 404


def test_reading_does_not_act(office: Client) -> None:
    for act in ("make", "join", "leave", "decline", "reopen"):
        assert office.get(page("02-03", act)).status_code == 405


def test_an_unknown_sentence_is_not_found(office: Client) -> None:
    assert office.get(page("88-01")).status_code == 404


def test_the_swapped_bench_is_the_one_of_the_whole_page(office: Client) -> None:
    whole = office.get(page("02-03")).content.decode()
    part = office.get(page("02-03"), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    bench = whole[whole.index('<div id="bench">') :]
    assert _plain(part) in _plain(bench)


def _plain(html: str) -> str:
    return "".join(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html).split())


def test_the_number_of_statements_does_not_grow_with_the_rows(
    office: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    office.get(page("03-01"))
    with django_assert_max_num_queries(15) as few:
        office.get(page("03-01"))
    for number in range(20):
        make_row(world.plan, "03-01", leads=[world.jia], title=f"第 {number} 项")

    with django_assert_max_num_queries(15) as many:
        office.get(page("03-01"))

    assert len(many.captured_queries) == len(few.captured_queries)


def test_a_sentence_made_into_a_row_in_part_says_what_is_left(
    client: Client, world: World, office: Client
) -> None:
    start = sentence(world.plan, "02-03").text.index("通报")
    make(office, world, "02-03", selected="通报")

    html = office.get(page("02-03")).content.decode()

    assert start == 2
    assert "只立了一部分" in html
    assert '没有立项的文字：<span class="serif">定期……情况</span>' in html
    assert "（1 句只立了一部分）" in html
    other = office.get(page("02-02")).content.decode().split('id="s02-03"')[0]
    assert "没有立项的文字" not in other
