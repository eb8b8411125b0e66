"""What tests of documents share."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from documents import kinds
from organizations.enums import PostKind, UnitKind
from organizations.models import User
from tests.builders import make_unit, make_user
from tests.documents.samples import register_probe


@pytest.fixture(autouse=True)
def _own_files(tmp_path) -> Iterator[None]:
    """Files that a test builds go with it."""
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield


@pytest.fixture(autouse=True)
def _probe(monkeypatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    register_probe()


@pytest.fixture
def office(db) -> User:
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    return make_user("office", (awb, PostKind.OFFICE))
