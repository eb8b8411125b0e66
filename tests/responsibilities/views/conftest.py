"""The office, two departments and one row of the first of them, for the pages of a row."""

from datetime import date

import pytest
from django.test import Client

from organizations.enums import PostKind
from organizations.models import Unit, User
from responsibilities.models import Obligation
from tests.builders import make_plan, make_row, make_unit, make_user


@pytest.fixture
def units() -> dict[str, Unit]:
    return {
        "awb": make_unit("awb", "区安委办", order=1),
        "zjj": make_unit("zjj", "区住建局", order=11),
        "jtj": make_unit("jtj", "区交通局", order=12),
    }


@pytest.fixture
def office(units: dict[str, Unit]) -> User:
    return make_user("office", (units["awb"], PostKind.OFFICE), name="陆科员")


@pytest.fixture
def row(units: dict[str, Unit]) -> Obligation:
    return make_row(make_plan(), "02-02", leads=[units["zjj"]], due_on=date(2019, 10, 8))


@pytest.fixture
def desk(client: Client, office: User) -> Client:
    client.force_login(office)
    return client
