"""Pieces that the ledger repeats: drawn once for each value, not once for each row and request.

A piece is drawn from its arguments alone, so a value that changes is a piece that is drawn anew.
"""

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from responsibilities.enums import LampKind
from responsibilities.pages.filter_bar import Select
from responsibilities.pages.rows import Row
from responsibilities.rules import Lamp

register = template.Library()
KEPT = 4096  # 不同的“灯和天数”“几分之几”不过几百种
KEPT_LINES = 1024  # 一行约 1.5 KB，一份方案两百多行
KEPT_SELECTS = 256


@register.simple_tag
def due(lamp: Lamp) -> SafeString:
    """Draw the lamp with its days, as ``components/due.html`` does."""
    return _due(lamp.kind, lamp.text)


@lru_cache(maxsize=KEPT)
def _due(kind: LampKind, text: str) -> SafeString:
    return _drawn("components/due.html", {"lamp": Lamp(kind, text)})


@register.simple_tag
def steps(done: int, total: int) -> SafeString:
    """Draw how many of the tasks are done, as ``components/steps.html`` does."""
    return _steps(done, total)


@lru_cache(maxsize=KEPT)
def _steps(done: int, total: int) -> SafeString:
    return _drawn("components/steps.html", {"done": done, "total": total, "unit": "件"})


@register.simple_tag(takes_context=True)
def line(context: Context, row: Row) -> SafeString:
    """Draw a row of the ledger, as ``responsibilities/obligation_line.html`` does."""
    return _line(row, context["request"].today, is_office=context["is_office"])


@lru_cache(maxsize=KEPT_LINES)
def _line(row: Row, today: date, *, is_office: bool) -> SafeString:
    context = {"row": row, "is_office": is_office, "today": today, "is_fresh": False}
    return _drawn("responsibilities/obligation_line.html", context)


@register.simple_tag
@lru_cache(maxsize=KEPT_SELECTS)
def select(field: Select) -> SafeString:
    """Draw a list of the filter bar, as ``responsibilities/obligation_select.html`` does."""
    return _drawn("responsibilities/obligation_select.html", {"field": field})


def _drawn(template_name: str, context: dict[str, Any]) -> SafeString:
    drawn = render_to_string(template_name, context)
    return mark_safe(drawn.strip())  # noqa: S308  rendered by the template, escaped there
