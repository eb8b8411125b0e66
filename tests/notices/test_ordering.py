"""A draft of a 督办单 at the end of the ladder: asked for once, written once, whoever dies."""

from datetime import date

import pytest

from common.clock import morning_of
from common.errors import DomainError
from notices import orders
from notices.enums import OrderState
from notices.models import Notice, OrderRequest
from notices.orders import Drafted, register_drafter
from notices.services.ordering import ask_for_orders, draft_orders
from organizations.services.people import get_system_user
from tests.builders import NOW, TODAY

pytestmark = pytest.mark.django_db


class Typist:
    """Writes a draft by posting a notice of its own, so that a test sees what was rolled back."""

    def __init__(self) -> None:
        self.written: list[tuple[str, str]] = []
        self.fails: Exception | None = None
        self.is_out = False

    def __call__(self, unit, period, actor, at):
        self.written.append((unit.code, period))
        if self.fails:
            raise self.fails
        return None if self.is_out else Drafted(f"{unit}督办单", "/documents/7/")


@pytest.fixture
def typist(monkeypatch) -> Typist:
    monkeypatch.setattr(orders, "_drafters", [])
    made = Typist()
    register_drafter(made)
    return made


def draft(at=NOW) -> int:
    return draft_orders(lambda: at, actor=get_system_user())


def told() -> list[tuple[str, str, str]]:
    found = Notice.objects.filter(kind="order").order_by("pk")
    return list(found.values_list("recipient__username", "text", "url"))


def test_a_unit_is_asked_for_once_a_quarter(people, typist):
    for units in ({people.zjj.pk}, {people.zjj.pk, people.jtj.pk}):
        ask_for_orders(units, at=NOW, today=TODAY)
    assert draft() == 2
    ask_for_orders({people.zjj.pk}, at=NOW, today=TODAY)
    assert draft() == 0
    ask_for_orders({people.zjj.pk}, at=morning_of(date(2019, 10, 8)), today=date(2019, 10, 8))
    assert draft() == 1

    assert typist.written == [("zjj", "2019Q3"), ("jtj", "2019Q3"), ("zjj", "2019Q4")]
    assert told()[0] == (
        "office-1",
        "【区安委办】区住建局督办单已拟草稿，请核对后签发。",
        "/documents/7/",
    )
    assert len(told()) == 3


def test_a_run_that_dies_leaves_the_request_to_the_next(people, typist):
    ask_for_orders({people.zjj.pk}, at=NOW, today=TODAY)
    typist.fails = RuntimeError("进程被杀")
    with pytest.raises(RuntimeError):
        draft()
    assert (OrderRequest.objects.get().state, told()) == (OrderState.WAITING, [])

    typist.fails = None
    assert (draft(), draft(), len(told())) == (1, 0, 1)


def test_of_two_runs_the_second_finds_the_request_taken(people, typist, monkeypatch):
    ask_for_orders({people.zjj.pk}, at=NOW, today=TODAY)

    class Meanwhile(Typist):
        def __call__(self, unit, period, actor, at):
            register_drafter(typist)
            assert draft() == 0  # 另一个进程同时来办
            return super().__call__(unit, period, actor, at)

    register_drafter(Meanwhile())

    assert draft() == 1
    assert (typist.written, len(told())) == ([], 1)


@pytest.mark.parametrize("why", ["没有临期或逾期的任务", "这一季度的督办单已经签发"])
def test_what_comes_to_nothing_says_why_and_is_asked_again(people, typist, why):
    ask_for_orders({people.zjj.pk}, at=NOW, today=TODAY)
    if "签发" in why:
        typist.is_out = True
    else:
        typist.fails = DomainError(why)
    assert (draft(), draft()) == (0, 0)
    request = OrderRequest.objects.get()
    assert (request.state, request.reason, told()) == (OrderState.NOTHING, why, [])

    typist.fails, typist.is_out = None, False
    ask_for_orders({people.zjj.pk}, at=NOW, today=TODAY)
    assert (draft(), len(told())) == (1, 1)
