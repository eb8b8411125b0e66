"""The six steps of a hazard, each by whom it may be done, and what each refuses."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from common.clock import morning_of
from common.errors import DomainError, NotAllowed, StaleVersion, TransitionNotAllowed
from inspections.enums import HazardGrade, HazardStage, StampKind
from inspections.facts import HazardFacts, hazard_facts
from inspections.models import Hazard, HazardStamp
from inspections.rules import hazard_lamp
from inspections.services.hazards import (
    assess_hazard,
    close_hazard,
    recheck_hazard,
    register_hazard,
    treat_hazard,
    void_hazard,
)
from inspections.services.listing import delist_hazard, extend_hazard, list_hazard
from inspections.services.reopening import reopen_hazard
from responsibilities.enums import LampKind
from tests.builders import NOW, TODAY, as_
from tests.inspections.worlds import SETTLED, Department, Steps


@pytest.fixture
def steps(department: Department) -> Steps:
    return Steps(department)


def test_six_steps_each_stamped_with_day_and_person(steps: Steps) -> None:
    closed = steps.closed()

    assert (closed.stage, closed.closed_on, closed.is_late) == (HazardStage.CLOSED, TODAY, False)
    assert [(s.kind, str(s.actor)) for s in closed.stamps.all()] == [
        (StampKind.FOUND, "李科员"),
        (StampKind.REGISTERED, "李科员"),
        (StampKind.TREATED, "李科员"),
        (StampKind.RECHECKED, "覃局长"),
        (StampKind.ASSESSED, "覃局长"),
        (StampKind.CLOSED, "覃局长"),
    ]


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (HazardStage.FOUND, "待登记"),
        (HazardStage.REGISTERED, "待治理"),
        (HazardStage.ASSESSED, "待销号"),
        (HazardStage.CLOSED, "已销号"),
        (HazardStage.VOID, "已作废"),
    ],
)
def test_a_hazard_is_named_after_the_step_that_is_to_be_done(
    stage: HazardStage, words: str
) -> None:
    assert Hazard(stage=stage).step_words == words


def test_the_list_and_the_hazards_page_name_the_same_step(steps: Steps, client: Client) -> None:
    hazard = steps.treated()
    client.force_login(steps.department.people["liaison"])

    row = client.get("/hazards/").content.decode().split(hazard.get_absolute_url())[1]
    page = client.get(hazard.get_absolute_url()).content.decode()

    assert '<span class="sm mut">待监督</span>' in row
    assert '<li class="now" aria-current="step"><b>监督</b>' in page


def test_no_step_is_left_out(steps: Steps) -> None:
    raised = steps.raised()

    for act in (
        lambda: treat_hazard(raised, steps.stamp("liaison"), version=1),
        lambda: recheck_hazard(raised, steps.stamp("head"), passed=True, version=1),
        lambda: assess_hazard(raised, steps.stamp("head"), passed=True, version=1),
        lambda: close_hazard(raised, steps.stamp("head"), version=1),
    ):
        with pytest.raises(TransitionNotAllowed):
            act()


def test_all_five_are_settled_for_a_major_hazard(steps: Steps) -> None:
    liaison = steps.department.people["liaison"]
    major = steps.raised(HazardGrade.MAJOR, token="major")
    for missing in ({"funds": ""}, {"emergency_plan": " "}):
        with pytest.raises(DomainError, match="五项"):
            register_hazard(major, replace(SETTLED, **missing), version=1, actor=liaison, at=NOW)
    assert steps.registered(settled=replace(SETTLED, funds="", emergency_plan="")).done == 2


def test_another_person_rechecks_and_crosses_off(steps: Steps) -> None:
    treated = steps.treated()

    with pytest.raises(DomainError, match="另一个人"):
        recheck_hazard(treated, steps.stamp("liaison"), passed=True, version=3)
    checked = recheck_hazard(treated, steps.stamp("head"), passed=True, version=3)
    assessed = assess_hazard(checked, steps.stamp("head"), passed=True, version=4)
    with pytest.raises(DomainError, match="另一个人"):
        close_hazard(assessed, steps.stamp("liaison"), version=5)


def test_what_is_not_right_goes_back_to_treatment(steps: Steps) -> None:
    back = recheck_hazard(
        steps.treated(), steps.stamp("head", "仍堆放货物。"), passed=False, version=3
    )

    assert (back.stage, back.done) == (HazardStage.REGISTERED, 2)
    assert back.stamps.last().kind == StampKind.SENT_BACK
    assert treat_hazard(back, steps.stamp("liaison"), version=4).stage == HazardStage.TREATED


def test_a_third_party_accepts_a_major_hazard(steps: Steps) -> None:
    checked = recheck_hazard(
        steps.treated(HazardGrade.MAJOR), steps.stamp("head"), passed=True, version=3
    )

    with pytest.raises(DomainError, match="第三方机构"):
        assess_hazard(checked, steps.stamp("head"), passed=True, version=4)


def test_the_office_alone_crosses_a_major_hazard_off(steps: Steps) -> None:
    assessed = steps.assessed(HazardGrade.MAJOR)

    with pytest.raises(NotAllowed):
        close_hazard(assessed, steps.stamp("head"), version=5)
    closed = close_hazard(assessed, steps.stamp("office"), version=5)
    assert closed.stage == HazardStage.CLOSED


def test_a_listed_hazard_is_delisted_before_it_is_crossed_off(steps: Steps) -> None:
    office = steps.stamp("office")
    listed = list_hazard(
        steps.registered(HazardGrade.MAJOR),
        office,
        document_no="钦南安委挂〔2019〕1号",
        due_on=date(2019, 10, 31),
        version=2,
    )
    assert (listed.is_listed, listed.due_on, listed.original_due_on) == (
        True,
        date(2019, 10, 31),
        date(2019, 9, 25),
    )
    delist = {"document_no": "钦南安委摘〔2019〕1号"}
    with pytest.raises(DomainError, match="第三方验收"):
        delist_hazard(listed, office, version=3, **delist)
    treated = treat_hazard(listed, steps.stamp("liaison"), version=3)
    checked = recheck_hazard(treated, office, passed=True, version=4)
    party = {"third_party": "某评价公司", "third_party_no": "评〔2019〕7号"}
    assessed = assess_hazard(checked, office, passed=True, version=5, **party)
    with pytest.raises(DomainError, match="先摘牌"):
        close_hazard(assessed, office, version=6)
    delisted = delist_hazard(assessed, office, version=6, **delist)
    assert close_hazard(delisted, office, version=7).stage == HazardStage.CLOSED
    notes = dict(HazardStamp.objects.values_list("kind", "note"))
    assert notes[StampKind.LISTED] == "文号：钦南安委挂〔2019〕1号。已办。"
    assert notes[StampKind.DELISTED] == "文号：钦南安委摘〔2019〕1号。已办。"


def test_only_the_office_lists_and_only_what_is_major(steps: Steps) -> None:
    notice = {"document_no": "挂1号", "due_on": date(2019, 10, 31), "version": 2}
    registered = steps.registered()

    with pytest.raises(NotAllowed):
        list_hazard(registered, steps.stamp("head"), **notice)
    with pytest.raises(DomainError, match="只有重大隐患"):
        list_hazard(registered, steps.stamp("office"), **notice)


def test_reopening_is_counted_and_begins_with_treatment(steps: Steps) -> None:
    reopened = reopen_hazard(
        steps.closed(),
        steps.stamp("office", "又堵上了。"),
        due_on=date(2019, 10, 8),
        version=6,
    )

    assert (reopened.stage, reopened.reopened, reopened.closed_on, reopened.due_on) == (
        HazardStage.REGISTERED,
        1,
        None,
        date(2019, 10, 8),
    )


def test_a_new_date_comes_from_the_office_with_a_reason(steps: Steps) -> None:
    registered = steps.registered()

    with pytest.raises(NotAllowed):
        extend_hazard(registered, steps.stamp("head"), due_on=date(2019, 10, 8), version=2)
    with pytest.raises(DomainError, match="写明理由"):
        extend_hazard(registered, steps.stamp("office", " "), due_on=date(2019, 10, 8), version=2)
    extended = extend_hazard(registered, steps.stamp("office"), due_on=date(2019, 10, 8), version=2)
    assert extended.original_due_on == date(2019, 9, 25)


def test_a_void_hazard_stays_on_record(steps: Steps) -> None:
    voided = void_hazard(steps.raised(), steps.stamp("liaison", "重复登记。"), version=1)

    assert voided.stage == HazardStage.VOID
    assert not Hazard.objects.live().exists()
    assert voided.stamps.last().note == "重复登记。"


def test_strangers_and_stale_pages_are_refused(steps: Steps) -> None:
    registered = steps.registered()

    with pytest.raises(NotAllowed):
        treat_hazard(registered, steps.stamp("stranger"), version=2)
    with pytest.raises(StaleVersion):
        treat_hazard(registered, steps.stamp("liaison"), version=1)
    late = replace(steps.stamp("liaison"), happened_on=date(2019, 9, 19))
    with pytest.raises(DomainError, match="不能晚于今天"):
        treat_hazard(registered, late, version=2)


@pytest.mark.parametrize(
    ("stage", "due_on", "closed_on", "kind", "text"),
    [
        (HazardStage.FOUND, None, None, LampKind.DUE_SOON, "待登记 6 天"),
        (HazardStage.REGISTERED, date(2019, 9, 17), None, LampKind.OVERDUE, "逾期 1 天"),
        (HazardStage.TREATED, date(2019, 9, 18), None, LampKind.DUE_SOON, "今天到期"),
        (HazardStage.TREATED, date(2019, 9, 25), None, LampKind.DUE_SOON, "剩 7 天"),
        (HazardStage.TREATED, date(2019, 9, 26), None, LampKind.NORMAL, "剩 8 天"),
        (HazardStage.CLOSED, date(2019, 9, 10), date(2019, 9, 10), LampKind.CLOSED, "已销号"),
        (HazardStage.CLOSED, date(2019, 9, 10), date(2019, 9, 11), LampKind.CLOSED, "迟，已销号"),
    ],
)
def test_the_lamp_of_a_hazard(stage, due_on, closed_on, kind, text) -> None:
    lamp = hazard_lamp(
        stage=stage, found_on=date(2019, 9, 12), due_on=due_on, closed_on=closed_on, today=TODAY
    )

    assert (lamp.kind, lamp.text) == (kind, text)


def test_facts_of_a_period_by_hand(steps: Steps) -> None:
    late = morning_of(date(2019, 9, 27))
    close_hazard(steps.assessed(), steps.stamp("head", at=late), version=5)
    liaison = steps.department.people["liaison"]
    for number, day in enumerate((date(2019, 9, 20), date(2019, 10, 20))):
        hazard = steps.raised(token=f"more-{number}")
        settled = replace(SETTLED, due_on=day)
        register_hazard(hazard, settled, version=1, actor=liaison, at=NOW)
    span = (date(2019, 7, 1), date(2019, 9, 30))

    found = hazard_facts(*span, today=date(2019, 9, 30))[steps.department.unit.pk]

    assert found == HazardFacts(
        unit_id=steps.department.unit.pk,
        found=3,
        due=2,
        closed_in_time=0,
        closed_late=1,
        overdue=1,
        open=2,
        major_open=0,
        reopened=0,
    )


def test_from_the_inspection_to_the_list(department: Department) -> None:
    sent = department.sent()
    liaison = as_(department.people["liaison"])
    address = f"/hazards/new/?inspection={sent.pk}"
    form = {
        "token": "t",
        "unit": str(department.unit.pk),
        "title": "临边防护缺失",
        "place": "沙埠镇施工点",
        "enterprise": "某建筑公司",
        "grade": "general",
        "found_on": "2019-09-12",
        "found_by": "覃局长带队",
    }

    assert "临边防护缺失" in liaison.get(address).content.decode()
    assert liaison.post(address, form | {"title": ""}).status_code == 422
    liaison.post(address, form)
    hazard = Hazard.objects.get()
    settled = {
        "version": "1",
        "measures": "加装防护栏。",
        "responsible": "张经理",
        "due_on": "2019-09-25",
    }
    liaison.post(f"/hazards/{hazard.pk}/register/", settled)
    treat = {"version": "2", "happened_on": "2019-09-18", "note": "已加装。"}
    liaison.post(f"/hazards/{hazard.pk}/treat/", treat)

    page = as_(department.people["head"]).get(hazard.get_absolute_url()).content.decode()
    assert hazard.inspection == sent
    assert "现在该做：填写复查意见" in page
    assert "剩 7 天" in as_(department.people["office"]).get("/hazards/").content.decode()
    assert as_(department.people["stranger"]).get(hazard.get_absolute_url()).status_code == 404


def test_a_refused_step_keeps_the_words(steps: Steps, department: Department) -> None:
    hazard = steps.treated()
    typed = {"version": "3", "passed": "1", "happened_on": "2019-09-18", "note": "自己看过。"}

    answer = as_(department.people["liaison"]).post(f"/hazards/{hazard.pk}/recheck/", typed)

    assert answer.status_code == 422
    assert "另一个人" in answer.content.decode()
    assert "自己看过。" in answer.content.decode()
    assert Hazard.objects.get().stage == HazardStage.TREATED


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 1), ("state=overdue", 0), ("state=closed", 0), ("state=all&grade=general", 1),
     ("state=listed", 0), ("q=疏散", 1), ("q=QH-9999", 0), ("unit=jtj", 0), ("state=x&page=7", 1)],
)  # fmt: skip
def test_the_list_is_filtered_by_its_address(steps: Steps, query: str, count: int) -> None:
    steps.registered()

    page = as_(steps.department.people["office"]).get(f"/hazards/?{query}").content.decode()

    assert page.count('<th scope="row">') == count


def test_the_double_report_of_a_major_hazard_is_stamped_and_may_come_in_two_goes(
    steps: Steps, client: Client
) -> None:
    hazard = steps.registered(HazardGrade.MAJOR)
    client.force_login(steps.department.people["liaison"])
    page = f"/hazards/{hazard.pk}/report/"
    typed = {"version": 2, "happened_on": "2019-09-18", "note": "企业书面报告。"}

    assert "至少写一个报告日期" in client.post(page, typed).content.decode()
    early = typed | {"department_told_on": "2019-09-11"}
    assert "不能早于发现日期" in client.post(page, early).content.decode()
    assert client.post(page, typed | {"department_told_on": "2019-09-16"}).status_code == 302
    form = client.get(page).context["form"]
    assert form.initial["department_told_on"] == date(2019, 9, 16)
    both = {"department_told_on": "2019-09-16", "workers_told_on": "2019-09-17", "version": 3}
    assert client.post(page, typed | both).status_code == 302

    shown = client.get(hazard.get_absolute_url()).content.decode()
    assert "向部门：2019年9月16日；向职代会：2019年9月17日" in shown
    stamps = hazard.stamps.filter(kind=StampKind.REPORTED)
    assert [(stamp.happened_on, stamp.note) for stamp in stamps] == [(TODAY, "企业书面报告。")] * 2


def test_a_general_hazard_wants_no_double_report(steps: Steps, client: Client) -> None:
    hazard = steps.registered()
    client.force_login(steps.department.people["liaison"])

    assert "记双报告" not in client.get(hazard.get_absolute_url()).content.decode()
    assert "这一步现在不能办" in client.get(f"/hazards/{hazard.pk}/report/").content.decode()
