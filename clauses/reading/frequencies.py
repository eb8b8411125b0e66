"""How often: the rates that a sentence states, in the words of the text.

A stated rate (每季度, 每年, 按月, 半年一次) comes before 定期, which states none.  每两年 and
每学期 are stated as well, but no name of the contract means them: their words are kept, unnamed.
年度 makes a yearly duty only with what is made once a year (年度计划).  长期坚持 is continuous;
发生…的 waits for an event.  A rate in the name of a paper, 《…季度通报办法》, is none.
"""

import re
from dataclasses import dataclass

from clauses.reading.numerals import NUMERAL_CHARS, numeral_value
from clauses.reading.qualifiers import Named
from clauses.reading.spans import Cover

_COUNT = rf"(?:\d{{1,2}}|[{NUMERAL_CHARS}]{{1,2}})"
_ONCE = rf"(?:(?:至少|不少于|不低于)?{_COUNT}[次轮期场]|以上)"
UNNAMED = ""
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        UNNAMED,
        re.compile(
            rf"每(?:隔)?(?:[二两三四五六七八九十]|[2-9]|\d{{2}})(?:年|个?季度|个?月|个?星期|周|个?工作日|[日天]|个?小时)"
            rf"|每半个?月|每(?:个)?(?:学[期年]|旬)|(?:按|逐)旬|[两二三四五]年{_ONCE}|(?<!\d)[2-9]年{_ONCE}"
        ),
    ),
    ("daily", re.compile(rf"每(?:日|天)|每个?工作日|(?:按|逐)日|一(?:日|天){_ONCE}")),
    ("weekly", re.compile(rf"每(?:个?星期|周)|(?:按|逐)周|一周{_ONCE}|周(?:调度|通报|报告)")),
    (
        "half-yearly",
        re.compile(rf"每个?半年|(?:按|逐)半年|半年{_ONCE}|半年(?:通报|报告|调度|总结)"),
    ),
    (
        "quarterly",
        re.compile(
            rf"每(?:个|一)?季(?:度)?|(?:按|逐)季(?:度)?|(?<!第)一季度{_ONCE}|季度(?:通报|调度|例会|报告|考核)|季(?:通报|调度|考核|报告)"
        ),
    ),
    (
        "monthly",
        re.compile(
            rf"每(?:个|一)?月|(?:按|逐)月|一?个?月{_ONCE}|(?<![\d一二三四五六七八九十])月(?:调度|通报|报告|例会|考核)"
        ),
    ),
    (
        "yearly",
        re.compile(
            rf"每(?:一)?年(?:度)?|(?:按|逐)年度|一年{_ONCE}|年(?:考核|总结|通报)(?=[、,。;])|"
            r"年度(?=[^,。;、]{0,10}(?:计划|报告|预算|考核|总结|评估|报表|审计|清单|述职|任务))"
        ),
    ),
    ("periodic-unspecified", re.compile(r"(?<!不)定期(?!限)|经常性")),
    (
        "continuous",
        re.compile(
            r"长期坚持|长期(?:抓|推进|开展|实施)|常抓不懈|持续(?:推进|开展|实施|坚持)$|常态化(?:开展|推进|实施)|常年(?:坚持|开展)"
        ),
    ),
    (
        "event-driven",
        re.compile(
            r"(?:事故|事件|险情|灾情|火灾|灾害)发生(?:之?后|时)(?=[,\d一应要立])|"
            r"(?:发生|接到|收到|发现|遇)(?!的)[^,。;、]{1,30}?(?:的(?=[,一由应要])|后(?=[,\d一应要立])|时(?=[,应要])|情况(?=,))|"
            r"(?:发生|接到|收到|发现|遇有?)[^,。;、]{1,30}?"
            r"(?=在?\d{1,3} ?个?(?:分钟|小时|工作日|日|天)(?:之|以)?内)"
        ),
    ),
)
_LABEL_CONTINUOUS = re.compile(r"长期|持续|常态|常年|贯穿|全年|不间断")
_TIMES = re.compile(
    rf"(?:至少|不少于|不低于)?(?:(?!每)[^,。;]){{0,16}}?(?P<count>{_COUNT}|两) ?[次轮期场]"
)


@dataclass(frozen=True)
class Rate:
    """A rate and the words that state it; ``UNNAMED`` where they state another interval.

    ``by_name`` tells that only what is made has the interval in its name: 年度计划.
    """

    value: str
    start: int
    end: int
    times: int | None = None
    by_name: bool = False

    @property
    def is_stated(self) -> bool:
        return self.value in _STATED


def find_rates(text: str, start: int, end: int) -> list[Rate]:
    """Return the rates between the offsets in order; vaguer words give way to stated rates."""
    found: list[Rate] = []
    cover = Cover(start, end)
    named = Named(text, start, end)
    for value, pattern in _RULES:
        for match in pattern.finditer(text, start, end):
            if named.hold(match.start()) or not cover.take(match.start(), match.end()):
                continue
            times, stop = (
                _times(text, match.end(), end) if value in _STATED else (None, match.end())
            )
            by_name = text.startswith("年度", match.start())
            found.append(Rate(value, match.start(), stop, times, by_name))
    return sorted(found, key=lambda rate: rate.start)


def main_rate(rates: list[Rate]) -> Rate | None:
    """Return the rate that stands for the sentence: a stated one, then 定期, then the others."""
    order = [value for value, _ in _RULES]
    return min(
        rates, key=lambda rate: (_weight(rate), rate.start, order.index(rate.value)), default=None
    )


def label_rate(text: str, start: int, end: int) -> Rate | None:
    """Return the rate after a label 完成时限: 长期坚持 and the like are continuous there."""
    rate = main_rate(find_rates(text, start, end))
    if rate is not None:
        return rate
    match = _LABEL_CONTINUOUS.search(text, start, end)
    return Rate("continuous", start, end) if match else None


_STATED = frozenset((UNNAMED, "daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly"))


def _weight(rate: Rate) -> int:
    if rate.value in _STATED:
        return 1 if rate.by_name else 0
    return 2 if rate.value == "periodic-unspecified" else 3


def _times(text: str, position: int, end: int) -> tuple[int | None, int]:
    match = _TIMES.match(text, position, end)
    if match is None:
        return None, position
    return numeral_value(match.group("count")), match.end()
