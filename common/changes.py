"""History rows as sentences: what changed, from what to what, by whom and why.

:func:`entries_of` reads the history rows of one model, :func:`entries_of_trails` those of several
with one look-up of names for all; :func:`acts_of` puts what one person did at one instant together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone

from common.templatetags.display import day

# 只为并发或汇总而存的列，读者不用看。
UNSPOKEN = frozenset({"id", "version"})
# 经办人和经办时间就是这次办理本身，不再作为改动复述；校验值不是给人念的。
STAMPS = ("_at", "_by", "_sha256")
# 同类记录靠这些列互相区分。
TELLING = frozenset({"role", "unit", "provision", "period"})
# 一次办理新增或撤下同类记录超过这个数，只说件数。
LISTED = 4
# 一句话里引得下的字数；更长的改动另列前后对照。
QUOTED = 40
CREATED, CHANGED, REMOVED = "+", "~", "-"
VERBS = {CREATED: "新增", CHANGED: "变更", REMOVED: "撤下"}


@dataclass(frozen=True)
class Change:
    """One field before and after, in words; ``holds`` says of a yes-or-no field how it is now."""

    label: str
    before: str
    after: str
    holds: bool | None = None

    @property
    def is_long(self) -> bool:
        """Whether the texts are too long to quote and should stand side by side instead."""
        return len(self.before) > QUOTED or len(self.after) > QUOTED

    @property
    def sentence(self) -> str:
        if self.holds is not None:
            return f"{'标为' if self.holds else '不再标为'}“{self.label}”"
        if self.is_long:
            verb = "改写" if self.before and self.after else "写明" if self.after else "清空"
            return f"{verb}{self.label}"
        if not self.before:
            return f"{self.label}定为“{self.after}”"
        if not self.after:
            return f"清空{self.label}（原为“{self.before}”）"
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
    record: Any = field(default=None, repr=False, compare=False)

    @property
    def subject(self) -> str:
        return f"{self.noun} {self.told}" if self.told else self.noun

    @property
    def sentence(self) -> str:
        """The entry in one sentence without actor and time, e.g. 任务:到期日由…改为…。"""
        if self.kind == CHANGED and self.changes:
            return f"{self.subject}：{'，'.join(change.sentence for change in self.changes)}"
        return f"{VERBS[self.kind]}{self.subject}"


@dataclass(frozen=True)
class Trail:
    """The history rows of one model in time order, and how to say some of its columns.

    Rows of several records may be mixed: each is compared with the one before it of the same
    record. ``telling`` names the columns that tell records apart, ``sayings`` how to say a column.
    """

    model: type[models.Model]
    rows: list[Any]
    telling: frozenset[str] = TELLING
    sayings: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """Everything that one person did at one instant for one reason."""

    at: datetime
    actor: str
    reason: str
    lines: tuple[str, ...]
    texts: tuple[Change, ...] = ()


Names = Mapping[tuple[Any, Any], str]


def spoken(value: Any, column: "models.Field[Any, Any]", names: Names) -> str:
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
        return f"{day(value)} {timezone.localtime(value):%H:%M}"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    return str(value)


def entries_of(rows: list[Any], model: type[models.Model]) -> Iterator[Entry]:
    """Yield an entry for each history row of ``model``; ``rows`` are in time order.

    A row that changed nothing a reader would see is left out.
    """
    yield from entries_of_trails([Trail(model, rows)])


def entries_of_trails(trails: Iterable[Trail]) -> Iterator[Entry]:
    """Yield the entries of several models; names cost one query per model pointed to."""
    drafts = [draft for trail in trails for draft in _drafts(trail)]
    names = _names_for(drafts)
    for draft in drafts:
        yield draft.entry(names)


@dataclass(frozen=True)
class _Draft:
    """An entry before the records it points to have names."""

    trail: Trail
    row: Any
    kind: str
    raw: tuple[tuple[Any, Any, Any], ...]

    def pointed_to(self) -> Iterator[tuple[Any, Any]]:
        told = [(column, None, getattr(self.row, column.attname)) for column in self._telling()]
        for column, *values in [*self.raw, *told]:
            if column.is_relation:
                yield from ((column.related_model, pk) for pk in values if pk is not None)

    def entry(self, names: Names) -> Entry:
        return Entry(
            at=self.row.history_date,
            actor=name_of_actor(self.row),
            reason=self.row.history_change_reason or "",
            kind=self.kind,
            noun=str(self.trail.model._meta.verbose_name),
            told=" ".join(filter(None, (self._told(column, names) for column in self._telling()))),
            changes=tuple(
                Change(
                    str(column.verbose_name),
                    self._say(before, column, names),
                    self._say(after, column, names),
                    holds=after if isinstance(after, bool) else None,
                )
                for column, before, after in self.raw
            ),
            record=self.row,
        )

    def _telling(self) -> list[Any]:
        return [
            column
            for column in self.trail.model._meta.concrete_fields
            if column.name in self.trail.telling and hasattr(self.row, column.attname)
        ]

    def _told(self, column: Any, names: Names) -> str:
        return self._say(getattr(self.row, column.attname), column, names)

    def _say(self, value: Any, column: Any, names: Names) -> str:
        saying = self.trail.sayings.get(column.name)
        return saying(value) if saying else spoken(value, column, names)


def _drafts(trail: Trail) -> Iterator[_Draft]:
    last: dict[Any, Any] = {}
    for row in trail.rows:
        previous, last[row.id] = last.get(row.id), row
        kind = row.history_type if previous is not None or row.history_type != CHANGED else CREATED
        raw = _differences(previous, row, trail.model) if kind == CHANGED else ()
        if kind != CHANGED or raw:
            yield _Draft(trail, row, kind, raw)


def _differences(
    previous: Any, row: Any, model: type[models.Model]
) -> tuple[tuple[Any, Any, Any], ...]:
    recorded = {column.attname for column in row._meta.concrete_fields}
    return tuple(
        (column, getattr(previous, column.attname), getattr(row, column.attname))
        for column in model._meta.concrete_fields
        if column.attname in recorded
        and column.name not in UNSPOKEN
        and not _is_stamp(column)
        and getattr(previous, column.attname) != getattr(row, column.attname)
    )


def _is_stamp(column: "models.Field[Any, Any]") -> bool:
    """Whether a column says who or when; a choice such as 办结方式 (``fulfilled_by``) does not."""
    return column.name.endswith(STAMPS) and not column.choices


def _names_for(drafts: Iterable[_Draft]) -> dict[tuple[Any, Any], str]:
    wanted: dict[Any, set[Any]] = {}
    for draft in drafts:
        for related, pk in draft.pointed_to():
            wanted.setdefault(related, set()).add(pk)
    return {
        (related, pk): str(obj)
        for related, pks in wanted.items()
        for pk, obj in related._base_manager.in_bulk(pks).items()
    }


def name_of_actor(row: Any) -> str:
    """Return who acted; history rows are read with their user joined."""
    return str(row.history_user) if row.history_user_id else "（未记录）"


def acts_of(entries: Iterable[Entry]) -> list[Act]:
    """Group entries that belong to one business act; newest first."""
    grouped: dict[tuple[datetime, str], list[Entry]] = {}
    for entry in entries:
        grouped.setdefault((entry.at, entry.actor), []).append(entry)
    acts = [
        Act(at, actor, _reason(found), tuple(dict.fromkeys(_lines(found))), _texts(found))
        for (at, actor), found in grouped.items()
    ]
    return sorted(acts, key=lambda act: act.at, reverse=True)


def _reason(entries: list[Entry]) -> str:
    return "；".join(dict.fromkeys(entry.reason for entry in entries if entry.reason))


def _texts(entries: list[Entry]) -> tuple[Change, ...]:
    """Return the long texts of an act, to be shown before and after."""
    return tuple(
        dict.fromkeys(change for entry in entries for change in entry.changes if change.is_long)
    )


def _lines(entries: list[Entry]) -> Iterator[str]:
    """Yield the sentences of one act; many records of one sort become a count."""
    sorts: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        sorts.setdefault((entry.kind, entry.noun), []).append(entry)
    for (kind, noun), found in sorts.items():
        if len(found) <= LISTED:
            yield from (entry.sentence for entry in found)
        else:
            yield f"{VERBS[kind]}{noun} {len(found)} 项"
