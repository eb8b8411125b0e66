"""Take hazards in from a spreadsheet: all of them in one transaction, or none."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.db import transaction

from inspections.enums import HazardStage
from inspections.models import Hazard
from inspections.services.hazards import HazardContent, Settled, raise_hazard, register_hazard
from organizations.models import Unit, User


class Row(Protocol):
    """A hazard as a spreadsheet tells it."""

    @property
    def row(self) -> int: ...
    @property
    def content(self) -> HazardContent: ...
    @property
    def settled(self) -> Settled | None: ...


def import_hazards(
    rows: Iterable[Row], unit: Unit, *, token: str, actor: User, at: datetime
) -> list[Hazard]:
    """Raise every row as a hazard of the unit, and register those whose five things are settled.

    ``token`` names the file: the same file taken in twice makes nothing twice.
    Raises: NotAllowed; DomainError for what a step refuses, and then nothing is written.
    """
    taken = []
    with transaction.atomic():
        for line in rows:
            mark = f"{token[:30]}-{line.row}"
            hazard = raise_hazard(unit, line.content, token=mark, actor=actor, at=at)
            if line.settled is not None and hazard.stage == HazardStage.FOUND:
                hazard = register_hazard(
                    hazard, line.settled, version=hazard.version, actor=actor, at=at
                )
            taken.append(hazard)
    return taken
