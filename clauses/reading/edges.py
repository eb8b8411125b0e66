"""Where the plan begins and ends: title, addressees, preamble; signature, annexes, page footers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from clauses.reading import lines
from clauses.reading.folding import Folded, Paragraph
from clauses.reading.markers import Family
from clauses.reading.notes import ends_with_note
from clauses.reading.papers import Paper

_PAGE_WORDS = re.compile(
    r"您?的?当?前?位置|来源|发布(?:时间|日期|机构)|索引号|发文(?:单位|字号|日期)|"
    r"【?字体|目 *录$|首页"
)
_IN_FULL = re.compile(
    r"(?:现将)?《(?P<title>[^《》]{4,60})》(?:的?全文)?(?:公布|刊登|发布)?如下[。:]?"
)
_PHRASE = re.compile(r"[^。 \n]+")
_TAIL = re.compile(r"[。!?;)”] +(?=[^。]{2,60}$)")
# The same without a blank: …落实。2025年3月1日, …落实。某某区安委会2025年3月1日.
_CLOSE_TAIL = re.compile(r"[。!?](?:[^。,;:]{2,30}[府会局办委室组部厅院处心])?(?=\d{4} ?年|二〇)")


@dataclass(frozen=True)
class FoundTitle:
    """The title's words, its folded span, and where the preamble begins."""

    text: str
    start: int
    end: int
    preamble: int


def find_title(folded: Folded, paper: Paper) -> FoundTitle:
    """Return the plan's own title: the last title above its first number.

    A notice's title stands higher up; an annex's further down.  Lines of a title that is set over
    several are joined.
    """
    first = folded.paragraph_at(paper.region_start)
    last = folded.paragraph_at(paper.start)
    region = list(folded.paragraphs[first:last])
    texts = [folded.text[p.start : p.end] for p in region]
    index = _title_index(texts)
    named = _named_in_full(folded, region)
    if named is not None:
        return named
    if index is None:
        return _title_in_running_text(folded, paper, region)
    index = _above_preamble(texts, index)
    begin = _quoted_above(texts, index) or _first_title_line(region, texts, index)
    if index + 1 < len(texts) and lines.title_goes_on(texts[index + 1]):
        index += 1
    start, end = region[begin].start, region[index].end
    return FoundTitle(folded.words(start, end), start, end, end)


def is_outside_preamble(sentence: str) -> bool:
    """Say whether a line between title and first number is no sentence: addressees, numbers."""
    return (
        lines.is_address(sentence)
        or lines.is_date(sentence)
        or lines.is_annex(sentence)
        or _PAGE_WORDS.match(sentence) is not None
        or (lines.is_reference(sentence) and len(sentence) <= 30)
        or (sentence.startswith("(") and lines.is_signature_note(sentence))
        or re.match(r"目 *录", sentence) is not None
        or sentence.count("\t") >= 2
    )


def _title_index(texts: Sequence[str]) -> int | None:
    for index in range(len(texts) - 1, -1, -1):
        if lines.is_title(texts[index]) and not _PAGE_WORDS.match(texts[index]):
            return index
    for index, text in enumerate(texts):
        if lines.is_title_part(text) and len(text) >= 6 and not _PAGE_WORDS.match(text):
            return index
    return None


def _named_in_full(folded: Folded, region: Sequence[Paragraph]) -> FoundTitle | None:
    """Return the title that a news page gives before the text: 《…规定》全文如下。"""
    for paragraph in reversed(region):
        match = _IN_FULL.fullmatch(folded.text, paragraph.start, paragraph.end)
        if match is not None:
            start, end = match.span("title")
            return FoundTitle(folded.words(start, end), start, end, paragraph.end)
    return None


def _above_preamble(texts: Sequence[str], index: int) -> int:
    """Return the plan's title where a heading above the first number reads like one as well.

    The plan's title has its preamble below it; what a notice says is ended by a date.
    """
    for above in range(index - 1, -1, -1):
        if lines.is_date(texts[above]) or lines.is_address(texts[above]):
            break
        if lines.is_title(texts[above]) and not texts[above].endswith("通知"):
            has_preamble = any(text.endswith("。") for text in texts[above + 1 : index])
            return above if has_preamble else index
    return index


