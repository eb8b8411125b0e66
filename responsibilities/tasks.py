"""What the scheduler does for the ledger."""

from celery import shared_task

from common import clock
from organizations.services.people import get_system_user
from responsibilities.services.chasing import send_chases as send_due_chases
from responsibilities.services.expected import top_up_tasks as lay_out_periods
from responsibilities.services.succession import hand_over_to_successors


@shared_task(name="responsibilities.top_up_tasks")
def top_up_tasks() -> int:
    """Lay out the periods of recurring rows; days that were missed are caught up."""
    return lay_out_periods(actor=get_system_user(), at=clock.now(), today=clock.today())


@shared_task(name="responsibilities.hand_over_to_successors")
def hand_over() -> int:
    """Move the duties of abolished units to their successors; missed days are caught up."""
    return hand_over_to_successors(actor=get_system_user(), at=clock.now(), today=clock.today())


@shared_task(name="responsibilities.send_chases")
def send_chases() -> int:
    """Send the chases whose moment of grace is over."""
    return send_due_chases(at=clock.now())
