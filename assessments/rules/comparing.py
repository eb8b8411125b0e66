"""What other rules would have made of the same facts: who moves, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assessments.enums import Grade
from assessments.rules.facts import SchemeRules, Snapshot
from assessments.rules.scoring import UnitResult, ranks, score_all

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Change:
    """One item whose share of the total changes under the other rules."""

    title: str
    before: Decimal
    after: Decimal

    @property
    def moved(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class Move:
    """One unit under the rules of then and under the others."""

    code: str
    name: str
    before: Decimal
    after: Decimal
    grade_before: Grade
    grade_after: Grade
    rank_before: int | None
    rank_after: int | None
    changes: tuple[Change, ...]

    @property
    def climbed(self) -> int:
        """Places won; fewer is better."""
        if self.rank_before is None or self.rank_after is None:
            return 0
        return self.rank_before - self.rank_after

    @property
    def is_moved(self) -> bool:
        return self.climbed != 0 or self.grade_before != self.grade_after


def under(snapshot: Snapshot, scheme: SchemeRules) -> Snapshot:
    """Return the snapshot with the rules of one class exchanged."""
    others = [own for own in snapshot.schemes if own.assessment_class != scheme.assessment_class]
    return replace(snapshot, schemes=(*others, scheme))


def what_if(snapshot: Snapshot, scheme: SchemeRules, most: int = 3) -> list[Move]:
    """Score the units of one class by the rules of then and by ``scheme``; best place first.

    ``most`` is how many of the items that changed most are named for each unit.
    """
    kind = scheme.assessment_class
    only = replace(
        snapshot, units=tuple(unit for unit in snapshot.units if unit.assessment_class == kind)
    )
    then, now = score_all(only), score_all(under(only, scheme))
    places_then, places_now = ranks(then), ranks(now)
    before = {result.code: result for result in then}
    moves = [
        Move(
            code=result.code,
            name=result.name,
            before=before[result.code].total,
            after=result.total,
            grade_before=before[result.code].grade,
            grade_after=result.grade,
            rank_before=places_then.get(result.code),
            rank_after=places_now.get(result.code),
            changes=_changes(before[result.code], result)[:most],
        )
        for result in now
        if result.code in before
    ]
    return sorted(moves, key=lambda move: (move.rank_after is None, move.rank_after or 0))


def _changes(before: UnitResult, after: UnitResult) -> tuple[Change, ...]:
    """Return the items that moved the total, the heaviest first; they sum to the difference."""
    old, new = _by_title(before), _by_title(after)
    titles = sorted(old.keys() | new.keys())
    found = [Change(title, old.get(title, NOTHING), new.get(title, NOTHING)) for title in titles]
    moved = [change for change in found if change.moved]
    return tuple(sorted(moved, key=lambda change: (-abs(change.moved), change.title)))


def _by_title(result: UnitResult) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for line in result.lines:
        sums[line.title] = sums.get(line.title, NOTHING) + line.points
    return sums


def trend(past: Sequence[Snapshot], scheme: SchemeRules, code: str) -> list[Decimal | None]:
    """Return what a unit would have had in each past period by the rules of now."""
    return [_total_of(snapshot, scheme, code) for snapshot in past]


def _total_of(snapshot: Snapshot, scheme: SchemeRules, code: str) -> Decimal | None:
    own = tuple(
        unit
        for unit in snapshot.units
        if unit.code == code and unit.assessment_class == scheme.assessment_class
    )
    results = score_all(replace(under(snapshot, scheme), units=own))
    return results[0].total if results and results[0].grade != Grade.NONE else None
