"""A backup becomes the same platform again, or nothing at all; tried with the real commands."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg2
import pytest

from qinnan_safety.environment import BASE_DIR

PLACES = [pytest.param("sqlite", marks=pytest.mark.sqlite)]
PLACES += [pytest.param("postgres", marks=pytest.mark.postgres)]


class Place:
    """A platform of its own: data directory and database."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.environment = {**os.environ, "QINNAN_VAR": str(folder)}
        self.environment.pop("DATABASE_URL", None)
        if database_url:
            self.environment["DATABASE_URL"] = database_url

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=BASE_DIR,
            env={**self.environment, "DJANGO_SETTINGS_MODULE": "qinnan_safety.settings"},
            capture_output=True,
            text=True,
            check=False,
        )

    def groups(self) -> str:
        code = "from django.contrib.auth.models import Group; print(*Group.objects.all())"
        return self.manage("shell", "-v0", "-c", code).stdout.strip()


def run_sql(url: str, sql: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


@pytest.fixture(params=PLACES)
def places(request, tmp_path):
    """The platform that is saved and an empty one, on the database of this run."""
    if request.param == "sqlite":
        yield Place(tmp_path / "old", ""), Place(tmp_path / "new", "")
        return
    server = os.environ["TEST_DATABASE_URL"]
    names = [f"{kind}_{os.getpid()}" for kind in ("old", "new")]
    for name in names:
        run_sql(server, f"CREATE DATABASE {name}")
    old, new = (f"{server.rpartition('/')[0]}/{name}" for name in names)
    yield Place(tmp_path / "old", old), Place(tmp_path / "new", new)
    for name in names:
        run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")


FILLING = """
from django.contrib.auth.models import Group
from django.core.management import call_command
call_command("migrate", "auth", verbosity=0, skip_checks=True)
Group.objects.create(name="甲")
"""


def fill(place: Place) -> None:
    """Make tables, one row and an uploaded file."""
    place.manage("shell", "-v0", "-c", FILLING).check_returncode()
    evidence = place.folder / "media" / "ab" / "整改照片.txt"
    evidence.parent.mkdir(parents=True)
    evidence.write_text("已整改")


def test_a_restored_platform_holds_the_same_rows_and_files(places, tmp_path):
    old, new = places
    fill(old)

    saved = old.manage("backup", str(tmp_path / "backup.tar"))
    restored = new.manage("restore", str(tmp_path / "backup.tar"))

    assert (saved.returncode, restored.returncode) == (0, 0), saved.stderr + restored.stderr
    assert new.groups() == "甲"
    assert (new.folder / "media" / "ab" / "整改照片.txt").read_text() == "已整改"


def test_a_platform_with_data_is_never_overwritten(places, tmp_path):
    old, _new = places
    fill(old)
    old.manage("backup", str(tmp_path / "backup.tar"))

    refused = old.manage("restore", str(tmp_path / "backup.tar"))

    assert refused.returncode == 1
    assert "这里已有数据" in refused.stderr
    assert old.groups() == "甲"


@pytest.fixture(scope="module")
def backup(tmp_path_factory):
    """A small backup of SQLite; tests change copies of it."""
    folder = tmp_path_factory.mktemp("backup")
    old = Place(folder / "old", "")
    fill(old)
    old.manage("backup", str(folder / "backup.tar")).check_returncode()
    return folder / "backup.tar"


def rewritten(backup: Path, target: Path, change) -> Path:
    """Return a copy of the backup whose members passed through ``change(name, content)``."""
    with tarfile.open(backup) as source, tarfile.open(target, "w") as copy:
        for member in source:
            content = change(member.name, source.extractfile(member).read())
            if content is not None:
                member.size = len(content)
                copy.addfile(member, io.BytesIO(content))
    return target


def other_version(name, content):
    if name != "manifest.json":
        return content
    manifest = json.loads(content)
    manifest["migrations"].append("clauses.9999_of_the_future")
    return json.dumps(manifest).encode()


DAMAGES = {
    "one-byte-of-a-file": (
        lambda n, c: c + b"!" if n.startswith("media") else c,
        "整改照片.txt 缺失",
    ),
    "a-file-gone": (lambda n, c: None if n.startswith("media") else c, "整改照片.txt 缺失"),
    "no-manifest": (lambda n, c: None if n == "manifest.json" else c, "缺少备份说明"),
    "a-newer-version": (other_version, "请先升级平台"),
}


@pytest.mark.sqlite
@pytest.mark.parametrize(("change", "sentence"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_backup_is_refused_and_leaves_nothing(backup, tmp_path, change, sentence):
    new = Place(tmp_path / "new", "")

    refused = new.manage("restore", str(rewritten(backup, tmp_path / "changed.tar", change)))

    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert not (new.folder / "media").exists()
    assert new.manage("backup", str(tmp_path / "nothing.tar")).returncode == 0
    with tarfile.open(tmp_path / "nothing.tar") as nothing:
        assert json.load(nothing.extractfile("manifest.json"))["rows"] == {}


@pytest.mark.sqlite
def test_a_backup_cut_short_is_refused(backup, tmp_path):
    short = tmp_path / "short.tar"
    short.write_bytes(backup.read_bytes()[:50_000])

    refused = Place(tmp_path / "new", "").manage("restore", "--check", str(short))

    assert refused.returncode == 1
    assert "不是完整的备份文件" in refused.stderr


@pytest.mark.sqlite
def test_an_older_backup_is_not_overwritten(backup):
    before = backup.read_bytes()

    refused = Place(backup.parent / "old", "").manage("backup", str(backup))

    assert refused.returncode == 1
    assert "已经存在" in refused.stderr
    assert backup.read_bytes() == before
