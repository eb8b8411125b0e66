"""A row changed in place, with htmx and without."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.test import Client

from common.tracked import save_with_history
from organizations.services.people import get_system_user
from responsibilities.models import Obligation
from responsibilities.services.breakdown import void_obligation
from tests.builders import NOW
from tests.responsibilities.views.ledger_worlds import Ledger, make_ledger, text_of
from tests.standing import built_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
MINUTES = "会议纪要〔2019〕3号"


whole = built_once(make_ledger)


@pytest.fixture
def ledger(db: None, whole: Ledger) -> Ledger:
    return deepcopy(whole)


@pytest.fixture
def office(client: Client, ledger: Ledger) -> Client:
    client.force_login(ledger.people["office"])
    return client


def _url(ledger: Ledger, name: str) -> str:
    return f"/tasks/{ledger.plan.code}/{ledger.rows[name].code}/row/"


def _fields(row: Obligation, **changed: str) -> dict[str, str]:
    """Return what the form of a dated row holds when it is opened."""
    return {
        "version": str(row.version),
        "unit": "jia",
        "kind": row.deadline_kind,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "frequency": "",
        "basis": row.decision_basis,
        "reason": "会议决定",
        "back": "clause=3",
        **changed,
    }


def _save(client: Client, ledger: Ledger, headers: dict[str, str], **changed: str) -> Any:
    fields = _fields(ledger.rows["far"], **changed)
    return client.post(_url(ledger, "far"), fields, headers=headers)


def test_opens_as_a_row_of_the_table_or_as_a_page(office: Client, ledger: Ledger) -> None:
    opened = text_of(office.get(_url(ledger, "far"), headers=HTMX)).strip()
    page = office.get(_url(ledger, "far"), headers={"Referer": "http://testserver/tasks/?clause=3"})

    assert opened.startswith('<tr class="edit">')
    assert "<html" in text_of(page)
    for shown in (opened, text_of(page)):
        assert 'value="2020-12-31"' in shown
        assert "区甲局" in shown
    assert 'name="back" value="clause=3"' in text_of(page)


def test_saves_a_deadline_and_goes_back_to_the_ledger(office: Client, ledger: Ledger) -> None:
    answer = _save(office, ledger, {}, due_on="2020-06-30", basis=MINUTES)

    assert (answer.status_code, answer["Location"]) == (302, "/tasks/?clause=3")
    row = Obligation.objects.get(code="03-01")
    assert row.due_on.isoformat() == "2020-06-30"
    assert row.history.latest().history_change_reason == "会议决定"


def test_htmx_receives_the_new_row_in_place_of_the_old(office: Client, ledger: Ledger) -> None:
    answer = text_of(_save(office, ledger, HTMX, due_on="2019-09-20", basis=MINUTES))

    pk = ledger.rows["far"].pk
    assert f'<tr id="row-{pk}" hx-swap-oob="delete">' in answer
    assert "剩 2 天" in answer
    assert "03-01 已保存。" in answer
    assert "<html" not in answer


def test_saves_deadline_and_lead_as_one_act(office: Client, ledger: Ledger) -> None:
    _save(office, ledger, {}, due_on="2020-06-30", basis=MINUTES, unit="yi")

    row = Obligation.objects.get(code="03-01")
    assert row.due_on.isoformat() == "2020-06-30"
    assert row.assignments.get(role="lead").unit.code == "yi"
    assert row.version == ledger.rows["far"].version + 2


def test_a_row_of_many_leads_offers_its_deadline_only(office: Client, ledger: Ledger) -> None:
    page = text_of(office.get(_url(ledger, "soon")))

    assert 'name="unit"' not in page
    assert "由各单位分别落实" in page


def test_an_undecided_row_can_change_its_lead_and_stay_undecided(
    office: Client, ledger: Ledger
) -> None:
    row = ledger.rows["draft"]
    fields = _fields(row, unit="yi", basis="")

    answer = office.post(_url(ledger, "draft"), fields)

    assert answer.status_code == 302
    assert row.assignments.get(role="lead").unit.code == "yi"


def test_a_lead_changes_without_a_basis_but_a_deadline_does_not(
    office: Client, ledger: Ledger
) -> None:
    assert _save(office, ledger, {}, basis="", due_on="2020-06-30").status_code == 422
    row = ledger.rows["far"]
    row.decision_basis = ""
    save_with_history(row, actor=get_system_user(), reason="依原文", at=NOW)

    refused = _save(office, ledger, {}, basis="", due_on="2020-06-30")
    changed = _save(office, ledger, {}, basis="", unit="yi")

    assert "请写明时限的依据" in text_of(refused)
    assert changed.status_code == 302
    assert row.assignments.get(role="lead").unit.code == "yi"


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("测试依据", "依据还是原来的“测试依据”，请写明这次是谁定的、凭什么"),
        ("条文原文", "03-01 的条文没有写明 2020-06-30 这个日期"),
    ],
)
def test_a_deadline_moves_on_a_new_basis_only_and_nothing_typed_is_lost(
    office: Client, ledger: Ledger, basis: str, words: str
) -> None:
    answer = _save(office, ledger, HTMX, due_on="2020-06-30", basis=basis)

    assert answer.status_code == 422
    assert words in text_of(answer).split('id="id_basis_error"')[1].split('name="basis"')[0]
    for typed in ("2020-06-30", basis, "会议决定"):
        assert f'value="{typed}"' in text_of(answer)
    assert Obligation.objects.get(code="03-01").due_on == date(2020, 12, 31)


def test_nothing_changed_is_said_and_what_was_typed_stays(office: Client, ledger: Ledger) -> None:
    answer = _save(office, ledger, {})

    assert answer.status_code == 422
    assert "都没有改动" in text_of(answer)
    assert 'value="会议决定"' in text_of(answer)


def test_a_refused_act_is_said_in_the_form(office: Client, ledger: Ledger) -> None:
    helper = ledger.units["yi"]
    helper.valid_to = date(2019, 1, 1)
    save_with_history(helper, actor=get_system_user(), reason="撤并", at=NOW)

    answer = _save(office, ledger, HTMX, unit="awb")

    assert answer.status_code == 422
    assert "区乙局已撤销或尚未设立" in text_of(answer)


def test_somebody_elses_change_is_shown_and_the_text_kept(office: Client, ledger: Ledger) -> None:
    _save(office, ledger, {}, due_on="2020-06-30", basis=MINUTES)

    answer = _save(office, ledger, HTMX, due_on="2020-03-31")

    assert answer.status_code == 409
    assert "刚刚被别人改过" in text_of(answer)
    assert "现在的时限是“2020-06-30”" in text_of(answer)
    assert 'value="2020-03-31"' in text_of(answer)
    newest = Obligation.objects.get(code="03-01")
    assert newest.due_on.isoformat() == "2020-06-30"
    assert f'name="version" value="{newest.version}"' in text_of(answer)


def test_a_void_row_is_not_there_to_change(office: Client, ledger: Ledger) -> None:
    void_obligation(ledger.rows["draft"], actor=ledger.people["office"], at=NOW, reason="重复")

    assert office.get(_url(ledger, "draft")).status_code == 404


@pytest.mark.parametrize("who", ["leader", "auditor", "jia", "yi"])
def test_only_the_office_comes_here(client: Client, ledger: Ledger, who: str) -> None:
    client.force_login(ledger.people[who])

    assert client.get(_url(ledger, "far")).status_code == 403
    assert _save(client, ledger, {}, due_on="2020-06-30").status_code == 403
