"""Pure rules about the text of a plan: numbers, and text with its errata laid over."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

DIGITS = "零一二三四五六七八九"
UNNUMBERED = "未编号的段落"
NUMERAL = re.compile(r"[一二三四五六七八九十百零〇\d]+")
BRACKETED = re.compile(r"（.+）")
ARTICLE = re.compile(r"第.+条")
WIDE_BRACKETS = str.maketrans("()", "（）")


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


def clause_mark(label: str) -> str:
    """Return the number of a clause as the source writes it: （四）, 一、, 1., 第三条.

    >>> clause_mark("四"), clause_mark("(四)"), clause_mark("一、")
    ('（四）', '（四）', '一、')
    """
    bare = label.strip().translate(WIDE_BRACKETS)
    return f"（{bare}）" if NUMERAL.fullmatch(bare) else bare


def clause_name(label: str, title: str) -> str:
    """Return what a clause is called in a sentence: 第（四）条, 第三条, or its heading."""
    mark = clause_mark(label)
    if BRACKETED.fullmatch(mark):
        return f"第{mark}条"
    return mark if ARTICLE.fullmatch(mark) else numbered(mark, title)


def numbered(label: str, title: str) -> str:
    """Join a number and a title as the source does: 四、工作要求, （四）检查, 第一章 总则.

    A clause with neither is one of the paragraphs that stand under a heading without a number.
    """
    gap = "" if not label or label.endswith(("、", ",", "，", "）", "：", ":")) else " "
    return f"{label}{gap}{title}".strip() or UNNUMBERED


def labels_of(number: int) -> frozenset[str]:
    """Return the labels under which a source may write a clause of that number."""
    numerals = (clause_label(number), str(number)) if number else ("0",)
    shapes = ("{}", "（{}）", "({})", "{}、", "{},", "{}.", "{}．", "第{}条")
    return frozenset(shape.format(numeral) for shape in shapes for numeral in numerals)


def code_begun(clause: str, ordinal: str, letter: str = "") -> str:
    """Return how codes begin that are said in short: two digits on each side of the dash.

    A single 0 and nothing at all are no ordinal yet, only the beginning of one.

    >>> code_begun("4", "1"), code_begun("04", "0"), code_begun("4", "")
    ('04-01', '04-0', '04-')
    """
    number = f"{int(ordinal):02d}" if ordinal.strip("0") else ordinal
    return f"{int(clause):02d}-{number}{letter}"
