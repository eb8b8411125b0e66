"""What was found and is not followed: the liaison is told after some working days, the home and
the check-up say so, and it ends when it is registered."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from clauses.models import Plan
from common.clock import morning_of
from inspections.models import Hazard
from inspections.services.hazards import raise_hazard, register_hazard, void_hazard
from inspections.unfollowed import unfollowed_check
from notices.models import Notice
from notices.rules import Schedule
from notices.services.delivering import deliver_notices
from notices.services.managing import set_schedule
from notices.services.planning import plan_notices
from tests.builders import NOW, TODAY, make_hazard_content
from tests.inspections.worlds import SETTLED, Department, Steps

KINDS = ("hazard-found", "inspection-problems")


def told(department: Department, day: date) -> list[str]:
    """What the liaison hears on ``day`` of what is not followed."""
    at = morning_of(day)
    plan_notices(at=at, today=day)
    deliver_notices(at=at, today=day)
    mine = Notice.objects.filter(recipient=department.people["liaison"], kind__in=KINDS)
    return list(mine.filter(sent_at=at).order_by("pk").values_list("text", flat=True))


def checked(day: date) -> list[tuple[str, str]]:
    found = unfollowed_check(Plan.objects.get(), day, None).findings
    return [(finding.code, finding.note) for finding in found]


def test_a_hazard_that_nobody_registers_is_called_to_mind_on_the_third_working_day(
    department: Department,
) -> None:
    """Written down on Wednesday 18 September 2019: Thursday, Friday, Monday the 23rd."""
    hazard = Steps(department).raised()

    assert [told(department, date(2019, 9, day)) for day in (18, 19, 20, 21, 22)] == [[]] * 5
    assert checked(date(2019, 9, 22)) == []
    assert told(department, date(2019, 9, 23)) == [
        f"【区安委办】{hazard.number} {hazard.title}已记下 5 天，请登记措施、责任和时限。"
    ]
    assert checked(date(2019, 9, 23)) == [(hazard.number, "区住建局 · 2019-09-12 发现，还没有登记")]
    # 只催一次；登记以后，体检和首页都不再提。
    assert told(department, date(2019, 9, 30)) == []
    register_hazard(
        hazard, SETTLED, version=1, actor=department.people["liaison"], at=morning_of(TODAY, 16)
    )
    assert checked(date(2019, 9, 30)) == []


def test_problems_to_be_put_right_by_a_date_want_a_hazard_each(department: Department) -> None:
    """One of the two problems has a date. The record is sent on Wednesday 18 September."""
    sent = department.sent()
    monday = date(2019, 9, 23)

    assert told(department, date(2019, 9, 20)) == []
    assert told(department, monday) == [
        f"【区安委办】{sent.number} 1 个限期整改的问题已报出 5 天，请登记为隐患，跟踪到销号。"
    ]
    assert checked(monday) == [(sent.number, "限期整改 1 个，登记为隐患的 0 处")]

    liaison = department.people["liaison"]
    hazard = raise_hazard(
        department.unit,
        make_hazard_content(),
        token="of-the-record",
        actor=liaison,
        at=morning_of(monday),
        inspection=sent,
    )
    assert checked(monday) == []
    stamp = Steps(department).stamp("liaison", "不是隐患。", at=morning_of(monday))
    void_hazard(hazard, stamp, version=1)
    assert checked(monday) == [(sent.number, "限期整改 1 个，登记为隐患的 0 处")]


def test_a_draft_asks_for_nothing_yet(department: Department) -> None:
    department.draft()

    assert told(department, date(2019, 9, 30)) == []
    assert checked(date(2019, 9, 30)) == []


def test_the_office_sets_after_how_many_working_days(department: Department) -> None:
    Steps(department).raised()
    set_schedule(
        "hazard-found",
        Schedule(ladder=(1,)),
        version=0,
        actor=department.people["office"],
        at=NOW,
        reason="从严",
    )

    assert len(told(department, date(2019, 9, 19))) == 1
    assert len(checked(date(2019, 9, 19))) == 1


@pytest.mark.parametrize("who", ["liaison", "head"])
def test_the_units_home_leads_to_what_is_to_be_registered(
    department: Department, client: Client, who: str
) -> None:
    sent = department.sent()
    Steps(department).raised()
    client.force_login(department.people[who])

    page = client.get("/").content.decode()

    assert "1 处隐患记下了，还没有登记" in page
    assert f"{sent.number}：限期整改 1 个，登记为隐患的 0 处。" in page
    listed = client.get(f"{reverse('inspections:hazard_list')}?state=found").content.decode()
    assert Hazard.objects.get().title in listed
    client.force_login(department.people["stranger"])
    assert "还没有登记" not in client.get("/").content.decode()


def test_the_desk_says_what_these_are_counted_from(department: Department, client: Client) -> None:
    client.force_login(department.people["office"])

    assert "记下后第 3 个工作日催联络员" in client.get("/notices/desk/").content.decode()
    form = client.get("/notices/desk/schedule/hazard-found/").content.decode()
    assert "记下后第几个工作日催办" in form
    assert "到期前天数" not in form
    typed = {"ladder": "2、5", "seen": "0", "reason": "从严"}
    client.post("/notices/desk/schedule/hazard-found/", typed)
    assert "记下后第 2、5 个工作日逐级催办" in client.get("/notices/desk/").content.decode()
