"""What the plan's text states of a row's deadline, so that 条文原文 is a basis only where it is."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import takewhile

from clauses.models import Provision
from clauses.reading import UnreadablePlan, read_plan
from clauses.reading.characters import normalise
from clauses.reading.deadlines import find_deadlines
from clauses.reading.document import ProposedObligation
from clauses.reading.frequencies import find_rates
from responsibilities.enums import Frequency
from responsibilities.models import Obligation

FROM_THE_TEXT = "条文原文"


def states_date(row: Obligation, due_on: date) -> bool:
    """Whether a sentence of the row, read alone or in its place in the plan, gives the date."""
    for text in _texts(row):
        if any(limit.due_on == due_on for limit in find_deadlines(text, 0, len(text))):
            return True
    return any(found.deadline == due_on for found in _proposals_of(row))


def states_rate(row: Obligation, frequency: Frequency) -> bool:
    """Whether a sentence of the row, read alone or in its place in the plan, gives the rate."""
    for text in _texts(row):
        if any(rate.value == frequency for rate in find_rates(text, 0, len(text))):
            return True
    return any(found.frequency == frequency for found in _proposals_of(row))


def _texts(row: Obligation) -> list[str]:
    return [normalise(source.provision.text) for source in row.sources.select_related("provision")]


def _proposals_of(row: Obligation) -> Iterator[ProposedObligation]:
    for source in row.sources.select_related("provision"):
        yield from proposals_for(source.provision)


def proposals_for(provision: Provision) -> list[ProposedObligation]:
    """Return what the reading engine proposes for the sentence: one duty, or one for each part
    of it that has its own time or bearer."""
    found = _read(provision.plan.source_text).proposals
    first = bisect_left(found, provision.start, key=lambda item: item.start)
    inside = takewhile(lambda item: item.start < provision.end, found[first:])
    return [item for item in inside if item.end <= provision.end]


def is_title(provision: Provision) -> bool:
    """Whether the reading engine takes the sentence for the title of what follows: 1.自查自改。"""
    return (provision.start, provision.end) in _read(provision.plan.source_text).titles


@dataclass(frozen=True)
class _Reading:
    """What the engine says of a plan, by the place in its text."""

    proposals: Sequence[ProposedObligation] = ()
    titles: frozenset[tuple[int, int]] = frozenset()


@lru_cache(maxsize=4)
def _read(text: str) -> _Reading:
    """Read a plan's text once: the same text is always read the same way."""
    try:
        document = read_plan(text)
    except UnreadablePlan:
        return _Reading()
    return _Reading(
        proposals=sorted(document.proposals, key=lambda item: item.start),
        titles=frozenset((p.start, p.end) for p in document.provisions if p.is_heading),
    )
