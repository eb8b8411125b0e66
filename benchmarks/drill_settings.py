"""Settings of the drill: the product's own, under a clock that the drill moves, message by
message twice, and slowly enough to be killed in the middle.

The offset stands in a file.  A thread of each process follows it and lets the process see the
wall clock moved; what counts seconds since the start of the machine is left alone.
"""

import os
import threading
import time
from pathlib import Path
from typing import Any

import time_machine
from celery import signals
from kombu import Producer

from qinnan_safety.settings import *  # noqa: F403

QINNAN_TODAY = ""
CLOCK = Path(os.environ["DRILL_CLOCK"])
_began_wall, _began_steady = time.time(), time.monotonic()


def _follow() -> None:
    """Keep the wall clock where the file says."""
    seen, travel = 0.0, None
    while True:
        try:
            offset = float(CLOCK.read_text() or 0)
        except (OSError, ValueError):
            offset = seen
        if offset != seen:
            if travel is not None:
                travel.stop()
                travel = None
            if offset:
                real = _began_wall + time.monotonic() - _began_steady
                travel = time_machine.travel(real + offset, tick=True)
                travel.start()
            seen = offset
        time.sleep(0.1)


def _start_following() -> None:
    threading.Thread(target=_follow, daemon=True).start()


os.register_at_fork(after_in_child=_start_following)
_start_following()

_publish = Producer.publish


def _publish_twice(self: Producer, *args: Any, **options: Any) -> Any:
    _publish(self, *args, **options)
    return _publish(self, *args, **options)


Producer.publish = _publish_twice


@signals.worker_process_init.connect
def _work_slowly(**_details: Any) -> None:
    """Stretch planning and sending, so that kills and clocks hit them in the middle."""
    from notices.services import delivering, planning
    from responsibilities import reminders

    reminders.CHUNK, delivering.BATCH = 25, 20
    store, send = planning._store, delivering._send

    def store_slowly(*args: Any) -> Any:
        time.sleep(0.7)
        return store(*args)

    def send_slowly(*args: Any) -> Any:
        time.sleep(0.5)
        return send(*args)

    planning._store, delivering._send = store_slowly, send_slowly
