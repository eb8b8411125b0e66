"""A world that stands for all tests of a module; each test's own writes are taken back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

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
