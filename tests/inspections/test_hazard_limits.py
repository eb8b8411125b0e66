"""What a unit cannot do with a hazard on its own, and days that cannot be."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from common.clock import morning_of
from common.errors import DomainError, NotAllowed
from inspections.enums import HazardGrade, HazardStage
from inspections.services.hazards import (
    assess_hazard,
    close_hazard,
    raise_hazard,
    recheck_hazard,
    register_hazard,
    treat_hazard,
    void_hazard,
)
from inspections.services.listing import extend_hazard
from inspections.services.reopening import reopen_hazard
from notices.models import Notice
from tests.builders import NOW, as_, make_hazard_content
from tests.inspections.worlds import SETTLED, Department, Steps


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


def test_a_hazard_is_crossed_off_on_the_day_on_which_it_is_done(steps: Steps) -> None:
    late = steps.stamp("head", at=morning_of(date(2019, 10, 8)))
    assessed = steps.assessed()

    with pytest.raises(DomainError, match="办理日期请填今天（10月8日）"):
        close_hazard(assessed, replace(late, happened_on=date(2019, 9, 20)), version=5)
    closed = close_hazard(assessed, late, version=5)

    assert closed.closed_on == closed.stamps.latest("pk").happened_on == date(2019, 10, 8)
    assert closed.is_late


def test_a_reopened_hazard_keeps_the_mark_of_having_been_late(steps: Steps) -> None:
    late = steps.stamp("head", at=morning_of(date(2019, 9, 27)))
    closed = close_hazard(steps.assessed(), late, version=5)
    assert closed.is_late

    again = reopen_hazard(closed, late, due_on=date(2019, 10, 10), version=6)

    page = as_(steps.department.people["office"]).get(again.get_absolute_url()).content.decode()
    assert "重开前已迟" in page
    assert again.is_late


@pytest.mark.parametrize(
    ("back_on", "latest"),
    [
        (date(2019, 9, 20), date(2019, 9, 25)),  # 原定 9 月 25 日还没有到
        (date(2019, 9, 27), date(2019, 10, 10)),  # 已过：当初 9 月 12 日发现，给了 13 天
    ],
)
def test_a_unit_gives_a_hazard_that_is_back_no_more_time_than_was_settled(
    steps: Steps, back_on: date, latest: date
) -> None:
    closed, back = steps.closed(), steps.stamp("head", "又堵上了。", at=morning_of(back_on))
    beyond = date(2019, 12, 31)

    with pytest.raises(DomainError, match=f"最迟定在{latest:%Y年}{latest.month}月{latest.day}日"):
        reopen_hazard(closed, back, due_on=beyond, version=6)
    with pytest.raises(DomainError, match="不能早于今天"):
        reopen_hazard(closed, back, due_on=date(2019, 9, 19), version=6)
    assert reopen_hazard(closed, back, due_on=latest, version=6).due_on == latest
    assert not Notice.objects.filter(kind="hazard-reopened").exists()


def test_the_office_settles_the_date_of_a_major_hazard_that_is_back(
    steps: Steps, client: Client
) -> None:
    """Found on 12 September, due on the 25th; the unit opens it again on the 18th."""
    closed = close_hazard(steps.assessed(HazardGrade.MAJOR), steps.stamp("office"), version=5)
    page, people = f"/hazards/{closed.pk}/reopen/", steps.department.people
    client.force_login(people["head"])

    form = client.get(page).content.decode()
    assert "新的时限由区安委办定，定下以前按" in form
    assert 'name="due_on"' not in form
    typed = {"version": 6, "happened_on": "2019-09-18", "note": "又停用了。"}
    client.post(page, typed | {"due_on": "2019-12-31"})

    closed.refresh_from_db()
    assert (closed.stage, closed.due_on, closed.reopened) == (
        HazardStage.REGISTERED,
        date(2019, 9, 25),
        1,
    )
    (told,) = Notice.objects.filter(kind="hazard-reopened")
    assert told.recipient == people["office"]
    assert told.text.startswith(f"【区安委办】区住建局重开重大隐患 {closed.number} ")
    assert told.text.endswith("，请定新的时限。")
    client.force_login(people["office"])
    later = typed | {"version": 7, "due_on": "2019-12-31", "note": "停产整改。"}
    assert client.post(f"/hazards/{closed.pk}/extend/", later).status_code == 302


@pytest.mark.parametrize(
    ("third_party", "part"),
    [
        (" 某汽车客运站（有限公司） ", "责任企业"),
        ("某汽车客运站 有限责任公司", "责任企业"),
        ("区住建局", "督促单位"),
    ],
)
def test_who_mends_a_major_hazard_or_sees_to_it_is_no_third_party(
    steps: Steps, third_party: str, part: str
) -> None:
    checked = recheck_hazard(
        steps.treated(HazardGrade.MAJOR), steps.stamp("head"), passed=True, version=3
    )
    assert checked.enterprise == "某汽车客运站"
    own = {"third_party": third_party, "third_party_no": "评〔2019〕7号"}

    with pytest.raises(DomainError, match=f"就是{part}，不能验收自己"):
        assess_hazard(checked, steps.stamp("head"), passed=True, version=4, **own)


def test_the_office_alone_voids_a_registered_major_hazard(steps: Steps) -> None:
    major = steps.registered(HazardGrade.MAJOR)

    with pytest.raises(NotAllowed, match="只能由区安委办作废"):
        void_hazard(major, steps.stamp("head"), version=2)
    page = as_(steps.department.people["head"]).get(major.get_absolute_url()).content.decode()
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
