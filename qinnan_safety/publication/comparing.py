"""What a new edition changes against the one before: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qinnan_safety.publication.fields import BY_NAME, KEYS, TABLES

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """A row whose published words or numbers change: (column, before, after)."""

    name: str
    cells: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True)
class TableDiff:
    """One table: rows that come, go and change; columns that come and go."""

    label: str
    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[Change, ...]
    opened: tuple[str, ...]
    closed: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        return not (self.added or self.gone or self.changed or self.opened or self.closed)


def compare(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[TableDiff]:
    """Compare two snapshots table by table; without one before, everything is new."""
    old = before or {"open": [], "tables": {}}
    return [_table(table, old, after) for table in TABLES]


def _table(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> TableDiff:
    key = KEYS[table]
    before, after = (_by_key(side, table, key) for side in (old, new))
    was, now = (
        [n for n in side["open"] if BY_NAME[n].table == table] if side["open"] else []
        for side in (old, new)
    )
    both = [BY_NAME[name] for name in now if name in was]
    changed = []
    for code, row in after.items():
        if code in before:
            cells = tuple(
                (f.label, before[code][f.key], row[f.key])
                for f in both
                if before[code][f.key] != row[f.key]
            )
            if cells:
                changed.append(Change(_name(row), cells))
    return TableDiff(
        label=TABLES[table],
        added=tuple(_name(row) for code, row in after.items() if code not in before),
        gone=tuple(_name(row) for code, row in before.items() if code not in after),
        changed=tuple(changed),
        opened=tuple(BY_NAME[n].label for n in now if was and n not in was),
        closed=tuple(BY_NAME[n].label for n in was if n not in now),
    )


def _by_key(side: Mapping[str, Any], table: str, key: Sequence[str]) -> dict[tuple[str, ...], Row]:
    """Index a table by its key; editions that name one plan only name it once for all rows."""
    rows = (
        {"plan": side["plan"], **row} if table == "obligations" else row
        for row in side["tables"].get(table, [])
    )
    return {tuple(str(row[name]) for name in key): row for row in rows}


def _name(row: Row) -> str:
    return str(row["unit"]) if "unit" in row else f"{row['code']} {row['title']}"
