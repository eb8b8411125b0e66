"""The migrations, from nothing, make the tables that the models describe; on SQLite as well."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from qinnan_safety.environment import BASE_DIR


def tables_of(execute) -> dict[str, tuple[set[tuple[str, ...]], set[str]]]:
    """Columns with type and null, and the indexes by name, of every table but SQLite's own."""
    names = [
        name
        for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith(("sqlite_", "django_migrations"))
    ]
    found = {}
    for name in names:
        columns = {tuple(row[1:4]) for row in execute(f"PRAGMA table_info('{name}')")}
        indexes = {row[1] for row in execute(f"PRAGMA index_list('{name}')")}
        found[name] = columns, {index for index in indexes if "autoindex" not in index}
    return found


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_migrations_make_the_tables_of_the_models(tmp_path: Path) -> None:
    environment = {**os.environ, "QINNAN_VAR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "qinnan_safety.settings"
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(command, cwd=BASE_DIR, env=environment, check=True)
    [database] = tmp_path.rglob("*.sqlite3")
    with sqlite3.connect(database) as migrated, connection.cursor() as cursor:
        made = tables_of(lambda sql: migrated.execute(sql).fetchall())
        described = tables_of(lambda sql: cursor.execute(sql).fetchall())

    assert made == described
