"""What somebody typed into the search box: words, a clause, a code; and how hits are marked."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clauses.rules import clause_number, code_begun
from common.templatetags.display import fullwidth

LONGEST = 100
MOST_WORDS = 6
NUMERAL = r"[一二三四五六七八九十]{1,3}|\d{1,2}"
CLAUSE = re.compile(rf"第?\(?(?P<clause>{NUMERAL})\)?条?")
SENTENCE = re.compile(rf"第?\(?(?P<clause>{NUMERAL})\)?条,?第?(?P<ordinal>{NUMERAL})句")
CODE = re.compile(r"(?P<clause>\d{1,2})-(?P<ordinal>\d{0,3})(?P<letter>[a-z]?)")
RUN_TOGETHER = re.compile(r"(?P<clause>\d{2})(?P<ordinal>\d{2,3})(?P<letter>[a-z]?)")
DASHES = re.compile(r"\s*[-‐‑‒–—―−﹣]+\s*")
# 半角与全角逐字对应，长度不变，标亮的位置才对得上。
FULL_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
HALF_TO_FULL = str.maketrans(",;:?!()", "，；：？！（）")
AROUND = 36  # 摘录时命中处前后留的字数


@dataclass(frozen=True)
class Piece:
    """A run of displayed text, marked where it was hit."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Query:
    """A checked search: the words that must all be there, and what they may name outright."""

    text: str = ""
    words: tuple[str, ...] = ()
    clause: int | None = None
    code: str = ""

    def __bool__(self) -> bool:
        return bool(self.words)


def read_query(typed: str) -> Query:
    """Read what was typed; full- and half-width, dashes and spaces do not matter.

    >>> read_query("第（四）条").clause
    4
    >>> read_query("23—7").code
    '23-07'
    """
    shown = " ".join(typed.split())[:LONGEST]
    plain = unicodedata.normalize("NFKC", shown).lower()
    plain = "".join(char for char in plain if char.isprintable())
    joined = DASHES.sub("-", plain.replace(" ", "")) if _is_joined(plain) else plain
    words = tuple(dict.fromkeys(joined.split()))[:MOST_WORDS]
    if not words:
        return Query(shown)
    return Query(shown, words, _clause(joined), _code(joined))


def _is_joined(plain: str) -> bool:
    """Whether the blanks only stand inside a code or the name of a clause: 23 - 7, 第 4 条."""
    joined = plain.replace(" ", "")
    if CODE.fullmatch(DASHES.sub("-", joined)):
        return True
    is_clause = bool(SENTENCE.fullmatch(joined) or CLAUSE.fullmatch(joined))
    return is_clause and any(mark in joined for mark in "第条()")


def _clause(plain: str) -> int | None:
    match = CLAUSE.fullmatch(plain)
    return _number(match["clause"]) if match else None


def _number(numeral: str) -> int | None:
    if numeral.isdigit():
        return int(numeral)
    try:
        return clause_number(numeral)
    except ValueError:
        return None


def _code(plain: str) -> str:
    """Return the code that the words name, or how codes begin that they begin, as stored."""
    if match := SENTENCE.fullmatch(plain):
        clause, ordinal = _number(match["clause"]), _number(match["ordinal"])
        return f"{clause:02d}-{ordinal:02d}" if clause and ordinal else ""
    match = CODE.fullmatch(plain) or RUN_TOGETHER.fullmatch(plain)
    return code_begun(**match.groupdict()) if match else ""


def forms_of(word: str) -> tuple[str, ...]:
    """Return the half-width and the full-width form of a word; stored texts use either."""
    return tuple(dict.fromkeys((word, word.translate(HALF_TO_FULL))))


def fold(text: str) -> str:
    """Make text comparable without changing its length."""
    folded = text.translate(FULL_TO_HALF)
    return "".join(low if len(low := char.lower()) == 1 else char for char in folded)


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """Cut ``text``, as it is displayed, into hit and plain runs; their lengths add up."""
    shown, folded = fullwidth(text), fold(text)
    hits = [False] * len(shown)
    for word in map(fold, words):
        for start in _places(folded, word):
            hits[start : start + len(word)] = [True] * len(word)
    pieces: list[Piece] = []
    start = 0
    for end in range(1, len(shown) + 1):
        if end == len(shown) or hits[end] != hits[start]:
            pieces.append(Piece(shown[start:end], hits[start]))
            start = end
    return pieces


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word) if word else -1
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def excerpt(text: str, words: Sequence[str]) -> str:
    """Return the stretch of ``text`` around the first hit, with dots where it was cut."""
    if len(text) <= 2 * AROUND:
        return text
    folded = fold(text)
    first = min((at for word in map(fold, words) if (at := folded.find(word)) >= 0), default=0)
    start = max(0, min(first - AROUND // 2, len(text) - 2 * AROUND))
    end = start + 2 * AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
