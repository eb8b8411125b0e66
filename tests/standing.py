"""A world that stands for all tests of a module; each test's own writes are taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from django.db import transaction

World = TypeVar("World")


@contextmanager
def standing(blocker: Any, build: Callable[[], World]) -> Iterator[World]:
    """Build a world in a transaction that is rolled back at the end.

    ``blocker`` is pytest-django's; the tests themselves are marked ``django_db`` as ever.
    """
    with blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """Run the enclosed code in a savepoint and take back what it wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def built_once(build: Callable[[], World]) -> Any:
    """Return the fixture of a world that a module builds once.

    A test works on a deep copy of it, in a transaction of its own::

        whole = built_once(make_town)

        @pytest.fixture
        def town(db, whole):
            return deepcopy(whole)
    """

    @pytest.fixture(scope="module")
    def whole(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
        with standing(django_db_blocker, build) as made:
            yield made

    return whole
