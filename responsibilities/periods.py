"""Periods of the calendar: months, quarters, half-years and years as values.

A period's code is what a task stores (``2019Q3``); codes of one frequency sort in time order.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from responsibilities.enums import MONTHS_OF, Frequency

CODE_PATTERN = re.compile(
    r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|-(?P<month>\d\d))?"
)
EVENT_MARK = "E"  # 事件触发的办理件以事件的序号代替期次
QUARTER_NAMES = ("第一季度", "第二季度", "第三季度", "第四季度")
HALF_NAMES = ("上半年", "下半年")


@dataclass(frozen=True, order=True)
class Period:
    """``months`` months of ``year``, the ``index``-th such stretch counted from 1."""

    year: int
    index: int
    months: int

    @classmethod
    def containing(cls, day: date, frequency: Frequency) -> "Period":
        """Return the period of ``frequency`` in which ``day`` falls.

        Raises: KeyError for a frequency that has no periods (一次、长期、定期未定周期、事件触发).
        """
        months = MONTHS_OF[frequency]
        return cls(day.year, (day.month - 1) // months + 1, months)

    @classmethod
    def parse(cls, code: str) -> "Period":
        """Return the period that ``code`` names. Raises: ValueError for anything else."""
        match = CODE_PATTERN.fullmatch(code)
        if match is None:
            raise ValueError(f"“{code}”不是期次，应形如 2019、2019H1、2019Q3 或 2019-09。")
        year = int(match["year"])
        if match["quarter"]:
            return cls(year, int(match["quarter"]), 3)
        if match["half"]:
            return cls(year, int(match["half"]), 6)
        if match["month"]:
            return cls._month(year, int(match["month"]), code)
        return cls(year, 1, 12)

    @classmethod
    def _month(cls, year: int, month: int, code: str) -> "Period":
        if not 1 <= month <= 12:
            raise ValueError(f"“{code}”不是期次，月份应为 01 至 12。")
        return cls(year, month, 1)

    @property
    def code(self) -> str:
        if self.months == 12:
            return f"{self.year:04d}"
        if self.months == 1:
            return f"{self.year:04d}-{self.index:02d}"
        return f"{self.year:04d}{'Q' if self.months == 3 else 'H'}{self.index}"

    @property
    def label(self) -> str:
        """The period in words, e.g. 2019年第三季度."""
        if self.months == 12:
            return f"{self.year}年"
        if self.months == 1:
            return f"{self.year}年{self.index}月"
        names = QUARTER_NAMES if self.months == 3 else HALF_NAMES
        return f"{self.year}年{names[self.index - 1]}"

    @property
    def first_day(self) -> date:
        return date(self.year, (self.index - 1) * self.months + 1, 1)

    @property
    def last_day(self) -> date:
        month = self.index * self.months
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def next(self) -> "Period":
        """Return the period that follows at once."""
        day = self.last_day + timedelta(days=1)
        return Period(day.year, (day.month - 1) // self.months + 1, self.months)

    def previous(self) -> "Period":
        """Return the period that ended the day before."""
        day = self.first_day - timedelta(days=1)
        return Period(day.year, (day.month - 1) // self.months + 1, self.months)


def periods_between(first: date, last: date, frequency: Frequency) -> Iterator[Period]:
    """Yield the periods that contain any day from ``first`` to ``last``, both counted."""
    period = Period.containing(first, frequency)
    while period.first_day <= last:
        yield period
        period = period.next()


def period_label(code: str) -> str:
    """Return the words for a stored period code or event; a once-off task has neither."""
    if code.startswith(EVENT_MARK):
        return f"第{code.removeprefix(EVENT_MARK)}号事件"
    return Period.parse(code).label if code else ""
