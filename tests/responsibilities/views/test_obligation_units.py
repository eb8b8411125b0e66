"""Giving a row its units: by name, by a phrase of the text, and what is refused."""

from datetime import date

import pytest
from django.test import Client

from organizations.models import AliasMember, Unit, UnitAlias, User
from responsibilities.enums import (
    Frequency,
    FulfilmentMode,
)
from responsibilities.models import Obligation
from responsibilities.services.breakdown import Wording, revise_obligation
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit

pytestmark = pytest.mark.django_db
URL = "/tasks/sample/02-02/"


def alias_of(*units: Unit, phrase: str = "各有关部门") -> UnitAlias:
    alias = UnitAlias(phrase=phrase, note="测试认定")
    alias._change_reason = "测试"
    alias.save()
    for unit in units:
        member = AliasMember(alias=alias, unit=unit)
        member._change_reason = "测试"
        member.save()
    return alias


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
        with django_assert_max_num_queries(11) as queries:
            desk.get(f"/tasks/sample/{code}/units/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_who_would_be_late_from_the_first_is_said_before_the_lead_changes(
    desk: Client, units: dict[str, Unit]
) -> None:
    """TODAY is 18 September 2019: 80 days after 30 June."""
    plan = make_plan()
    late = make_row(plan, "02-02", leads=[units["zjj"]], due_on=date(2019, 6, 30))
    coming = make_row(plan, "02-03", leads=[units["zjj"]], due_on=date(2019, 10, 8))
    page = f"/tasks/sample/{late.code}/units/"
    words = "今天新列为牵头的单位，一接手就是逾期"
    assert words not in desk.get(page).content.decode()  # 还没下发，不欠什么

    dispatch(plan, late, coming, starts_on=date(2019, 1, 1))

    shown = desk.get(page).content.decode()
    assert words in shown
    assert "已过 80 天" in shown
    assert f"/tasks/sample/{late.code}/deadline/" in shown
    assert words not in desk.get(f"/tasks/sample/{coming.code}/units/").content.decode()


def test_joint_periods_past_are_owed_by_a_new_lead_and_separate_ones_are_not(
    desk: Client, units: dict[str, Unit]
) -> None:
    plan, both = make_plan(), list(units.values())[1:]
    quarterly = Frequency.QUARTERLY
    joint = make_row(plan, "02-02", leads=both[:1], frequency=quarterly)
    separate = FulfilmentMode.SEPARATE
    each = make_row(plan, "02-03", leads=both, mode=separate, frequency=quarterly)
    dispatch(plan, joint, each, starts_on=date(2019, 1, 1))

    assert "已过 171 天" in desk.get("/tasks/sample/02-02/units/").content.decode()
    assert "一接手就是逾期" not in desk.get("/tasks/sample/02-03/units/").content.decode()
