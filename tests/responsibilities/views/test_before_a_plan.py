"""What the office sees before any plan is loaded."""

import pytest
from django.test import Client

from organizations.enums import PostKind, UnitKind
from tests.builders import as_, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Client:
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE)
    return as_(make_user("office", (awb, PostKind.OFFICE)))


def test_the_ledger_says_so(office: Client) -> None:
    assert "还没有方案" in office.get("/tasks/").content.decode()


def test_the_plan_page_leads_to_the_import(office: Client) -> None:
    assert office.get("/plan/").headers["Location"] == "/plan/import/"
