"""By when: the time limits that a sentence states, as dates only where the text gives the date.

Dated: 2025年6月30日前, 2025年6月底前, 2020年年底前, 2019年上半年, 2025年三季度末; a window,
2024年3月至6月, ends with its last day.  A month without a year takes the year that the same
sentence gave just before.

Undated, the words are kept and no date is made: 年底前, 汛期前, 今年6月底前, 三年内, and 到2025年,
which is a target period, 2024年春节前, 在10个工作日内.  Counted from an event: 事故结案一年内,
自印发之日起30日内.

No time limit at all: a day on which something took or takes effect (自2020年1月1日起施行), 5年内 as
a criterion, and what :mod:`clauses.reading.qualifiers` knows.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from clauses.reading.numerals import NUMERAL_CHARS, numeral_value
from clauses.reading.qualifiers import Named, is_criterion, qualifies, reports
from clauses.reading.spans import Cover

_N = f"(?:\\d{{1,2}}|[{NUMERAL_CHARS}]{{1,3}})"
_Y = f"(?:\\d{{4}}|[{NUMERAL_CHARS}]{{4}})"
_BEFORE = r"(?: ?(?:24时)?(?:之前|以前|前(?!后)|止|之内|以内|内))"
_DATE = (
    rf"(?P<year>{_Y}) ?年(?:年)? ?"
    rf"(?:(?P<month>{_N}) ?月(?:份)?(?: ?(?P<day>{_N}) ?[日号])?"
    rf"|(?P<half>上半年|下半年|上半年度|下半年度)"
    rf"|第?(?P<quarter>[一二三四1-4]) ?季度"
    rf"|(?P<yearend>年?底|年?末|岁末|年内|内|度内))?"
)
_BARE = rf"(?<![\d{NUMERAL_CHARS}年第])(?P<bmonth>{_N}) ?月(?:份)?(?: ?(?P<bday>{_N}) ?[日号])?"
_EDGE = r"(?P<edge>底|末|下旬|中旬|上旬|初)?"
_FULL = re.compile(rf"{_DATE} ?{_EDGE}(?P<before>{_BEFORE})?")
_SHORT = re.compile(rf"{_BARE} ?{_EDGE}(?P<before>{_BEFORE})?")
_PART_OF_MONTH = "(?:初|上旬|中旬|下旬|底|末)"
_DAY = rf"{_N} ?[日号]"
_WINDOW = re.compile(
    rf"(?:(?P<fyear>{_Y}) ?年 ?)?"
    rf"(?:(?P<fmonth>{_N}) ?月(?:份)? ?(?:{_DAY})?{_PART_OF_MONTH}?|即日) ?起?"
    rf"(?:[-—–~至到]){{1,2}} ?"
    rf"(?:(?P<tyear>{_Y}) ?年 ?)?"
    rf"(?:(?P<tmonth>{_N}) ?月(?:份)?(?: ?(?P<tday>{_N}) ?[日号])?|(?P<tday2>{_N}) ?[日号])"
    r"(?:底|末|下旬|止)?"
)
_EDGES = "(?:之前|以前|前(?!后))"
_VAGUE = re.compile(
    rf"(?:[到至]?[今当本明次]年)?(?:年年?底|年末|(?<![\d{NUMERAL_CHARS}])年内|岁末){_EDGES}?"
    rf"|[今当本明次]年 ?(?:\d{{1,2}} ?月份?(?:\d{{1,2}} ?[日号])?|上半年|下半年|第?[一二三四]季度)"
    rf"[底末]?(?:{_EDGES}|内)?"
    rf"|(?:(?:{_Y}|[每今当本明]) ?年 ?)?(?:汛期?|春节|清明节?|国庆节?|元旦|五一|端午节?|中秋节?|"
    r"两会|[春秋]季开学|开学|冬季|夏季|供暖季|(?:每逢)?(?:重[大要])?节(?:假)?日)"
    rf"(?:到?来)?{_EDGES}"
    r"|本(?:月|季度|周)(?:底|末|内)前?|月底前|季度末前|季末前|限期(?=完成|整改|提交|办结)"
    rf"|(?:用|力争|争取|计划用) ?{_N} ?(?:年|个月)(?:左右)?(?:时间|之?内)"
)
_RECURRING = re.compile(
    rf"每(?:半?年|季度?|月)[^,。;、]{{0,6}}?(?:{_N} ?月份?)?(?:{_N} ?[日号]|底|末){_EDGES}"
    rf"|每(?:周|个?星期)[一二三四五六日天末][^,。;、]{{0,6}}?{_EDGES}"
    rf"|每[日天](?:[上下]午)? ?{_N} ?[时点](?:{_N} ?分|半)?{_EDGES}"
)
_TARGET = re.compile(
    rf"(?:力争|争取|预计|计划)?[到至] ?(?P<year>{_Y}) ?年"
    rf"(?! ?[\d{NUMERAL_CHARS}]{{1,3}} ?月|年|底|末|前|以|度|上半|下半|内)"
)
_SINCE = re.compile(
    r"自?[^,。;:()]{2,24}?(?:之日起|日起|起|后|结案|终结|届满|结束|之日)[, ]?[的之]?(?: ?在)?"
    rf" ?(?P<count>{_N}|半|\d{{3}}) ?"
    r"(?P<unit>个?工作日|个?自然日|年|个?月|周|日|天|个?小时|分钟)(?:之?内|以内)"
)
_COUNTED = re.compile(
    rf"(?<![\d{NUMERAL_CHARS}月年第每])(?:{_N}|半|\d{{3}}) ?"
    r"(?:个?工作日|个?自然日|个?小时|分钟|日|天|周|个月)(?:之内|以内|内)"
)
# 三年内实现…: a span that ends in an aim; 3年内发生两起的 is a test of what happened.
_SPAN_OF_YEARS = re.compile(
    rf"(?<![\d{NUMERAL_CHARS}年第近])(?:力争|争取)?{_N} ?年(?:之|以)?内"
    r"(?=[^,。;]{0,24}(?:实现|完成|建成|建立|建设|达到|消除|形成|覆盖|整治|改造))(?![^,。;]{0,12}的)"
)
_PHASE_MONTH = re.compile(
    rf"\( ?(?P<year>{_Y}) ?年 ?(?P<month>{_N}) ?月(?:份)?(?:(?P<day>{_N}) ?日)?底? ?\)"
)
_PHASE_WINDOW = re.compile(rf"\( ?(?P<window>{_WINDOW.pattern}) ?\)")
_STARTS = re.compile(" ?日?(?:起|开始)")
_DONE_THAT_DAY = re.compile("通过|印发|公布|发布|批准|召开|制定")  # 2019年3月印发: that was the day
_REACH = 80
_UNITS = {
    "年": "year",
    "月": "month",
    "周": "week",
    "日": "day",
    "天": "day",
    "时": "hour",
    "钟": "minute",
}


@dataclass(frozen=True)
class TimeLimit:
    """One limit: its words, and the date or the count from an event if the words give one.

    ``begins_on`` is where a window begins, to the month.
    """

    start: int
    end: int
    due_on: date | None = None
    within: str = ""
    is_phase: bool = False
    begins_on: date | None = None

    @property
    def is_window(self) -> bool:
        return self.is_phase or self.begins_on is not None


def find_deadlines(text: str, start: int, end: int, *, heading: bool = False) -> list[TimeLimit]:
    """Return the time limits between the offsets in order, without overlaps.

    ``heading`` reads a whole phase's heading.  There, and where a sentence begins with it, a month
    alone in brackets, (2024年11月), is the window of the phase, and so are the words of one
    without a year, (9月1日至9月30日).
    """
    found: list[TimeLimit] = []
    cover = Cover(start, end)
    named = Named(text, start, end)
    for finder in _FINDERS:
        limits = [x for x in finder(text, start, end) if not _is_aside(text, x, named)]
        found += [x for x in limits if cover.take(x.start, x.end)]
    if heading:
        found = [limit for limit in found if limit.due_on or limit.is_phase]
    else:
        found = [limit for limit in found if not limit.is_phase or limit.start == start + 1]
    return sorted(found, key=lambda limit: limit.start)


def _is_aside(text: str, limit: TimeLimit, named: Named) -> bool:
    """Say whether the words set no limit: a paper's name, what qualifies a noun, a report."""
    if named.hold(limit.start):
        return True
    if limit.within or text.startswith("每", limit.start):
        return False
    span = limit.start, limit.end
    return qualifies(text, *span) or reports(text, *span)


