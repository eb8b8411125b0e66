"""What the hazards say about each unit in a period: what had to be closed, and when it was."""

from collections.abc import Iterator
from datetime import date, datetime

from assessments.rules.facts import ITS_OWN_TIME, Due, Ref
from inspections.enums import HazardStage
from inspections.models import Hazard
from organizations.models import Unit
from organizations.rules import heirs_among
from responsibilities.as_of import as_it_was, records


def read_hazards(
    first: date, due_until: date, as_of: datetime, edition: int
) -> dict[int, list[Due]]:
    """Return unit → the hazards that fell due in the period or were owed from before it.

    A unit that took over another answers for the hazards that were open then; those closed
    before stay with the unit that closed them, as tasks do. What has no date yet is not late.
    """
    found = as_it_was(Hazard, as_of).exclude(stage=HazardStage.VOID).order_by("id")
    hazards = list(records(found.filter(due_on__isnull=False)))
    if edition >= ITS_OWN_TIME:
        hazards = [*_rounds_before(hazards, as_of), *hazards]
    units: list[Unit] = list(records(as_it_was(Unit, as_of).order_by("order", "id")))
    heirs = heirs_among(units, due_until)
    by_unit: dict[int, list[Due]] = {}
    for hazard in hazards:
        closed_on = hazard.closed_on
        is_over = closed_on is not None and hazard.due_on < first and closed_on < first
        if is_over or hazard.due_on > due_until:
            continue
        unit = heirs[hazard.unit_id]
        if edition >= ITS_OWN_TIME and closed_on is not None:
            unit = heirs_among(units, min(closed_on, due_until))[hazard.unit_id]
        ref = Ref("hazard", str(hazard.pk), _label(hazard, edition))
        due = Due(hazard.due_on, hazard.title, ref, closed_on)
        by_unit.setdefault(unit, []).append(due)
    return by_unit


def _label(hazard: Hazard, edition: int) -> str:
    """Name a hazard, and which round of it where it was opened again."""
    if edition < ITS_OWN_TIME or not hazard.reopened:
        return hazard.number
    return f"{hazard.number}（第{hazard.reopened}次重开）"


def _rounds_before(hazards: list[Hazard], as_of: datetime) -> Iterator[Hazard]:
    """Yield each closing that a reopening followed: it was in time or late, whatever came after."""
    rounds = {hazard.pk: hazard.reopened for hazard in hazards if hazard.reopened}
    closed = Hazard.history.filter(
        id__in=rounds, history_date__lte=as_of, stage=HazardStage.CLOSED
    ).order_by("history_date", "history_id")
    last = {(hazard.pk, hazard.reopened): hazard for hazard in records(closed)}
    for (pk, number), hazard in sorted(last.items(), key=lambda item: item[0]):
        if number < rounds[pk]:
            yield hazard
