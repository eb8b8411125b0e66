"""The filter bar of the ledger as it is drawn: fields to choose in, and menus to arrange by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from organizations.access import Access
from responsibilities.filters import (
    ARRANGING,
    DUE_WORDS,
    NAMES,
    Choices,
    Filters,
    words_of,
)

COMMON = ("lamp", "unit", "role", "clause", "due")
COMMON_OF_UNIT = ("lamp", "role", "clause", "due")


@dataclass(frozen=True)
class Select:
    """A field with a list to choose from; the empty choice bears the name of the field."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Menu:
    """A way to arrange the rows: what is in force, and links to the others."""

    name: str
    label: str
    current: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class Bar:
    """The fields at hand, those behind 更多条件, and the menus."""

    common: tuple[Select, ...]
    further: tuple[Select, ...]
    menus: tuple[Menu, ...]
    before: str


def bar_of(filters: Filters, choices: Choices, *, access: Access) -> Bar:
    """Lay out what the person can filter and arrange by; units are offered to nobody in a unit."""
    further = ["section", "deadline", "frequency"]
    if access.sees_all:
        further.append("state")
    if len(choices.plans) > 1:
        further.append("plan")
    common = COMMON if access.sees_all else COMMON_OF_UNIT
    due = {word: f"{label}内到期" for word, (label, _) in DUE_WORDS.items()}
    lists = words_of(choices) | {"due": due}
    return Bar(
        tuple(_select(name, filters, lists[name]) for name in common),
        tuple(_select(name, filters, lists[name]) for name in further),
        tuple(_menus(filters)),
        "" if filters.due in DUE_WORDS else filters.due,
    )


def _select(name: str, filters: Filters, options: Mapping[str, str]) -> Select:
    return Select(name, NAMES[name], getattr(filters, name), tuple(options.items()))


def _menus(filters: Filters) -> Iterator[Menu]:
    for name, (label, words, _) in ARRANGING.items():
        chosen = getattr(filters, name)
        yield Menu(
            name,
            label,
            words[chosen],
            tuple(
                (word, filters.query(**{name: value}), value == chosen)
                for value, word in words.items()
            ),
        )
