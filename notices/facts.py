"""What higher apps tell the reminders about their duties, as plain facts.

``notices`` knows no task and no inspection.  A higher app registers a :class:`Source` in its
``AppConfig.ready``: which kinds of duty it has, which of them are owed on a day (in bounded
chunks), and how given ones stand now.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from notices.enums import Rung
from notices.rules import FactWords, Schedule, Term
from organizations.enums import PostKind


@dataclass(frozen=True)
class Subject:
    """One duty that a unit owes on a date and has not done.

    ``key`` names it for good, e.g. ``task:123``; ``label`` is its short name in a message and
    ``ask`` the sentence that says what to do; ``url`` is the path of its page. ``audience`` names
    who is reminded before the date where that is not as for the whole kind. What ``rests`` lies
    with the head, who is asked already: nobody is reminded of it before its date, and after it
    the ladder begins with the head, who is asked ``ask_head``. ``ask_late`` is what the liaison is
    asked after the date, where that is something else.
    """

    key: str
    kind: str
    unit_id: int
    due_on: date
    starts_on: date | None
    label: str
    title: str
    ask: str
    url: str
    rests: bool = False
    late: str = "逾期"
    ask_head: str = FactWords.ask_head
    ask_late: str = ""
    audience: tuple[PostKind, ...] = ()

    def rests_on(self, today: date) -> bool:
        return self.rests and today <= self.due_on

    @property
    def term(self) -> Term:
        return Term(self.due_on, self.starts_on)

    @property
    def window(self) -> str:
        """The due date a reminder belongs to: a new date is a new series of reminders."""
        return self.due_on.isoformat()

    def wording(self, unit: str) -> FactWords:
        return FactWords(
            self.label, self.title, unit, self.ask, self.late, self.ask_head, self.ask_late
        )

    def addressed(self, kind: "Kind") -> "Kind":
        """Return the kind with those whom this duty is called to mind of."""
        return replace(kind, audience=self.audience) if self.audience else kind

    @property
    def first_rung(self) -> Rung:
        """Where the ladder begins: whoever has the thing in hand is asked first."""
        return Rung.HEAD if self.rests else Rung.LIAISON


@dataclass(frozen=True)
class Kind:
    """One kind of duty: its name, when it is called to mind and who is reminded before.

    ``since`` is what the ladder counts from: a missed date, or where nothing falls due, what
    began on the day that stands for it.
    """

    code: str
    label: str
    schedule: Schedule
    audience: tuple[PostKind, ...] = (PostKind.LIAISON,)
    since: str = "逾期"

    @property
    def words(self) -> str:
        return self.schedule.words(self.since)

    @property
    def has_due_date(self) -> bool:
        return self.since == "逾期"


@dataclass(frozen=True)
class Source:
    """An app's duties.

    ``owed(today, lead_days)`` yields chunks of open subjects that began by ``today`` or, without
    a period, are due within ``lead_days``. ``standing(keys)`` returns those of the keys that are
    still owed, as they stand now; what is missing is done or void. ``of_units(units, until)``
    returns what units owe up to a day, for calendars; without it they stay empty.
    """

    name: str
    kinds: tuple[Kind, ...]
    owed: Callable[[date, int], Iterator[Sequence[Subject]]]
    standing: Callable[[Collection[str]], Mapping[str, Subject]]
    of_units: Callable[[Collection[int], date], Sequence[Subject]] | None = None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add an app's duties; registering the same name again replaces it."""
    _sources[source.name] = source


def sources() -> tuple[Source, ...]:
    return tuple(_sources.values())


def kinds() -> dict[str, Kind]:
    """Return every registered kind by its code."""
    return {kind.code: kind for source in sources() for kind in source.kinds}


def standing(keys: Collection[str]) -> dict[str, Subject]:
    """Return those of ``keys`` that are still owed, asking each source for its own."""
    found: dict[str, Subject] = {}
    for source in sources():
        own = [key for key in keys if key.partition(":")[0] == source.name]
        if own:
            found.update(source.standing(own))
    return found
