"""Pure rules about the text of a plan: numbers, and text with its errata laid over."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

DIGITS = "零一二三四五六七八九"


def clause_label(number: int) -> str:
    """Return 1–999 in Chinese as clauses are numbered: 4 → 四, 21 → 二十一, 110 → 一百一十."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if hundreds == 0 and tens == 0:
        return DIGITS[ones]
    head = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        head += "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    elif ones:
        head += "零"
    return head + (DIGITS[ones] if ones else "")


class Correction(Protocol):
    """What :func:`overlay` needs of an erratum: offsets in the plan's text and its two readings."""

    start: int
    end: int
    original: str
    corrected: str


@dataclass(frozen=True)
class Piece:
    """A run of displayed text: plain, or a damaged place with its erratum."""

    text: str
    erratum: Correction | None = None


def overlay(text: str, start: int, errata: Iterable[Correction]) -> list[Piece]:
    """Cut ``text``, which begins at offset ``start``, into plain runs and damaged places.

    The joined texts of the pieces are always exactly ``text``: a correction is shown beside the
    damaged place and never put in its stead here.  Errata must not overlap; one that straddles
    the end of ``text`` belongs to the stretch it begins in and is cut there.
    """
    pieces: list[Piece] = []
    position, end = start, start + len(text)
    for erratum in sorted(errata, key=lambda item: item.start):
        if not position <= erratum.start < end:
            continue
        if erratum.start > position:
            pieces.append(Piece(text[position - start : erratum.start - start]))
        stop = min(erratum.end, end)
        pieces.append(Piece(text[erratum.start - start : stop - start], erratum))
        position = stop
    if position < end:
        pieces.append(Piece(text[position - start :]))
    return pieces


def clause_number(label: str) -> int:
    """Return the number that a Chinese numeral 一 … 九十九 stands for: 二十一 → 21.

    Raises: ValueError for anything else.
    """
    for number in range(1, 100):
        if clause_label(number) == label:
            return number
    raise ValueError(f"“{label}”不是一至九十九的中文数字。")
