"""Which unit stands for which on a day: a unit that took over another answers for its records."""

from collections.abc import Mapping, Sequence
from datetime import date

from organizations.models import Unit
from organizations.rules import U, heirs_among


def heirs_on(day: date) -> Mapping[int, int]:
    """Return id of every unit → id of the unit that stands for it on ``day``; one query."""
    return heirs_among(list(Unit.objects.order_by("order", "pk")), day)


def lines_on(day: date) -> Mapping[int, Sequence[int]]:
    """Return id of every unit → itself and, in turn, those that took it over by ``day``; the last
    one stands for it. One query."""
    return lines_among(list(Unit.objects.order_by("order", "pk")), day)


def lines_among(units: Sequence[U], day: date) -> Mapping[int, Sequence[int]]:
    """The same of units already read, all of them in their order."""
    known, heirs = {unit.pk: unit for unit in units}, heirs_among(units, day)
    return {unit.pk: _line(unit, known, heirs[unit.pk], day) for unit in units}


def _line(unit: U, known: Mapping[int, U], heir: int, day: date) -> Sequence[int]:
    line, current = [unit.pk], unit
    while current.pk != heir and current.valid_to is not None and current.valid_to < day:
        following = known.get(current.successor_id or 0)
        if following is None or following.pk in line:
            break
        line.append(following.pk)
        current = following
    return line if line[-1] == heir else [*line, heir]


def stood_for_by(code: str, day: date) -> list[int]:
    """Return the ids of the unit ``code`` and of those it took over by ``day``; one query."""
    units = list(Unit.objects.order_by("order", "pk"))
    asked = {unit.pk for unit in units if unit.code == code}
    return [pk for pk, heir in heirs_among(units, day).items() if pk in asked or heir in asked]
