"""Numbers that may begin a part of the plan, found wherever they stand.

A marker is only a candidate: whether it counts is for :mod:`clauses.reading.outline` to say, from
the sequence.  What is known here is its family (the way it is written), its number, and how
strongly its place says that something begins there:

====  ==========================================================
3     it begins a paragraph
2     it follows a stop, a semicolon, a colon or a closing bracket
1     it follows a blank, or begins a line inside a wrapped paragraph
0     it stands in running text, as （一） after a heading that has no stop
====  ==========================================================
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import IntEnum

from clauses.reading.folding import Folded, Paragraph
from clauses.reading.lines import is_annex, is_title_part
from clauses.reading.numerals import CAPITAL_CHARS, NUMERAL_CHARS, numeral_value


class Family(IntEnum):
    """The ways of writing a number, in the usual order from the highest level to the lowest."""

    PART = 0
    CHAPTER = 1
    SUBCHAPTER = 2
    ARTICLE = 3
    CAPITAL = 4
    CHINESE = 5
    CHINESE_BRACKET = 6
    NAMED = 7
    ARABIC = 8
    DECIMAL = 9
    DECIMAL_3 = 10
    ARABIC_BRACKET = 11
    CIRCLED = 12
    ROW = 13


PARAGRAPH, SENTENCE, BLANK, INLINE = 3, 2, 1, 0


@dataclass(frozen=True)
class Marker:
    """A candidate: its span in the folded text, blanks after it included."""

    start: int
    end: int
    label_end: int
    family: Family
    number: int
    prefix: str
    strength: int
    inserted: int = 0  # 1 for 第三条之一, which stands between 第三条 and 第四条

    @property
    def figures(self) -> str:
        return f"{self.number}之{self.inserted}" if self.inserted else str(self.number)


_CN = f"[{NUMERAL_CHARS}]{{1,6}}"
# What a plan calls its parts where it counts them by name: 任务一:, 工程1., 第一阶段.
_NAMES = (
    "任务|工程|措施|行动|要求|保障|专项|举措|事项|步骤|重点|项目|目标|环节|板块|专题|课题|要点|抓手"
)
_MARKER = re.compile(
    rf"第 ?(?P<unit>{_CN}|\d{{1,3}}) ?(?P<kind>部分|[编篇章节条])(?:(?<=条)之{_CN})?"
    rf"|第(?P<ordinal>{_CN}|\d{{1,2}})(?P<step>阶段|步骤?|方面)(?=[:,(]| |\n) ?[:,]?"
    rf"|(?<![\u4e00-\u9fff])(?P<name>{_NAMES}) ?(?P<named>{_CN}|\d{{1,2}}) ?(?:[:.、](?!\d)| )"
    rf"|第(?P<nth>{_CN})[,:]"
    rf"|(?P<cn_half>{_CN}) ?\)"
    rf"|(?P<capital>[{CAPITAL_CHARS}]{{1,3}}) ?[、.:]"
    rf"|\( ?(?P<cn_bracket>{_CN}) ?\)、?"
    r"|(?P<cn_sign>[㈠-㈩])、?"
    r"|\( ?(?P<ar_bracket>\d{1,3}) ?\)、?"
    r"|(?P<ar_sign>[⑴-⒇])"
    r"|(?P<circled>[①-⑳])"
    r"|(?<![\d.])(?P<decimal>\d{1,2}(?:\.\d{1,2}){1,2})(?![\d.%])(?=[ \u4e00-\u9fff])"
    r"|(?P<dot_sign>[⒈-⒛])"
    r"|(?<![\d.])(?P<arabic>\d{1,3}) ?(?:[.、](?!\d)|(?<=\d)\)(?!\)))"
    rf"|(?P<chinese>{_CN}) ?[、.](?!\d)"
)
# 一、 that is not the end of a word such as 统一、 or 之一、.
_FIRST = re.compile(r"(?<![统之唯同单划第万其专如不归合某任逐])一、")
_ROW = re.compile(r"(\d{1,3})[.、]?\t")
_COUNTING = frozenset(("序号", "编号"))
_SPACED = re.compile(rf"({_CN}|\d{{1,2}}) +(?=[\u4e00-\u9fff]{{2}}[^。;]*$)", re.MULTILINE)
_KINDS = {
    "编": Family.PART,
    "篇": Family.PART,
    "部分": Family.PART,
    "章": Family.CHAPTER,
    "节": Family.SUBCHAPTER,
    "条": Family.ARTICLE,
}
# What follows the number of an article that is only cited: 第三条规定的, 第五条第二款.
_CITED_AFTER = re.compile(r"规定|所[称列指]|第|之|的|、|和|及|至|或|与|中|款|项|[,)》”]")
_CITED_BEFORE = frozenset("第附表见款项条章节按照据")
_ANNEX = ("附件", "附表", "附录")
# （一）压实企业责任1.各企业要…: without line ends the first item follows its heading at once.
_HEADING_BEFORE = re.compile(
    rf"(?:[{NUMERAL_CHARS}] ?、|[{NUMERAL_CHARS}] ?\)) ?[\u4e00-\u9fff“”]{{2,24}}$"
)
_LONGEST_HEADING = 32
# 1.5倍 or 2.3亿元 at the start of a line is a quantity, not a number of a level.
_QUANTITY_AFTER = re.compile(r" ?[万亿千百倍元米吨个家公亩平年月日%]")


def scan(folded: Folded) -> list[Marker]:
    """Return the candidates in order; one pass over the text and one over its paragraphs."""
    found = [marker for match in _MARKER.finditer(folded.text) if (marker := _read(folded, match))]
    found += _unmarked_first(folded, found)
    taken = {marker.start for marker in found}
    found += [marker for marker in _at_paragraphs(folded) if marker.start not in taken]
    rows = {marker.start for marker in found if marker.family is Family.ROW}
    kept = [m for m in found if m.family is Family.ROW or m.start not in rows]
    annexes = _annex_spans(folded)
    return sorted(
        (marker for marker in kept if not _is_within(annexes, marker.start)),
        key=lambda marker: marker.start,
    )


def _read(folded: Folded, match: re.Match[str]) -> Marker | None:
    family, number, prefix = _identify(match)
    strength = _strength(folded, match.start())
    if match.lastgroup in _ONLY_AT_PARAGRAPHS and strength < PARAGRAPH:
        return None
    if number is None or number == 0 or not _stands(folded.text, match, family, strength):
        return None
    marker = _marker(folded.text, *match.span(), family, number, prefix, strength)
    _, _, insertion = match.group().partition("之")
    return replace(marker, inserted=numeral_value(insertion) or 0)


def _annex_spans(folded: Folded) -> list[tuple[int, int]]:
    """The list 附件:1.… 2.… at the foot of a paper: its numbers count annexes, not parts."""
    spans: list[tuple[int, int]] = []
    for paragraph in folded.paragraphs:
        line = folded.text[paragraph.start : paragraph.end]
        goes_on = bool(spans) and paragraph.start == spans[-1][1] + 1
        if is_annex(line):
            spans.append((paragraph.start, paragraph.end))
        elif goes_on and re.match(r"\d{1,2} ?[.、]", line) and is_title_part(line):
            spans[-1] = (spans[-1][0], paragraph.end)
    return spans


def _is_within(spans: list[tuple[int, int]], position: int) -> bool:
    index = bisect_right(spans, position, key=lambda span: span[0]) - 1
    return index >= 0 and spans[index][0] <= position < spans[index][1]


def _unmarked_first(folded: Folded, found: list[Marker]) -> list[Marker]:
    """In a text without line ends the first 一、 follows running text: …实施方案一、总体要求.

    It is the last 一、 before the first 二、 that has a clear place, unless a 一、 has one itself.
    """
    numbers = [m for m in found if m.family is Family.CHINESE and m.strength >= SENTENCE]
    second = next((marker for marker in numbers if marker.number == 2), None)
    if second is None or any(m.number == 1 and m.start < second.start for m in numbers):
        return []
    places = [m.start() for m in _FIRST.finditer(folded.text, 0, second.start)]
    if not places:
        return []
    start = places[-1]
    return [_marker(folded.text, start, start + 2, Family.CHINESE, 1, "", SENTENCE)]


def _identify(match: re.Match[str]) -> tuple[Family, int | None, str]:
    kind = match.lastgroup
    text = match.group(kind) if kind else ""
    if kind == "kind":
        return _KINDS[text], numeral_value(match.group("unit")), ""
    if kind == "decimal":
        *parents, last = text.split(".")
        family = Family.DECIMAL if len(parents) == 1 else Family.DECIMAL_3
        return family, int(last), ".".join(parents) + "."
    if kind in {"step", "named"}:
        name, number = ("step", "ordinal") if kind == "step" else ("name", "named")
        return Family.NAMED, numeral_value(match.group(number)), match.group(name)
    if kind in _SIGNS:
        family, first = _SIGNS[kind]
        return family, ord(text) - first + 1, ""
    return _PLAIN[str(kind)], numeral_value(text), ""


_SIGNS: dict[str | None, tuple[Family, int]] = {
    "cn_sign": (Family.CHINESE_BRACKET, ord("㈠")),
    "ar_sign": (Family.ARABIC_BRACKET, ord("⑴")),
    "dot_sign": (Family.ARABIC, ord("⒈")),
    "circled": (Family.CIRCLED, ord("①")),
}
_PLAIN = {
    "cn_bracket": Family.CHINESE_BRACKET,
    "cn_half": Family.CHINESE_BRACKET,
    "nth": Family.NAMED,
    "ar_bracket": Family.ARABIC_BRACKET,
    "arabic": Family.ARABIC,
    "capital": Family.CAPITAL,
    "chinese": Family.CHINESE,
}
_ONLY_AT_PARAGRAPHS = frozenset(("nth", "cn_half"))  # 第一, and 一) are words elsewhere
_MAY_STAND_INLINE = frozenset(
    (Family.CHAPTER, Family.CHINESE_BRACKET, Family.ARTICLE, Family.ARABIC_BRACKET, Family.CIRCLED)
)


def _stands(text: str, match: re.Match[str], family: Family, strength: int) -> bool:
    """Say whether the place can hold a number at all."""
    before = text[match.start() - 1] if match.start() else "\n"
    may_stand = family in _MAY_STAND_INLINE and before not in _CITED_BEFORE
    if strength == INLINE and not (may_stand or _follows_heading(text, match.start(), family)):
        return False
    if family <= Family.ARTICLE:
        return not _CITED_AFTER.match(text, match.end())
    if family is Family.NAMED:
        return strength >= SENTENCE
    if family in {Family.DECIMAL, Family.DECIMAL_3}:
        return strength >= SENTENCE and not _QUANTITY_AFTER.match(text, match.end())
    if family is Family.ARABIC and strength == BLANK:
        return not text[max(0, match.start() - 6) : match.start()].rstrip().endswith(_ANNEX)
    return True


def _follows_heading(text: str, start: int, family: Family) -> bool:
    before = text[max(0, start - _LONGEST_HEADING) : start]
    return family is Family.ARABIC and _HEADING_BEFORE.search(before) is not None


def _strength(folded: Folded, start: int) -> int:
    text, position = folded.text, start
    while position and text[position - 1] == " ":
        position -= 1
    if position == 0 or text[position - 1] == "\n":
        return PARAGRAPH
    if text[position - 1] in "。!?;:)】”":
        return SENTENCE
    return BLANK if position < start or start in folded.line_starts else INLINE


def _marker(
    text: str, start: int, end: int, family: Family, number: int, prefix: str, strength: int
) -> Marker:
    label_end = end
    while end < len(text) and text[end] in " \t":
        end += 1
    return Marker(start, end, label_end, family, number, prefix, strength)


def _number_column(folded: Folded, paragraph: Paragraph, known: int) -> int:
    """Return the column of the table that counts its rows, as the head 序号 says; 0 outside."""
    cells = folded.text[paragraph.start : paragraph.end].split("\t")
    if len(cells) == 1:
        return 0
    heads = [index for index, cell in enumerate(cells) if cell.strip() in _COUNTING]
    return folded.cells_before(paragraph.start) + heads[0] if heads else known


def _row_behind(folded: Folded, paragraph: Paragraph, column: int) -> Marker | None:
    """A row whose number stands behind a cell merged down: 电动自行车 | 1 | 严查非法改装."""
    place = column - folded.cells_before(paragraph.start) if column else 0
    if place <= 0:
        return None
    line = re.compile(rf"(?:[^\t\n]*\t){{{place}}}(\d{{1,3}})[.、]?(?=\t)")
    match = line.match(folded.text, paragraph.start, paragraph.end)
    if match is None:
        return None
    number = int(match.group(1))
    return _marker(folded.text, *match.span(), Family.ROW, number, "", PARAGRAPH)


def _at_paragraphs(folded: Folded) -> list[Marker]:
    """Numbers that only a paragraph's beginning makes plain: 一 总体要求, and rows of a table."""
    found: list[Marker] = []
    column = 0
    for paragraph in folded.paragraphs:
        start = paragraph.start
        column = _number_column(folded, paragraph, column)
        row = _row_behind(folded, paragraph, column)
        if row is not None:
            found.append(row)
            continue
        if (match := _ROW.match(folded.text, start)) is not None:
            family = Family.ROW
        elif (match := _SPACED.match(folded.text, start)) and paragraph.end - start <= 40:
            family = Family.ARABIC if match.group(1).isdigit() else Family.CHINESE
        else:
            continue
        number = numeral_value(match.group(1))
        if number:
            end = match.start() + len(match.group().rstrip())
            found.append(_marker(folded.text, start, end, family, number, "", PARAGRAPH))
    return found
