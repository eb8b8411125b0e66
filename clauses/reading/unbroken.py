"""A whole paper on one line: where the page had its lines, as far as the words tell.

Title, addressees, signature, date and annexes are told from what stands around them; the numbers
between them :mod:`clauses.reading.outline` finds without lines.  A text with lines of its own is
left as it is.
"""

import re
from itertools import pairwise

from clauses.reading.lines import DATE, PAPER
from clauses.reading.spans import Span, trimmed

_SHORTEST = 100
_SHARE = 0.8
_OPENING = "为|根据|按照|依据|依照|近年来|[一壹]、|\\(一\\)|1[.、]|第一[章条]|第1[章条]"
_ADDRESSEES = "(?:各|区|县|市|本|自治)[^。:]{1,200}:"
_TITLE = (
    rf"[^,。:;《》]{{4,60}}?(?:{PAPER})(?:\([^()]{{2,20}}\))?(?= *(?:{_OPENING}|{_ADDRESSEES}))"
)
_NUMBER = r"[〔\[(]\d{4}[〕\])] ?\d{1,5} ?号"
_BODY = "[^。,;:!?\\d]{2,40}?[府会局办委室组部厅院处心司队]"
_NOTICE = "关于[^。:]{2,100}?的(?:紧急)?(?:通知|函|通报)"
_ANNEX = r"附 ?件 ?(?:\d{1,2})?"
_FOOT = "抄 ?送|\\(?联系(?:人|电话)|\\(此件|本(?:方案|计划|意见|通知|办法|细则|措施)自"
# What each finds is a line of the page, and so is what lies between.
_LINES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^[^。,:]{{2,40}}{_NUMBER}(?= *[\u4e00-\u9fff])",
        rf"(?:^|(?<=号)) *[^。:;]{{0,40}}{_NOTICE}(?= *{_ADDRESSEES})",
        rf"(?<=通知|的函|通报|意见|方案|办法|规定|计划) *{_ADDRESSEES}(?=[^。]{{4}})",
        rf"(?<=[。!?)]) *(?:{_BODY})? *{DATE}(?= *(?:附|抄|\(|$|{_TITLE}))",
        rf"(?<=[^(见及详按和、如的照在以附]) *{_ANNEX}:[^。]{{2,200}}?(?=$|{_BODY} *{DATE})",
        rf"(?<=日) *{_ANNEX} *(?={_TITLE})",
        rf"(?<=[。!?)]) *{_ANNEX}(?<=\d)(?=[^\d:。])",
        rf"(?:^|(?<=号)|(?<=日)(?![前之以起至止内])|(?<=件)|(?<=件\d)) *{_TITLE}",
        rf"(?<=[。!?]) *(?:{_FOOT}).*",
    )
)


def page_lines(line: str, length: int) -> list[Span]:
    """Return the lines in ``line``, itself alone unless it is nearly all of a text that long."""
    if len(line) < max(_SHORTEST, _SHARE * length):
        return [(0, len(line))]
    places = {0, len(line)}
    for pattern in _LINES:
        for match in pattern.finditer(line):
            places |= set(match.span())
    spans = (trimmed(line, *span) for span in pairwise(sorted(places)))
    return [(first, last) for first, last in spans if first < last]
