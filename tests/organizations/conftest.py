"""A small district: the office, one department and its people."""

import pytest
from django.test import Client

from organizations.enums import PostKind, UnitKind
from organizations.models import Appointment, Unit, User
from tests.builders import make_unit, make_user


@pytest.fixture
def awb(db) -> Unit:
    return make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)


@pytest.fixture
def zjj(db) -> Unit:
    return make_unit("zjj", "区住房和城乡建设局", order=10)


@pytest.fixture
def office(awb) -> User:
    return make_user("office-1", (awb, PostKind.OFFICE), name="陆科员")


@pytest.fixture
def liaison(zjj) -> User:
    return make_user("liaison-1", (zjj, PostKind.LIAISON), name="李科员")


@pytest.fixture
def post_of_liaison(liaison) -> Appointment:
    return liaison.appointments.get()


@pytest.fixture
def desk(client, office) -> Client:
    """The office, signed in."""
    client.force_login(office)
    return client
