"""What the scheduler does for inspections."""

from celery import shared_task

from common import clock
from inspections.services.settling import settle_open_tasks
from organizations.services.people import get_system_user


@shared_task(name="inspections.settle_tasks")
def settle_tasks() -> int:
    """Close tasks that were laid out after the inspection that fulfils them was confirmed."""
    return settle_open_tasks(actor=get_system_user(), at=clock.now())
