"""From lines to paragraphs: take out what the page put in, and remember where it was.

A text copied from a page has hard line ends in mid-sentence, page numbers and running headers.
Folding removes them and joins the lines of a paragraph, so that the grammar sees paragraphs only.
``Folded.offsets`` leads every folded character back to the text, where nothing was changed.

How lines are joined, in this order:
1. A line that ends with a comma or an opening mark goes on in the next.
2. A text is *wrapped* when many lines, or a few of exactly one width, are of the greatest width and
   do not end a sentence.
   There a full line goes on in the next, unless it ends a sentence or the next is indented.
3. Everything else ends a paragraph.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from clauses.reading.characters import (
    HANGING,
    INVISIBLE,
    LINE_ENDS,
    SENTENCE_ENDS,
    display_width,
    normalise,
)
from clauses.reading.lines import ends_with_date, is_title
from clauses.reading.numerals import CAPITAL_CHARS, NUMERAL_CHARS
from clauses.reading.unbroken import page_lines

_PAGE_NUMBER = re.compile(
    r"[-—–·~.\s]{0,6}\d{1,4}[-—–·~.\s]{0,6}|第 ?\d{1,4} ?页[,/ ]{0,3}(?:共 ?\d{1,4} ?页)?|"
    r"\d{1,4} ?/ ?\d{1,4}|[Pp]age \d{1,4}(?: of \d{1,4})?"
)
_LINE_MARKER = re.compile(
    r"第 ?[〇零一二三四五六七八九十百\d]{1,6} ?[编篇章节条部]|[〇一二三四五六七八九十百]{1,5} ?、|"
    r"\( ?[〇一二三四五六七八九十百\d]{1,5} ?\)|\d{1,3} ?[.、](?!\d)|[①-⑳]|"
    rf"[{CAPITAL_CHARS}]{{1,3}} ?、|[\u4e00-\u9fff]{{2}} ?[一二三四五六七八九十\d]{{1,3}} ?:|"
    r"第[一二三四五六七八九十]阶段[:(]"
)
# 排查餐饮场所.区商务局牵头: between Chinese characters a dot is a full stop.
_FULL_STOP = re.compile(
    rf"(?<=[\u4e00-\u9fff”》])(?<![{NUMERAL_CHARS}])\.(?=[\u4e00-\u9fff“《(]|\s*$)"
)
_WIDEST_WRAP = 170
_SLACK = 6


@dataclass(frozen=True)
class Paragraph:
    """A paragraph in folded offsets; ``after_blank`` tells of an empty line above it."""

    start: int
    end: int
    after_blank: bool


@dataclass(frozen=True)
class Folded:
    """The paragraphs of ``source`` in half-width forms, joined by ``\\n``."""

    source: str
    text: str
    offsets: tuple[int, ...]
    paragraphs: tuple[Paragraph, ...]
    line_starts: frozenset[int]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the text of the folded stretch, without blanks at its ends."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1

    def words(self, start: int, end: int) -> str:
        """Return the characters of the text behind the folded stretch, without page breaks."""
        chars = (self.source[self.offsets[i]] for i in range(start, end) if self.text[i] != "\n")
        return "".join(chars).strip()

    def cells_before(self, position: int) -> int:
        """Return how many cells of its row of a table stand before ``position``."""
        place = self.offsets[position]
        return self.source.count("\t", self.source.rfind("\n", 0, place) + 1, place)

    def cells_after(self, position: int) -> int:
        """Return how many cells of its row of a table stand after ``position``."""
        place = self.offsets[position]
        end = self.source.find("\n", place)
        return self.source.count("\t", place, len(self.source) if end < 0 else end)

    def in_table(self, position: int) -> bool:
        """Say whether ``position`` stands in a row of a table, be it the only cell with words."""
        return self.cells_before(position) + self.cells_after(position) > 0

    def paragraph_at(self, position: int) -> int:
        """Return the index of the paragraph that holds ``position``."""
        low, high = 0, len(self.paragraphs)
        while high - low > 1:
            middle = (low + high) // 2
            if self.paragraphs[middle].start <= position:
                low = middle
            else:
                high = middle
        return low


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    text: str
    indent: int
    columns: int
    after_blank: bool = False

    @property
    def chars(self) -> int:
        return self.indent // 2 + len(self.text)


@dataclass(frozen=True)
class _Wrap:
    """The measure of a wrapped text: some programs count columns, others characters."""

    columns: int
    chars: int

    def is_full(self, line: _Line) -> bool:
        if line.columns >= self.columns - _SLACK:
            return True
        return line.chars >= self.chars - 1


def fold(text: str) -> Folded:
    """Return the paragraphs of ``text``; runs once over it."""
    lines = _without_page_furniture(_lines(text))
    wrap = _wrap_measure(lines)
    if wrap and _is_double_spaced(lines):
        lines = [replace(line, after_blank=False) for line in lines]
    indented = sum(line.indent >= 2 for line in lines)
    uses_indent = 3 <= indented <= 0.9 * len(lines)
    length = sum(len(line.text) for line in lines)
    lines = [part for line in lines for part in _page_lines(line, length)]
    return _join(text, lines, wrap, uses_indent=uses_indent)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    start, blank = 0, False
    for position in range(len(text) + 1):
        if position < len(text) and text[position] not in LINE_ENDS:
            continue
        raw = _FULL_STOP.sub("。", normalise(text[start:position]))
        content = raw.strip()
        if content.strip("".join(INVISIBLE)):
            lead = len(raw) - len(raw.lstrip())
            begin = start + lead
            indent = display_width(text[start:begin])
            end = begin + len(content)
            columns = indent + display_width(text[begin:end])
            lines.append(_Line(begin, end, content, indent, columns, blank))
            blank = False
        else:
            blank = position > start or position < len(text)
        start = position + 1
    return lines


def _page_lines(line: _Line, length: int) -> Iterator[_Line]:
    """Yield the lines that a paper of ``length`` had on the page before it became one line."""
    for first, last in page_lines(line.text, length):
        start, end = line.start + first, line.start + last
        text = line.text[first:last]
        indent = line.indent if first == 0 else 0
        yield replace(line, start=start, end=end, text=text, indent=indent)


def _without_page_furniture(lines: list[_Line]) -> list[_Line]:
    """Drop page numbers and running headers; the blank lines around them go with them."""
    numbers = {index for index, line in enumerate(lines) if _PAGE_NUMBER.fullmatch(line.text)}
    headers = _running_headers(lines, numbers)
    kept: list[_Line] = []
    dropped = False
    for index, line in enumerate(lines):
        if index in numbers or line.text in headers:
            dropped = True
            continue
        kept.append(replace(line, after_blank=False) if dropped else line)
        dropped = False
    return kept


def _running_headers(lines: list[_Line], numbers: set[int]) -> set[str]:
    """A header repeats at least three times and stands by page numbers or cuts sentences."""
    counts = Counter(line.text for line in lines)
    evidence: Counter[str] = Counter()
    for index, line in enumerate(lines):
        text = line.text
        if counts[text] < 3 or not 4 <= len(text) <= 40 or _LINE_MARKER.match(text):
            continue
        if any(mark in text for mark in "。;:!?,、\t"):
            continue
        beside = index - 1 in numbers or index + 1 in numbers
        evidence[text] += beside or (index > 0 and _cuts_sentence(lines[index - 1]))
    return {text for text, seen in evidence.items() if seen * 2 >= counts[text]}


def _cuts_sentence(line: _Line) -> bool:
    return len(line.text) >= 20 and line.text[-1] not in "。;:!?)"


def _wrap_measure(lines: list[_Line]) -> "_Wrap | None":
    """Return the width at which the text is wrapped, None when it is not."""
    if len(lines) < 5:
        return None
    place = int(0.98 * (len(lines) - 1))
    wrap = _Wrap(
        columns=sorted(line.columns for line in lines)[place],
        chars=sorted(line.chars for line in lines)[place],
    )
    if not 24 <= wrap.columns <= _WIDEST_WRAP:
        return None
    full = [line for line in lines if wrap.is_full(line)]
    going_on = [line for line in full if line.text[-1] not in "。!?;:"]
    common = len(full) >= 0.3 * len(lines)
    even = len(full) >= 3 and (
        _spread([line.columns for line in going_on]) <= 2
        or _spread([line.chars for line in going_on]) <= 1
    )
    return wrap if (common or even) and len(going_on) >= 0.5 * len(full) else None


def _spread(values: list[int]) -> int:
    return max(values, default=0) - min(values, default=0)


def _is_double_spaced(lines: list[_Line]) -> bool:
    return sum(line.after_blank for line in lines) >= 0.8 * (len(lines) - 1)


def _join(text: str, lines: list[_Line], wrap: _Wrap | None, *, uses_indent: bool) -> Folded:
    chars: list[str] = []
    offsets: list[int] = []
    paragraphs: list[Paragraph] = []
    line_starts: set[int] = set()
    begin, after_blank, in_head = 0, False, True
    previous: _Line | None = None
    for line in lines:
        joins = previous is not None and _goes_on(previous, line, wrap, uses_indent=uses_indent)
        if previous is not None and (not joins or (in_head and _ends_head_line(previous.text))):
            paragraphs.append(Paragraph(begin, len(chars), after_blank))
            chars.append("\n")
            offsets.append(previous.end)
            begin = len(chars)
        if begin == len(chars):
            after_blank = line.after_blank
        in_head = in_head and not _LINE_MARKER.match(line.text)
        line_starts.add(len(chars))
        _append(text, line, chars, offsets)
        previous = line
    paragraphs.append(Paragraph(begin, len(chars), after_blank))
    offsets.append(previous.end if previous else 0)
    return Folded(text, "".join(chars), tuple(offsets), tuple(paragraphs), frozenset(line_starts))


def _append(text: str, line: _Line, chars: list[str], offsets: list[int]) -> None:
    for offset, char in enumerate(line.text, start=line.start):
        if text[offset] not in INVISIBLE:
            chars.append(char)
            offsets.append(offset)


def _goes_on(line: _Line, following: _Line, wrap: _Wrap | None, *, uses_indent: bool) -> bool:
    if following.after_blank or "\t" in line.text or "\t" in following.text:
        return False
    last = line.text[-1]
    if last in HANGING:
        return True
    if wrap is None or not wrap.is_full(line):
        return False
    if last in SENTENCE_ENDS or (uses_indent and following.indent >= 2):
        return False
    marked = _LINE_MARKER.match(following.text) is not None
    return not (marked and (last in ";:)" or _LINE_MARKER.match(line.text)))


def _ends_head_line(text: str) -> bool:
    """Above the first number a title, the addressees and a date stand on lines of their own."""
    return text.endswith(":") or is_title(text) or ends_with_date(text)
