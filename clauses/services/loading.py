"""Load the reference plan from its fixture folder."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from clauses.models import Plan
from clauses.rules import clause_label
from clauses.services.storing import (
    ClauseSpan,
    ErratumSpan,
    PlanSpec,
    ProvisionSpan,
    SectionSpan,
    store_plan,
    text_sha256,
)
from common.errors import DomainError
from organizations.models import User

REASON = "载入参考数据：方案原文"


def load_plan(folder: Path, *, actor: User, at: datetime) -> tuple[Plan, bool]:
    """Store the plan of ``folder`` unless it is there already; returns it and whether it is new.

    Raises: DomainError when the text does not have the checksum that the fixture states.
    """
    entry = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    existing = Plan.objects.filter(code=entry["code"]).without_text().first()
    if existing is not None:
        return existing, False
    text = (folder / "source.txt").read_bytes().decode("utf-8")
    if text_sha256(text) != entry["sha256"]:
        raise DomainError("方案原文与登记的校验值不符，文件可能被改动，请换回原件。")
    errata = json.loads((folder / "errata.json").read_text(encoding="utf-8"))
    return store_plan(_spec(entry, text, errata), actor=actor, at=at, reason=REASON), True


def _spec(entry: dict[str, Any], text: str, errata: list[dict[str, Any]]) -> PlanSpec:
    return PlanSpec(
        code=entry["code"],
        title=entry["title"],
        text=text,
        body_start=entry["body"][0],
        body_end=entry["body"][1],
        version_label=entry["version_label"],
        issuer=entry["issuer"],
        published_on=date.fromisoformat(entry["published_on"]),
        sections=[
            SectionSpan(
                s["number"], s["heading"], s["start"], s["end"], f"{clause_label(s['number'])}、"
            )
            for s in entry["sections"]
        ],
        clauses=[
            ClauseSpan(
                number=c["number"],
                label=clause_label(c["number"]),
                title=c["title"],
                start=c["start"],
                end=c["end"],
                section=c["section"],
            )
            for c in entry["clauses"]
        ],
        provisions=[
            ProvisionSpan(
                code=p["code"],
                start=p["start"],
                end=p["end"],
                clause=p["clause"],
            )
            for p in entry["provisions"]
        ],
        errata=[ErratumSpan(**erratum) for erratum in errata],
    )
