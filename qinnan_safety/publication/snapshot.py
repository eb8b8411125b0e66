"""The figures of a day as they would be published: open columns only, in fixed orders."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from assessments.models import Assessment, UnitScore
from clauses.rules import numbered
from common.errors import DomainError
from common.templatetags.display import fullwidth
from organizations.access import Access
from organizations.models import Unit
from qinnan_safety.publication.fields import PLAIN_STATUS, TABLES, columns
from responsibilities.enums import AssignmentRole, Frequency, ObligationState, TaskState
from responsibilities.models import Obligation, Task
from responsibilities.periods import Period


def take_snapshot(access: Access, opened: Iterable[str], *, today: date) -> dict[str, Any]:
    """Return what an edition of ``today`` holds.

    Raises: DomainError while no row of the ledger has been dispatched.
    """
    rows = _obligations(access, today)
    if not rows:
        raise DomainError("还没有下发任务，没有可以公布的内容。请先在任务台账下发。")
    names = sorted(opened)
    full = {"obligations": rows, "units": _units(today), "grades": _grades()}
    return {
        "plan": "、".join(dict.fromkeys(row["plan"] for row in rows)),
        "period": Period.containing(today, Frequency.QUARTERLY).code,
        "as_of": today.isoformat(),
        "open": names,
        "tables": {
            table: [{f.key: row[f.key] for f in columns(table, names)} for row in full[table]]
            for table in TABLES
        },
    }


def _begun(today: date) -> Any:
    """Tasks of any plan that count: dispatched, not cancelled, their period begun."""
    return (
        Task.objects.filter(obligation__state=ObligationState.DISPATCHED)
        .exclude(state__in=[TaskState.VOID, TaskState.UNDISPATCHED])
        .started_by(today)
    )


def _obligations(access: Access, today: date) -> list[dict[str, Any]]:
    steps, done = Counter[int](), Counter[int]()
    for pk, state in _begun(today).values_list("obligation", "state"):
        steps[pk] += 1
        done[pk] += state == TaskState.CLOSED
    found = Obligation.objects.filter(state=ObligationState.DISPATCHED)
    found = found.with_row_dates(access).with_plan().select_related("clause__section")
    found = found.defer("plan__source_text", "clause__text").with_assignments()
    return [
        {
            "plan": fullwidth(row.plan.title),
            "code": row.code,
            "title": fullwidth(row.title),
            "section": fullwidth(row.clause.section.heading) if row.clause.section else "",
            "clause": fullwidth(numbered(row.clause.mark, row.clause.title)),
            "result": fullwidth(row.expected_result),
            "leads": _names(row, AssignmentRole.LEAD),
            "assists": _names(row, AssignmentRole.ASSIST),
            "deadline": row.deadline_in_words,
            "status": PLAIN_STATUS[row.lamp_on(today).kind],
            "steps": steps[row.pk],
            "done": done[row.pk],
        }
        for row in found.newest_plan_first()
    ]


def _names(row: Obligation, role: AssignmentRole) -> str:
    held = [one.unit for one in row.assignments.all() if one.role == role]
    return "、".join(u.short_name for u in sorted(held, key=lambda u: (u.order, u.pk)))


def _units(today: date) -> list[dict[str, Any]]:
    steps, done, late = Counter[int](), Counter[int](), Counter[int]()
    for pk, state, due_on in _begun(today).values_list("unit", "state", "due_on"):
        closed = state == TaskState.CLOSED
        steps[pk] += 1
        done[pk] += closed
        late[pk] += not closed and due_on is not None and due_on < today
    return [
        {
            "code": unit.code,
            "unit": unit.short_name,
            "steps": steps[unit.pk],
            "done": done[unit.pk],
            "late": late[unit.pk],
        }
        for unit in Unit.objects.filter(pk__in=steps).order_by("order", "pk")
    ]


def _grades() -> list[dict[str, Any]]:
    """Grades of the newest published assessment, without points, in the order of the register."""
    newest = Assessment.objects.published().first()
    if newest is None:
        return []
    scores = UnitScore.objects.of_computation(newest.current())
    return [
        {
            "code": score.unit.code,
            "unit": score.unit.short_name,
            "period": newest.label,
            "category": score.get_assessment_class_display(),
            "grade": score.get_grade_display(),
        }
        for score in scores.order_by("unit__order", "unit__pk")
    ]
