"""Receipt: who and when stands on the row's page, and a late one shows, also while it is owed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from organizations.enums import PostKind
from organizations.models import User
from responsibilities.enums import Frequency
from responsibilities.models import Task
from responsibilities.pages.obligation_work import is_received_late
from responsibilities.services.progress import receive_task
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
