"""Everything that ever happened to an inspection, as sentences."""

from typing import Any

from common.changes import Act, Trail, acts_of, entries_of_trails
from inspections.models import Finding, Hazard, Inspection, Photo

OLDEST_FIRST = ("history_date", "history_id")


def inspection_acts(inspection: Inspection) -> list[Act]:
    """Return the acts on a record, its findings and its photos."""
    found = Finding.history.filter(inspection_id=inspection.pk)
    photos = Photo.history.filter(inspection_id=inspection.pk)
    return acts_of(
        entries_of_trails(
            [
                Trail(Inspection, _rows(Inspection.history.filter(id=inspection.pk)), frozenset()),
                Trail(Finding, _rows(found), frozenset({"number"})),
                Trail(Photo, _rows(photos), frozenset({"evidence"})),
            ]
        )
    )


def hazard_acts(hazard: Hazard) -> list[Act]:
    """Return the acts on a hazard; its stamps tell the same and are shown apart."""
    rows = _rows(Hazard.history.filter(id=hazard.pk))
    return acts_of(entries_of_trails([Trail(Hazard, rows, frozenset())]))


def _rows(found: Any) -> list[Any]:
    return list(found.select_related("history_user").order_by(*OLDEST_FIRST))
