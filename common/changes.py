"""History rows as sentences: what changed, from what to what, by whom and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

# 只为并发或汇总而存的列,读者不用看。
UNSPOKEN = frozenset({"id", "version"})
# 同类记录靠这些列互相区分。
TELLING = frozenset({"role", "unit", "provision", "period"})
# 一次办理新增或撤下同类记录超过这个数,只说件数。
LISTED = 4
CREATED, CHANGED, REMOVED = "+", "~", "-"


@dataclass(frozen=True)
class Change:
    """One field before and after, in words."""

    label: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        if not self.before:
            return f"{self.label}定为“{self.after}”"
        if not self.after:
            return f"清空{self.label}(原为“{self.before}”)"
        return f"{self.label}由“{self.before}”改为“{self.after}”"


@dataclass(frozen=True)
class Entry:
    """One history row: the record's name, what was done to it and the changes."""

    at: datetime
    actor: str
    reason: str
    kind: str
    noun: str
    told: str = ""
    changes: tuple[Change, ...] = field(default=())

    @property
    def subject(self) -> str:
        return f"{self.noun} {self.told}" if self.told else self.noun

    @property
    def sentence(self) -> str:
        """The entry in one sentence without actor and time, e.g. 任务:到期日由…改为…。"""
        if self.kind == CREATED:
            return f"新增{self.subject}"
        if self.kind == REMOVED:
            return f"撤下{self.subject}"
        return f"{self.subject}:{','.join(change.sentence for change in self.changes)}"


def spoken(value: Any, column: "models.Field[Any, Any]", names: dict[Any, str]) -> str:
    """Return a stored value as the office would say it; empty for nothing."""
    if value is None or value == "" or value == []:
        return ""
    if column.is_relation:
        return names.get((column.related_model, value), f"编号 {value}")
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    return str(value)


def _columns(model: type[models.Model], recorded: Iterable[str]) -> list[Any]:
    kept = set(recorded)
    return [
        column
        for column in model._meta.concrete_fields
        if column.attname in kept and column.name not in UNSPOKEN
    ]


def related_names(rows: Iterable[Any], model: type[models.Model]) -> dict[Any, str]:
    """Return the names of everything the rows point to: one query per related model."""
    wanted: dict[Any, set[Any]] = {}
    for row in rows:
        for column in model._meta.concrete_fields:
            value = getattr(row, column.attname, None)
            if column.is_relation and value is not None:
                wanted.setdefault(column.related_model, set()).add(value)
    return {
        (related, pk): str(obj)
        for related, pks in wanted.items()
        for pk, obj in related._base_manager.in_bulk(pks).items()
    }


def entries_of(rows: list[Any], model: type[models.Model]) -> Iterator[Entry]:
    """Yield an entry for each history row of ``model``; ``rows`` are in time order.

    Rows of several records may be mixed: each is compared with the one before it of the same
    record. A row that changed nothing a reader would see is left out.
    """
    names = related_names(rows, model)
    last: dict[Any, Any] = {}
    for row in rows:
        previous, last[row.id] = last.get(row.id), row
        kind = row.history_type if previous is not None or row.history_type != CHANGED else CREATED
        changes = _changes(previous, row, model, names) if kind == CHANGED else ()
        if kind == CHANGED and not changes:
            continue
        yield Entry(
            at=row.history_date,
            actor=names_of_actor(row),
            reason=row.history_change_reason or "",
            kind=kind,
            noun=str(model._meta.verbose_name),
            told=_told(row, model, names),
            changes=changes,
        )


def names_of_actor(row: Any) -> str:
    """Return who acted; history rows are read with their user joined."""
    return str(row.history_user) if row.history_user_id else "(未记录)"


def _changes(
    previous: Any, row: Any, model: type[models.Model], names: dict[Any, str]
) -> tuple[Change, ...]:
    recorded = {column.attname for column in row._meta.concrete_fields}
    found = []
    for column in _columns(model, recorded):
        before, after = getattr(previous, column.attname), getattr(row, column.attname)
        if before != after:
            change = Change(
                str(column.verbose_name),
                spoken(before, column, names),
                spoken(after, column, names),
            )
            found.append(change)
    return tuple(found)


def _told(row: Any, model: type[models.Model], names: dict[Any, str]) -> str:
    """Return what tells a record from its like: its role, unit, sentence or period."""
    told = [
        spoken(getattr(row, column.attname), column, names)
        for column in model._meta.concrete_fields
        if column.name in TELLING and hasattr(row, column.attname)
    ]
    return " ".join(part for part in told if part)


@dataclass(frozen=True)
class Act:
    """Everything that one person did at one instant for one reason."""

    at: datetime
    actor: str
    reason: str
    lines: tuple[str, ...]


def acts_of(entries: Iterable[Entry]) -> list[Act]:
    """Group entries that belong to one business act; newest first."""
    grouped: dict[tuple[datetime, str], list[Entry]] = {}
    for entry in entries:
        grouped.setdefault((entry.at, entry.actor), []).append(entry)
    acts = [
        Act(at, actor, _reason(found), tuple(dict.fromkeys(_lines(found))))
        for (at, actor), found in grouped.items()
    ]
    return sorted(acts, key=lambda act: act.at, reverse=True)


def _reason(entries: list[Entry]) -> str:
    return ";".join(dict.fromkeys(entry.reason for entry in entries if entry.reason))


def _lines(entries: list[Entry]) -> Iterator[str]:
    """Yield the sentences of one act; many records of one sort become a count."""
    sorts: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        sorts.setdefault((entry.kind, entry.noun), []).append(entry)
    for (kind, noun), found in sorts.items():
        if len(found) <= LISTED:
            yield from (entry.sentence for entry in found)
        else:
            verb = {CREATED: "新增", REMOVED: "撤下"}.get(kind, "变更")
            yield f"{verb}{noun} {len(found)} 项"
