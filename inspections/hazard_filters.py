"""Which hazards a list shows: every condition lives in the address."""

from collections.abc import Mapping
from datetime import date

from inspections.enums import HazardGrade, HazardStage
from inspections.models.hazard import HazardQuerySet
from organizations.succession import stood_for_by

STATES = ("open", "found", "overdue", "listed", "closed", "all")
NAMES = ("unit", "grade", "state", "q")


def filtered(
    found: HazardQuerySet, asked: Mapping[str, str], *, today: date
) -> tuple[dict[str, str], HazardQuerySet]:
    """Return the conditions as understood, and the hazards that meet them; open ones by default."""
    conditions = {name: str(asked.get(name, "")).strip()[:60] for name in NAMES}
    if conditions["state"] not in STATES:
        conditions["state"] = "open"
    if conditions["grade"] in HazardGrade.values:
        found = found.filter(grade=conditions["grade"])
    if conditions["unit"]:
        found = found.filter(unit__in=stood_for_by(conditions["unit"], today))
    if conditions["q"]:
        found = found.search(conditions["q"])
    return conditions, _in_state(found, conditions["state"], today)


def _in_state(found: HazardQuerySet, state: str, today: date) -> HazardQuerySet:
    if state == "found":
        return found.filter(stage=HazardStage.FOUND)
    if state == "overdue":
        return found.overdue(today=today)
    if state == "listed":
        return found.open().filter(listed_on__isnull=False, delisted_on__isnull=True)
    if state == "closed":
        return found.filter(stage=HazardStage.CLOSED)
    return found.live() if state == "all" else found.open()
