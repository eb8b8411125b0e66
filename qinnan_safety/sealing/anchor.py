"""The anchor: one line for each seal, in a file outside the database that only grows."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from qinnan_safety.models import HistorySeal


@dataclass(frozen=True)
class Anchored:
    """A seal as the anchor remembers it."""

    table: str
    number: int
    digest: str


def anchor_file() -> Path:
    return Path(settings.HISTORY_ANCHOR)


def read_anchor() -> list[Anchored]:
    """Return all lines; an empty list where there is no file yet.

    Raises: ValueError when a line cannot be read.
    """
    path = anchor_file()
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        return [Anchored(**json.loads(line)) for line in lines if line]
    except (TypeError, ValueError) as error:
        raise ValueError(f"锚定文件 {path.name} 有读不懂的行。") from error


def append_anchor(seals: Iterable[HistorySeal]) -> None:
    """Add the seals as lines and see them on disk."""
    lines = [asdict(Anchored(seal.table, seal.number, seal.digest)) for seal in seals]
    if not lines:
        return
    path = anchor_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
