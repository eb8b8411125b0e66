"""The cues of one sentence put together: who, by when and how often, its notes kept apart."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from clauses.reading.actors import leaders, subjects
from clauses.reading.deadlines import TimeLimit, find_deadlines, label_deadline
from clauses.reading.frequencies import Rate, find_rates, label_rate, main_rate
from clauses.reading.notes import Note, find_notes
from clauses.reading.spans import Span

Words = Callable[[int, int], str]  # the text's own characters behind a span of the sentence


@dataclass(frozen=True)
class NoteCues:
    """What a note says, in words, for the sentences that it governs."""

    bearers: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    limit: TimeLimit | None = None
    limit_text: str = ""
    rate: str | None = None
    rate_text: str = ""


@dataclass(frozen=True)
class Piece:
    """A sentence, or the part of it that has its own time limit or rate."""

    start: int
    end: int
    actors: tuple[Span, ...]
    leads: tuple[Span, ...]
    limit: TimeLimit | None
    rate: Rate | None


def read_notes(sentence: str) -> list[Note]:
    return find_notes(sentence, 0, len(sentence))


def note_cues(sentence: str, note: Note, words: Words, *, first_leads: bool) -> NoteCues:
    """Return what the note says; ``first_leads`` is the rule stated once for all later notes."""
    bearers = tuple(dict.fromkeys(words(*span) for span in note.bearers))
    leads = tuple(dict.fromkeys(words(*span) for span in note.leads))
    if first_leads and not leads:
        leads = bearers[:1]
    limit = rate = None
    limit_text = rate_text = ""
    for start, end in note.times:
        found = label_deadline(sentence, start, end)
        if found is not None and (limit is None or found.due_on):
            limit, limit_text = found, words(found.start, found.end)
        stated = label_rate(sentence, start, end)
        if stated is not None:
            rate, rate_text = stated.value, words(stated.start, stated.end)
    return NoteCues(bearers, leads, limit, limit_text, rate, rate_text)


def cut(sentence: str, notes: list[Note]) -> list[Piece]:
    """Return the pieces of a sentence: one, or one for each different time limit or rate."""
    masked = _masked(sentence, notes)
    limits = find_deadlines(masked, 0, len(masked))
    rates = find_rates(masked, 0, len(masked))
    bounds = [0, *_cuts(masked, limits, rates), len(masked)]
    inherited = tuple(subjects(masked, 0, bounds[1]))
    inherited_leads = tuple(leaders(masked, 0, bounds[1]))
    found = []
    for start, end in pairwise(bounds):
        own = tuple(_shifted(subjects(masked[start:end], 0, end - start), start))
        found.append(
            Piece(
                start,
                len(sentence) if end == len(masked) else end,
                own or inherited,
                tuple(_shifted(leaders(masked[start:end], 0, end - start), start))
                if own
                else inherited_leads,
                _main_limit([limit for limit in limits if start <= limit.start < end]),
                main_rate([rate for rate in rates if start <= rate.start < end]),
            )
        )
    return found


def heading_limit(heading: str) -> TimeLimit | None:
    """Return the limit that a heading sets for all below it: 第一阶段(2024年3月至6月)."""
    return _main_limit(find_deadlines(heading, 0, len(heading), heading=True))


def _cuts(text: str, limits: list[TimeLimit], rates: list[Rate]) -> list[int]:
    """Where a sentence falls apart: before a limit or stated rate that differs from the last."""
    marks: list[tuple[int, str]] = [(x.start, str(x.due_on)) for x in limits if x.due_on]
    marks += [(r.start, r.value) for r in rates if r.is_stated and not r.by_name]
    cuts: list[int] = []
    seen: dict[bool, str] = {}
    for position, value in sorted(marks):
        kind = value[:1].isdigit()
        if kind in seen and seen[kind] != value:
            low = cuts[-1] if cuts else 0
            comma = max(text.rfind(mark, low, position) for mark in ",;") + 1
            comma = comma if comma > low else text.rfind("、", low, position) + 1
            if comma > low:
                cuts.append(comma)
        seen[kind] = value
    return cuts


def _main_limit(limits: list[TimeLimit]) -> TimeLimit | None:
    """A dated limit first, then one counted from an event, then words alone."""
    ranked = sorted(limits, key=lambda limit: (limit.due_on is None, not limit.within, limit.start))
    dated = [limit for limit in ranked if limit.due_on]
    if dated:
        return max(dated, key=lambda limit: (limit.due_on or dated[0].due_on, -limit.start))
    return ranked[0] if ranked else None


def _masked(sentence: str, notes: list[Note]) -> str:
    for note in notes:
        sentence = sentence[: note.start] + " " * (note.end - note.start) + sentence[note.end :]
    return sentence


def _shifted(spans: list[Span], by: int) -> list[Span]:
    return [(start + by, end + by) for start, end in spans]
