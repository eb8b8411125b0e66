"""What the hazards say about each unit in a period: what had to be closed, and when it was."""

from datetime import date, datetime

from assessments.rules.facts import Due, Ref
from inspections.enums import HazardStage
from inspections.models import Hazard
from organizations.succession import heirs_on
from responsibilities.as_of import as_it_was, records


def read_hazards(first: date, due_until: date, as_of: datetime) -> dict[int, list[Due]]:
    """Return unit → the hazards that fell due in the period or were owed from before it.

    A unit that took over another answers for its hazards. What has no date yet is not late.
    """
    found = as_it_was(Hazard, as_of).exclude(stage=HazardStage.VOID)
    heirs = heirs_on(due_until)
    by_unit: dict[int, list[Due]] = {}
    for hazard in records(found.filter(due_on__lte=due_until).order_by("id")):
        if hazard.due_on < first and hazard.closed_on is not None and hazard.closed_on < first:
            continue
        ref = Ref("hazard", str(hazard.pk), hazard.number)
        due = Due(hazard.due_on, hazard.title, ref, hazard.closed_on)
        by_unit.setdefault(heirs[hazard.unit_id], []).append(due)
    return by_unit
