"""Everything that ever happened to a row of the ledger or a clause of the plan, as sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, Min, Q, QuerySet, Value
from django.db.models.functions import Cast

from clauses.models import Clause, Provision
from common.changes import (
    CHANGED,
    CREATED,
    REMOVED,
    Act,
    Change,
    Entry,
    Trail,
    acts_of,
    entries_of,
    entries_of_trails,
)
from organizations.access import Access
from organizations.models import Unit
from organizations.people import name_of
from responsibilities.enums import AssignmentRole
from responsibilities.models import (
    Assignment,
    Milestone,
    Obligation,
    ObligationSource,
    Remark,
    Task,
)
from responsibilities.periods import period_label

OLDEST_FIRST = ("history_date", "history_id")
SAYINGS = {"period": period_label}
TOLD_BY: dict[Any, set[str]] = {
    Obligation: set(),
    ObligationSource: {"provision"},
    Assignment: {"unit"},
    Milestone: {"title"},
    Remark: {"unit"},
    Task: {"unit", "period"},
}
# 任务页上只列最近几次，其余在修改记录页。
RECENT = 5
DEADLINE_COLUMNS = ("deadline_kind", "due_on", "frequency", "times_per_period", "decision_basis")


def obligation_acts(
    obligation: Obligation, access: Access, *, with_tasks: bool = True
) -> list[Act]:
    """Return the acts on a row, its sources, its units and its tasks; newest first.

    A unit reads of its own tasks and its own place in the row, and who leads joint work.
    """
    trails = [
        Trail(model, _rows(_history(model, obligation, access)), frozenset(telling), SAYINGS)
        for model, telling in TOLD_BY.items()
        if with_tasks or model is not Task
    ]
    return acts_of(_retold(entries_of_trails(trails)))


def clause_acts(clause: Clause, access: Access) -> list[Act]:
    """Return the acts on the sentences of a clause: how each was disposed of, and into which rows.

    A unit reads the dispositions, which are the plan's own; which rows were made of a sentence
    it reads for its own rows only.
    """
    of_clause = Provision.history.filter(clause_id=clause.pk)
    sources = ObligationSource.history.filter(provision__clause_id=clause.pk)
    own = Obligation.objects.visible_to(access)
    if not access.sees_all:
        sources = sources.filter(obligation_id__in=own.values("pk"))
    telling = frozenset({"code"})
    return acts_of(
        entries_of_trails(
            [
                Trail(Provision, _rows(of_clause), telling),
                Trail(ObligationSource, _rows(sources), frozenset({"provision", "obligation"})),
            ]
        )
    )


def _rows(found: Any) -> list[Any]:
    return list(found.select_related("history_user").order_by(*OLDEST_FIRST))


def _history(model: Any, obligation: Obligation, access: Access) -> Any:
    """Return the history rows of one model that belong to the row and that the person may read."""
    if model is Obligation:
        return Obligation.history.filter(id=obligation.pk)
    return _of_row(model.history, model, obligation, access)


def _of_row(history: Any, model: Any, obligation: Obligation, access: Access) -> Any:
    rows = history.filter(obligation_id=obligation.pk)
    if access.sees_all or model in {ObligationSource, Milestone}:
        return rows
    own = Q(unit_id__in=access.unit_ids)
    if model is Remark and _leads(obligation, access):
        return rows
    return rows.filter(own | Q(is_sole_lead=True) if model is Assignment else own)


def _leads(obligation: Obligation, access: Access) -> bool:
    """Whether the person's unit leads the row, and so reads what those that assist have said."""
    leads = obligation.assignments.filter(role=AssignmentRole.LEAD)
    return leads.filter(unit__in=access.unit_ids).exists()


