"""Units by name: written as the office writes them, read back as people type them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import NamedTuple, NoReturn

from common.errors import DomainError
from organizations.models import AliasMember, Unit, UnitAlias, valid_on

Pair = tuple[Unit, UnitAlias | None]

CLOSE = 3  # 认不出的名称最多提示几个相近的
_SEPARATORS = "、,;\n"


def squashed(text: str) -> str:
    """Return ``text`` without spaces and differences of width, for comparing names."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def split_names(text: str) -> list[str]:
    """Cut a list of names at 、，； and line ends, never inside brackets: 各镇（场、街道）."""
    names, current, depth = [], "", 0
    for char in text:
        plain = unicodedata.normalize("NFKC", char)
        depth = max(0, depth + (plain == "(") - (plain == ")"))
        if plain in _SEPARATORS and depth == 0:
            names.append(current)
            current = ""
        else:
            current += char
    names.append(current)
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


class Held(NamedTuple):
    """One unit in one role of a row."""

    unit: int
    role: str
    alias: int | None


@dataclass(frozen=True)
class UnitNames:
    """Names of units and phrases of the text as they stand on one day."""

    everyone: dict[int, Unit]
    units: dict[str, list[Unit]]
    gone: dict[str, Unit]
    phrases: dict[str, UnitAlias]
    members: dict[int, list[Unit]]

    @classmethod
    def on(cls, day: date) -> "UnitNames":
        """Read the names in force on ``day``: three statements."""
        everyone = {unit.pk: unit for unit in Unit.objects.order_by("order", "pk")}
        units: dict[str, list[Unit]] = {}
        gone: dict[str, Unit] = {}
        for unit in everyone.values():
            names = {unit.name, unit.short_name, unit.full_name, unit.code}
            for name in {squashed(name) for name in names} - {""}:
                if unit.is_valid_on(day):
                    units.setdefault(name, []).append(unit)
                else:
                    gone[name] = unit
        members: dict[int, list[Unit]] = {}
        for alias, pk in AliasMember.objects.filter(valid_on(day)).values_list("alias", "unit"):
            if everyone[pk].is_valid_on(day):
                members.setdefault(alias, []).append(everyone[pk])
        known = UnitAlias.objects.filter(pk__in=members)
        phrases = {squashed(alias.phrase): alias for alias in known}
        return cls(everyone, units, gone, phrases, members)

    @cached_property
    def _wholes(self) -> dict[int, tuple[str, frozenset[int]]]:
        return {
            alias.pk: (alias.phrase, frozenset(unit.pk for unit in self.members[alias.pk]))
            for alias in self.phrases.values()
        }

    def said(self, held: Sequence[Held], elsewhere: Iterable[int] = ()) -> str:
        """Return units in official order; a phrase of the text stands for all it means.

        ``elsewhere`` are the units of the row in a stronger role, which the phrase also covers.
        """
        present = {item.unit for item in held} | set(elsewhere)
        whole: dict[int | None, str] = {}
        for alias in {item.alias for item in held if item.alias in self._wholes}:
            phrase, meant = self._wholes[alias]
            if meant <= present:
                whole[alias] = phrase
        ranked = sorted(held, key=lambda item: (self.everyone[item.unit].order, item.unit))
        names = [whole.get(item.alias) or self.everyone[item.unit].name for item in ranked]
        return "、".join(dict.fromkeys(names))

    def suggestions(self) -> Iterator[str]:
        """Yield what a page offers while typing: phrases first, they stand for many units."""
        yield from sorted(alias.phrase for alias in self.phrases.values())
        yield from dict.fromkeys(unit.name for held in self.units.values() for unit in held)

    def find(self, name: str) -> list[Pair]:
        """Return the unit or the units that ``name`` stands for; none if it names none for sure."""
        key = squashed(name.lstrip("@"))
        if units := self.units.get(key):
            return [(unit, None) for unit in units] if len(units) == 1 else []
        alias = self.phrases.get(key)
        return [(unit, alias) for unit in self.members[alias.pk]] if alias else []

    def is_strange(self, name: str) -> bool:
        """Whether no unit of any day and no phrase goes by ``name``."""
        key = squashed(name.lstrip("@"))
        return key not in self._known and key not in self.gone

    def resolve(self, text: str) -> list[Pair]:
        """Return the units that a text names, each once, in the order given.

        Raises: DomainError naming what is unknown, with close names, or what is gone.
        """
        found: dict[int, Pair] = {}
        for name in [text] if squashed(text) in self._known else split_names(text):
            for unit, alias in self.find(name) or self._refuse(name):
                found.setdefault(unit.pk, (unit, alias))
        return list(found.values())

    @property
    def _known(self) -> set[str]:
        return self.units.keys() | self.phrases.keys()

    def _refuse(self, name: str) -> NoReturn:
        key = squashed(name)
        if units := self.units.get(key):
            codes = "、".join(unit.code for unit in units)
            raise DomainError(f"“{name}”对应不止一个单位，请改填单位代码：{codes}。")
        if key in self.gone:
            raise DomainError(self._said_gone(name, self.gone[key]))
        close = self._close(key)
        hint = f"相近的有：{'、'.join(close)}。" if close else "请到“单位人员”查看单位名称。"
        raise DomainError(f"没有叫“{name}”的单位或条文称谓，{hint}")

    def _said_gone(self, name: str, unit: Unit) -> str:
        heir = self.everyone.get(unit.successor_id or 0)
        hint = f"由{heir}承接，请改填承接单位。" if heir else "请改填现有单位。"
        return f"“{name}”已撤销或尚未设立，{hint}"

    def _close(self, key: str) -> list[str]:
        """Return official names: those that contain ``key``, then those that look like it."""
        inside = [name for name in sorted(self._known) if len(key) > 1 and key in name]
        alike = get_close_matches(key, sorted(self._known), n=CLOSE, cutoff=0.6)
        shown = [self._official(name) for name in [*inside[:CLOSE], *alike]]
        return list(dict.fromkeys(shown))[:CLOSE]

    def _official(self, key: str) -> str:
        return self.units[key][0].name if key in self.units else self.phrases[key].phrase