def _quoted_above(texts: Sequence[str], index: int) -> int | None:
    """Return the first line of a title that the notice above it names in full: 现将《…》印发."""
    above = "".join(texts[:index]).replace(" ", "")
    for begin in range(index - 1, max(-1, index - 4), -1):
        if f"《{''.join(texts[begin : index + 1])}》".replace(" ", "") in above:
            return begin
    return None


def _first_title_line(region: Sequence[Paragraph], texts: Sequence[str], index: int) -> int:
    begin = index
    while begin > 0 and _goes_with(region[begin], texts[begin - 1], texts[begin]):
        begin -= 1
    return begin


def _goes_with(paragraph: Paragraph, above: str, line: str) -> bool:
    if not lines.is_title_part(above) or lines.is_title(above) or _PAGE_WORDS.match(above):
        return False
    return not paragraph.after_blank and (len(line) <= 12 or len(above) >= 8)


def _title_in_running_text(folded: Folded, paper: Paper, region: Sequence[Paragraph]) -> FoundTitle:
    """A text without line ends: the last phrase between blanks or stops that reads like a title."""
    start = region[0].start if region else paper.region_start
    found = FoundTitle("", start, start, start)
    for match in _PHRASE.finditer(folded.text, start, paper.start):
        phrase = match.group().strip()
        if lines.is_title(phrase) and not _PAGE_WORDS.match(phrase):
            end = match.start() + len(match.group().rstrip())
            found = FoundTitle(folded.words(match.start(), end), match.start(), end, end)
    if found.text:
        return found
    head = lines.TITLE_IN_TEXT.match(folded.text[start : min(paper.start, start + 120)])
    if head:
        end = start + head.end()
        return FoundTitle(folded.words(start, end), start, end, end)
    return found


def find_body_end(folded: Folded, paper: Paper, family: Family) -> int:
    """Return where the last clause ends: before signature, date, annexes, footers."""
    nodes = paper.nodes()
    last = max(nodes, key=lambda node: node.start)
    first = folded.paragraph_at(last.start)
    stop = folded.paragraph_at(paper.end - 1) if paper.end else first
    paragraphs = folded.paragraphs[first : stop + 1]
    texts = [folded.text[p.start : min(p.end, paper.end)] for p in paragraphs]
    closing = _first_closing(texts)
    closing = min(closing, _after_final_note(folded, paper, family, texts))
    if closing < len(paragraphs):
        return paragraphs[closing - 1].end
    return _without_tail(folded, paragraphs[-1].start, min(paragraphs[-1].end, paper.end))


def _first_closing(texts: Sequence[str]) -> int:
    """Return the index of the first paragraph that is no longer the plan's text."""
    spoken = [("。" in text or ";" in text) and not lines.is_annex(text) for text in texts]
    last_spoken = max((index for index, speaks in enumerate(spoken) if speaks), default=0)
    for index in range(1, len(texts)):
        if lines.is_closing(texts[index]):
            return index
        signs = lines.is_short_tail(texts[index])
        dated = index + 1 < len(texts) and lines.is_date(texts[index + 1])
        if signs and (dated or index > last_spoken) and not _is_label(texts[index]):
            return index
        if lines.ends_with_date(texts[index]) and len(texts[index]) <= 60:
            return index
    return len(texts)


def _is_label(text: str) -> bool:
    return ":" in text[:12]


def _after_final_note(folded: Folded, paper: Paper, family: Family, texts: Sequence[str]) -> int:
    """Where every clause ends with its （…负责）, what follows the last one is closing words."""
    clauses = [node for node in paper.nodes() if node.family is family]
    noted = [ends_with_note(folded.text[node.start : node.end].rstrip()) for node in clauses[:-1]]
    if len(noted) < 2 or not all(noted):
        return len(texts)
    for index, text in enumerate(texts):
        if ends_with_note(text):
            return index + 1
    return len(texts)


def _without_tail(folded: Folded, start: int, end: int) -> int:
    """Cut a signature off the end of a paragraph that runs on: …落实。 某某办公室 2025年3月1日."""
    tail = folded.text[max(start, end - 200) : end]
    close = _CLOSE_TAIL.search(tail)
    if close and lines.is_signed_date(tail[close.start() + 1 :]):
        return max(start, end - 200) + close.start() + 1
    match = _TAIL.search(tail)
    if match and (lines.ends_with_date(tail) or lines.is_short_tail(tail[match.end() :])):
        return max(start, end - 200) + match.start() + 1
    return end
