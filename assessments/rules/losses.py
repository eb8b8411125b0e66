"""What each rule takes off an indicator: one loss for each record that fell short."""

import calendar
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from assessments.enums import FactKind, RuleKind
from assessments.rules.canonical import canonical_json
from assessments.rules.facts import (
    CHARGED_ONCE,
    FIRST_EDITION,
    ITS_OWN_TIME,
    Due,
    Entered,
    Event,
    IndicatorRule,
    LongTerm,
    Ref,
    Snapshot,
    UnitFacts,
)

# 迟办的算做了一半：办成了，但没有按期。
LATE_SHARE = Decimal("0.5")
MISSING_SHARE = Decimal(1)


@dataclass(frozen=True)
class Loss:
    """One reason to take points off: a share of one expected thing, or a fixed number of points.

    ``open_on`` is the last end of a quarter on which the thing was due and not done.
    """

    cause: str
    refs: tuple[Ref, ...]
    share: Decimal = Decimal(0)
    points: Decimal = Decimal(0)
    on: date | None = None
    open_on: date | None = None

    @property
    def mark(self) -> str:
        """What tells the loss apart in every computation of the period, whatever its words."""
        if not self.refs:
            return self.cause
        ref = self.refs[0]
        day = f" {self.on.isoformat()}" if self.on else ""
        return f"{ref.kind} {ref.key} {ref.label}{day}"


@dataclass(frozen=True)
class Finding:
    """What an indicator found: ``expected`` things, of which ``performed`` were done in time.

    ``expected`` is None where the rule counts occurrences and expects none; a finding of None
    means that the indicator does not apply to the unit in this period.
    """

    losses: tuple[Loss, ...]
    expected: int | None = None
    performed: int | None = None
    note: str = ""


class Referring(Protocol):
    @property
    def ref(self) -> Ref: ...


R = TypeVar("R", bound=Referring)


def in_order(facts: Iterable[R]) -> list[R]:
    """Return facts in the one order that does not depend on how they were read."""
    return sorted(facts, key=lambda fact: (fact.ref.label, fact.ref.key, canonical_json(fact)))


def _shared(
    facts: Iterable[Due], snapshot: Snapshot, missing: Callable[[Due], str], late: str
) -> Finding | None:
    """Expect every fact: what is missing loses its whole share, what was late half of it."""
    expected = in_order(facts)
    if not expected:
        return None
    losses = []
    for fact in expected:
        if fact.done_on is not None and not fact.is_late:
            continue
        days = (fact.done_on - fact.due_on).days if fact.done_on else 0
        words = late.format(days) if fact.done_on else missing(fact)
        share = LATE_SHARE if fact.done_on else MISSING_SHARE
        open_on = _last_open(fact, snapshot)
        losses.append(Loss(f"{fact.title}：{words}", (fact.ref,), share=share, open_on=open_on))
    return Finding(tuple(losses), len(expected), len(expected) - len(losses))


def _last_open(fact: Due, snapshot: Snapshot) -> date | None:
    ends = [last for _, last in windows(snapshot.first_day, snapshot.last_day, 3)]
    return max(
        (
            end
            for end in ends
            if fact.due_on <= end <= snapshot.due_until
            and (fact.done_on is None or fact.done_on > end)
        ),
        default=None,
    )


def is_settled(fact: Due, snapshot: Snapshot) -> bool:
    """Whether the fact fell due before the period and was done in it.

    One delay is charged once, where it fell due; what is still open when a later period ends is
    that period's own gap and is charged there too.
    """
    return (
        snapshot.edition >= CHARGED_ONCE
        and fact.due_on < snapshot.first_day
        and fact.done_on is not None
        and fact.done_on <= snapshot.last_day
        and not fact.is_deferred
    )


def _charged(facts: Iterable[Due], snapshot: Snapshot) -> tuple[list[Due], str]:
    """Return the facts that the period answers for, and a word on those of earlier periods."""
    kept, settled = list[Due](), 0
    for fact in facts:
        if is_settled(fact, snapshot):
            settled += 1
        else:
            kept.append(fact)
    words = f"另有 {settled} 件以前到期、本期办成，迟办在到期的考核期计，本期不再扣"
    return kept, words if settled else ""


