"""What the scheduler does for the reminders."""

from celery import shared_task

from common import clock
from notices.services.delivering import deliver_notices
from notices.services.ordering import draft_orders
from notices.services.outbox import send_parcels as hand_over
from notices.services.ticking import clock_is_sound, plan_if_needed
from organizations.services.people import get_system_user


@shared_task(name="notices.send_reminders")
def send_reminders() -> int:
    """Plan what is due, send what is planned, and draft the 督办单 at the end of the ladder; days
    that were missed are caught up."""
    if not clock_is_sound(clock.reading()):
        return 0
    planned = plan_if_needed(clock.now)
    deliver_notices(at=clock.now(), today=clock.today())
    draft_orders(clock.now, actor=get_system_user())
    return planned


@shared_task(name="notices.send_parcels")
def send_parcels() -> int:
    """Hand to the channels what is due; what a sender that died had in hand is swept first."""
    return hand_over(clock.now)
