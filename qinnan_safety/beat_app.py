"""The scheduler's own application: it sends the names of tasks on time and loads none of them.

Without the models, pages and libraries of the product it takes half the memory of a worker.  Run
with ``celery -A qinnan_safety.beat_app beat``; what it sends and when stands in ``timetable.py``.
"""

import os
from typing import Any

from celery import Celery, signals

from qinnan_safety.timetable import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qinnan_safety.settings")

# Celery's support of Django, a fixup, would load every app; other programs keep their own queue.
app = Celery("qinnan_safety.beat", fixups=[], set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE


@signals.beat_init.connect
def beat_at_once(**_details: Any) -> None:
    """Give the first sign of life at the start, not a tick later."""
    app.send_task("qinnan_safety.heartbeat", expires=60)
    app.send_task("notices.send_reminders", expires=60)


@signals.after_task_publish.connect
def note_beat(sender: str = "", **_details: Any) -> None:
    """Let the scheduler leave a sign of life of its own, apart from the worker's."""
    if sender == "qinnan_safety.heartbeat":
        from qinnan_safety.heartbeat import BEAT, leave_sign

        leave_sign(BEAT)
