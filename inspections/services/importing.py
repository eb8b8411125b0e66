"""Take hazards in from a spreadsheet: all of them in one transaction, or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from inspections.enums import HazardStage
from inspections.models import Hazard
from inspections.services.hazards import HazardContent, Settled, raise_hazard, register_hazard
from organizations.models import Unit, User
from responsibilities.unit_names import squashed

Identity = tuple[str | date, ...]


class Row(Protocol):
    """A hazard as a spreadsheet tells it."""

    @property
    def row(self) -> int: ...
    @property
    def content(self) -> HazardContent: ...
    @property
    def settled(self) -> Settled | None: ...


@dataclass(frozen=True)
class Known:
    """A row that is there already: as a hazard of the unit, or further up in the same table."""

    row: Row
    hazard: Hazard | None = None
    above: int = 0


@dataclass(frozen=True)
class Sorted:
    """The rows of a table: those to be taken in, and those that are there already."""

    new: Sequence[Row]
    known: Sequence[Known]


def sort_rows(rows: Iterable[Row], unit: Unit) -> Sorted:
    """Tell new rows from those of the same hazard, place, enterprise and day of finding; one query.

    What was voided may be written down again.
    """
    lines = list(rows)
    days = {line.content.found_on for line in lines}
    stored = Hazard.objects.live().filter(unit=unit, found_on__in=days).order_by("-pk")
    there = {_identity(hazard): hazard for hazard in stored}
    new: dict[Identity, Row] = {}
    known = []
    for line in lines:
        key = _identity(line.content)
        if key in there:
            known.append(Known(line, hazard=there[key]))
        elif key in new:
            known.append(Known(line, above=new[key].row))
        else:
            new[key] = line
    return Sorted(list(new.values()), known)


def _identity(told: HazardContent | Hazard) -> Identity:
    words = (told.title, told.place, told.enterprise)
    return *map(squashed, words), told.found_on


def import_hazards(
    rows: Iterable[Row], unit: Unit, *, token: str, actor: User, at: datetime
) -> list[Hazard]:
    """Raise each new row as a hazard of the unit; register it when its five things are settled.

    What is there already is left as it is, whoever wrote it down and from whichever file; the unit
    is locked for it, so that two tables at once make nothing twice. ``token`` names the file.
    Raises: NotAllowed; DomainError for what a step refuses, and then nothing is written.
    """
    taken = []
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        for line in sort_rows(rows, unit).new:
            mark = f"{token[:30]}-{line.row}"
            hazard = raise_hazard(unit, line.content, token=mark, actor=actor, at=at)
            if line.settled is not None and hazard.stage == HazardStage.FOUND:
                hazard = register_hazard(
                    hazard, line.settled, version=hazard.version, actor=actor, at=at
                )
            taken.append(hazard)
    return taken
