"""Read the facts of a period from the history, as they stood at one instant.

The same period and instant give the same snapshot for good, whatever is written later.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from assessments.enums import BonusCategory, BonusLevel, FactKind, VetoEffect, VetoReason
from assessments.models import EnteredFact, Scheme, VetoDecision
from assessments.rules.facts import (
    Due,
    Entered,
    Ref,
    Snapshot,
    UnitFacts,
    Veto,
)
from assessments.services.ledger_facts import LedgerFacts, read_ledger
from common.clock import day_of
from common.errors import DomainError
from organizations.enums import AssessmentClass
from organizations.models import Unit
from responsibilities.as_of import as_it_was, records
from responsibilities.periods import Period

# 按全年登记、按季也要看的事实；其余的只看考核期内的。
OF_THE_YEAR = frozenset(
    {
        FactKind.MEETING,
        FactKind.BREAKDOWN,
        FactKind.DUTY_REPORT,
        FactKind.DRILL,
        FactKind.FOUNDATION,
        FactKind.EDUCATION,
        FactKind.DEATH_LIMIT,
    }
)


@dataclass(frozen=True)
class Scope:
    """The period, the last day whose work had to be done, and the instant of reading."""

    span: Period
    as_of: datetime

    @property
    def first(self) -> date:
        return self.span.first_day

    @property
    def last(self) -> date:
        return self.span.last_day

    @property
    def due_until(self) -> date:
        """A day that is not over yet proves nothing missing."""
        return min(self.last, day_of(self.as_of) - timedelta(days=1))


def read_snapshot(span: Period, *, as_of: datetime, schemes: list[Scheme]) -> Snapshot:
    """Return everything that a computation of ``span`` rests on, as it stood at ``as_of``.

    Raises: DomainError when no day of the period is over, or a class has no scheme.
    """
    scope = Scope(span, as_of)
    if scope.due_until < scope.first:
        raise DomainError(f"{span.label}还没有满一天，请在{scope.first.month}月2日以后测算。")
    units = assessed_units(scope)
    missing = {unit.assessment_class for unit in units} - {s.assessment_class for s in schemes}
    if missing:
        names = "、".join(sorted(AssessmentClass(name).label for name in missing))
        raise DomainError(f"{names}还没有施行的考核方案，请先施行。")
    ledger = read_ledger(scope.first, scope.due_until, scope.last, as_of, [u.pk for u in units])
    entered, vetoes = _entered(scope), _vetoes(scope)
    return Snapshot(
        period=span.code,
        first_day=scope.first,
        last_day=scope.last,
        due_until=scope.due_until,
        as_of=timezone.localtime(as_of).isoformat(),
        schemes=tuple(scheme.rules() for scheme in schemes),
        units=tuple(_facts_of(unit, scope, ledger, entered, vetoes) for unit in units),
    )


def assessed_units(scope: Scope) -> list[Unit]:
    """Return the units that are scored: with a class, in being, and never one only linked."""
    found: list[Unit] = list(records(as_it_was(Unit, scope.as_of).exclude(assessment_class="")))
    standing = [u for u in found if u.is_chased and u.is_valid_on(scope.due_until)]
    return sorted(standing, key=lambda unit: (unit.order, unit.pk))


def _facts_of(
    unit: Unit,
    scope: Scope,
    ledger: LedgerFacts,
    entered: dict[int, list[Any]],
    vetoes: dict[int, list[Veto]],
) -> UnitFacts:
    facts: list[EnteredFact] = entered.get(unit.pk, [])
    kept = [fact for fact in facts if fact.happened_on >= scope.first or fact.kind in OF_THE_YEAR]
    earlier = sum(
        fact.count
        for fact in facts
        if fact.kind == FactKind.ACCIDENT and fact.happened_on < scope.first
    )
    inspections: tuple[Due, ...] | None = None
    return UnitFacts(
        code=unit.code,
        name=unit.name,
        order=unit.order,
        assessment_class=AssessmentClass(unit.assessment_class),
        tasks=tuple(ledger.tasks.get(unit.pk, ())),
        waiting=ledger.waiting.get(unit.pk, 0),
        long_term=tuple(ledger.long_term.get(unit.pk, ())),
        returns=tuple(ledger.returns.get(unit.pk, ())),
        extensions=tuple(ledger.extensions.get(unit.pk, ())),
        inspections=inspections,
        entered=tuple(_as_entered(fact) for fact in kept),
        earlier_deaths=earlier,
        vetoes=tuple(vetoes.get(unit.pk, ())),
    )


def _entered(scope: Scope) -> dict[int, list[Any]]:
    """Return unit id → the facts of the year up to the end of the period, voided ones left out."""
    found = as_it_was(EnteredFact, scope.as_of).filter(
        is_void=False, happened_on__gte=date(scope.span.year, 1, 1), happened_on__lte=scope.last
    )
    by_unit: dict[int, list[Any]] = {}
    for fact in records(found.order_by("happened_on", "id")):
        by_unit.setdefault(fact.unit_id, []).append(fact)
    return by_unit


def _as_entered(fact: EnteredFact) -> Entered:
    return Entered(
        on=fact.happened_on,
        kind=FactKind(fact.kind),
        title=fact.title,
        document_no=fact.document_no,
        ref=Ref("fact", str(fact.pk), fact.document_no),
        count=fact.count,
        category=BonusCategory(fact.category) if fact.category else None,
        level=BonusLevel(fact.level) if fact.level else None,
        topic=fact.topic,
    )


def _vetoes(scope: Scope) -> dict[int, list[Veto]]:
    found = as_it_was(VetoDecision, scope.as_of).filter(
        is_void=False, decided_on__gte=scope.first, decided_on__lte=scope.last
    )
    by_unit: dict[int, list[Veto]] = {}
    for item in records(found.order_by("decided_on", "id")):
        veto = Veto(
            decided_on=item.decided_on,
            reason=VetoReason(item.reason),
            effect=VetoEffect(item.effect),
            document_no=item.document_no,
            ref=Ref("veto", str(item.pk), item.document_no),
        )
        by_unit.setdefault(item.unit_id, []).append(veto)
    return by_unit
