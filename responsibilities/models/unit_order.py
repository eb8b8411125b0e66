"""Units in the order of the district's papers, for aggregates: the least of them is the first."""

from django.db.models import CharField, F
from django.db.models.functions import Cast, Concat

# 次序加上它就都是十位数，按文字比大小与按数字比一样。
FIRST_ORDER, ORDER_DIGITS = 10**9, 10
RANKED = Concat(Cast(F("unit__order") + FIRST_ORDER, CharField()), "unit__short_name")


def name_of(ranked: str | None) -> str:
    """Return the unit's short name from its value of ``RANKED``."""
    return (ranked or "")[ORDER_DIGITS:]
