"""Days in words, as they stand in sentences, and as they are typed."""

from argparse import ArgumentTypeError
from datetime import date


def full_day(day: date) -> str:
    """Write a day with its year, in figures without padding (GB/T 9704-2012 7.3.5).

    >>> full_day(date(2019, 9, 8))
    '2019年9月8日'
    """
    return f"{day.year}年{short_day(day)}"


def short_day(day: date) -> str:
    """Write a day of a year that the reader knows.

    >>> short_day(date(2019, 9, 8))
    '9月8日'
    """
    return f"{day.month}月{day.day}日"


def typed_day(text: str) -> date:
    """Read a day as it is typed on a command line.

    Raises: ArgumentTypeError, which argparse tells the person who typed it.

    >>> typed_day("2019-09-08")
    datetime.date(2019, 9, 8)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是日期，请写成 2019-09-08 这样。") from None
