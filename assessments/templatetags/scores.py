"""How points are written, and where the records behind them are shown."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template

from assessments.evidence import address_of
from assessments.models import Indicator, ScoreLine
from assessments.rules.scoring import number
from assessments.rules.words import words_of
from assessments.services.scorecards import CardItem, Evidence

register = template.Library()


@register.filter
def points(value: Any) -> str:
    """Write points without trailing zeros and with a true minus sign: 89.5, −4."""
    return number(Decimal(value)).replace("-", "−") if value is not None else "—"


@register.filter
def cents(value: Any) -> str:
    """Write points in a column, one below the other: 15.00, 0.29, −3.75."""
    return f"{Decimal(value):.2f}".replace("-", "−") if value is not None else "—"


@register.filter
def signed_cents(value: Any) -> str:
    """Write points in a column with their sign: +14.51, −2.00."""
    return f"+{cents(value)}" if Decimal(value) > 0 else cents(value)


@register.filter
def signed(value: Any) -> str:
    """Write points with their sign: +14.51, −2."""
    return f"+{points(value)}" if Decimal(value) > 0 else points(value)


@register.filter
def full_marks(items: Iterable[CardItem]) -> Decimal:
    return sum((item.full for item in items), Decimal(0))


@register.filter
def earned_marks(items: Iterable[CardItem]) -> Decimal:
    return sum((item.earned for item in items), Decimal(0))


@register.filter
def at_key(mapping: Mapping[int, Any], key: int) -> Any:
    return mapping.get(key)


@register.filter
def rule_words(item: Indicator) -> str:
    return words_of(item.rule_of())


@register.filter
def evidence_of(line: ScoreLine) -> tuple[Evidence, ...]:
    """Return the records on which a stored line rests."""
    return tuple(Evidence(**ref) for ref in line.refs)


@register.simple_tag
def record_address(item: Evidence) -> str:
    return address_of(item.kind, item.key)
