"""The small ledger with its office signed in, and a place of its own for what is uploaded."""

from copy import deepcopy

import pytest

from tests.responsibilities.excel.world import make_world, signed_in
from tests.standing import built_once


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


whole_world = built_once(make_world)


@pytest.fixture
def world(db, whole_world):
    return deepcopy(whole_world)


@pytest.fixture
def client(world):
    return signed_in(world.office)
