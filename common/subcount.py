"""Counting rows of another table along with a row, in the same statement."""

from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce


def subcount(rows: QuerySet[Any], by: str) -> Coalesce:
    """Return the number of ``rows``, which are tied to the outer row by the field ``by``."""
    counted = rows.order_by().values(by).values(number=Count("pk"))
    return Coalesce(Subquery(counted), 0)
