"""Working days of the state's calendar: weekends, public holidays and 调休 Saturdays.

The State Council publishes each year's arrangement in the November before.  A year that is not
published yet is counted Monday to Friday without the holidays whose dates the law fixes; those of
the lunar calendar and 调休 come with the arrangement, and :func:`calendar_note` says so to the
reader.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import chinese_calendar
from chinese_calendar.constants import holidays

PUBLISHED_YEARS = frozenset(day.year for day in holidays)
DAY = timedelta(days=1)
SATURDAY = 5
# 日期固定的法定假日（月、日）；春节、清明、端午、中秋要等当年的安排。
# 《全国年节及纪念日放假办法》（国务院令第795号，2025年1月1日起施行）第二条
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
COUNTED = "工作日暂按周一至周五计算，只扣除元旦、劳动节、国庆节"
ANNOUNCED = (11, 15)  # 国务院办公厅一般在 11 月中旬前公布次年的安排


def is_published(year: int) -> bool:
    """Whether the year's holidays are known."""
    return year in PUBLISHED_YEARS


def is_working_day(day: date) -> bool:
    """Whether offices work on ``day``, as far as its year is known."""
    if is_published(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS


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
    """Say which of the years of ``days`` have no arrangement yet; empty if none is like that."""
    years = _unknown_years(day.year for day in days)
    return f"{years}放假安排尚未公布，{COUNTED}。" if years else ""


def calendar_warning(today: date) -> str:
    """Tell the office what to do about an arrangement that should be here by ``today``: this
    year's, and next year's from the middle of November; empty if all is in order."""
    next_is_due = (today.month, today.day) >= ANNOUNCED
    years = _unknown_years(range(today.year, today.year + 1 + next_is_due))
    if not years:
        return ""
    return (
        f"平台里还没有{years}的放假安排，{COUNTED}，按工作日发的提醒都注明。"
        "国务院办公厅公布以后，请运维人员升级放假日历并重启平台（步骤见运行维护文档“放假调休”）。"
    )


def _unknown_years(years: Iterable[int]) -> str:
    return "、".join(f"{year}年" for year in sorted({*years}) if not is_published(year))
