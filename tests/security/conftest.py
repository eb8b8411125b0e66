"""The world of the matrix, built once for a module."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.permissions.world import World, make_world
from tests.standing import standing


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with standing(django_db_blocker, make_world) as made:
        yield made
