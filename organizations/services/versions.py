"""Optimistic locking by history: a record is unchanged while its newest history row is the same."""

from typing import Any

from common.errors import StaleVersion


def version_of(record: Any) -> int:
    """Return the number of the record's newest history row."""
    rows = type(record).history.filter(id=record.pk).order_by("-history_id")
    return int(rows.values_list("history_id", flat=True).first() or 0)


def ensure_unchanged(record: Any, seen: int) -> None:
    """Refuse to write over what somebody else saved after the form was shown."""
    if version_of(record) != seen:
        raise StaleVersion
