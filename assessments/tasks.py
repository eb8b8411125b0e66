"""What the scheduler does for the assessment."""

from celery import shared_task

from assessments.services.drafting import draft_ended
from common import clock
from organizations.services.people import get_system_user


@shared_task(name="assessments.draft_ended")
def draft_ended_periods() -> list[str]:
    """Compute the draft of a quarter or year that is over; missed days are caught up."""
    return draft_ended(actor=get_system_user(), at=clock.now())
