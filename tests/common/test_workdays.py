"""Working days counted by hand on the calendars of 2019, 2020, 2024, 2025 and 2027."""

from datetime import date

import pytest

from common.workdays import (
    calendar_note,
    calendar_warning,
    is_working_day,
    minus_working_days,
    plus_working_days,
)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2019, 3, 31), date(2019, 4, 1)),  # a Sunday; Monday works
        (date(2019, 6, 30), date(2019, 7, 1)),
        (date(2019, 9, 30), date(2019, 10, 8)),  # National Day 10-01 to 10-07
        (date(2019, 12, 31), date(2020, 1, 2)),  # New Year's Day, a Wednesday
        (date(2020, 2, 29), date(2020, 3, 2)),  # a leap day, a Saturday
        (date(2024, 2, 29), date(2024, 3, 1)),  # a leap day, a Thursday
        (date(2019, 9, 27), date(2019, 9, 29)),  # 调休: Sunday 29 September 2019 works
        (date(2020, 1, 23), date(2020, 2, 3)),  # the Spring Festival that was made longer
    ],
)
def test_the_first_working_day_after_the_end_of_a_period(due: date, expected: date) -> None:
    assert plus_working_days(due, 1) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        # 2019-09: 29 (Sun, 调休), 27 Fri, 26, 25, 24 Tue
        (date(2019, 9, 30), date(2019, 9, 24)),
        # 2019-12: 30 Mon, 27, 26, 25, 24 Tue
        (date(2019, 12, 31), date(2019, 12, 24)),
        # 2024-03: 1 Fri, then 29 February Thu, 28, 27, 26 Mon
        (date(2024, 3, 4), date(2024, 2, 26)),
        # 2020-06-30: 29 Mon, 28 (Sun, 调休), 24 Wed (25–27 Dragon Boat), 23, 22 Mon
        (date(2020, 6, 30), date(2020, 6, 22)),
        # 2025-10-08 is a holiday: 30 September Tue, 29, 28 (Sun, 调休), 26 Fri, 25 Thu
        (date(2025, 10, 8), date(2025, 9, 25)),
    ],
)
def test_five_working_days_before(due: date, expected: date) -> None:
    assert minus_working_days(due, 5) == expected


def test_a_saturday_of_work_is_counted_and_a_friday_of_rest_is_not() -> None:
    assert is_working_day(date(2019, 10, 12))  # Saturday, 调休
    assert not is_working_day(date(2019, 10, 4))  # Friday of National Day
    # 11 Fri, 12 Sat, 14 Mon
    assert plus_working_days(date(2019, 10, 10), 3) == date(2019, 10, 14)


@pytest.mark.parametrize(
    ("after", "count", "expected"),
    [
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # New Year's Day, a Friday
        (date(2029, 4, 30), 1, date(2029, 5, 3)),  # Labour Day, Tuesday and Wednesday
        (date(2029, 9, 28), 1, date(2029, 10, 4)),  # a weekend, then National Day Mon to Wed
        (date(2027, 9, 30), 1, date(2027, 10, 4)),  # Fri to Sun; what makes up for them is unknown
        (date(2029, 2, 12), 1, date(2029, 2, 13)),  # Spring Festival: not before it is published
        # 2029-10-04 Thu: 28 September Fri, 27, 26, 25, 24 Mon
        (date(2029, 10, 4), -5, date(2029, 9, 24)),
    ],
)
def test_a_year_not_published_counts_monday_to_friday_without_the_fixed_holidays(
    monkeypatch: pytest.MonkeyPatch, after: date, count: int, expected: date
) -> None:
    monkeypatch.setattr("common.workdays.PUBLISHED_YEARS", range(2004, 2027))

    step = plus_working_days if count > 0 else minus_working_days

    assert step(after, abs(count)) == expected


def test_a_day_of_a_year_not_published_says_so() -> None:
    assert calendar_note(date(2019, 9, 30), date(2099, 10, 8)) == (
        "2099年放假安排尚未公布，工作日暂按周一至周五计算，只扣除元旦、劳动节、国庆节。"
    )
    assert calendar_note(date(2019, 9, 30)) == ""


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 11, 14), ""),
        (date(2026, 11, 15), "2027年"),
        (date(2027, 3, 1), "2027年"),
        (date(2027, 12, 1), "2027年、2028年"),
    ],
)
def test_the_office_is_told_when_the_next_arrangement_should_be_here(
    monkeypatch: pytest.MonkeyPatch, today: date, years: str
) -> None:
    monkeypatch.setattr("common.workdays.PUBLISHED_YEARS", range(2004, 2027))

    said = calendar_warning(today)

    assert said.startswith(f"平台里还没有{years}的放假安排" if years else "")
    assert bool(said) == bool(years)
