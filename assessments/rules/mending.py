"""What a unit can still make good, and what each thing would bring by the rules themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from assessments.enums import RuleKind
from assessments.rules.facts import Due, Entered, Ref, SchemeRules, Snapshot, UnitFacts
from assessments.rules.losses import is_settled, stretch, windows
from assessments.rules.scoring import score_unit


@dataclass(frozen=True)
class Mend:
    """One thing that can still be done: in words, its record, and the points it would bring."""

    words: str
    ref: Ref | None
    gain: Decimal


def mends(facts: UnitFacts, scheme: SchemeRules, snapshot: Snapshot, *, today: date) -> list[Mend]:
    """Return what would raise the total if it alone were done today, the most first.

    Each gain is the difference of two computations; nothing is estimated. What was returned, put
    off, or happened cannot be undone and is not listed.
    """
    before = score_unit(facts, scheme, snapshot).total
    found = [
        Mend(words, ref, score_unit(mended, scheme, snapshot).total - before)
        for words, ref, mended in _ways(facts, scheme, snapshot, today)
    ]
    return sorted(
        (mend for mend in found if mend.gain > 0), key=lambda mend: (-mend.gain, mend.words)
    )


Way = tuple[str, Ref | None, UnitFacts]


def _ways(facts: UnitFacts, scheme: SchemeRules, snapshot: Snapshot, today: date) -> Iterator[Way]:
    for item, mended in _done(facts.tasks, today):
        words = f"{item.title}：现在办结，{_how_counted(item, snapshot, today)}"
        yield words, item.ref, replace(facts, tasks=mended)
    for item, mended in _done(facts.hazards or (), today):
        words = f"{item.title}：现在销号，{_how_counted(item, snapshot, today)}"
        yield words, item.ref, replace(facts, hazards=mended)
    for item, mended in _done(facts.inspections or (), today):
        words = f"{item.title}：现在由主要负责人带队检查并确认，按迟办计"
        yield words, item.ref, replace(facts, inspections=mended)
    if today <= snapshot.last_day:
        yield from _reported(facts)
    yield from _registered(facts, scheme, snapshot)


def _how_counted(item: Due, snapshot: Snapshot, today: date) -> str:
    done = replace(item, done_on=today)
    return "本期不再扣" if is_settled(done, snapshot) else "按迟办计"


def _done(things: Sequence[Due], today: date) -> Iterator[tuple[Due, tuple[Due, ...]]]:
    """Yield each thing that is missing with the things as they would be if it were done today."""
    for place, thing in enumerate(things):
        if thing.is_missing:
            done = replace(thing, done_on=today)
            yield thing, (*things[:place], done, *things[place + 1 :])


def _reported(facts: UnitFacts) -> Iterator[Way]:
    """A report counts only up to the last day of the period."""
    for place, work in enumerate(facts.long_term):
        if work.is_quiet:
            told = replace(work, quiet_days=0, is_quiet=False)
            rest = (*facts.long_term[:place], told, *facts.long_term[place + 1 :])
            yield f"{work.title}：报一次进展", work.ref, replace(facts, long_term=rest)


def _registered(facts: UnitFacts, scheme: SchemeRules, snapshot: Snapshot) -> Iterator[Way]:
    """What has a paper but was never entered can be entered until the final computation."""
    for rule in scheme.indicators:
        if rule.rule != RuleKind.RECORDS or rule.record is None:
            continue
        for first, last in windows(snapshot.first_day, snapshot.last_day, rule.every_months):
            has_one = any(
                fact.kind == rule.record and first <= fact.on <= last for fact in facts.entered
            )
            if last <= snapshot.due_until and not has_one:
                entry = Entered(last, rule.record, rule.record.label, "", Ref("", "", ""))
                words = f"{stretch(first, last)}有“{rule.record.label}”文件的，把文号报区安委办登记"
                yield words, None, replace(facts, entered=(*facts.entered, entry))
