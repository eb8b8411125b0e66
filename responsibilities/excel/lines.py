"""Rows of the ledger as values of the 任务分解表, a fixed number of statements a chunk."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clauses.models import Plan
from clauses.rules import clause_mark, numbered
from organizations.access import Access
from responsibilities.enums import (
    AssignmentRole,
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    LampKind,
    ObligationState,
)
from responsibilities.models import Assignment, ObligationSource
from responsibilities.models.obligation import ObligationQuerySet
from responsibilities.pages.rows import COLUMNS as ROW_COLUMNS
from responsibilities.pages.rows import drawn
from responsibilities.unit_names import Held, UnitNames

CHUNK = 500
# 灯在纸上只有黑白：形状在前，字在后。
LAMP_MARKS = {
    LampKind.OVERDUE: "■",
    LampKind.DUE_SOON: "▲",
    LampKind.NORMAL: "●",
    LampKind.CLOSED: "✓",
    LampKind.NOT_STARTED: "○",
}
MODES: Mapping[str, str] = dict(FulfilmentMode.choices)
DEADLINE_KINDS: Mapping[str, str] = dict(DeadlineKind.choices)
FREQUENCIES: Mapping[str, str] = {"": "", **dict(Frequency.choices)}
STATES: Mapping[str, str] = dict(ObligationState.choices)
# 表里要用的列；单位和出处另读。
OWN_COLUMNS = (
    "pk",
    "code",
    "title",
    "measure",
    "bearers",
    "mode",
    "deadline_kind",
    "due_on",
    "deadline_text",
    "frequency",
    "times_per_period",
    "frequency_text",
    "decision_basis",
    "expected_result",
    "state",
    "note",
    "version",
    "clause__label",
    "clause__title",
    "clause__section__number",
)

Value = str | int | date | None


@dataclass(frozen=True)
class Line:
    """One line of a sheet: its values by column key, the heading it stands under, its lamp."""

    values: dict[str, Value]
    section: int | None = None
    lamp: LampKind | None = None


@dataclass(frozen=True)
class Surroundings:
    """The units and the source texts of many rows, by the key of the row: two statements."""

    held: dict[int, list[Held]]
    sources: dict[int, list[str]]

    @classmethod
    def of(cls, keys: Iterable[int]) -> "Surroundings":
        keys = list(keys)
        held: dict[int, list[Held]] = {key: [] for key in keys}
        units = Assignment.objects.filter(obligation__in=keys).order_by()
        for key, unit, role, alias in units.values_list("obligation", "unit", "role", "alias"):
            held[key].append(Held(unit, role, alias))
        sources: dict[int, list[str]] = {key: [] for key in keys}
        spans = ObligationSource.objects.filter(obligation__in=keys).order_by("start", "pk")
        columns = ("obligation", "start", "end", "provision__start", "provision__text")
        for key, start, end, shift, text in spans.values_list(*columns):
            sources[key].append(text[start - shift : end - shift])
        return cls(held, sources)


def ledger_lines(
    rows: ObligationQuerySet,
    keys: Sequence[int],
    *,
    plan: Plan,
    names: UnitNames,
    access: Access,
    today: date,
) -> Iterator[Line]:
    """Yield the lines of the rows ``keys`` in the order of ``rows``, a chunk at a time.

    Each chunk is its own short read, so that a long export never holds up those who write.
    """
    columns = dict.fromkeys((*OWN_COLUMNS, *ROW_COLUMNS))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        records = list(rows.filter(pk__in=chunk).values(*columns))
        around = Surroundings.of(chunk)
        shown = drawn(records, plan=plan, access=access, today=today)
        for record, work in zip(records, shown, strict=True):
            values = values_of(record, around, names)
            values["progress"] = f"{work.done}/{work.total}" if work.total else ""
            values["lamp"] = lamp_words(work.lamp.kind, work.lamp.text)
            yield Line(values, record["clause__section__number"], work.lamp.kind)


def lamp_words(kind: LampKind, text: str) -> str:
    return f"{LAMP_MARKS[kind]} {text}"


def values_of(
    record: Mapping[str, Any], around: Surroundings, names: UnitNames
) -> dict[str, Value]:
    """Return what the row itself says; what follows from its tasks is left out."""
    held: dict[str, list[Held]] = {role.value: [] for role in AssignmentRole}
    for item in around.held[record["pk"]]:
        held[item.role].append(item)
    leads = {item.unit for item in held[AssignmentRole.LEAD]}
    assists = {item.unit for item in held[AssignmentRole.ASSIST]}
    return {
        "code": record["code"],
        "clause": numbered(clause_mark(record["clause__label"]), record["clause__title"]),
        "sources": "\n".join(around.sources[record["pk"]]),
        "title": record["title"],
        "measure": record["measure"],
        "bearers": "、".join(record["bearers"]),
        "lead": names.said(held[AssignmentRole.LEAD]),
        "assist": names.said(held[AssignmentRole.ASSIST], leads),
        "supervise": names.said(held[AssignmentRole.SUPERVISE], leads | assists),
        "mode": MODES[record["mode"]],
        "deadline_kind": DEADLINE_KINDS[record["deadline_kind"]],
        "due_on": record["due_on"],
        "deadline_text": record["deadline_text"],
        "frequency": FREQUENCIES[record["frequency"]],
        "times": record["times_per_period"],
        "frequency_text": record["frequency_text"],
        "basis": record["decision_basis"],
        "result": record["expected_result"],
        "state": STATES[record["state"]],
        "note": record["note"],
        "version": record["version"],
    }
