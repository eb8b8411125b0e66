"""Receipt: who and when stands on the row's page, and a late one shows, also while it is owed."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import Frequency
from responsibilities.models import Obligation, Task
from responsibilities.pages.checkup import not_received
from responsibilities.pages.obligation_work import is_received_late
from responsibilities.services.assigning import change_lead
from responsibilities.services.progress import receive_task
from responsibilities.services.succession import hand_over_to_successors
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
LATE = "下发超过 3 个工作日"


@pytest.fixture
def liaison() -> User:
    zjj = make_unit("zjj", "区住建局")
    plan = make_plan()
    dispatch(plan, make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 12, 31)))
    return make_user("liaison", (zjj, PostKind.LIAISON), name="李科员")


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZoneInfo("Asia/Shanghai"))


# 9 月 18 日（星期三）下发：第三个工作日是 23 日（星期一），24 日签收就迟了。
@pytest.mark.parametrize(("day", "late"), [(23, False), (24, True)])
def test_the_page_says_who_received_it_when_and_whether_late(
    liaison: User, day: int, *, late: bool
) -> None:
    task = receive_task(Task.objects.get(), actor=liaison, at=at_noon(date(2019, 9, day)))
    client = Client()
    client.force_login(liaison)

    page = client.get(task.get_absolute_url()).content.decode()

    assert f'9-{day} <span class="mut">李科员</span>' in page
    assert (LATE in page) == late


@pytest.mark.parametrize(("days", "late"), [(5, False), (6, True)])
def test_what_is_still_not_received_is_late_from_the_same_day(
    liaison: User, days: int, *, late: bool
) -> None:
    task = Task.objects.get()

    assert is_received_late(task, NOW, TODAY + timedelta(days=days)) == late
    assert not is_received_late(task, None, TODAY)


def test_a_later_period_is_not_late_before_it_begins(liaison: User) -> None:
    plan = Task.objects.get().obligation.plan
    row = make_row(plan, "02-01", leads=[Task.objects.get().unit], frequency=Frequency.QUARTERLY)
    dispatch(plan, row)
    autumn = Task.objects.get(period="2019Q4")

    assert not is_received_late(autumn, NOW, date(2019, 9, 30))
    assert is_received_late(autumn, NOW, date(2019, 10, 31))


def turn(row: Obligation, lead: Unit, day: date) -> None:
    row.refresh_from_db()
    office = get_system_user()
    change_lead(row, lead, actor=office, at=at_noon(day), today=day, reason="会议纪要")


def moved_back(row: Obligation, zjj: Unit, jtj: Unit, day: date) -> None:
    turn(row, jtj, date(2019, 9, 19))
    turn(row, zjj, day)


def moved_by_change_of_lead(row: Obligation, zjj: Unit, jtj: Unit, day: date) -> None:
    turn(row, jtj, day)


def moved_by_reform(row: Obligation, zjj: Unit, jtj: Unit, day: date) -> None:
    zjj.valid_to, zjj.successor = day - timedelta(days=1), jtj
    save_with_history(zjj, actor=get_system_user(), reason="机构改革", at=NOW)
    hand_over_to_successors(actor=get_system_user(), at=at_noon(day), today=day)


@pytest.mark.parametrize("move", [moved_back, moved_by_change_of_lead, moved_by_reform])
def test_receipt_counts_from_the_day_on_which_the_unit_got_the_task(
    liaison: User, move: Callable[..., None]
) -> None:
    row, zjj = Obligation.objects.get(), Unit.objects.get(code="zjj")
    day = date(2019, 11, 4)

    move(row, zjj, make_unit("jtj", "区交通局", order=11), day)

    # 11 月 4 日（星期一）才到这个单位：第三个工作日是 7 日，8 日还没签收就迟了。
    task = Task.objects.open().with_handed_at().get()
    assert not is_received_late(task, task.handed_at, date(2019, 11, 7))
    assert is_received_late(task, task.handed_at, date(2019, 11, 8))
    named = [not_received(row.plan, date(2019, 11, last), None).count for last in (7, 8)]
    assert named == [0, 1]
