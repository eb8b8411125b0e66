"""The versions of a row that its history keeps."""

from typing import Any

from responsibilities.models import Obligation


def shown_at(row: Obligation, version: int) -> Any | None:
    """Return the history row that holds the obligation as it was at ``version``."""
    kept = row.history.filter(version=version).order_by("-history_date", "-history_id")
    return kept.first()
