"""The scheduler that a clock put back cannot silence.

Celery keeps when each entry last ran.  After a clock that stood ahead is put right, that time lies
in the future, and the entry would wait for it: days, or months.
"""

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler

SLACK = timedelta(seconds=5)
# Celery looks for the next run of a nightly entry on the days after the last one only.
LONG_AGO = timedelta(days=2)


class Scheduler(PersistentScheduler):  # type: ignore[misc]  # Celery has no types
    """Takes an entry that last ran in the future for one that is due: every task may run twice."""

    def tick(self, *args: Any, **options: Any) -> Any:
        if self.forget_the_future():
            self._heap = None
        return super().tick(*args, **options)

    def forget_the_future(self) -> int:
        """Let entries that claim to have run later than now run now. Returns: how many."""
        now = self.app.now()
        ahead = [
            entry
            for entry in self.schedule.values()
            if entry.last_run_at is not None and entry.last_run_at > now + SLACK
        ]
        for entry in ahead:
            entry.last_run_at = now - LONG_AGO
        return len(ahead)