def label_deadline(text: str, start: int, end: int) -> TimeLimit | None:
    """Return the limit after a label 完成时限: there a day, month or year alone is the limit."""
    limits = find_deadlines(text, start, end)
    if limits:
        return limits[-1] if limits[-1].due_on else limits[0]
    match = _FULL.search(text, start, end)
    if match is None:
        return None
    return TimeLimit(match.start(), match.end(), _last_day(match, alone=True))


def date_in_window(words: str, window: TimeLimit) -> date | None:
    """Return the one day of the window that 7月10日前 means there; None when it may be another."""
    match = _SHORT.search(words)
    if match is None or words.startswith("每") or not (window.begins_on and window.due_on):
        return None
    years = range(window.begins_on.year, window.due_on.year + 1)
    days = [day for year in years if (day := _last_day_short(match, year))]
    inside = [day for day in days if window.begins_on <= day <= window.due_on]
    return inside[0] if len(inside) == 1 else None


def _since(text: str, start: int, end: int) -> list[TimeLimit]:
    found = []
    for match in _SINCE.finditer(text, start, end):
        before = text[match.start() : match.start("count") - 1]
        since = match.start() + max(before.rfind("在"), before.rfind("于")) + 1
        since = max(since, text.find("自", match.start(), match.end()))
        begin = max(since, match.start())
        found.append(TimeLimit(begin, match.end(), within=_within(match)))
    return found


