"""A few rows of another table along with a row, in the same statement."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import JSONField, QuerySet, Subquery
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware


class KeptSubquery(Subquery):
    """A subquery whose SQL is put together once, however often a kept question asks it.

    Django resolves it when it is annotated and never changes it after that; a copy starts anew.
    """

    def as_sql(self, compiler: Any, connection: Any, *given: Any, **named: Any) -> Any:
        kept = self.__dict__.setdefault("kept", {})
        if connection.vendor not in kept:
            sql, params = super().as_sql(compiler, connection, *given, **named)
            kept[connection.vendor] = sql, tuple(params)
        return kept[connection.vendor]

    def copy(self) -> "KeptSubquery":
        clone: KeptSubquery = super().copy()
        clone.__dict__.pop("kept", None)
        return clone


class Subrows(KeptSubquery):
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
