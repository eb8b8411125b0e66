"""What the scheduler does for the reminders."""

from celery import shared_task

from common import clock
from notices.services.delivering import deliver_notices
from notices.services.planning import plan_notices


@shared_task(name="notices.send_reminders")
def send_reminders() -> int:
    """Plan what is due and send what is planned; days that were missed are caught up."""
    planned = plan_notices(at=clock.now(), today=clock.today())
    deliver_notices(at=clock.now(), today=clock.today())
    return planned
