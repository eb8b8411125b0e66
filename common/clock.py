"""The business date: the one place that may ask what day it is.

Views, tasks and commands call :func:`today` once and pass the date down. ``QINNAN_TODAY`` fixes it
for demonstrations, tests and drills; instants (:func:`now`) then fall on that date at the real
time of day, so that stamps and deadlines tell one story.
"""

import time as machine
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from platform import node

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """Return the business date in Asia/Shanghai, or the date fixed by ``QINNAN_TODAY``."""
    fixed = settings.QINNAN_TODAY
    return date.fromisoformat(fixed) if fixed else timezone.localdate()


@contextmanager
def standing_at(day: date | None) -> Iterator[None]:
    """Let ``day`` be the business date inside, as ``QINNAN_TODAY`` would; None changes nothing."""
    before = settings.QINNAN_TODAY
    settings.QINNAN_TODAY = day.isoformat() if day else before
    try:
        yield
    finally:
        settings.QINNAN_TODAY = before


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


@dataclass(frozen=True)
class Reading:
    """What a host's clocks say: ``wall`` can be set wrong, ``steady`` counts seconds since the
    start of the machine named by ``host`` and cannot."""

    host: str
    wall: float
    steady: float


def reading() -> Reading:
    """Read both clocks of this host; the business date has no part in it."""
    return Reading(_host(), machine.time(), machine.clock_gettime(_STEADY))


_STEADY = getattr(machine, "CLOCK_BOOTTIME", machine.CLOCK_MONOTONIC)


@cache
def _host() -> str:
    started = Path("/proc/sys/kernel/random/boot_id")
    return started.read_text().strip() if started.exists() else node()
