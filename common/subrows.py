"""A few rows of another table along with a row, in the same statement."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import JSONField, QuerySet, Subquery
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware


class Subrows(Subquery):
    """What ``rows.values(*names, **named)`` reads, as a list of dicts beside each outer row.

    For the few lines of a list that a page shows beside its subject; the columns are as JSON has
    them, so :func:`instant` reads a date and time.
    """

    template = "(SELECT %(gathered)s FROM (%(subquery)s) found)"

    def __init__(self, rows: QuerySet[Any], *names: str, **named: Any) -> None:
        super().__init__(rows.values(*names, **named), output_field=JSONField())
        self.names = (*names, *named)

    def as_sqlite(self: Any, compiler: Any, connection: Any) -> Any:
        gathered = f"JSON_GROUP_ARRAY(JSON_OBJECT({self._pairs(connection)}))"
        return self.as_sql(compiler, connection, gathered=gathered)

    def as_postgresql(self: Any, compiler: Any, connection: Any) -> Any:
        gathered = f"COALESCE(JSONB_AGG(JSONB_BUILD_OBJECT({self._pairs(connection)})), '[]')"
        return self.as_sql(compiler, connection, gathered=gathered)

    def _pairs(self, connection: Any) -> str:
        quote = connection.ops.quote_name
        return ", ".join(f"'{name}', found.{quote(name)}" for name in self.names)


def instant(text: str) -> datetime:
    """Read a date and time as a column of :class:`Subrows` has it; SQLite keeps them in UTC."""
    found = parse_datetime(text)
    if found is None:
        raise ValueError(f"“{text}”不是时间。")
    return found if is_aware(found) else found.replace(tzinfo=UTC)
