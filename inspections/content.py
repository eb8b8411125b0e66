"""What an inspection says, as one value with one fingerprint: what is confirmed is exactly this."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from inspections.enums import Handling, InspectionMethod, LeaderKind


@dataclass(frozen=True)
class FindingLine:
    """One problem that was found, put right on the spot or by a date."""

    problem: str
    handling: Handling
    due_on: date | None = None


@dataclass(frozen=True)
class InspectionContent:
    """Everything the head declares to be true."""

    inspected_on: date
    leader_kind: LeaderKind
    leader_name: str
    field: str
    places: str
    checked: str
    team: str = ""
    method: InspectionMethod = InspectionMethod.ROUTINE
    opinion: str = ""
    findings: tuple[FindingLine, ...] = ()
    photos: tuple[str, ...] = ()

    @property
    def columns(self) -> Mapping[str, Any]:
        """The content's own columns on the record."""
        beside = {"findings", "photos"}
        return {key: value for key, value in vars(self).items() if key not in beside}

    @property
    def sha256(self) -> str:
        """The fingerprint that a confirmation binds to; photos count by the hash of each file.

        A record without photos has the fingerprint it had before there were any.
        """
        said = {key: value for key, value in asdict(self).items() if key != "photos" or value}
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def lines_of(findings: Iterable[Any]) -> tuple[FindingLine, ...]:
    """Return stored findings as values, in their order."""
    return tuple(
        FindingLine(problem=found.problem, handling=Handling(found.handling), due_on=found.due_on)
        for found in sorted(findings, key=lambda found: found.number)
    )
