"""The small ledger with its office signed in, and a place of its own for what is uploaded."""

import pytest

from tests.responsibilities.excel.world import make_world, signed_in


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def client(world):
    return signed_in(world.office)