def _on_time(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding | None:
    """Expect every dated task in time; one that was not done at all is a gap in the expected.

    Source: 方案（三十）、（三十三）。
    """
    kept, settled = _charged(facts.tasks, snapshot)
    found = _shared(kept, snapshot, lambda fact: _overdue(fact, snapshot, "未办结"), "迟 {} 天办结")
    waiting = f"另有 {facts.waiting} 件已报办结、等核验，暂不计" if facts.waiting else ""
    return found and replace(found, note="；".join(filter(None, (waiting, settled))))


def _overdue(fact: Due, snapshot: Snapshot, ending: str) -> str:
    days = (snapshot.due_until - fact.due_on).days
    if snapshot.edition >= CHARGED_ONCE and fact.due_on < snapshot.first_day:
        return f"以前到期，本期仍{ending}，逾期 {days} 天"
    return f"逾期 {days} 天{ending}" if days > 0 else f"到期{ending}"


def _inspections(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding | None:
    """Expect an inspection led by the head each quarter; one led by a deputy does not count.

    Source: 方案（四）“各有关部门主要负责人每季度至少带队检查1次”。
    """
    words = "没有主要负责人带队检查"
    return _shared(facts.inspections or (), snapshot, lambda fact: words, "迟 {} 天完成")


def _hazards(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding | None:
    kept, settled = _charged(facts.hazards or (), snapshot)
    found = _shared(kept, snapshot, lambda fact: _overdue(fact, snapshot, "未销号"), "迟 {} 天销号")
    return found and replace(found, note=settled)


def _long_term(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding | None:
    """Long-term work is never late for not ending; only its reports can stop coming."""
    expected: list[LongTerm] = in_order(facts.long_term)
    if not expected:
        return None
    losses = tuple(
        Loss(f"{fact.title}：{fact.quiet_days} 天未报进展", (fact.ref,), share=MISSING_SHARE)
        for fact in expected
        if fact.is_quiet
    )
    return Finding(losses, len(expected), len(expected) - len(losses))


def _occurrences(rule: IndicatorRule, events: Iterable[Event]) -> Finding:
    losses = tuple(
        Loss(event.title, (event.ref,), points=rule.rate, on=event.on) for event in _by_day(events)
    )
    return Finding(losses)


def _by_day(events: Iterable[Event]) -> list[Event]:
    return sorted(in_order(events), key=lambda event: event.on)


def _returns(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding | None:
    return _occurrences(rule, facts.returns) if _has_work(facts) else None


def _extensions(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding | None:
    return _occurrences(rule, facts.extensions) if _has_work(facts) else None


def _has_work(facts: UnitFacts) -> bool:
    """Whether the ledger asked anything of the unit: else nothing could be returned or put off."""
    return bool(
        facts.tasks or facts.long_term or facts.returns or facts.extensions or facts.waiting
    )


def _records(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding | None:
    """One record with a document number for each stretch of ``every_months`` that ends here.

    What is there counts; it is missing only from a stretch that is over and at least half of
    which the unit was there for.
    """
    found = [fact for fact in facts.entered if fact.kind == rule.record]
    losses, expected = [], 0
    for first, last in windows(snapshot.first_day, snapshot.last_day, rule.every_months):
        is_there = any(first <= fact.on <= last for fact in found)
        if not is_there and (last > snapshot.due_until or _is_before(facts.since, first, last)):
            continue
        expected += 1
        if not is_there:
            losses.append(Loss(f"{stretch(first, last)}没有记录", (), share=MISSING_SHARE))
    return Finding(tuple(losses), expected, expected - len(losses)) if expected else None


def _is_before(since: date | None, first: date, last: date) -> bool:
    """Whether the lesser part of a stretch is left to a unit that was set up on ``since``."""
    return since is not None and (last - since).days < (since - first).days - 1


def windows(first: date, last: date, months: int) -> Iterator[tuple[date, date]]:
    """Yield the calendar stretches of ``months`` whose last day lies in the period."""
    for year in range(first.year, last.year + 1):
        for start in range(1, 13, months):
            end_month = start + months - 1
            end = date(year, end_month, calendar.monthrange(year, end_month)[1])
            if first <= end <= last:
                yield date(year, start, 1), end


def stretch(first: date, last: date) -> str:
    """Name a stretch of whole months."""
    if first.month == last.month:
        return f"{first.year}年{first.month}月"
    return f"{first.year}年{first.month}至{last.month}月"


def _accidents(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding:
    """Take points off for each accident beyond the number of the same period of the year before.

    The earliest ones are within that number; what happened last is what came in excess (同比).
    """
    accidents = entered(facts, FactKind.ACCIDENT)
    base = entered(facts, FactKind.ACCIDENT_BASE)
    allowed = _year_before(base, snapshot)
    is_known = bool(base) or snapshot.edition == FIRST_EDITION
    words = "比上年同期多发生 1 起" if is_known else "上年同期起数没有登记，按 0 起计"
    losses = tuple(
        Loss(f"{fact.title}：{words}", (fact.ref,), points=rule.rate)
        for fact in accidents[allowed:]
    )
    note = f"上年同期 {allowed} 起" if base and snapshot.edition >= ITS_OWN_TIME else ""
    return Finding(losses, allowed, len(accidents), note)


def _year_before(base: Iterable[Entered], snapshot: Snapshot) -> int:
    """Return the figure of the period itself, or what its quarters come to; of two for the same
    period the newest."""
    if snapshot.edition < ITS_OWN_TIME:
        return sum(fact.count for fact in base)
    newest = {fact.period: fact.count for fact in base}
    return newest.get(snapshot.period, sum(newest.values()))


def _deaths(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding:
    """Each death loses ``rate``; those above the 控制指标, where there is one, ``excess_rate``."""
    limits = [fact.count for fact in entered(facts, FactKind.DEATH_LIMIT)]
    limit = max(0, limits[-1] - facts.earlier_deaths) if limits else None
    losses, dead = [], 0
    for fact in entered(facts, FactKind.ACCIDENT):
        if not fact.count:
            continue
        within = fact.count if limit is None else max(0, min(fact.count, limit - dead))
        above = fact.count - within
        dead += fact.count
        words = f"{fact.title}：死亡 {fact.count} 人" + (
            f"，其中超指标 {above} 人" if above else ""
        )
        points = within * rule.rate + above * rule.excess_rate
        losses.append(Loss(words, (fact.ref,), points=points))
    note = f"控制指标余 {limit} 人" if limit and snapshot.edition >= ITS_OWN_TIME else ""
    return Finding(tuple(losses), limit, dead, note)


def entered(facts: UnitFacts, kind: FactKind) -> list[Entered]:
    """Return the entered facts of one kind by day."""
    found = in_order(fact for fact in facts.entered if fact.kind == kind)
    return sorted(found, key=lambda fact: fact.on)


Rule = Callable[[IndicatorRule, UnitFacts, Snapshot], Finding | None]
RULES: Mapping[RuleKind, Rule] = {
    RuleKind.ON_TIME: _on_time,
    RuleKind.LONG_TERM: _long_term,
    RuleKind.RETURNS: _returns,
    RuleKind.EXTENSIONS: _extensions,
    RuleKind.INSPECTIONS: _inspections,
    RuleKind.HAZARDS: _hazards,
    RuleKind.RECORDS: _records,
    RuleKind.ACCIDENTS: _accidents,
    RuleKind.DEATHS: _deaths,
}


def find(rule: IndicatorRule, facts: UnitFacts, snapshot: Snapshot) -> Finding | None:
    """Return what the indicator found for the unit, or None if it does not apply."""
    return RULES[rule.rule](rule, facts, snapshot)
