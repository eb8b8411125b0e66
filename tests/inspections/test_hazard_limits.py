"""What a unit cannot do with a hazard on its own, and days that cannot be."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from common.clock import morning_of
from common.errors import DomainError, NotAllowed
from inspections.enums import HazardGrade, HazardStage
from inspections.services.hazards import (
    close_hazard,
    raise_hazard,
    recheck_hazard,
    register_hazard,
    reopen_hazard,
    treat_hazard,
    void_hazard,
)
from inspections.services.listing import extend_hazard
from tests.builders import NOW, make_hazard_content
from tests.inspections.test_hazards import SETTLED, Steps, as_
from tests.inspections.worlds import Department


@pytest.fixture
def steps(department: Department) -> Steps:
    return Steps(department)


def test_days_run_forward_and_no_year_is_mistyped(steps: Steps) -> None:
    registered = steps.registered()
    early = replace(steps.stamp("liaison"), happened_on=date(2019, 9, 11))
    with pytest.raises(DomainError, match="不能早于发现日期（2019年9月12日）"):
        treat_hazard(registered, early, version=2)
    on_15 = replace(steps.stamp("liaison"), happened_on=date(2019, 9, 15))
    treated = treat_hazard(registered, on_15, version=2)
    on_14 = replace(steps.stamp("head"), happened_on=date(2019, 9, 14))
    with pytest.raises(DomainError, match="上一步“治理”的日期（2019年9月15日）"):
        recheck_hazard(treated, on_14, passed=True, version=3)
    with pytest.raises(DomainError, match="9999年1月1日，离今天超过十年"):
        extend_hazard(treated, steps.stamp("office"), due_on=date(9999, 1, 1), version=3)
    liaison, unit = steps.department.people["liaison"], steps.department.unit
    old = make_hazard_content(found_on=date(1900, 1, 1))
    with pytest.raises(DomainError, match="1900年1月1日，离今天超过十年"):
        raise_hazard(unit, old, token="old", actor=liaison, at=NOW)


def test_a_reopened_hazard_keeps_the_mark_of_having_been_late(steps: Steps) -> None:
    late = steps.stamp("head", at=morning_of(date(2019, 9, 27)))
    closed = close_hazard(steps.assessed(), late, version=5)
    assert closed.is_late

    again = reopen_hazard(closed, late, due_on=date(2019, 12, 31), version=6)

    page = as_(steps.department, "office").get(again.get_absolute_url()).content.decode()
    assert "重开前已迟" in page
    assert again.is_late


def test_the_office_alone_voids_a_registered_major_hazard(steps: Steps) -> None:
    major = steps.registered(HazardGrade.MAJOR)

    with pytest.raises(NotAllowed, match="只能由区安委办作废"):
        void_hazard(major, steps.stamp("head"), version=2)
    page = as_(steps.department, "head").get(major.get_absolute_url()).content.decode()
    assert "作废…" not in page
    voided = void_hazard(major, steps.stamp("office"), version=2)
    assert voided.stage == HazardStage.VOID


def test_forms_ask_for_what_the_grade_wants(steps: Steps, client: Client) -> None:
    client.force_login(steps.department.people["head"])
    general, major = steps.raised(), steps.raised(HazardGrade.MAJOR, token="major")

    assert client.get(f"/hazards/{general.pk}/register/").content.decode().count("选填") == 2
    page = f"/hazards/{major.pk}/register/"
    assert "选填" not in client.get(page).content.decode()
    assert "重大隐患要写资金。" in client.post(page, {"version": 1}).content.decode()


def test_only_a_major_hazard_asks_for_a_third_party(steps: Steps, client: Client) -> None:
    client.force_login(steps.department.people["office"])
    for grade in HazardGrade:
        raised = steps.raised(grade, token=grade)
        liaison = steps.department.people["liaison"]
        register_hazard(raised, SETTLED, version=1, actor=liaison, at=NOW)
        treat_hazard(raised, steps.stamp("liaison"), version=2)
        recheck_hazard(raised, steps.stamp("head"), passed=True, version=3)
        page = client.get(f"/hazards/{raised.pk}/assess/").content.decode()
        assert "选填" not in page
        assert ("第三方验收机构" in page) == (grade == HazardGrade.MAJOR)
        back = {"version": 4, "passed": "0", "happened_on": "2019-09-18", "note": "没治好。"}
        assert client.post(f"/hazards/{raised.pk}/assess/", back).status_code == 302