def _recurring(text: str, start: int, end: int) -> list[TimeLimit]:
    return [TimeLimit(m.start(), m.end()) for m in _RECURRING.finditer(text, start, end)]


def _within(match: re.Match[str]) -> str:
    count = 0.5 if match.group("count") == "半" else numeral_value(match.group("count")) or 0
    unit = match.group("unit")
    if "工作日" in unit:
        return f"{count} workday"
    name = _UNITS[unit[-1]]
    return "6 month" if count == 0.5 and name == "year" else f"{count} {name}"


def _windows(text: str, start: int, end: int) -> list[TimeLimit]:
    found = []
    for match in _WINDOW.finditer(text, start, end):
        year = match.group("tyear") or match.group("fyear")
        month = match.group("tmonth") or (match.group("tday2") and match.group("fmonth"))
        year = year or _year_before(text, start, match.start())
        if not year or not month:
            continue
        day = match.group("tday") or match.group("tday2")
        due_on = _day(year, month, day)
        if due_on:
            begins_on = _day(match.group("fyear") or year, match.group("fmonth") or "", "1")
            limit = TimeLimit(match.start(), match.end(), due_on, begins_on=begins_on)
            found.append(limit)
    return found


def _dates(text: str, start: int, end: int) -> list[TimeLimit]:
    dated = []
    for match in _FULL.finditer(text, start, end):
        if _is_limit(text, match):
            due_on = _last_day(match)
            dated.append(TimeLimit(_with_until(text, start, match.start()), match.end(), due_on))
    return dated


def _short_dates(text: str, start: int, end: int) -> list[TimeLimit]:
    """6月底前: the year is that of a limit just before, or unknown."""
    dated = []
    for match in _SHORT.finditer(text, start, end):
        if not (match.group("before") or match.group("edge") in {"底", "末"}):
            continue
        year = _limit_year_before(text, start, match.start())
        due_on = _last_day_short(match, year) if year else None
        begin = _with_until(text, start, match.start())
        dated.append(TimeLimit(begin, match.end(), due_on))
    return dated


def _is_limit(text: str, match: re.Match[str]) -> bool:
    """A date is a limit when it says 前, names an end (底, 上半年, 季度) or follows 到/截至."""
    preceding = text[max(0, match.start() - 1) : match.start()]
    if _STARTS.match(text, match.end()) or preceding in {"自", "从"}:
        return False
    if not match.group("before") and _DONE_THAT_DAY.match(text, match.end()):
        return False
    if not any(match.group(name) for name in ("month", "half", "quarter", "yearend")):
        return match.group("before") is not None and match.group("before").strip() != "内"
    if match.group("before") or match.group("edge") in {"底", "末"}:
        return True
    if any(match.group(name) for name in ("half", "quarter", "yearend")):
        return not text.startswith(("以来", "的"), match.end())
    until = text[max(0, match.start() - 2) : match.start()].endswith(("到", "至", "截至", "截止"))
    return until and not text.startswith("以来", match.end())


