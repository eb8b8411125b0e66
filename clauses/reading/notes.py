"""Notes of responsibility: （A牵头，B、C参与）, （…按职责分工负责）, 责任单位：…, 完成时限：… .

A note is cut at commas, semicolons and stops.  Each part says its role by a label before the names
or by a word after them, or gives the time.  "排在第一位的部门为牵头部门，下同" holds for all later
notes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from clauses.reading.actors import is_actor, split_actors
from clauses.reading.sentences import pieces
from clauses.reading.spans import Span, trimmed

_ROLES = (
    "牵头|主要?责任?|责任|主责|主办|主管|负责|承办|承担|配合|协办|协助|协同|参与|参加|"
    "实施|落实|督办|督导|督促|指导|监管|完成"
)
_LABEL = re.compile(
    rf" ?(?P<role>{_ROLES})(?:(?:责任)?(?:单位|部门|机构|科室|股室|主体|处室)(?:[及和]责任人)?"
    r"|(?<=牵头|配合|主办|协办|参与|参加|责任)) ?: ?"
)
_TIME_LABEL = re.compile(
    r" ?(?:完成|办结|整改|实施|落实|工作|任务)?"
    r"(?:时限|时间|期限|时间节点|节点|日期|进度|时间要求|时间安排|频次)(?:要求|安排)? ?: ?"
)
_PERSON_LABEL = re.compile(
    r" ?(?:责任|分管|牵头|主管|配合|包[抓保联案]|挂[点钩])?"
    r"(?:[区市县镇]?领导|责任人|负责人|联系人|联络员"
    r"|(?:常务)?副? *(?:总 *)?(?:组 *长|指 *挥 *长?|主 *任)|成 *员(?:单位)?|召集人|顾 *问)"
    r"(?:[及和]?(?:联系)?电话)? ?: ?(?=[^。]{2,40}。?$)"
)
# 责任单位:甲局,2025年3月31日前完成: a time needs no label of its own.
_TIME_WORDS = re.compile(r"(?:到|于|在)?\d{1,4} ?[年月]|[今明本]?年底|长期|持续|常态|每[年月季半]")
_OTHER_LABEL = re.compile(r" ?[\u4e00-\u9fff]{2,8} ?:")
_SUFFIX = re.compile(
    r"(?:按照?[^,;、()]{2,16}(?:要求|规定|原则)(?:分别|具体)?负责|"
    r"(?:等?(?:各自)?(?:按|按照)?(?:各自)?职责(?:分工|范围)?(?:内)?|分工|分别|共同|具体|联合|统筹|牵头)?"
    r"(?:负责(?:落实|指导|实施|组织实施|推进|督促落实|配合)?|牵头(?:负责|落实|实施|组织实施)?|落实|实施)"
    r"|(?:共同|协同|积极|等|等部门)?(?:配合|参与|参加|指导|协助|协同|督导|支持)(?:落实)?)$"
)
_FIRST_LEADS = re.compile(r"(?:第一位|首位|第一个|排名第一|列第一)[^,;。]{0,12}牵头")
_BRACKETS = re.compile(r"[()\[\]【】〔〕]")
_CLOSE = {"(": ")", "[": "]", "【": "】", "〔": "〕"}
_NO_NAME = re.compile("以下|均|需|谁|上述|其他均")
_LEADING = ("牵头", "主责", "主办", "主要责任", "主责任")
_LONGEST_NOTE = 600
_LONGEST_NAME = 30


@dataclass
class Note:
    """What a note says, as spans of the text."""

    start: int
    end: int
    bearers: list[Span] = field(default_factory=list)
    leads: list[Span] = field(default_factory=list)
    times: list[Span] = field(default_factory=list)
    first_leads: bool = False


def find_notes(text: str, start: int, end: int) -> list[Note]:
    """Return the notes of responsibility in a sentence, or the sentence itself if it is one."""
    line = _labelled(text, start, end)
    if line is not None:
        return [line]
    return [note for span in _brackets(text, start, end) if (note := _bracketed(text, *span))]


def is_note_line(sentence: str) -> bool:
    """Say whether the sentence only says who and when."""
    note = _labelled(sentence, 0, len(sentence))
    if note is not None:
        return True
    whole = sentence.rstrip("。 ")
    if not whole.startswith(("(", "[", "【")):
        return False
    found = find_notes(sentence, 0, len(sentence))
    return bool(found) and found[0].start == 0 and found[0].end >= len(whole)


def ends_with_note(text: str) -> bool:
    """Say whether the paragraph ends with a bracketed note of responsibility."""
    if not text or text.rstrip("。 ")[-1:] not in ")】]":
        return False
    begin = max(0, len(text) - _LONGEST_NOTE)
    found = find_notes(text, begin, len(text))
    return bool(found) and found[-1].end >= len(text.rstrip("。 "))


def first_stop(text: str, start: int, end: int, stops: re.Pattern[str]) -> Span:
    """Return the first stop that is in no brackets, or where a note begins; (-1, -1) if none.

    清障扩带(责任单位:甲局,6月底前完成) is the title 清障扩带 and a note.
    """
    position = start
    while position < end:
        if text[position] in _CLOSE:
            close = _closing(text, position)
            if close and _bracketed(text, position, close) is not None:
                return position, position
            position = max(close, position + 1)
            continue
        match = stops.match(text, position, end)
        if match is not None:
            return match.span()
        position += 1
    return -1, -1


def _closing(text: str, position: int) -> int:
    """Return the end of the bracket that opens at ``position``, 0 when it does not close soon."""
    for first, last in _brackets(text, position, min(len(text), position + _LONGEST_NOTE)):
        if first == position:
            return last
    return 0


def _labelled(text: str, start: int, end: int) -> Note | None:
    """责任单位:A、B;完成时限:2025年6月底前 on a line of its own, or a bracket's content like it."""
    person = _PERSON_LABEL.match(text, start, end)
    if not (person or _LABEL.match(text, start, end) or _TIME_LABEL.match(text, start, end)):
        return None
    note = Note(start, end)
    role = ""
    for first, last in _label_parts(text, start, end):
        label = _LABEL.match(text, first, last)
        time = _TIME_LABEL.match(text, first, last)
        if label:
            role, first = label.group("role"), label.end()
        elif time:
            role, first = "time", time.end()
        elif _OTHER_LABEL.match(text, first, last) or (first > start and text[first - 1] == "。"):
            role = "other"
        _take(text, note, first, last, role)
    return note if person or note.bearers or note.times else None


