"""Counting rows of another table along with a row, in the same statement."""

from typing import Any

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Coalesce

from common.subrows import KeptSubquery


def subcount(rows: QuerySet[Any], by: str) -> Coalesce:
    """Return the number of ``rows``, which are tied to the outer row by the field ``by``."""
    counted = rows.order_by().values(by).values(number=Count("pk"))
    return Coalesce(KeptSubquery(counted), 0)


def count_of(rows: QuerySet[Any]) -> Coalesce:
    """Return the number of all ``rows``, whatever the outer row is."""
    counted = rows.order_by().values(one=Value(1)).annotate(number=Count("pk")).values("number")
    return Coalesce(KeptSubquery(counted), 0)
