"""The archive file: writing it whole or not at all, and reading it only when it is whole."""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from qinnan_safety.archive.database import (
    ArchiveError,
    applied_migrations,
    dump,
    is_empty,
    load,
    member_name,
    row_counts,
)

FORMAT = 1
MANIFEST, MEDIA = "manifest.json", "media"


def write_archive(target: Path, *, at: datetime) -> dict[str, Any]:
    """Write database, uploaded files and manifest to ``target`` and return the manifest.

    The database is copied before the files: a file is never removed, so every file that the copy
    names is there.
    """
    if target.exists():
        raise ArchiveError(f"{target} 已经存在，为免覆盖旧备份，请换一个文件名。")
    if not target.parent.is_dir():
        raise ArchiveError(f"目录 {target.parent} 不存在，请先建立。")
    partial = target.with_name(f".{target.name}.partial")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
        copy = Path(scratch) / member_name()
        rows = dump(copy)
        files = {member_name(): copy, **_media_files()}
        manifest = _manifest(files, rows=rows, at=at)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            with tarfile.open(fileobj=output, mode="w") as archive:
                for name, path in files.items():
                    archive.add(path, arcname=name, recursive=False)
                _add_manifest(archive, manifest, at=at)
            output.flush()
            os.fsync(output.fileno())
    if verified_manifest(partial) != manifest:
        raise ArchiveError("备份写入后校验不一致，请检查磁盘后重试。")
    partial.rename(target)
    return manifest


def restore_archive(source: Path) -> dict[str, Any]:
    """Put the content of ``source`` into the empty platform and return its manifest.

    Raises: ArchiveError, having changed nothing, when the platform is not empty or the archive is
    damaged, of another kind of database or made by a newer version.
    """
    if not is_empty() or _media_files():
        raise ArchiveError(
            "这里已有数据，没有恢复任何内容。请用 QINNAN_VAR 或 DATABASE_URL 指定一个空的位置。"
        )
    manifest = verified_manifest(source)
    if manifest["database"] != member_name():
        raise ArchiveError("备份与当前数据库种类不同（SQLite 与 PostgreSQL 之间不能直接恢复）。")
    unknown = sorted(set(manifest["migrations"]) - _known_migrations())
    if unknown:
        raise ArchiveError(f"备份来自更新的版本（{unknown[0]}），请先升级平台再恢复。")
    with _unpacked(source) as folder:
        load(folder / member_name())
        _place_media(folder / MEDIA)
    if (found := row_counts()) != manifest["rows"]:
        different = sorted(t for t in manifest["rows"] if found.get(t) != manifest["rows"][t])
        raise ArchiveError(
            f"恢复后行数与备份不一致（{'、'.join(different[:3])}），请勿使用这份数据。"
        )
    return manifest


def verified_manifest(source: Path) -> dict[str, Any]:
    """Read the archive through once and return its manifest if every checksum holds."""
    found, manifest = {}, {}
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None:
                    continue
                if member.name == MANIFEST:
                    manifest = json.load(content)
                else:
                    found[member.name] = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    except (OSError, tarfile.TarError, ValueError) as error:
        raise ArchiveError(f"{source} 不是完整的备份文件，请换一份备份。") from error
    if manifest.get("format") != FORMAT:
        raise ArchiveError(f"{source} 缺少备份说明或格式不能识别，请换一份备份。")
    expected = manifest["sha256"]
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise ArchiveError(f"备份里的 {name} 缺失或被改动，没有恢复任何内容。")
    return manifest


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix=".restore-") as scratch:
        with tarfile.open(source) as archive:
            for member in archive:
                _unpack(archive, member, Path(scratch))
        yield Path(scratch)


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one plain file of the archive below ``folder``; nothing else is ever unpacked.

    Done by hand because the extraction filters came only with Python 3.11.4.
    """
    target = (folder / member.name).resolve()
    content = archive.extractfile(member) if member.isreg() else None
    if content is None or not target.is_relative_to(folder.resolve()):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file)


def _manifest(files: dict[str, Path], *, rows: dict[str, int], at: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": at.isoformat(timespec="seconds"),
        "database": member_name(),
        "database_version": ".".join(map(str, connection.get_database_version())),
        "migrations": applied_migrations(),
        "rows": rows,
        "sha256": {name: _sha256(path) for name, path in files.items()},
    }


def _media_files() -> dict[str, Path]:
    root = Path(settings.MEDIA_ROOT)
    return {
        f"{MEDIA}/{path.relative_to(root).as_posix()}": path
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def _place_media(folder: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    if folder.is_dir():
        root.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(root, ignore_errors=True)  # proven to hold no file
        folder.rename(root)


def _known_migrations() -> set[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def _add_manifest(archive: tarfile.TarFile, manifest: dict[str, Any], *, at: datetime) -> None:
    content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    member = tarfile.TarInfo(MANIFEST)
    member.size, member.mode, member.mtime = len(content), 0o600, int(at.timestamp())
    archive.addfile(member, BytesIO(content))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
