"""Pure rules of official documents: numbers, dates, codes, titles broken into lines."""

import re
import secrets
from collections.abc import Mapping
from datetime import date, timedelta

# 去掉易混的 I、L、O、U，共 32 个字符，16 位即 80 个二进制位。
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
CODE_READING = str.maketrans({"O": "0", "I": "1", "L": "1"})
TITLE_WIDTH = 20  # 2号字每行字数
# 回行时不拆开的词。
WHOLE_WORDS: tuple[str, ...] = (
    "安全生产",
    "领域",
    "改革",
    "发展",
    "任务",
    "推进",
    "情况",
    "通报",
    "季度",
    "考核",
)
WHOLE_WORDS += ("结果", "督办", "关于", "实施方案", "办公室", "委员会", "钦南区", "重点", "成绩")
FIGURE = re.compile("【([^【】]{1,30})】")
PERIOD = re.compile(r"(\d{4})(?:Q([1-4])|H([12])|-(0[1-9]|1[0-2]))?")
# 换行、分段用的，印成空格；看不见的、改变文字方向的和控制字符，不印。换行符（U+000A）有用处，留着。
BREAKS = re.compile("[\t\r\x0b\x0c\x85\u2028\u2029]")
UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)
NOT_FIRST = re.compile("[的、，。》”）：；年月日号%]")
NOT_LAST = re.compile("[《“（〔]")


def document_number(prefix: str, year: int, number: int | None) -> str:
    """Return 发文字号; a draft leaves the number blank (GB/T 9704-2012 7.2.5)."""
    return f"{prefix}〔{year}〕{number if number is not None else '　'}号"


def blank_date(year: int, month: int | None = None) -> str:
    """Return the date of a draft: the day, and a month not known yet, are for the one who signs.

    >>> blank_date(2019, 9), blank_date(2019)
    ('2019年9月\u3000日', '2019年\u3000月\u3000日')
    """
    return f"{year}年{month or '　'}月　日"


def period_days(period: str) -> tuple[date, date] | None:
    """Return the first and the last day of a period; None where a document has no such period.

    >>> [f"{first:%m-%d} {last:%m-%d}" for first, last in map(period_days, ("2019Q3", "2019H2"))]
    ['07-01 09-30', '07-01 12-31']
    >>> [f"{first:%m-%d} {last:%m-%d}" for first, last in map(period_days, ("2019", "2019-02"))]
    ['01-01 12-31', '02-01 02-28']
    """
    found = PERIOD.fullmatch(period)
    if found is None:
        return None
    year, quarter, half, month = (int(part) if part else 0 for part in found.groups())
    months = 1 if month else 3 if quarter else 6 if half else 12
    first = month or max(quarter * 3 - 2, half * 6 - 5, 1)
    over = first - 1 + months  # months after January
    last = date(year + over // 12, over % 12 + 1, 1) - timedelta(days=1)
    return date(year, first, 1), last


def recent_periods(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what papers are mostly written about, the newest first, by year: code and words.

    >>> [(year, [code for code, _ in listed]) for year, listed in recent_periods(date(2019, 5, 1))]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('2019年', ['2019Q2', '2019Q1', '2019']),
     ('2018年', ['2018Q4', '2018Q3', '2018Q2', '2018Q1', '2018'])]
    """
    groups = []
    for year, last in ((today.year, (today.month + 2) // 3), (today.year - 1, 4)):
        quarters = [
            (f"{year}Q{place}", f"{year}年第{'一二三四'[place - 1]}季度")
            for place in range(last, 0, -1)
        ]
        groups.append((f"{year}年", [*quarters, (f"{year}", f"{year}年全年")]))
    return groups


def printable(text: str) -> str:
    """Return the text as it can be printed: in the order in which it was typed.

    Marks that turn the direction of writing would let a paper say other words than were typed;
    they, characters without width and control characters are left out.

    >>> printable("a\u202eevil\u202cb\u200b"), printable("一\u2028二\x07")
    ('aevilb', '一 二')
    """
    return UNSEEN.sub("", BREAKS.sub(" ", text))


def new_code() -> str:
    """Return a random verification code of 80 bits."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """Return a code as typed by a person in its stored form; empty if it cannot be one."""
    code = re.sub(r"[\s\-－—]", "", typed).upper().translate(CODE_READING)
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_LETTERS) else ""


def grouped(code: str) -> str:
    """Return the code in groups of four, as it is printed."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def fill(text: str, figures: Mapping[str, str]) -> str:
    """Put figures where the text names them, e.g. 【逾期】; an unknown name stays as it is.

    >>> fill("逾期【逾期】项，【什么】。", {"逾期": "8"})
    '逾期8项，【什么】。'
    """
    return FIGURE.sub(lambda found: figures.get(found[1], found[0]), text)


def unknown_figures(text: str, figures: Mapping[str, str]) -> list[str]:
    """Return the names in the text that no figure has."""
    return [name for name in FIGURE.findall(text) if name not in figures]


def title_lines(title: str, width: int = TITLE_WIDTH) -> list[str]:
    """Break a title into lines of like length between words (GB/T 9704-2012 7.3.1)."""
    count = -(-len(title) // width)
    lines, rest = [], title
    while count > 1 and len(rest) > width:
        aim = min(width, -(-len(rest) // count))
        place = min(
            range(max(1, aim - 6), min(width, len(rest) - 1) + 1),
            key=lambda cut: (_breaks_badly(rest, cut), abs(cut - aim), -cut),
        )
        lines.append(rest[:place])
        rest, count = rest[place:], count - 1
    return [*lines, rest]


def _breaks_badly(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    if NOT_FIRST.match(after) or NOT_LAST.match(before):
        return True
    if before.isascii() and after.isascii() and before.isalnum() and after.isalnum():
        return True
    return any(
        start < cut < start + len(word)
        for word in WHOLE_WORDS
        for start in [match.start() for match in re.finditer(word, text)]
    )
