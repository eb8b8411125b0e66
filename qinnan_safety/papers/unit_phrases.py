"""How a table names many units: by the plan's own phrase, whose members an annex lists once.

A phrase stands only for units that hold the role, so whoever reads the annex reads every one of
them; units that no phrase covers are named one by one, or by a numbered list.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from organizations.models import Unit, UnitAlias
from responsibilities.as_of import PastRow, as_it_was
from responsibilities.models import Assignment

FEWEST = 4  # 少于这么多家的，逐家写出
NAMED = 8  # 表内逐个写出的单位数，再多列入名单
# 指机关和单位的说法才能写进“牵头单位”“配合单位”，“企业”“媒体”一类不能。
OF_UNITS = re.compile("部门|单位|机关|镇|街道|政府|党委|党政")
HALF_WIDTH = str.maketrans("(),", "（），")


@dataclass(frozen=True)
class Phrase:
    """A phrase of the plan and the units that it stands for in the table."""

    words: str
    units: frozenset[Unit]
    uses: int


@dataclass
class Names:
    """Names the units of cells, and remembers what it named by a phrase or a list."""

    phrases: Sequence[Phrase]
    used: dict[str, list[Unit]] = field(default_factory=dict)
    lists: dict[tuple[Unit, ...], str] = field(default_factory=dict)

    def name(self, units: Sequence[Unit], others: Iterable[Unit]) -> str:
        """Name the units of one role of a row; ``others`` hold its other roles."""
        left, phrases = set(units), list[Phrase]()
        while phrase := self._largest(left, set(others)):
            phrases.append(phrase)
            self.used.setdefault(phrase.words, in_order(phrase.units))
            left -= phrase.units
        said = [phrase.words for phrase in sorted(phrases, key=_place)]
        rest = in_order(left)
        said += [self._list(rest)] if len(rest) > NAMED else [unit.short_name for unit in rest]
        return "、".join(said)

    def _largest(self, units: set[Unit], others: set[Unit]) -> Phrase | None:
        """The phrase that covers most of the units and means no unit that has no role at all."""
        fitting = [
            phrase
            for phrase in self.phrases
            if len(phrase.units & units) >= FEWEST and phrase.units - others <= units
        ]
        return max(
            fitting,
            key=lambda found: (
                len(found.units & units),
                found.uses,
                -len(found.words),
                found.words,
            ),
            default=None,
        )

    def _list(self, units: Sequence[Unit]) -> str:
        number = f"名单{len(self.lists) + 1}"
        number = self.lists.setdefault(tuple(units), number)
        return f"{units[0].short_name}等{len(units)}家（{number}）"

    @property
    def listed(self) -> list[tuple[str, Sequence[Unit]]]:
        """Every phrase and list that was used, with its units, in the order of its first use."""
        return [*self.used.items(), *((number, units) for units, number in self.lists.items())]


def _place(phrase: Phrase) -> int:
    return min(unit.order for unit in phrase.units)


def read_names(rows: Sequence[PastRow], day: date) -> Names:
    """Return the phrases of the rows as they were on ``day``."""
    units = {unit.pk: unit for row in rows for unit in (*row.leads, *row.assists)}
    held = as_it_was(Assignment, day).filter(
        obligation_id__in=[row.obligation.pk for row in rows], alias_id__isnull=False
    )
    words = _words_of()
    members: dict[str, set[Unit]] = {}
    uses: Counter[str] = Counter()
    for alias, unit in held.values_list("alias_id", "unit_id"):
        if unit in units and OF_UNITS.search(words[alias]):
            members.setdefault(words[alias], set()).add(units[unit])
            uses[words[alias]] += 1
    return Names([Phrase(said, frozenset(found), uses[said]) for said, found in members.items()])


def _words_of() -> Mapping[int, str]:
    return {alias.pk: alias.phrase.translate(HALF_WIDTH) for alias in UnitAlias.objects.all()}


def in_order(units: Iterable[Unit]) -> list[Unit]:
    """Return units in official order, each once."""
    return sorted(dict.fromkeys(units), key=lambda unit: (unit.order, unit.pk))