def _retold(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Tell a unit that went and one that came in the same act and role as one change."""
    gone: dict[tuple[datetime, str], list[Entry]] = {}
    come: dict[tuple[datetime, str], list[Entry]] = {}
    for entry in entries:
        kept = {REMOVED: gone, CREATED: come}.get(entry.kind)
        if kept is None or not isinstance(entry.record, Assignment.history.model):
            yield entry
        else:
            kept.setdefault((entry.at, entry.actor), []).append(entry)
    for key in gone.keys() | come.keys():
        yield from _exchanged(gone.get(key, []), come.get(key, []))


def _exchanged(gone: list[Entry], come: list[Entry]) -> Iterator[Entry]:
    """Pair what one act removed and added: a unit that changed its role, a lead that gave way."""
    for left in list(gone):
        same_unit = [item for item in come if item.record.unit_id == left.record.unit_id]
        if same_unit:
            gone.remove(left)
            come.remove(same_unit[0])
            moved = Change("角色", _role(left), _role(same_unit[0]))
            yield replace(left, kind=CHANGED, changes=(moved,))
    for role in AssignmentRole:
        before, after = ([e for e in side if e.record.role == role] for side in (gone, come))
        if len(before) == len(after) == 1:
            gone.remove(before[0])
            come.remove(after[0])
            swap = Change(f"{role.label}单位", before[0].told, after[0].told)
            yield replace(before[0], kind=CHANGED, noun="任务", told="", changes=(swap,))
    for entry in (*gone, *come):
        yield replace(entry, told=f"{_role(entry)} {entry.told}")


def _role(entry: Entry) -> str:
    return AssignmentRole(entry.record.role).label


@dataclass(frozen=True)
class Recent:
    """The newest acts on a row, how many there are, and who decided its deadline, when and why."""

    acts: tuple[Act, ...]
    total: int
    deadline: Act | None = None


def recent_acts(obligation: Obligation, access: Access, units: dict[int, Unit]) -> Recent:
    """Return the last acts on a row in two queries, whatever the number of its tasks.

    Changes of the row itself are told in full; sources, units and tasks as counts, or by name
    when there is one and ``units`` knows it.
    """
    rows = _rows(_history(Obligation, obligation, access))
    entries = list(entries_of(rows, Obligation))
    acts = acts_of([*entries, *_counted(obligation, access, units)])
    return Recent(tuple(acts[:RECENT]), len(acts), _deadline_decision(rows))


def _counted(obligation: Obligation, access: Access, units: dict[int, Unit]) -> Iterator[Entry]:
    parts = [
        _of_row(_tally(model), model, obligation, access)
        for model in (ObligationSource, Milestone, Remark, Assignment, Task)
    ]
    for found in parts[0].union(*parts[1:], all=True):
        unit = units.get(found["who"]) if found["who"] else None
        one = str(unit) if unit and found["count"] == 1 else ""
        yield Entry(
            at=found["history_date"],
            actor=found["name"] or "（未记录）",
            reason=found["history_change_reason"] or "",
            kind=found["history_type"],
            noun=found["noun"],
            told=one or f"{found['count']} 项",
        )


@cache
def _tally(model: Any) -> "QuerySet[Any, dict[str, Any]]":
    """Count history rows by act: one line per instant, person, reason and sort of change; kept is
    the question, put together once."""
    # 两个没有类型的空值并在一起，PostgreSQL 当作文字，与后面的编号并不到一处。
    nobody = Cast(Value(None), BigIntegerField())
    who = Min("unit_id") if "unit" in TOLD_BY[model] else nobody
    noun = Value(str(model._meta.verbose_name), output_field=CharField())
    found: QuerySet[Any, dict[str, Any]] = (
        model.history.order_by()
        .annotate(noun=noun, name=name_of("history_user"))
        .values("history_date", "name", "history_change_reason", "history_type", "noun")
        .annotate(count=Count("history_id"), who=who)
    )
    return found


def _deadline_decision(rows: list[Any]) -> Act | None:
    """Return the act that set the deadline as it now stands; ``rows`` are in time order."""
    decided = None
    for previous, row in zip([None, *rows], rows, strict=False):
        if previous is None or any(
            getattr(previous, column) != getattr(row, column) for column in DEADLINE_COLUMNS
        ):
            decided = row
    if decided is None:
        return None
    reason = decided.history_change_reason or ""
    return Act(decided.history_date, str(decided.history_user or ""), reason, ())
