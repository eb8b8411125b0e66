"""Fingerprints of history rows: pure functions, the same on every database."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import models

ROW_DIGITS = 32  # 128 位：逐行校验值，够防伪造
START = "0" * 64  # 每张表第一段之前


def tracked_models() -> list[type[models.Model]]:
    """Return every model with a history, in the order of their labels."""
    found = [model for model in apps.get_models() if hasattr(model, "history")]
    return sorted(found, key=lambda model: model._meta.label)


def history_of(model: Any) -> Any:
    """Return the model of ``model``'s history rows."""
    return model.history.model


def columns_of(history: Any) -> list[str]:
    """Return the columns of a history table by name; their order is part of the fingerprint."""
    return sorted(field.attname for field in history._meta.concrete_fields)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)


def canonical(values: Sequence[Any]) -> str:
    """Write values as one line that is the same for the same values."""
    return json.dumps(list(values), ensure_ascii=False, default=_plain, sort_keys=True)


def row_digest(values: Sequence[Any]) -> str:
    """Return the fingerprint of one history row."""
    return hashlib.sha256(canonical(values).encode()).hexdigest()[:ROW_DIGITS]


def seal_digest(previous: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return the fingerprint of a stretch of rows that follows the stretch ``previous``."""
    chained = canonical([previous, list(columns), [list(row) for row in rows]])
    return hashlib.sha256(chained.encode()).hexdigest()
