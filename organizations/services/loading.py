"""Load the reference list of units and phrases; rows that exist are left as the office has them."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from common.tracked import create_many_with_history, save_many_with_history
from organizations.models import AliasMember, Unit, UnitAlias, User

REASON = "载入参考数据：单位与条文称谓"


def load_units(folder: Path, *, actor: User, at: datetime) -> int:
    """Create units and phrases of ``units.json`` and ``aliases.json`` that are missing.

    Idempotent. Returns: the number of new units and phrases.
    """
    entries = json.loads((folder / "units.json").read_text(encoding="utf-8"))
    aliases = json.loads((folder / "aliases.json").read_text(encoding="utf-8"))
    with transaction.atomic():
        created = _create_units(entries, actor=actor, at=at)
        return created + _create_aliases(aliases, actor=actor, at=at)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _create_units(entries: list[dict[str, Any]], *, actor: User, at: datetime) -> int:
    known = set(Unit.objects.values_list("code", flat=True))
    missing = [entry for entry in entries if entry["code"] not in known]
    units = [
        Unit(
            code=entry["code"],
            name=entry["name"],
            full_name=entry["full_name"],
            short_name=entry["short_name"],
            kind=entry["kind"],
            assessment_class=entry["assessment_class"] or "",
            national_code=entry.get("national_code") or "",
            valid_from=_day(entry["valid_from"]),
            valid_to=_day(entry["valid_to"]),
            order=entry["order"],
            sectors=entry.get("sectors", []),
            is_verified=entry["is_verified"],
            source_note=entry["source_note"],
        )
        for entry in missing
    ]
    for unit in units:
        unit.full_clean(exclude=["successor"], validate_unique=False)
    created = create_many_with_history(units, actor=actor, reason=REASON, at=at)
    _link_successors(missing, actor=actor, at=at)
    return len(created)


def _link_successors(entries: list[dict[str, Any]], *, actor: User, at: datetime) -> None:
    heirs = {entry["code"]: entry["successor"] for entry in entries if entry["successor"]}
    by_code = {unit.code: unit for unit in Unit.objects.all()}
    changed = []
    for code, heir in heirs.items():
        by_code[code].successor = by_code[heir]
        changed.append(by_code[code])
    save_many_with_history(changed, fields=["successor"], actor=actor, reason=REASON, at=at)


def _create_aliases(entries: list[dict[str, Any]], *, actor: User, at: datetime) -> int:
    known = set(UnitAlias.objects.values_list("phrase", flat=True))
    missing = [entry for entry in entries if entry["phrase"] not in known]
    aliases = create_many_with_history(
        [UnitAlias(phrase=entry["phrase"], note=entry["note"]) for entry in missing],
        actor=actor,
        reason=REASON,
        at=at,
    )
    units = {unit.code: unit for unit in Unit.objects.all()}
    members = [
        AliasMember(
            alias=alias,
            unit=units[member["unit"]],
            valid_from=_day(member["valid_from"]),
            valid_to=_day(member["valid_to"]),
        )
        for alias, entry in zip(aliases, missing, strict=True)
        for member in entry["members"]
    ]
    create_many_with_history(members, actor=actor, reason=REASON, at=at)
    return len(aliases)
