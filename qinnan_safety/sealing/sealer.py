"""Closing stretches of the history: what is sealed can no longer be changed unnoticed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Max

from qinnan_safety.models import HistorySeal, SealCount
from qinnan_safety.sealing.anchor import append_anchor, read_anchor
from qinnan_safety.sealing.digests import (
    START,
    columns_of,
    history_of,
    row_digest,
    seal_digest,
    tracked_models,
)

STRETCH = 1000  # 一段封条至多含的行数


def seal_history(*, at: datetime) -> int:
    """Seal every history row that is not sealed yet, and anchor the seals.

    A table that is being written to for too long is left to the next run; two runs at once make
    no second seal. Returns: the number of rows sealed.
    """
    sealed = sum(_seal_table(history_of(model), at) for model in tracked_models())
    _anchor_new()
    return sealed


def _seal_table(history: Any, at: datetime) -> int:
    sealed = 0
    try:
        end = _settled_end(history)
        for seal in _seals(history, end, at):
            with transaction.atomic():
                seal.save(force_insert=True)
                SealCount.objects.update_or_create(table=seal.table, defaults={"made": seal.number})
            sealed += len(seal.rows)
    except (IntegrityError, OperationalError):
        return sealed  # another run is at it, or a writer holds the table: the next run goes on
    return sealed


def _settled_end(history: Any) -> int:
    """Return the last row's number once no earlier row can still appear before it.

    PostgreSQL gives out numbers before rows are committed, so writers are waited for a moment;
    SQLite has one writer at a time.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            table = connection.ops.quote_name(history._meta.db_table)
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        return int(history.objects.aggregate(end=Max("history_id"))["end"] or 0)


def _seals(history: Any, end: int, at: datetime) -> Iterator[HistorySeal]:
    table, columns = history._meta.label_lower, columns_of(history)
    last = HistorySeal.objects.filter(table=table).order_by("-number").first()
    number, previous, after = (last.number, last.digest, last.last_id) if last else (0, START, -1)
    count = SealCount.objects.filter(table=table).first()
    number = max(number, count.made) if count else number  # what is gone leaves a gap for ever
    place = columns.index("history_id")
    while True:
        found = history.objects.filter(history_id__gt=after, history_id__lte=end)
        values = list(found.order_by("history_id").values_list(*columns)[:STRETCH])
        if not values:
            return
        rows = [[line[place], row_digest(line)] for line in values]
        number, previous = number + 1, seal_digest(previous, columns, rows)
        after = rows[-1][0]
        yield HistorySeal(
            table=table,
            number=number,
            columns=columns,
            rows=rows,
            last_id=after,
            digest=previous,
            sealed_at=at,
        )


def _anchor_new() -> None:
    """Add the seals that were never anchored; what once was is not written a second time, so a
    line that is gone stays missed."""
    counts = {count.table: count for count in SealCount.objects.all()}
    known = {table: count.anchored for table, count in counts.items()}
    for line in read_anchor():
        known[line.table] = max(known.get(line.table, 0), line.number)
    seals = HistorySeal.objects.order_by("table", "number").defer("rows", "columns")
    new = [seal for seal in seals if seal.number > known.get(seal.table, 0)]
    append_anchor(new)
    for table, number in {seal.table: seal.number for seal in new}.items():
        counts[table].anchored = number
        counts[table].save()
