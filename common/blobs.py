"""Files kept by their content: the SHA-256 is the name, so the same file is stored once."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage


def sha256_of(file: "File[bytes]") -> str:
    """Return the SHA-256 of the whole file, read piece by piece."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def blob_path(folder: str, sha256: str) -> str:
    """Return where the storage keeps the content ``sha256`` of ``folder``."""
    return f"{folder}/{sha256[:2]}/{sha256}"


def is_kept(path: str) -> bool:
    """Return whether the storage still has what it once kept at ``path``."""
    return default_storage.exists(path)


def keep_blob(folder: str, file: "File[bytes]", sha256: str) -> None:
    """Store the file under its hash; after the return it is on the disk, whole."""
    name = blob_path(folder, sha256)
    if default_storage.exists(name):
        return
    file.seek(0)
    if isinstance(default_storage, FileSystemStorage):
        _write_whole(Path(default_storage.path(name)), file)
    else:
        default_storage.save(name, file)


def _write_whole(path: Path, file: "File[bytes]") -> None:
    """Write beside the name, then rename: a name never stands for half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        Path(beside).chmod(settings.FILE_UPLOAD_PERMISSIONS)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
