"""How a task is fulfilled when no report fulfils it, as the app that knows the other way says.

The apps above register their way when they start (``AppConfig.ready``); this app only leads there.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse

from responsibilities.enums import FulfilledBy

if TYPE_CHECKING:
    from responsibilities.models import Obligation


class Slot(NamedTuple):
    """What a task of another way asks of a unit: so many ``times`` in a period."""

    unit_id: int
    period: str
    times: int


@dataclass(frozen=True)
class Way:
    """Where the work on a task is done instead of on the report page, and what reminders ask.

    ``in_other_hands`` picks the slots in which the unit's liaison has done their part and the head
    is asked; nobody is reminded of the task until its date, and after it the head is asked first,
    in the words of ``ask_head``. ``for_heads`` says that heads are reminded beside the liaison.
    ``ask_late`` is what can still be asked once the date is past, where that is something else.
    """

    label: str
    address: str
    refusal: str
    ask: str
    in_other_hands: Callable[[Collection[Slot]], Collection[Slot]] | None = None
    ask_head: str = ""
    ask_late: str = ""
    for_heads: bool = False

    @property
    def url(self) -> str:
        return reverse(self.address)


_ways: dict[str, Way] = {}


def register_way(kind: FulfilledBy, way: Way) -> None:
    """Let tasks of rows fulfilled by ``kind`` lead to ``way``."""
    _ways[kind.value] = way


def with_heads(slots: Iterable[tuple[str, Slot]]) -> set[tuple[str, Slot]]:
    """Return those of ``(how it is fulfilled, slot)`` in which the head is asked: each other way
    says so once for all."""
    asked: dict[str, set[Slot]] = defaultdict(set)
    for kind, slot in slots:
        asked[kind].add(slot)
    return {
        (kind, slot)
        for kind, wanted in asked.items()
        if (way := way_by(kind)) is not None and way.in_other_hands is not None
        for slot in way.in_other_hands(wanted)
    }


def way_of(row: "Obligation") -> Way | None:
    """Return the other way in which the row's tasks are fulfilled; None when reports fulfil it."""
    return way_by(row.fulfilled_by)


def way_by(kind: str) -> Way | None:
    """Return the way of tasks fulfilled by ``kind``; None when reports fulfil them."""
    return _ways.get(kind)
