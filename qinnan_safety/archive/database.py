"""Copies of the database that are whole while people go on working."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

# Rows that Django itself writes into an empty database.
FRAMEWORK_TABLES = frozenset({"django_migrations", "django_content_type", "auth_permission"})


class ArchiveError(Exception):
    """A backup or restore cannot go on; the message is a Chinese sentence for the operator."""


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def member_name() -> str:
    """The name of the database inside the archive, which also tells its kind."""
    return "database.sqlite3" if is_sqlite() else "database.pgdump"


def applied_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def row_counts() -> dict[str, int]:
    """Return the number of rows of every table, by name."""
    tables = sorted(connection.introspection.table_names())
    with connection.cursor() as cursor:
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = int(cursor.fetchone()[0])
    return counts


def is_empty() -> bool:
    """Whether the database holds nothing but what ``migrate`` writes."""
    return not any(n for table, n in row_counts().items() if table not in FRAMEWORK_TABLES)


def dump(target: Path) -> dict[str, int]:
    """Write a consistent copy of the database to ``target`` and return its numbers of rows."""
    return _dump_sqlite(target) if is_sqlite() else _dump_postgres(target)


def _dump_sqlite(target: Path) -> dict[str, int]:
    tables = sorted(connection.introspection.table_names())
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        counting = {name: f'SELECT COUNT(*) FROM "{name}"' for name in tables}  # noqa: S608
        return {name: copy.execute(sql).fetchone()[0] for name, sql in counting.items()}


def _dump_postgres(target: Path) -> dict[str, int]:
    """Count and copy in one snapshot, while people go on working."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        _run_postgres(
            *("pg_dump", "--format=custom", "--no-owner", "--no-acl"),
            *("--snapshot", snapshot, "--file", str(target)),
        )
        return row_counts()


def load(source: Path) -> None:
    """Put the copy ``source`` in the place of the empty database.

    Raises: ArchiveError when the copy is damaged or the tools are missing.
    """
    if not is_sqlite():
        _run_postgres(
            "pg_restore",
            *("--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction"),
            *("--dbname", _postgres_variables()["PGDATABASE"], str(source)),
        )
        connection.close()
        return
    _check_sqlite(source)
    with closing(sqlite3.connect(source)) as copy:
        connection.ensure_connection()
        copy.backup(connection.connection)


def _check_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        try:
            faults = copy.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
            faults = faults or bool(copy.execute("PRAGMA foreign_key_check").fetchall())
        except sqlite3.DatabaseError:
            faults = True
    if faults:
        raise ArchiveError("备份里的数据库已损坏，没有恢复任何内容，请换一份备份。")


def _run_postgres(program: str, *arguments: str) -> None:
    path = _postgres_program(program)
    done = subprocess.run(  # noqa: S603 - our own command
        [path, *arguments],
        env={**os.environ, **_postgres_variables()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["没有说明"])[-1]
        raise ArchiveError(f"{program} 未能完成：{reason}。请检查数据库连接和程序版本后重试。")


def _postgres_program(name: str) -> str:
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0,
        reverse=True,
    )
    found = newest_first[0] if newest_first else shutil.which(name)
    if not found:
        raise ArchiveError(f"没有找到 {name}，请先安装 PostgreSQL 客户端（postgresql-client）。")
    return str(found)


def _postgres_variables() -> dict[str, str]:
    settings: Mapping[str, Any] = connection.settings_dict
    named = {
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        "PGDATABASE": settings["NAME"],
    }
    return {name: str(value) for name, value in named.items() if value}
