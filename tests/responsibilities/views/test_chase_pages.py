"""From the ledger's tick to the sent chase, in the browser's terms."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from organizations.enums import PostKind
from organizations.models import User
from responsibilities.models import Chase, Task
from tests.builders import dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
CHASE = "responsibilities:chase"


@pytest.fixture
def office() -> User:
    return make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))


@pytest.fixture
def tasks() -> list[Task]:
    zjj, jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    make_user("liaison", (zjj, PostKind.LIAISON), name="李科员")
    plan = make_plan()
    rows = [
        make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 9, 12)),
        make_row(plan, "02-03", leads=[jtj], due_on=date(2019, 9, 30)),
    ]
    dispatch(plan, *rows)
    return list(Task.objects.order_by("due_on"))


@pytest.fixture
def client_(office: User) -> Client:
    client = Client()
    client.force_login(office)
    return client


def test_the_preview_names_who_is_out_of_reach_and_writes_nothing(
    client_: Client, tasks: list[Task]
) -> None:
    rows = [f"{task.obligation_id}:1" for task in tasks]

    page = client_.get(reverse(CHASE), {"rows": rows}).content.decode()

    assert "李科员" in page
    assert "没有在任的人，收不到" in page
    assert not Chase.objects.exists()


def test_a_press_chases_and_the_next_takes_it_back(client_: Client, tasks: list[Task]) -> None:
    typed = {"audience": "liaison", "ask": "", "task": [tasks[0].pk], "send": "1"}
    answer = client_.post(reverse(CHASE), typed, follow=True)
    assert "正在发出 1 件催办" in answer.content.decode()

    batch = Chase.objects.get().batch
    undone = client_.post(reverse("responsibilities:chase_undo", args=[batch]), follow=True)

    assert "已撤回 1 件催办，没有发出。" in undone.content.decode()
    assert "没有发出：撤回催办" in undone.content.decode()


def test_too_long_a_sentence_stays_on_the_page(client_: Client, tasks: list[Task]) -> None:
    said = "请" * 25
    typed = {"audience": "liaison", "ask": said, "task": [tasks[0].pk], "send": "1"}

    answer = client_.post(reverse(CHASE), typed)

    assert answer.status_code == 422
    assert "最多 24 个字" in answer.content.decode()
    assert said in answer.content.decode()
    assert not Chase.objects.exists()


def test_nothing_ticked_is_said(client_: Client, tasks: list[Task]) -> None:
    answer = client_.post(reverse(CHASE), {"audience": "liaison", "send": "1"})

    assert answer.status_code == 422
    assert "不用催" in answer.content.decode()
