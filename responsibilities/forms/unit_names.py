"""A field that takes units by name, 区住建局、区应急局, or by a phrase of the text for many."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from organizations.models import AliasMember, Unit, UnitAlias, valid_on

Member = tuple[Unit, UnitAlias | None]
HALF_WIDTH = str.maketrans("（），；：", "(),;:")
SEPARATORS = frozenset("、,;\n\r")


def split_names(text: str) -> list[str]:
    """Cut a list of names at 、，； and line ends, but never inside brackets: 各镇（场、街道）."""
    names, depth, name = [], 0, ""
    for char in text:
        plain = char.translate(HALF_WIDTH)
        depth += {"(": 1, ")": -1}.get(plain, 0)
        if plain in SEPARATORS and depth <= 0:
            names.append(name)
            name = ""
        else:
            name += char
    return list(dict.fromkeys(found for found in (n.strip() for n in [*names, name]) if found))


class UnitNames:
    """Units in force on a day and the phrases of the text, by every name that they go by."""

    def __init__(self, day: date) -> None:
        self._units: dict[str, Unit] = {}
        self._phrases: dict[str, list[Member]] = {}
        units = list(Unit.objects.on(day))
        for unit in units:
            for name in (unit.name, unit.short_name, unit.full_name, unit.code):
                self._units.setdefault(_plain(name), unit)
        members = AliasMember.objects.filter(valid_on(day), unit__in=units)
        for member in members.select_related("alias", "unit"):
            held = self._phrases.setdefault(_plain(member.alias.phrase), [])
            held.append((member.unit, member.alias))
        self.listed = [unit.name for unit in units]
        self.phrases = sorted({held[0][1].phrase for held in self._phrases.values() if held[0][1]})

    def find(self, name: str) -> list[Member]:
        """Return the unit or the units that ``name`` stands for; none for an unknown name."""
        plain = _plain(name.lstrip("@"))
        if plain in self._units:
            return [(self._units[plain], None)]
        return self._phrases.get(plain, [])

    def suggestions(self) -> Iterator[str]:
        """Yield what the page offers while typing: phrases first, they stand for many units."""
        yield from self.phrases
        yield from self.listed


class UnitNamesField(forms.CharField):
    """Returns (unit, phrase) pairs, each unit once; an unknown name is an error that names it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.names: UnitNames | None = None

    def clean(self, value: Any) -> list[Member]:
        text = super().clean(value)
        found: dict[int, Member] = {}
        unknown = []
        for name in split_names(text):
            members = self.names.find(name) if self.names else []
            if not members:
                unknown.append(name)
            for unit, alias in members:
                found.setdefault(unit.pk, (unit, alias))
        if unknown:
            raise ValidationError(
                f"没有找到单位“{'、'.join(unknown)}”，请填写现有单位的名称、简称或条文称谓。"
            )
        return list(found.values())


def _plain(name: str) -> str:
    return "".join(name.split()).translate(HALF_WIDTH)
