"""Working days of the state's calendar: weekends, public holidays and 调休 Saturdays.

The State Council publishes each year's arrangement in the November before.  A year that is not
published yet is counted Monday to Friday, and :func:`calendar_note` says so to the reader.
"""

from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays

PUBLISHED_YEARS = frozenset(day.year for day in holidays)
DAY = timedelta(days=1)
SATURDAY = 5


def is_published(year: int) -> bool:
    """Whether the year's holidays are known."""
    return year in PUBLISHED_YEARS


def is_working_day(day: date) -> bool:
    """Whether offices work on ``day``; an unpublished year counts Monday to Friday."""
    if is_published(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < SATURDAY


def first_working_day_after(day: date) -> date:
    """Return the first working day later than ``day``."""
    return plus_working_days(day, 1)


def plus_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``; ``day`` itself is not counted."""
    return _step(day, count, DAY)


def minus_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day before ``day``; ``day`` itself is not counted."""
    return _step(day, count, -DAY)


def _step(day: date, count: int, stride: timedelta) -> date:
    while count > 0:
        day += stride
        count -= is_working_day(day)
    return day


def calendar_note(*days: date) -> str:
    """Say which of the years of ``days`` are counted without their holidays; empty if none is."""
    unknown = sorted({day.year for day in days if not is_published(day.year)})
    if not unknown:
        return ""
    years = "、".join(f"{year}年" for year in unknown)
    return f"{years}放假安排尚未公布，工作日暂按周一至周五计算。"