def _label_parts(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut at stops, and before a label that only a blank separates from what is before it."""
    for first, last in pieces(text, start, end, ",;。\t\n"):
        begin = first
        for blank in re.finditer(r" +(?=[\u4e00-\u9fff]{2,8} ?:)", text[first:last]):
            yield begin, first + blank.start()
            begin = first + blank.end()
        yield begin, last


def _take(text: str, note: Note, start: int, end: int, role: str) -> None:
    start, end = trimmed(text, start, end)
    if start >= end or role in {"", "other"}:
        return
    if role == "time" or (_TIME_WORDS.match(text, start, end) and not is_actor(text[start:end])):
        note.times.append((start, end))
        return
    suffix = _SUFFIX.search(text[start:end])
    if suffix and suffix.start() > 0:  # 责任单位:甲局牵头,乙局配合
        end, role = start + suffix.start(), suffix.group()[:2]
    spans = [span for span in split_actors(text, start, end) if span[1] - span[0] <= _LONGEST_NAME]
    note.bearers += spans
    if role in _LEADING:
        note.leads += spans


def _brackets(text: str, start: int, end: int) -> list[Span]:
    """Return the outermost bracketed stretches of bearable length; one pass over the text."""
    pairs: list[Span] = []
    open_marks: list[int] = []
    for match in _BRACKETS.finditer(text, start, end):
        position, char = match.start(), match.group()
        if char in _CLOSE:
            open_marks.append(position)
            continue
        while open_marks and _CLOSE[text[open_marks[-1]]] != char:
            open_marks.pop()
        if open_marks and position - open_marks[-1] < _LONGEST_NOTE:
            begin = open_marks.pop()
            while pairs and pairs[-1][0] > begin:
                pairs.pop()
            pairs.append((begin, position + 1))
    return pairs


def _bracketed(text: str, start: int, end: int) -> Note | None:
    inside = _labelled(text, start + 1, end - 1)
    if inside is not None:
        inside.start, inside.end = start, end
        return inside
    note = Note(start, end)
    waiting: list[Span] = []
    for first, last in pieces(text, start + 1, end - 1, ",;。"):
        first, last = trimmed(text, first, last)
        if _FIRST_LEADS.search(text[first:last]):
            note.first_leads = True
        elif (suffix := _SUFFIX.search(text[first:last])) and suffix.start() > 0:
            _take_suffixed(text, note, first, first + suffix.start(), suffix.group(), waiting)
            waiting = []
        elif first < last and is_actor(text[first:last], within_list=True):
            waiting.append((first, last))
        elif first < last:
            note.times.append((first, last))
    if not note.bearers and _stands_after_stop(text, start):
        _take_bare(text, note, waiting)
    return note if note.bearers else None


def _stands_after_stop(text: str, start: int) -> bool:
    return text[max(0, start - 2) : start].rstrip(" ").endswith(("。", ";", "!"))


def _take_bare(text: str, note: Note, waiting: list[Span]) -> None:
    """…全覆盖。(区住建局,各镇,2025年底前): behind a stop, names alone are those who act."""
    if all(_TIME_WORDS.match(text, *time) for time in note.times):
        note.bearers += [span for first, last in waiting for span in _names(text, first, last)]


def _take_suffixed(
    text: str, note: Note, start: int, end: int, role: str, waiting: list[Span]
) -> None:
    """Take the names before 牵头, 负责, 参与 …; names cut off by a comma share the role."""
    if text.startswith("由", start):
        start += 1
    head, joined = _cut_together(text, start, end)
    lead_spans = _names(text, *head)
    others = _names(text, *joined) if joined else []
    if not lead_spans:
        return
    before = [span for first, last in waiting for span in _names(text, first, last)]
    note.bearers += [*before, *lead_spans, *others]
    if "牵头" in role or joined:
        note.leads += [*before, *lead_spans]


def _cut_together(text: str, start: int, end: int) -> tuple[Span, Span | None]:
    middle = text.find("会同", start, end)
    if middle < 0:
        return (start, end), None
    return (start, middle), (middle + 2, end)


def _names(text: str, start: int, end: int) -> list[Span]:
    spans = split_actors(text, start, end)
    good = [span for span in spans if _is_name(text[span[0] : span[1]])]
    return good if len(good) * 2 > len(spans) else []


def _is_name(phrase: str) -> bool:
    return (
        len(phrase) <= _LONGEST_NAME
        and is_actor(phrase, within_list=True)
        and not _NO_NAME.match(phrase)
    )
