"""Pieces that every row of the ledger repeats: drawn once for each value, not once for each row."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from responsibilities.enums import LampKind
from responsibilities.rules import Lamp

register = template.Library()
KEPT = 4096  # 不同的“灯和天数”“几分之几”不过几百种


@register.simple_tag
def due(lamp: Lamp) -> SafeString:
    """Draw the lamp with its days, as ``components/due.html`` does."""
    return _due(lamp.kind, lamp.text)


@lru_cache(maxsize=KEPT)
def _due(kind: LampKind, text: str) -> SafeString:
    drawn = render_to_string("components/due.html", {"lamp": Lamp(kind, text)})
    return mark_safe(drawn.strip())  # noqa: S308  rendered by the template, escaped there


@register.simple_tag
def steps(done: int, total: int) -> SafeString:
    """Draw how many of the tasks are done, as ``components/steps.html`` does."""
    return _steps(done, total)


@lru_cache(maxsize=KEPT)
def _steps(done: int, total: int) -> SafeString:
    context = {"done": done, "total": total, "unit": "件"}
    drawn = render_to_string("components/steps.html", context)
    return mark_safe(drawn.strip())  # noqa: S308  rendered by the template, escaped there
