"""The ledger's rows as outside programs receive them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet

from clauses.rules import clause_mark
from responsibilities.enums import AssignmentRole
from responsibilities.models import Assignment, Obligation, ObligationSource


def with_everything(rows: "QuerySet[Obligation]") -> "QuerySet[Obligation]":
    """Fetch what an export of rows needs in a fixed number of queries."""
    sources: Prefetch[Any] = Prefetch(
        "sources", ObligationSource.objects.select_related("provision")
    )
    units: Prefetch[Any] = Prefetch("assignments", Assignment.objects.select_related("unit"))
    return rows.select_related("clause").prefetch_related(sources, units)


def units_in(row: Obligation, role: AssignmentRole) -> list[str]:
    """Return the names of the row's units in a role, in official order; needs the prefetch."""
    held = [item for item in row.assignments.all() if item.role == role]
    return [item.unit.name for item in sorted(held, key=lambda item: item.unit.order)]


def obligation_records(rows: "QuerySet[Obligation]") -> Iterator[dict[str, Any]]:
    """Yield one record a row; texts are exact slices of the plan, empty values are null."""
    for row in with_everything(rows):
        yield {
            "code": row.code,
            "title": row.title,
            "clause": clause_mark(row.clause.label).strip("（）"),
            "source_texts": [source.text for source in row.sources.all()],
            "bearers": row.bearers,
            "lead_units": units_in(row, AssignmentRole.LEAD),
            "assist_units": units_in(row, AssignmentRole.ASSIST),
            "mode": row.mode,
            "measure": row.measure,
            "expected_result": row.expected_result,
            "deadline_kind": row.deadline_kind,
            "deadline": row.due_on.isoformat() if row.due_on else None,
            "deadline_text": row.deadline_text,
            "frequency": row.frequency or None,
            "frequency_text": row.frequency_text,
            "decision_basis": row.decision_basis,
            "state": row.state,
        }
