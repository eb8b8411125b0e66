"""Filters and tags that turn values into what people read on a page.

Nothing here changes a stored value: the plan keeps its half-width punctuation, dates stay dates.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from html import escape
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common import days

register = template.Library()

DIGITS = "〇一二三四五六七八九"
WEEKDAYS = "一二三四五六日"
QUARTERS = "一二三四"
HUNDRED = 100

# 半角标点 → 全角标点。西文句点不换：它多半是编号或小数点。
WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
# 数字之间的逗号和冒号（1,000、08:30）以及网址里的冒号保持半角。
_HALF_WIDTH = re.compile(r"(?<!\d)[,:](?!//)|[,:](?!\d|//)|[;?!()]")


@register.filter
def fullwidth(text: Any) -> str:
    """Show half-width punctuation as full-width; the length of the text does not change.

    >>> fullwidth("各镇(场、街道),各部门:")
    '各镇（场、街道），各部门：'
    """
    return _HALF_WIDTH.sub(lambda found: WIDE[found.group()], str(text))


@register.filter
def chinese_number(value: Any) -> str:
    """Write a whole number below 100 as in headings of clauses: 33 → 三十三."""
    number = _whole(value)
    if number is None or not 0 <= number < HUNDRED:
        return str(value)
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    head = "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")


@register.filter
def sentence_number(code: Any) -> str:
    """Read the number of the sentence out of its code: 23-07 → 第 7 句."""
    tail = re.search(r"-(\d+)", str(code))
    return f"第 {int(tail.group(1))} 句" if tail else str(code)


@register.filter
def day(value: Any) -> str:
    """Write a date in full: 2019年9月18日; nothing for no date."""
    shown = _day(value)
    return days.full_day(shown) if shown else ""


@register.filter
def short_day(value: Any, today: Any = None) -> str:
    """Write a date for sentences, 9月18日; a date of another year than ``today`` keeps its year."""
    shown, now = _day(value), _day(today)
    if not shown:
        return ""
    if now and now.year != shown.year:
        return day(shown)
    return days.short_day(shown)


@register.filter
def table_day(value: Any, today: Any = None) -> str:
    """Write a date for narrow columns: 9-18, or 2020-12-31 if not in the year of ``today``."""
    shown, now = _day(value), _day(today)
    if not shown:
        return ""
    if now and now.year == shown.year:
        return f"{shown.month}-{shown.day:02d}"
    return shown.isoformat()


@register.filter
def weekday(value: Any) -> str:
    """Name the day of the week: 星期三."""
    shown = _day(value)
    return f"星期{WEEKDAYS[shown.weekday()]}" if shown else ""


@register.filter
def moment(value: Any, today: Any = None) -> str:
    """Write an instant in local time: 今天 08:40, 9月17日 17:12, 2018年12月3日 09:00."""
    if not isinstance(value, datetime):
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    now = _day(today)
    when = "今天" if now and local.date() == now else short_day(local, now)
    return f"{when} {local:%H:%M}"


@register.filter
def quarter(value: Any) -> str:
    """Name the quarter of a date: 2019年第三季度."""
    shown = _day(value)
    return f"{shown.year}年第{QUARTERS[(shown.month - 1) // 3]}季度" if shown else ""


@register.filter
def number(value: Any, places: int = 0) -> str:
    """Round half up and group thousands: 12345 → 12,345; ``1`` keeps one decimal place."""
    amount = _decimal(value)
    if amount is None:
        return ""
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return f"{rounded:,}"


@register.filter
def percent_of(part: Any, total: Any) -> str:
    """Write a share with one decimal place, 97.0%; a dash where there is nothing to share."""
    of, whole = _decimal(part), _decimal(total)
    if of is None or not whole:
        return "—"
    return f"{number(of * HUNDRED / whole, 1)}%"


@register.filter
def share(part: Any, total: Any) -> int:
    """Return a whole 0–100 for the classes n0–n100; anything above nothing shows at least 1."""
    of, whole = _decimal(part), _decimal(total)
    if not of or not whole:
        return 0
    return min(HUNDRED, max(1, int(number(of * HUNDRED / whole).replace(",", ""))))


@register.filter
def times(value: Any) -> range:
    """Count for a loop: ``{% for step in total|times %}`` gives 1, 2, … total."""
    return range(1, (_whole(value) or 0) + 1)


@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of ``static/img/icons.svg``; decorative unless it is given a ``label``."""
    href = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="i" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="i" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def bars(columns: Iterable[Mapping[str, str]]) -> SafeString:
    """Draw the bars of one part of the vein; hundreds on a page, too many for a template's loop.

    What changes from bar to bar stands together: so the page packs a tenth smaller.
    """
    drawn = (
        f'<a tabindex="-1" href="{escape(c["url"])}" title="{escape(c["title"])}"'
        f' class="b {escape(c["kind"])}"></a>'
        for c in columns
    )
    return mark_safe("".join(drawn))  # noqa: S308  each value is escaped above


@register.simple_block_tag
def capture(content: str) -> SafeString:
    """Render the enclosed part, trimmed, so that a page can ask whether it is empty.

    ``{% capture as rail %}{% block rail %}{% endblock %}{% endcapture %}{% if rail %}…``
    """
    return mark_safe(content.strip())  # noqa: S308  rendered by the template, escaped there


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _decimal(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
