"""Sentences of a stretch of text, without gaps between them other than blanks.

A sentence ends at 。！？ and takes closing quotes with it; a stop inside brackets or quotation
marks does not end it.  The end of a paragraph ends a sentence that has no stop.  A bracketed note
that stands after the stop, （…负责）, belongs to the sentence before it.
"""

import re
from collections.abc import Iterator

from clauses.reading.characters import CLOSERS, OPENERS, SENTENCE_ENDS
from clauses.reading.numerals import NUMERAL_CHARS
from clauses.reading.spans import trimmed

_CLOSES = {closer: opener for opener, closer in OPENERS.items()}
_LONGEST_BRACKET = 600
_NUMBER = re.compile(rf"\( ?(?:[{NUMERAL_CHARS}]{{1,5}}|\d{{1,3}}) ?\)")


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of ``text[start:end]`` as offsets; reads each character once."""
    begin = start
    for stop in _stops(text, start, end):
        first, last = trimmed(text, begin, stop)
        if first < last:
            yield first, last
        begin = stop


def pieces(text: str, start: int, end: int, marks: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches between ``marks`` that are not inside brackets, marks left out."""
    begin, depth = start, 0
    for position in range(start, end):
        char = text[position]
        if char in "([【《“":
            depth += 1
        elif char in ")]】》”":
            depth = max(0, depth - 1)
        elif depth == 0 and char in marks:
            yield begin, position
            begin = position + 1
    if begin < end:
        yield begin, end


def _stops(text: str, start: int, end: int) -> Iterator[int]:
    position = start
    open_marks: list[str] = []
    opened_at = start
    while position < end:
        char = text[position]
        position += 1
        if char == "\n":
            open_marks.clear()
            yield position
        elif char in OPENERS:
            opened_at = opened_at if open_marks else position
            open_marks.append(char)
        elif char in _CLOSES:
            if _CLOSES[char] in open_marks:
                del open_marks[open_marks.index(_CLOSES[char]) :]
            if not open_marks and position >= 2 and text[position - 2] in SENTENCE_ENDS:
                position = _after_closers(text, position, end)
                yield position
        elif char in SENTENCE_ENDS and _is_outside(open_marks, position - opened_at):
            open_marks.clear()
            position = _after_closers(text, position, end)
            yield position
    yield end


def _is_outside(open_marks: list[str], length: int) -> bool:
    """A bracket that never closes must not swallow the paragraph."""
    return not open_marks or length > _LONGEST_BRACKET


def _after_closers(text: str, position: int, end: int) -> int:
    while position < end and text[position] in CLOSERS:
        position += 1
    return _after_note(text, position, end)


def _after_note(text: str, position: int, end: int) -> int:
    """Return the end of a bracketed note at ``position`` that names who is responsible."""
    begin = position
    while begin < end and text[begin] == " ":
        begin += 1
    if begin >= end or text[begin] not in "([【〔" or _NUMBER.match(text, begin):
        return position
    depth = 0
    for index in range(begin, min(end, begin + _LONGEST_BRACKET)):
        if text[index] in "([【〔":
            depth += 1
        elif text[index] in ")]】〕":
            depth -= 1
        elif text[index] == "\n":
            return position
        if depth == 0:
            stop = index + 1
            return stop + 1 if stop < end and text[stop] == "。" else stop
    return position
