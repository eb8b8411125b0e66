"""Read the facts of a period from the history, as they stood at one instant.

The same period and instant give the same snapshot for good, whatever is written later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from assessments.enums import (
    BonusCategory,
    BonusLevel,
    FactKind,
    ObjectionState,
    RuleKind,
    VetoEffect,
    VetoReason,
)
from assessments.models import (
    Assessment,
    EnteredFact,
    Indicator,
    Objection,
    ScoreLine,
    VetoDecision,
)
from assessments.rules.facts import (
    CHARGED_ONCE,
    EDITION,
    FIRST_EDITION,
    ITS_OWN_TIME,
    TAKEN_BACK,
    Due,
    Entered,
    Ref,
    SchemeRules,
    Snapshot,
    UnitFacts,
    Veto,
    Waiver,
)
from assessments.services.hazard_facts import read_hazards
from assessments.services.ledger_facts import LedgerFacts, read_ledger
from common.clock import day_of
from common.errors import DomainError
from organizations.enums import AssessmentClass
from organizations.models import Unit
from responsibilities.as_of import as_it_was, records
from responsibilities.periods import Period

# 先前的规则把季度写作“2019年三季度”；按它们算出的扣分，申诉采纳以后仍认得出来。
OLD_QUARTER = re.compile("年(?=[一二三四]季度)")
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
# 期末仍没有办的，下一期期末另算。
LASTING = frozenset({RuleKind.ON_TIME, RuleKind.HAZARDS})


def held_by(span: Period) -> list[str]:
    """Return the codes of the assessed periods that a period holds: a year holds its quarters."""
    quarters = range(1, 5) if span.months == 12 else ()
    return [*(Period(span.year, index, 3).code for index in quarters), span.code]


@dataclass(frozen=True)
class Scope:
    """The period and the instants of reading.

    ``as_of`` is the instant of the ledger. What the office enters (facts, decisions, answers to
    objections) is read at ``known_at``: a correction keeps the first and moves the second.
    """

    span: Period
    as_of: datetime
    known_at: datetime
    assessment_id: int | None = None
    edition: int = EDITION

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


def read_snapshot(scope: Scope, schemes: tuple[SchemeRules, ...], *, only: str = "") -> Snapshot:
    """Return everything that a computation rests on, as it stood at the instants of ``scope``.

    ``only`` is the code of one unit, for whoever asks about nobody else.
    Raises: DomainError when no day of the period is over, or a class has no scheme.
    """
    span = scope.span
    if scope.due_until < scope.first:
        raise DomainError(f"{span.label}还没有满一天，请在{scope.first.month}月2日以后测算。")
    units = [unit for unit in assessed_units(scope) if only in ("", unit.code)]
    missing = {unit.assessment_class for unit in units} - {s.assessment_class for s in schemes}
    if missing:
        names = "、".join(kind.label for kind in AssessmentClass if kind in missing)
        raise DomainError(f"{names}还没有施行的考核方案，请先施行。")
    unit_ids = [unit.pk for unit in units]
    ledger = read_ledger(
        scope.first, scope.due_until, scope.last, scope.as_of, unit_ids, scope.edition
    )
    hazards = read_hazards(scope.first, scope.due_until, scope.as_of, scope.edition)
    office = OfficeFacts(_entered(scope), _vetoes(scope), read_waivers(scope))
    return Snapshot(
        period=span.code,
        first_day=scope.first,
        last_day=scope.last,
        due_until=scope.due_until,
        as_of=timezone.localtime(scope.as_of).isoformat(),
        schemes=schemes,
        units=tuple(_facts_of(unit, scope, ledger, office, hazards) for unit in units),
        edition=scope.edition,
    )


def assessed_units(scope: Scope) -> list[Unit]:
    """Return the units that are scored: with a class, in being, and never one only linked."""
    found: list[Unit] = list(records(as_it_was(Unit, scope.as_of).exclude(assessment_class="")))
    standing = [u for u in found if u.is_chased and u.is_valid_on(scope.due_until)]
    return sorted(standing, key=lambda unit: (unit.order, unit.pk))


@dataclass(frozen=True)
class OfficeFacts:
    """What the office entered and decided, by unit."""

    entered: dict[int, list[EnteredFact]]
    vetoes: dict[int, list[Veto]]
    waivers: dict[int, list[Waiver]]


def _facts_of(
    unit: Unit,
    scope: Scope,
    ledger: LedgerFacts,
    office: OfficeFacts,
    hazards: dict[int, list[Due]],
) -> UnitFacts:
    facts = office.entered.get(unit.pk, [])
    kept = [fact for fact in facts if concerns(fact, scope)]
    earlier = sum(
        fact.count
        for fact in facts
        if fact.kind == FactKind.ACCIDENT and fact.happened_on < scope.first
    )
    inspections = ledger.inspections.get(unit.pk)
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
        inspections=None if inspections is None else tuple(inspections),
        hazards=tuple(hazards[unit.pk]) if unit.pk in hazards else None,
        entered=tuple(_as_entered(fact, scope) for fact in kept),
        earlier_deaths=earlier,
        vetoes=tuple(office.vetoes.get(unit.pk, ())),
        waivers=tuple(office.waivers.get(unit.pk, ())),
        since=_since(unit, scope),
    )


def _since(unit: Unit, scope: Scope) -> date | None:
    """The day on which the unit was set up, if that was in the year of the period."""
    if scope.edition < ITS_OWN_TIME or unit.valid_from is None:
        return None
    return unit.valid_from if unit.valid_from > date(scope.span.year, 1, 1) else None


def _names_its_period(fact: EnteredFact, scope: Scope) -> bool:
    """Whether the fact counts in the period that it names, whatever the day of its paper."""
    return scope.edition >= ITS_OWN_TIME and fact.kind == FactKind.ACCIDENT_BASE


def concerns(fact: EnteredFact, scope: Scope) -> bool:
    """Whether an assessment looks at the fact: what happened in its period, and what the year asks
    for once."""
    if _names_its_period(fact, scope):
        return fact.period in held_by(scope.span)
    is_dated = date(scope.span.year, 1, 1) <= fact.happened_on <= scope.last
    return is_dated and (fact.happened_on >= scope.first or fact.kind in OF_THE_YEAR)


def _entered(scope: Scope) -> dict[int, list[EnteredFact]]:
    """Return unit id → the facts of the year up to the end of the period, and those that name it;
    voided ones left out."""
    is_of_the_year = Q(happened_on__gte=date(scope.span.year, 1, 1), happened_on__lte=scope.last)
    found = as_it_was(EnteredFact, scope.known_at).filter(
        is_of_the_year | Q(period__in=held_by(scope.span)), is_void=False
    )
    by_unit: dict[int, list[EnteredFact]] = {}
    for fact in records(found.order_by("happened_on", "id")):
        by_unit.setdefault(fact.unit_id, []).append(fact)
    return by_unit


def _as_entered(fact: EnteredFact, scope: Scope) -> Entered:
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
        period=fact.period if _names_its_period(fact, scope) else "",
    )


def _vetoes(scope: Scope) -> dict[int, list[Veto]]:
    """Return unit id → the decisions that judge the period, whenever they were made."""
    found = as_it_was(VetoDecision, scope.known_at).filter(
        is_void=False, period__in=held_by(scope.span)
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


def read_waivers(scope: Scope) -> dict[int, list[Waiver]]:
    """Return unit id → the losses that upheld objections took back.

    What was taken back in a quarter stays so in the year; of several answers about one record the
    newest holds.
    """
    newest: dict[tuple[object, ...], tuple[Objection, Waiver]] = {}
    for item, waiver in _answers(scope):
        key = (item.unit_id, waiver.rule, waiver.mark, waiver.record)
        newest[key if scope.edition >= TAKEN_BACK else (item.pk,)] = item, waiver
    by_unit: dict[int, list[Waiver]] = {}
    for item, waiver in newest.values():
        if item.state == ObjectionState.UPHELD:
            by_unit.setdefault(item.unit_id, []).append(waiver)
    return by_unit


def _answers(scope: Scope) -> Iterator[tuple[Objection, Waiver]]:
    """Yield the answered objections with the losses that they are about, the oldest answer first.

    How long nothing was reported is counted anew at the end of each period: an answer about it
    says nothing of a period that ends later. One about a task or hazard that was open says nothing
    of the ends of later quarters.
    """
    answers = _answered(scope)
    lines = ScoreLine.objects.select_related("score").in_bulk([item.line_id for item in answers])
    rules = {(item.scheme_id, item.number): item.rule_of() for item in Indicator.objects.all()}
    periods = dict(Assessment.objects.values_list("pk", "period"))
    for item in answers:
        line = lines[item.line_id]
        if line.indicator is None:
            continue
        rule = rules[line.score.scheme_id, line.indicator]
        ended = Period.parse(periods[item.assessment_id]).last_day
        if rule.rule == RuleKind.LONG_TERM and ended != scope.last:
            continue
        record = None if scope.edition == FIRST_EDITION else rule.record
        mark = line.mark if scope.edition < CHARGED_ONCE else OLD_QUARTER.sub("年第", line.mark)
        is_bounded = scope.edition >= ITS_OWN_TIME and rule.rule in LASTING
        until = ended if is_bounded and ended < scope.last else None
        ref = Ref("objection", str(item.pk), "申诉答复")
        yield item, Waiver(rule.rule, mark, ref, record, until)


def _answered(scope: Scope) -> list[Objection]:
    """Return the answered objections to this assessment and to those that it holds."""
    found = as_it_was(Objection, scope.known_at).exclude(state=ObjectionState.SUBMITTED)
    if scope.edition < TAKEN_BACK:
        return list(records(found.filter(assessment_id=scope.assessment_id).order_by("id")))
    held = Assessment.objects.filter(period__in=held_by(scope.span)).values("pk")
    return list(records(found.filter(assessment_id__in=held).order_by("answered_at", "id")))
