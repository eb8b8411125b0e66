"""What holds for every test: a fixed day, no network, no write by a GET, no undefined variable."""

import os
import socket
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.utils import timezone

from common.clock import morning_of
from tests.browser import browser, chromium_path, page
from tests.writes import no_writes

__all__ = ["browser", "page"]

ON_POSTGRES = "TEST_DATABASE_URL" in os.environ
LEFT_OUT = {
    "sqlite": (ON_POSTGRES, "只适用于 SQLite 的测试(在 SQLite 轮次运行)"),
    "postgres": (not ON_POSTGRES, "只适用于 PostgreSQL 的测试(未提供 TEST_DATABASE_URL)"),
    "redis": ("TEST_REDIS_URL" not in os.environ, "需要 Redis 的测试(未提供 TEST_REDIS_URL)"),
    "browser": (
        os.environ.get("WITHOUT_BROWSER") == "1" or chromium_path() is None,
        "浏览器测试(没有 Chromium,或在另一数据库轮次运行)",
    ),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine or this database cannot show, and say so at the end."""
    left_out: dict[str, int] = {}
    kept, gone = [], []
    for item in items:
        reasons = [
            text
            for mark, (applies, text) in LEFT_OUT.items()
            if applies and item.get_closest_marker(mark)
        ]
        for reason in reasons[:1]:
            left_out[reason] = left_out.get(reason, 0) + 1
        (gone if reasons else kept).append(item)
    items[:] = kept
    if gone:
        config.hook.pytest_deselected(items=gone)
    config.stash[_left_out_key] = left_out


_left_out_key = pytest.StashKey[dict[str, int]]()


def pytest_report_header() -> str:
    engine = "PostgreSQL" if ON_POSTGRES else "SQLite"
    return f"数据库:{engine};业务日期:{settings.QINNAN_TODAY}"


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for reason, count in sorted(config.stash.get(_left_out_key, {}).items()):
        terminalreporter.write_line(f"未运行 {count} 项:{reason}", yellow=True)


@pytest.fixture
def today() -> date:
    """The business date of every test."""
    return date.fromisoformat(settings.QINNAN_TODAY)


@pytest.fixture(autouse=True, scope="session")
def _afternoon() -> Iterator[None]:
    """The suite begins at two in the afternoon, whenever it is run.

    Tests date by hand what was done before, in the morning of their day; what they then do
    themselves must come after it at night too.
    """
    plain_localtime = timezone.localtime
    began = plain_localtime()
    shift = morning_of(began.date(), 14) - began

    def localtime(value: datetime | None = None, zone: tzinfo | None = None) -> datetime:
        local = plain_localtime(value, zone)
        return local + shift if value is None else local

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "localtime", localtime)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Only this machine may be spoken to."""
    plain_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            pytest.fail(f"A test tried to reach {address}.")
        plain_connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(autouse=True, scope="session")
def _test_keeps_its_transaction() -> Iterator[None]:
    """The end of a request must not close the connection in which a test's transaction runs.

    A streamed answer that a test closes by hand sends ``request_finished`` outside the test
    client's care; PostgreSQL would then lose the test's transaction and its connection.
    """
    plain_close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            plain_close(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close)
        yield


@pytest.fixture(autouse=True)
def _reading_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every GET and HEAD of every test proves that it left the database as it was."""
    for method in ("get", "head"):
        plain = getattr(Client, method)

        def read(self: Client, *args: Any, _plain: Any = plain, **kwargs: Any) -> Any:
            with no_writes():
                return _plain(self, *args, **kwargs)

        monkeypatch.setattr(Client, method, read)
