"""Which unit stands for which on a day: a unit that took over another answers for its records."""

from collections.abc import Mapping
from datetime import date

from organizations.models import Unit
from organizations.rules import heirs_among


def heirs_on(day: date) -> Mapping[int, int]:
    """Return id of every unit → id of the unit that stands for it on ``day``; one query."""
    return heirs_among(list(Unit.objects.order_by("order", "pk")), day)


def stood_for_by(code: str, day: date) -> list[int]:
    """Return the ids of the unit ``code`` and of those it took over by ``day``; one query."""
    units = list(Unit.objects.order_by("order", "pk"))
    asked = {unit.pk for unit in units if unit.code == code}
    return [pk for pk, heir in heirs_among(units, day).items() if pk in asked or heir in asked]
