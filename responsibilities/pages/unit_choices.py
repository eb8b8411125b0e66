"""The units and phrases of the text that the office can choose from on a day."""

from dataclasses import dataclass
from datetime import date

from organizations.models import AliasMember, Unit, UnitAlias, valid_on


@dataclass(frozen=True)
class UnitChoices:
    """Units of the day in official order, every phrase, and the units each phrase means."""

    units: dict[int, Unit]
    aliases: dict[int, UnitAlias]
    members: dict[int, list[int]]

    def count(self, alias: int) -> int:
        return len(self.members.get(alias, []))


def unit_choices(day: date) -> UnitChoices:
    """Return what there is to choose from on ``day``: three queries."""
    units = {unit.pk: unit for unit in Unit.objects.on(day)}
    members: dict[int, list[int]] = {}
    for row in AliasMember.objects.filter(valid_on(day)):
        if row.unit_id in units:
            members.setdefault(row.alias_id, []).append(row.unit_id)
    return UnitChoices(units, {alias.pk: alias for alias in UnitAlias.objects.all()}, members)
