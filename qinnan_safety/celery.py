"""The queue: one Celery application for the embedded and the production set-up.

A message is only a doorbell.  What must be done is written in the database by services; tasks
look there, so a lost or doubled message changes nothing.
"""

import os
from typing import Any

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qinnan_safety.settings")

app = Celery("qinnan_safety")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.worker_init.connect
def take_up_interrupted(**_details: Any) -> None:
    """Put back what a killed worker had in hand: on the private queue there is no other worker.

    On a shared queue the messages come back by themselves after the visibility timeout.
    """
    if not settings.QUEUE_URL.startswith("unix:"):
        return
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=10, interval_start=0.2, interval_max=1)
        channel = connection.default_channel
        for tag in channel.client.hkeys(channel.unacked_key):
            channel.qos.restore_by_tag(tag)


@signals.worker_process_init.connect
def die_with_worker(**_details: Any) -> None:
    """A pool process must not outlive its worker."""
    from qinnan_safety.processes import die_with_parent

    die_with_parent()
