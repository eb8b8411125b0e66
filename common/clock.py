"""The business date: the one place that may ask what day it is.

Views, tasks and commands call :func:`today` once and pass the date down. ``QINNAN_TODAY`` fixes it
for demonstrations, tests and drills; instants (:func:`now`) then fall on that date at the real
time of day, so that stamps and deadlines tell one story.
"""

from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """Return the business date in Asia/Shanghai, or the date fixed by ``QINNAN_TODAY``."""
    fixed = settings.QINNAN_TODAY
    return date.fromisoformat(fixed) if fixed else timezone.localdate()


def now() -> datetime:
    """Return the current aware instant, moved to the fixed business date if there is one."""
    instant = timezone.localtime()
    if settings.QINNAN_TODAY:
        day = today()
        return instant.replace(year=day.year, month=day.month, day=day.day)
    return instant


def day_of(instant: datetime) -> date:
    """Return the day in Asia/Shanghai on which ``instant`` falls."""
    return timezone.localtime(instant).date()


def morning_of(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return an office-hours instant of ``day``, for acts that are dated by hand."""
    return datetime.combine(day, time(hour, minute), timezone.get_default_timezone())
