"""A guard that proves that a piece of code left the database as it was."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "REPLACE", "TRUNCATE")
ALLOWED_TABLES = ("django_session",)


@contextmanager
def no_writes() -> Iterator[None]:
    """Fail when the enclosed code writes any row except its own session."""
    seen: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) and not any(
            f'"{table}"' in sql for table in ALLOWED_TABLES
        ):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield
    if seen:
        pytest.fail(f"A read wrote to the database: {seen[0][:200]}")
