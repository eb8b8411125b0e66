"""The cues of one sentence put together: who, by when and how often, its notes kept apart."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from clauses.reading.actors import leaders, subjects
from clauses.reading.deadlines import TimeLimit, find_deadlines, label_deadline
from clauses.reading.frequencies import Rate, find_rates, label_rate, main_rate
from clauses.reading.notes import Note, find_notes
from clauses.reading.spans import Span

# 二是加强巡查…: an item of a list inside a sentence takes nobody over from the item before it.
_ITEM = re.compile(r" ?[一二三四五六七八九十]是")
_NEXT_ITEM = re.compile(r";(?= ?[一二三四五六七八九十]是)")
_STOP = re.compile("[,;。]")
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
    found: list[Piece] = []
    for start, end in pairwise(bounds):
        part = masked[start:end]
        actors = _shifted(subjects(part, 0, len(part)), start)
        leads = _shifted(leaders(part, 0, len(part)), start)
        if not actors and found and not _ITEM.match(part):
            actors, leads = list(found[-1].actors), list(found[-1].leads)
        found.append(
            Piece(
                start,
                len(sentence) if end == len(masked) else end,
                tuple(actors),
                tuple(leads),
                _main_limit([limit for limit in limits if start <= limit.start < end]),
                main_rate([rate for rate in rates if start <= rate.start < end]),
            )
        )
    return found


def heading_limit(heading: str) -> TimeLimit | None:
    """Return the limit that a heading sets for all below it: 第一阶段(2024年3月至6月)."""
    return _main_limit(find_deadlines(heading, 0, len(heading), heading=True))


def _cuts(text: str, limits: list[TimeLimit], rates: list[Rate]) -> list[int]:
    """Where a sentence falls apart: before a limit or stated rate that differs from the last.

    The cut lies behind a semicolon if one stands between the two, behind a comma if not.  A list
    一是…；二是…；三是… falls apart at its items.  Where who acts changes with a semicolon as well,
    each who keeps to their own limit and rate.
    """
    cuts = [item.end() for item in _NEXT_ITEM.finditer(text)] if _ITEM.match(text) else []
    seen: dict[str, tuple[str, int]] = {}
    for position, kind, value in (marks := _marks(text, limits, rates)):
        if kind in seen and seen[kind][0] != value:
            low = max((place for place in cuts if place < position), default=0)
            place = _place_of_cut(text, max(low, seen[kind][1]), low, position)
            if place > low:
                cuts.append(place)
        seen[kind] = value, position
    if marks:
        cuts += _changes_of_actor(text, marks[0][0])
    return sorted({*cuts, *_phases_behind(text, limits, rates)})


def _phases_behind(text: str, limits: list[TimeLimit], rates: list[Rate]) -> Iterator[int]:
    """Yield where a phase with its own date and work begins behind a rate, which is not the
    phase's: 每月报告进展情况,第一阶段2025年6月底前完成."""
    first = min((rate.start for rate in rates if rate.is_stated), default=len(text))
    for limit in limits:
        begin = max(text.rfind(stop, 0, limit.start) for stop in ",;") + 1
        part = _STOP.split(text[begin:], maxsplit=1)[0]
        work = text[limit.end : begin + len(part)].strip("() ")
        if first < begin and limit.due_on and "阶段" in part and work:
            yield begin


def _marks(text: str, limits: list[TimeLimit], rates: list[Rate]) -> list[tuple[int, str, str]]:
    """Return place, kind and value of what may make a piece its own: 每周五前 beside 3月5日前."""
    found = [
        (x.start, "limit", str(x.due_on or text[x.start : x.end]))
        for x in limits
        if x.due_on or (not x.within and text[x.start : x.end].endswith("前"))
    ]
    found += [(x.start, "rate", x.value) for x in rates if x.is_stated and not x.by_name]
    return sorted(found)


def _place_of_cut(text: str, last_mark: int, low: int, position: int) -> int:
    semicolon = text.rfind(";", last_mark, position) + 1
    comma = semicolon or text.rfind(",", low, position) + 1
    return comma if comma > low else text.rfind("、", low, position) + 1


def _changes_of_actor(text: str, first_mark: int) -> list[int]:
    """Return the semicolons behind which somebody else acts; a limit at the head governs all."""
    bounds = [0, *(match.end() for match in re.finditer(";", text)), len(text)]
    named = [_first_actor(text, *bound) for bound in pairwise(bounds)]
    heads = [place for place in named if place is not None]
    if len(heads) < 2 or named[0] is None or first_mark < named[0]:
        return []
    return [start for start, place in zip(bounds[1:], named[1:], strict=False) if place is not None]


def _first_actor(text: str, start: int, end: int) -> int | None:
    found = subjects(text[start:end], 0, end - start)
    return start + found[0][0] if found else None


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
