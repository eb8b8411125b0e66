"""Saved views: kept from the filters in force, met as tabs, deleted by their owner."""

from copy import deepcopy

import pytest
from django.test import Client

from responsibilities.models import SavedView
from tests.responsibilities.views.ledger_worlds import LEDGER, Ledger, make_ledger, tabs, text_of
from tests.standing import built_once

pytestmark = pytest.mark.django_db
VIEWS = "/views/"


whole = built_once(make_ledger)


@pytest.fixture
def ledger(db: None, whole: Ledger) -> Ledger:
    return deepcopy(whole)


@pytest.fixture
def office(client: Client, ledger: Ledger) -> Client:
    client.force_login(ledger.people["office"])
    return client


def test_keeps_the_filters_in_force_without_what_nobody_knows(office: Client) -> None:
    query = "unit=yi&lamp=overdue&colour=red&clause=99&page=3"

    answer = office.post(f"{VIEWS}?{query}", {"name": "乙局逾期"})

    assert answer["Location"] == "/tasks/?lamp=overdue&unit=yi"
    page = office.get(answer["Location"])
    assert tabs(page)["乙局逾期"] is None
    assert 'aria-current="page">乙局逾期' in text_of(page)
    assert "删除这个视图" in text_of(page)


def test_shows_what_will_be_kept(office: Client) -> None:
    assert "条件：单位：区乙局" in text_of(office.get(f"{VIEWS}?unit=yi"))


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "不能空着"), ("长" * 21, "20"), ("乙局", "同名视图")]
)
def test_a_bad_name_comes_back_with_the_reason(office: Client, name: str, sentence: str) -> None:
    office.post(f"{VIEWS}?unit=yi", {"name": "乙局"})

    answer = office.post(f"{VIEWS}?unit=yi", {"name": name})

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert SavedView.objects.count() == 1


def test_a_shared_view_is_a_tab_of_leaders_but_of_no_unit(office: Client, ledger: Ledger) -> None:
    office.post(f"{VIEWS}?unit=yi", {"name": "乙局", "is_shared": "on"})

    shown = {}
    for who in ("leader", "jia"):
        office.force_login(ledger.people[who])
        shown[who] = "乙局" in tabs(office.get(LEDGER))
    assert shown == {"leader": True, "jia": False}


def test_nobody_but_the_office_is_offered_sharing(client: Client, ledger: Ledger) -> None:
    client.force_login(ledger.people["jia"])

    assert "is_shared" not in text_of(client.get(f"{VIEWS}?lamp=overdue"))
    client.post(f"{VIEWS}?lamp=overdue", {"name": "逾期的", "is_shared": "on"})

    assert not SavedView.objects.get().is_shared


def test_the_owner_deletes_a_view_and_stays_on_its_filters(office: Client) -> None:
    office.post(f"{VIEWS}?unit=yi", {"name": "乙局"})
    view = SavedView.objects.get()

    answer = office.post(f"{VIEWS}{view.pk}/delete/")

    assert answer["Location"] == "/tasks/?unit=yi"
    assert "乙局" not in tabs(office.get(LEDGER))


def test_another_persons_view_is_not_there_to_delete(office: Client, ledger: Ledger) -> None:
    office.post(f"{VIEWS}?unit=yi", {"name": "乙局", "is_shared": "on"})
    view = SavedView.objects.get()
    office.force_login(ledger.people["leader"])

    assert office.post(f"{VIEWS}{view.pk}/delete/").status_code == 404
    assert office.get(f"{VIEWS}{view.pk}/delete/").status_code == 405
    assert "删除这个视图" not in text_of(office.get(f"{LEDGER}?unit=yi"))


def test_everything_needs_no_view_of_its_own(office: Client) -> None:
    answer = office.post(VIEWS, {"name": "全部任务"})

    assert answer.status_code == 422
    assert "请先在台账里筛选" in text_of(answer)
    assert "存为视图" not in text_of(office.get(LEDGER))
