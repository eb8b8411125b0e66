"""Registering an accident in the browser's terms."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from clauses.models import Plan
from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.models import User
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind
from responsibilities.models import Event, Obligation, Task
from responsibilities.services.deadlines import Deadline, set_deadline
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
ADD = "responsibilities:event_add"


@pytest.fixture
def office() -> User:
    return make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))


@pytest.fixture
def row() -> Obligation:
    """A dispatched row that a closed case opens, due within twelve months."""
    plan: Plan = make_plan()
    row = make_row(plan, "02-02", leads=[make_unit("yjj", "区应急局")], title="开展评估")
    system = get_system_user()
    row.event, row.event_months = "事故结案", 12
    save_with_history(row, actor=system, reason="测试", at=NOW)
    deadline = Deadline(kind=DeadlineKind.EVENT, basis="条文")
    row = set_deadline(
        row, deadline, version=row.version, actor=system, at=NOW, today=TODAY, reason="测试"
    )
    dispatch(plan, row)
    return row


def post(office: User, row: Obligation, **changed: str):
    client = Client()
    client.force_login(office)
    typed = {
        "kind": "case_closed",
        "title": "9·12 坍塌事故结案",
        "happened_on": "2019-09-16",
        "document_no": "钦南政函〔2019〕30号",
        f"row-{row.pk}": "on",
    }
    return client.post(reverse(ADD), typed | changed)


def test_the_evaluation_is_due_a_year_after_the_case_is_closed(
    office: User, row: Obligation
) -> None:
    answer = post(office, row)

    assert answer.status_code == 302
    assert Task.objects.get().due_on == date(2020, 9, 16)


def test_an_own_date_goes_before_the_worked_out_one(office: User, row: Obligation) -> None:
    post(office, row, **{f"due-{row.pk}": "2020-06-30"})

    assert Task.objects.get().due_on == date(2020, 6, 30)


def test_a_missing_paper_is_named_and_the_words_stay(office: User, row: Obligation) -> None:
    answer = post(office, row, document_no="")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写依据文号。" in page
    assert "9·12 坍塌事故结案" in page
    assert not Event.objects.exists()


def test_no_row_ticked_is_said(office: User, row: Obligation) -> None:
    assert "请至少勾选一项" in post(office, row, **{f"row-{row.pk}": ""}).content.decode()