def _with_until(text: str, low: int, start: int) -> int:
    for word in ("截至", "截止", "力争", "最迟", "到", "于", "至", "在"):
        if start - len(word) >= low and text.startswith(word, start - len(word)):
            return start - len(word) if word not in {"于", "在"} else start
    return start


def _last_day(match: re.Match[str], *, alone: bool = False) -> date | None:
    """Return the last day that the words allow; "2025年6月前" is over when June begins."""
    year = numeral_value(match.group("year"))
    if year is None or not 1949 <= year <= 2100:
        return None
    if match.group("month"):
        return _month_end(year, match.group("month"), match.group("day"), match)
    if match.group("half"):
        return date(year, 6, 30) if match.group("half").startswith("上") else date(year, 12, 31)
    if match.group("quarter"):
        month = 3 * (numeral_value(match.group("quarter")) or 4)
        return date(year, month, monthrange(year, month)[1])
    if match.group("yearend") or alone:
        return date(year, 12, 31)
    return date(year - 1, 12, 31)


def _last_day_short(match: re.Match[str], year: int) -> date | None:
    return _month_end(year, match.group("bmonth"), match.group("bday"), match)


def _month_end(year: int, month: str, day: str | None, match: re.Match[str]) -> date | None:
    edge, before = match.group("edge"), match.group("before")
    number = numeral_value(month) or 0
    if day is None and edge is None and before and before.strip() in {"前", "之前", "以前"}:
        year, number = (year - 1, 12) if number == 1 else (year, number - 1)
    if day is None and edge in {"中旬", "上旬"}:
        day = "20" if edge == "中旬" else "10"
    return _day(str(year), str(number), day)


def _day(year: str, month: str, day: str | None) -> date | None:
    numbers = [numeral_value(part) for part in (year, month, day or "1")]
    if None in numbers:
        return None
    full_year, full_month, full_day = (number or 0 for number in numbers)
    try:
        last = monthrange(full_year, full_month)[1]
        return date(full_year, full_month, full_day if day else last)
    except ValueError:
        return None


def _targets(text: str, start: int, end: int) -> list[TimeLimit]:
    return [TimeLimit(m.start(), m.end()) for m in _TARGET.finditer(text, start, end)]


def _vague(text: str, start: int, end: int) -> list[TimeLimit]:
    found = []
    for match in _VAGUE.finditer(text, start, end):
        before = text[max(start, match.start() - 1) : match.start()]
        if not (before.isdigit() or before in {"每", "半", "度"}):
            found.append(TimeLimit(match.start(), match.end()))
    return found


def _counted(text: str, start: int, end: int) -> list[TimeLimit]:
    """在10个工作日内: a count that names no event keeps its words."""
    matches = [*_COUNTED.finditer(text, start, end), *_SPAN_OF_YEARS.finditer(text, start, end)]
    return [TimeLimit(m.start(), m.end()) for m in matches if not is_criterion(text, m.end())]


def _phase_months(text: str, start: int, end: int) -> list[TimeLimit]:
    found = []
    for match in _PHASE_MONTH.finditer(text, start, end):
        due_on = _day(match.group("year"), match.group("month"), match.group("day"))
        found.append(TimeLimit(match.start() + 1, match.end() - 1, due_on, is_phase=True))
    for match in _PHASE_WINDOW.finditer(text, start, end):
        has_year = match.group("fyear") or match.group("tyear")
        if not (has_year or _year_before(text, start, match.start())):
            found.append(TimeLimit(*match.span("window"), is_phase=True))
    return found


_FINDERS = (
    _phase_months,
    _since,
    _recurring,
    _windows,
    _dates,
    _short_dates,
    _targets,
    _vague,
    _counted,
)


def _year_before(text: str, start: int, position: int) -> str | None:
    years = re.findall(rf"({_Y}) ?年", text[max(start, position - 60) : position])
    return years[-1] if years else None


def _limit_year_before(text: str, start: int, position: int) -> int | None:
    """The year of the last date just before that was a limit itself."""
    start = max(start, position - _REACH)
    limits = [
        match
        for match in _FULL.finditer(text, start, position)
        if _is_limit(text, match)
        and not qualifies(text, *match.span())
        and not reports(text, *match.span())
    ]
    return numeral_value(limits[-1].group("year")) if limits else None
