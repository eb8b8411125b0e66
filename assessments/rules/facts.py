"""Facts as a computation sees them: frozen values, nothing read from anywhere else.

A snapshot holds all that the points follow from, the schemes included, so that the same snapshot
always gives the same lines. What a fact was read from is named by a :class:`Ref`.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from assessments.enums import (
    BonusCategory,
    BonusLevel,
    FactKind,
    Part,
    RuleKind,
    VetoEffect,
    VetoReason,
)
from assessments.rules.canonical import LATER
from organizations.enums import AssessmentClass

# Editions of the rules in code. A stored result is read and computed again by its own.
# 2: an upheld objection names the record that was missing; no figure of last year is said to be so.
# 3: what fell due before the period and was done in it is not charged once more; quarters are
# named 2019年第三季度 also in the names of records.
# 4: what a quarter's objection took back stays so in the year.
# 5: each period answers for its own end and each unit for its own time. What was taken back in a
# quarter and is still open when a later one ends is charged in the year; 上年同期 is a figure of
# the period that it names, not of the day of its paper; a hazard stays with the unit that closed
# it, and each round of a reopened one counts; no record is missing from before the unit was there.
FIRST_EDITION, CHARGED_ONCE, TAKEN_BACK, ITS_OWN_TIME = 1, 3, 4, 5
EDITION = ITS_OWN_TIME


@dataclass(frozen=True, order=True)
class Ref:
    """The record behind a fact: its kind, its key in the database, and its name on screen."""

    kind: str
    key: str
    label: str


@dataclass(frozen=True)
class Due:
    """One thing that had to be done by a day, and when it was; an open one has no ``done_on``.

    ``is_deferred`` is what its own period left out: sent in on time, it still waited for the
    office when that period ended, and was returned afterwards.
    """

    due_on: date
    title: str
    ref: Ref
    done_on: date | None = None
    is_deferred: bool = field(default=False, metadata={LATER: True})

    @property
    def is_missing(self) -> bool:
        return self.done_on is None

    @property
    def is_late(self) -> bool:
        return self.done_on is not None and self.done_on > self.due_on


@dataclass(frozen=True)
class Event:
    """Something that happened on a day and counts by itself."""

    on: date
    title: str
    ref: Ref


@dataclass(frozen=True)
class LongTerm:
    """Long-term work: it has no end to miss, only reports that stop coming."""

    title: str
    ref: Ref
    quiet_days: int
    is_quiet: bool


@dataclass(frozen=True)
class Entered:
    """A fact that the office entered, with its document number.

    ``period`` is the one that a figure of 上年同期 is compared with.
    """

    on: date
    kind: FactKind
    title: str
    document_no: str
    ref: Ref
    count: int = 0
    category: BonusCategory | None = None
    level: BonusLevel | None = None
    topic: str = ""
    period: str = field(default="", metadata={LATER: True})


@dataclass(frozen=True)
class Veto:
    """A decision of 一票否决, with the document that it rests on."""

    decided_on: date
    reason: VetoReason
    effect: VetoEffect
    document_no: str
    ref: Ref


@dataclass(frozen=True)
class Waiver:
    """A loss that an upheld objection (申诉采纳) takes back: one rule and one marked record.

    ``record`` is the kind of fact that its indicator asks for: two indicators can miss the same
    months of different records. ``until`` is the day to which the answer speaks, where the same
    record can fall short once more afterwards.
    """

    rule: RuleKind
    mark: str
    ref: Ref
    record: FactKind | None = field(default=None, metadata={LATER: True})
    until: date | None = field(default=None, metadata={LATER: True})


@dataclass(frozen=True)
class UnitFacts:
    """All that is known about one unit; ``None`` is work that is not asked of it at all.

    ``waiting`` counts tasks whose closing the office still has to review, ``earlier_deaths`` the
    deaths of the year before the period: the 控制指标 is a figure of the whole year. ``since`` is
    the day on which a unit of this year was set up.
    """

    code: str
    name: str
    order: int
    assessment_class: AssessmentClass
    tasks: tuple[Due, ...] = ()
    waiting: int = 0
    long_term: tuple[LongTerm, ...] = ()
    returns: tuple[Event, ...] = ()
    extensions: tuple[Event, ...] = ()
    inspections: tuple[Due, ...] | None = None
    hazards: tuple[Due, ...] | None = None
    entered: tuple[Entered, ...] = ()
    earlier_deaths: int = 0
    vetoes: tuple[Veto, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    since: date | None = field(default=None, metadata={LATER: True})


@dataclass(frozen=True)
class IndicatorRule:
    """One indicator of a scheme; ``rate`` is lost each time, ``excess_rate`` above a limit."""

    number: int
    part: Part
    heading: str
    title: str
    points: Decimal
    rule: RuleKind
    rate: Decimal = Decimal(0)
    excess_rate: Decimal = Decimal(0)
    record: FactKind | None = None
    every_months: int = 3


@dataclass(frozen=True)
class SchemeRules:
    """The rules of one class of units; points of the indicators sum to 100."""

    name: str
    assessment_class: AssessmentClass
    version: int
    indicators: tuple[IndicatorRule, ...]
    excellent_from: Decimal = Decimal(90)
    good_from: Decimal = Decimal(80)
    pass_from: Decimal = Decimal(60)
    is_scaled: bool = True
    bonus_cap: Decimal = Decimal(5)
    honour_cap: Decimal = Decimal(2)
    experience_cap: Decimal = Decimal(2)
    innovation_cap: Decimal = Decimal(2)
    national_points: Decimal = Decimal(2)
    provincial_points: Decimal = Decimal(1)
    city_points: Decimal = Decimal("0.5")
    criticism_points: Decimal = Decimal(2)


@dataclass(frozen=True)
class Snapshot:
    """Everything behind one computation: the period, the rules and the facts of every unit.

    ``due_until`` is the last day whose work had to be done; facts were read as of ``as_of``.
    """

    period: str
    first_day: date
    last_day: date
    due_until: date
    as_of: str
    schemes: tuple[SchemeRules, ...]
    units: tuple[UnitFacts, ...]
    edition: int = field(default=FIRST_EDITION, metadata={LATER: True})
