"""The office decides from how many days on a lamp is amber; every page follows at once."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from clauses.models import Plan
from common.errors import DomainError, NotAllowed, StaleVersion
from organizations.enums import PostKind
from organizations.models import User
from responsibilities.as_of import ledger_as_of, row_as_of, tasks_as_of
from responsibilities.enums import Frequency, LampKind
from responsibilities.models import Obligation, Task
from responsibilities.rules import Thresholds, thresholds_of
from responsibilities.services.thresholds import set_thresholds
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user, rights

pytestmark = pytest.mark.django_db
BEFORE = Thresholds(30, 15, 90)


@pytest.fixture
def office() -> User:
    return make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))


@pytest.fixture
def plan() -> Plan:
    """One task due in 32 days, one of a quarter due in 12, one long-term and silent for 79."""
    plan, zjj = make_plan(), make_unit("zjj", "区住建局")
    rows = [
        make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 10, 20)),
        make_row(plan, "02-01", leads=[zjj], frequency=Frequency.QUARTERLY),
    ]
    dispatch(plan, *rows)
    return plan


def change(plan: Plan, office: User, new: Thresholds, **said: object) -> Plan:
    asked = {"seen": BEFORE, "actor": office, "at": NOW, "reason": "区安委会会议纪要第3期"}
    return set_thresholds(plan, new, **asked | said)


def lamps(plan: Plan, office: User) -> dict[str, set[str]]:
    """Return code → the lamps that the database, the row and its current task show."""
    access = rights(office)
    fresh = Plan.objects.without_text().get(pk=plan.pk)
    rows = Obligation.objects.with_row_dates(access).with_lamp(today=TODAY, plan=fresh)
    found = {row.code: {row.lamp_kind, row.lamp_on(TODAY).kind} for row in rows}
    for task in Task.objects.started_by(TODAY).with_obligations():
        found[task.obligation.code].add(task.lamp_on(TODAY).kind)
    return found


def test_all_lamps_follow_the_days_that_the_office_sets(plan: Plan, office: User) -> None:
    assert lamps(plan, office) == {"02-02": {LampKind.NORMAL}, "02-01": {LampKind.DUE_SOON}}

    change(plan, office, Thresholds(32, 11, 90))

    assert lamps(plan, office) == {"02-02": {LampKind.DUE_SOON}, "02-01": {LampKind.NORMAL}}


def test_the_ledger_filters_by_the_days_that_the_office_sets(plan: Plan, office: User) -> None:
    client = Client()
    client.force_login(office)
    path = reverse("responsibilities:obligation_list") + "?lamp=due_soon"
    before = client.get(path).content.decode()

    change(plan, office, Thresholds(32, 11, 90))
    after = client.get(path).content.decode()

    assert "任务02-01" in before
    assert "任务02-02" not in before
    assert "任务02-01" not in after
    assert "任务02-02" in after


@pytest.mark.parametrize("days", [0, 366])
def test_days_out_of_bounds_are_refused(plan: Plan, office: User, days: int) -> None:
    with pytest.raises(DomainError, match="1 至 365"):
        change(plan, office, Thresholds(days, 15, 90))


def test_the_second_of_two_editors_is_told(plan: Plan, office: User) -> None:
    change(plan, office, Thresholds(20, 15, 90))

    with pytest.raises(StaleVersion):
        change(plan, office, Thresholds(25, 15, 90))


def test_a_unit_does_not_set_them(plan: Plan, office: User) -> None:
    head = make_user("head", (make_unit("jtj", "区交通局"), PostKind.HEAD))

    with pytest.raises(NotAllowed):
        change(plan, head, Thresholds(20, 15, 90))


def test_the_page_says_who_changed_them_and_why(plan: Plan, office: User) -> None:
    client = Client()
    client.force_login(office)
    path = reverse("responsibilities:plan_thresholds", args=[plan.code])
    typed = {"due_soon": "20", "due_soon_periodic": "15", "quiet": "90", "seen": "30,15,90"}

    client.post(path, typed | {"reason": "按会议纪要第3期"})
    page = client.get(path).content.decode()

    assert "临期天数" in page
    assert "按会议纪要第3期" in page
    assert 'value="20"' in page


def test_what_was_typed_stays_when_it_is_refused(plan: Plan, office: User) -> None:
    client = Client()
    client.force_login(office)
    path = reverse("responsibilities:plan_thresholds", args=[plan.code])
    typed = {"due_soon": "900", "due_soon_periodic": "15", "quiet": "90", "seen": "30,15,90"}

    answer = client.post(path, typed | {"reason": "试一试"})

    assert answer.status_code == 422
    assert 'value="900"' in answer.content.decode()
    assert "请填 1 至 365 之间的整数。" in answer.content.decode()


def test_two_who_change_them_at_once_see_both_and_the_second_decides(
    plan: Plan, office: User
) -> None:
    client = Client()
    client.force_login(office)
    path = reverse("responsibilities:plan_thresholds", args=[plan.code])
    change(plan, office, Thresholds(20, 15, 80))
    typed = {"due_soon": "30", "due_soon_periodic": "15", "quiet": "60", "seen": "30,15,90"}

    answer = client.post(path, typed | {"reason": "按会议纪要第5期"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "您填写期间，天数被别人改过" in page
    cells = [pair for pair in answer.context["pairs"] if pair.differs]
    assert [(pair.stored, pair.typed) for pair in cells] == [("80", "60")]
    assert "<strong>60</strong>" in page
    form = answer.context["form"]
    again = {name: form[name].value() for name in form.fields}
    assert again == {
        "due_soon": "20",  # 没有改的，换成现在的
        "due_soon_periodic": "15",
        "quiet": "60",
        "seen": "20,15,80",
        "reason": "按会议纪要第5期",
    }
    assert client.post(path, again).status_code == 302
    assert thresholds_of(Plan.objects.get(pk=plan.pk)) == Thresholds(20, 15, 60)


def test_a_past_day_is_lit_by_the_days_that_held_then(plan: Plan, office: User) -> None:
    change(plan, office, Thresholds(31, 11, 90), at=NOW + timedelta(days=1))
    plan.refresh_from_db()
    access, row = rights(office), Obligation.objects.with_plan().get(code="02-02")

    def seen(day: date) -> set[str]:
        (listed,) = [p for p in ledger_as_of(plan, day, access) if p.obligation.code == "02-02"]
        past = row_as_of(row, day, access)
        assert past is not None
        (task,) = tasks_as_of(past, day, access)
        return {shown.lamp_on(day).text for shown in (listed, task, past)} | {
            listed.lamp_on(day).kind
        }

    # 10 月 20 日到期：9 月 18 日余 32 天、按 30 天算不临期；9 月 19 日余 31 天、按 31 天算临期。
    assert LampKind.NORMAL in seen(TODAY)
    assert LampKind.DUE_SOON in seen(TODAY + timedelta(days=1))
    change(
        plan,
        office,
        Thresholds(40, 11, 90),
        seen=Thresholds(31, 11, 90),
        at=NOW + timedelta(days=2),
    )
    # 之后改成 40 天，9 月 18 日的灯不跟着变；9 月 20 日的按 40 天算。
    plan.refresh_from_db()
    row = Obligation.objects.with_plan().get(code="02-02")
    assert LampKind.NORMAL in seen(TODAY)
    assert len(seen(TODAY)) == 2
    assert LampKind.DUE_SOON in seen(TODAY + timedelta(days=2))
