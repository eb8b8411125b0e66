"""Uploaded tables between preview and confirmation: kept by content, for one person, for a day."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage

from organizations.models import User

FOLDER = "imports"
KEPT_FOR = timedelta(hours=24)
SHA256 = re.compile(r"[0-9a-f]{64}")


def keep_upload(file: "File[bytes]", *, owner: User) -> str:
    """Store an upload for its owner. Returns: the SHA-256 of its content, which names it."""
    token = _sha256(file)
    path = _path(token, owner)
    if not default_storage.exists(path):
        file.seek(0)
        default_storage.save(path, file)
    return token


def open_upload(token: str, *, owner: User) -> BinaryIO | None:
    """Open a kept upload of its owner, or return None when it is gone or not what it was."""
    if not SHA256.fullmatch(token) or not default_storage.exists(_path(token, owner)):
        return None
    file = default_storage.open(_path(token, owner))
    if _sha256(file) != token:
        file.close()
        return None
    file.seek(0)
    return cast("BinaryIO", file)


def drop_upload(token: str, *, owner: User) -> None:
    """Forget an upload that has served its purpose."""
    if SHA256.fullmatch(token):
        default_storage.delete(_path(token, owner))


def drop_old_uploads(*, at: datetime) -> int:
    """Delete the uploads of everybody that are older than a day. Returns: how many."""
    old = [path for path in _kept() if at - default_storage.get_modified_time(path) > KEPT_FOR]
    for path in old:
        default_storage.delete(path)
    return len(old)


def _sha256(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _kept() -> Iterator[str]:
    if not default_storage.exists(FOLDER):
        return
    owners, _ = default_storage.listdir(FOLDER)
    for owner in owners:
        _, names = default_storage.listdir(f"{FOLDER}/{owner}")
        yield from (f"{FOLDER}/{owner}/{name}" for name in names)


def _path(token: str, owner: User) -> str:
    return f"{FOLDER}/{owner.pk}/{token}.xlsx"
