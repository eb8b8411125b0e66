"""Pure rules about units in time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol, TypeVar


class Dated(Protocol):
    """What the rule needs of a unit: its name in the list, its dates and its successor."""

    @property
    def pk(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def successor_id(self) -> int | None: ...
    @property
    def valid_to(self) -> date | None: ...

    def is_valid_on(self, day: date) -> bool: ...


class UnitDates(NamedTuple):
    """As much of a unit, where no more of it is read."""

    pk: int
    code: str
    valid_from: date | None
    valid_to: date | None
    successor_id: int | None

    def is_valid_on(self, day: date) -> bool:
        return is_between(day, self.valid_from, self.valid_to)


def is_between(day: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies between two others; both ends count, one that is not known is open."""
    return (first is None or first <= day) and (last is None or day <= last)


U = TypeVar("U", bound=Dated)


def unit_in_force(unit: U, units: Iterable[U], day: date) -> U:
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


def heirs_among(units: Sequence[U], day: date) -> Mapping[int, int]:
    """Return id of each of the units → id of the one that stands for it on ``day``."""
    return {unit.pk: unit_in_force(unit, units, day).pk for unit in units}
