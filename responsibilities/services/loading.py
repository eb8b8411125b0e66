"""Load the curated obligations and dispositions of the reference plan."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from clauses.enums import Disposition
from clauses.models import Plan, Provision
from common.errors import DomainError
from common.tracked import create_many_with_history, save_many_with_history
from organizations.models import Unit, UnitAlias, User
from organizations.rules import unit_in_force
from responsibilities.enums import AssignmentRole, FulfilledBy, FulfilmentMode
from responsibilities.models import Assignment, Milestone, Obligation, ObligationSource

REASON = "载入参考数据：任务分解"


@dataclass(frozen=True)
class Directory:
    """Units and phrases as they stand on the day of loading."""

    units: dict[str, Unit]
    phrases: dict[str, tuple[UnitAlias, list[Unit]]]

    @classmethod
    def on(cls, day: date) -> "Directory":
        units = {unit.code: unit for unit in Unit.objects.select_related("successor")}
        return cls(
            units={code: unit_in_force(unit, units.values(), day) for code, unit in units.items()},
            phrases={
                alias.phrase: (alias, list(alias.units_on(day)))
                for alias in UnitAlias.objects.all()
            },
        )

    def resolve(self, names: Iterable[str]) -> list[tuple[Unit, UnitAlias | None]]:
        """Return the units that codes and ``@phrases`` name, each once, in the order given."""
        found: dict[int, tuple[Unit, UnitAlias | None]] = {}
        for name in names:
            if name.startswith("@"):
                alias, members = self.phrases[name[1:]]
                for unit in members:
                    found.setdefault(unit.pk, (unit, alias))
            else:
                found.setdefault(self.units[name].pk, (self.units[name], None))
        return list(found.values())


def load_obligations(plan: Plan, folder: Path, *, actor: User, at: datetime, today: date) -> int:
    """Store the curated rows and dispositions, once: a plan that has rows is left alone.

    Returns: the number of new rows. Raises: DomainError when an entry points nowhere.
    """
    if plan.obligations.exists():
        return 0
    entries = [
        entry
        for path in sorted((folder / "obligations").glob("*.json"))
        for entry in json.loads(path.read_text(encoding="utf-8"))
    ]
    declined = json.loads((folder / "dispositions.json").read_text(encoding="utf-8"))
    provisions = {p.code: p for p in plan.provisions.select_related("clause")}
    directory = Directory.on(today)
    with transaction.atomic():
        rows = [_row(plan, entry, provisions) for entry in entries]
        for row in rows:
            row.full_clean(exclude=["plan", "clause"], validate_unique=False)
        rows = create_many_with_history(rows, actor=actor, reason=REASON, at=at)
        pairs = list(zip(rows, entries, strict=True))
        sources = [
            _source(row, item, provisions) for row, entry in pairs for item in entry["sources"]
        ]
        create_many_with_history(sources, actor=actor, reason=REASON, at=at)
        assignments = [item for pair in pairs for item in _assignments(*pair, directory)]
        create_many_with_history(assignments, actor=actor, reason=REASON, at=at)
        milestones = [item for pair in pairs for item in _milestones(*pair)]
        create_many_with_history(milestones, actor=actor, reason=REASON, at=at)
        carried = {source.provision_id for source in sources}
        _dispose(provisions, carried, declined, actor=actor, at=at)
    return len(rows)


def _row(plan: Plan, entry: dict[str, Any], provisions: dict[str, Provision]) -> Obligation:
    due_on = entry["due_on"]
    basis = "条文原文" if entry["deadline_text"] or entry["frequency_text"] else ""
    return Obligation(
        plan=plan,
        clause=provisions[entry["sources"][0]["provision"]].clause,
        code=entry["code"],
        title=entry["title"],
        measure=entry["measure"],
        expected_result=entry["expected_result"],
        bearers=entry["bearers"],
        mode=entry["mode"],
        fulfilled_by=entry.get("fulfilled_by") or FulfilledBy.REPORT,
        lead_basis="条文载明" if entry["lead_basis"] == "text" else "按部门职责确定",
        deadline_kind=entry["deadline_kind"],
        due_on=date.fromisoformat(due_on) if due_on else None,
        deadline_text=entry["deadline_text"],
        frequency=entry["frequency"] or "",
        frequency_text=entry["frequency_text"],
        times_per_period=entry.get("times_per_period") or 1,
        event=entry.get("event") or "",
        event_months=entry.get("event_months"),
        decision_basis=basis,
        note=entry.get("note") or "",
    )


def _source(
    row: Obligation, item: dict[str, str], provisions: dict[str, Provision]
) -> ObligationSource:
    provision = provisions[item["provision"]]
    part = item.get("text") or provision.text
    shift = provision.text.find(part)
    if shift < 0:
        raise DomainError(f"{row.code} 的出处文字不在 {provision.code} 句中，请核对参考数据。")
    start = provision.start + shift
    return ObligationSource(obligation=row, provision=provision, start=start, end=start + len(part))


def _assignments(row: Obligation, entry: dict[str, Any], directory: Directory) -> list[Assignment]:
    listed: dict[int, Assignment] = {}
    for role, key in (
        (AssignmentRole.LEAD, "lead"),
        (AssignmentRole.ASSIST, "assist"),
        (AssignmentRole.SUPERVISE, "supervise"),
    ):
        sole = role == AssignmentRole.LEAD and row.mode == FulfilmentMode.JOINT
        for unit, alias in directory.resolve(entry.get(key) or []):
            item = Assignment(obligation=row, unit=unit, role=role, alias=alias, is_sole_lead=sole)
            listed.setdefault(unit.pk, item)
    return list(listed.values())


def _milestones(row: Obligation, entry: dict[str, Any]) -> list[Milestone]:
    """Return the steps that the text itself names; most rows have none."""
    titles = entry.get("milestones", ())
    return [
        Milestone(obligation=row, order=order, title=title)
        for order, title in enumerate(titles, start=1)
    ]


def _dispose(
    provisions: dict[str, Provision],
    carried: set[int],
    declined: list[dict[str, str]],
    *,
    actor: User,
    at: datetime,
) -> None:
    reasons = {entry["provision"]: entry for entry in declined}
    for code, provision in provisions.items():
        if provision.pk in carried:
            provision.disposition = Disposition.OBLIGATION
        elif code in reasons:
            provision.disposition = Disposition(reasons[code]["disposition"])
            provision.disposition_reason = reasons[code]["reason"]
            if "duplicate_of" in reasons[code]:
                provision.duplicate_of = provisions[reasons[code]["duplicate_of"]]
        else:
            continue
        provision.decided_by, provision.decided_at = actor, at
    fields = [
        "disposition",
        "disposition_reason",
        "duplicate_of",
        "decided_by",
        "decided_at",
    ]
    save_many_with_history(provisions.values(), fields=fields, actor=actor, reason=REASON, at=at)
