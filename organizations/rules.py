"""Pure rules about units in time."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from organizations.models import Unit


def unit_in_force(unit: "Unit", units: Iterable["Unit"], day: date) -> "Unit":
    """Return the unit that stands for ``unit`` on ``day``.

    Follows successors forward when the unit is gone by then. When it is not yet set up, goes
    back to its first listed predecessor that exists on the day. A unit with neither stands for
    itself.
    """
    everyone = list(units)
    seen: set[str] = set()
    current = unit
    while not current.is_valid_on(day) and current.code not in seen:
        seen.add(current.code)
        if current.valid_to is not None and current.valid_to < day:
            heir = next((u for u in everyone if u.pk == current.successor_id), None)
        else:
            heir = next((u for u in everyone if u.successor_id == current.pk), None)
        if heir is None:
            return unit
        current = heir
    return current
