"""The plans that the tests read: the reference plan and plans of other shapes beside this file."""

import json
from pathlib import Path
from typing import Any

from clauses.reading import PlanDocument, read_file, read_plan

PLANS = Path(__file__).parent / "plans"
REFERENCE = Path(__file__).parents[3] / "fixtures" / "reference" / "plan"


def read_sample(name: str) -> PlanDocument:
    return read_plan(read_file(PLANS / f"{name}.txt"))


def reference_text() -> str:
    return read_file(REFERENCE / "source.txt")


def reference_entry() -> dict[str, Any]:
    entry: dict[str, Any] = json.loads((REFERENCE / "plan.json").read_text(encoding="utf-8"))
    return entry


def wrapped(text: str, width: int, *, indent: str = "　　", page: int = 0, header: str = "") -> str:
    """Break every paragraph hard at ``width`` characters, as a printed page or an e-mail does."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        rest = indent + paragraph.strip() if paragraph.strip() else ""
        while rest:
            lines.append(rest[:width])
            rest = rest[width:]
    if page:
        for number, place in enumerate(range(page, len(lines), page + 3), start=1):
            lines[place:place] = (
                [f"- {number} -", header, ""] if header else [f"- {number} -", "", ""]
            )
    return "\n".join(lines)


def labels(document: PlanDocument) -> list[str]:
    return [clause.label for clause in document.clauses]


def titles(document: PlanDocument) -> list[str]:
    return [clause.title for clause in document.clauses]


def slices(document: PlanDocument) -> list[str]:
    return [document.text[clause.start : clause.end] for clause in document.clauses]
