"""Tasks of the platform itself."""

from celery import shared_task
from django.core.management import call_command

from common import clock
from documents.tasks import ring
from organizations.services.people import get_system_user
from qinnan_safety.heartbeat import WORKER, leave_sign
from qinnan_safety.kept_forms import forget_old


@shared_task(name="qinnan_safety.heartbeat")
def heartbeat() -> None:
    """Show that messages of the scheduler reach a worker."""
    leave_sign(WORKER)


@shared_task(name="qinnan_safety.clear_sessions")
def clear_sessions() -> None:
    """Remove sessions that ended, what their forms left, and failed logins older than a month."""
    call_command("clearsessions")
    call_command("axes_reset_logs", age=30, verbosity=0)
    forget_old(at=clock.now())


@shared_task(name="qinnan_safety.build_ended")
def build_ended() -> list[str]:
    """Draft and build the papers of a quarter or year that is over; missed days are caught up."""
    from qinnan_safety.period_end import build_ended_periods

    jobs = build_ended_periods(actor=get_system_user(), at=clock.now(), today=clock.today())
    for job in jobs:
        ring(list(job.items.values_list("pk", flat=True)))
    return [job.title for job in jobs]


@shared_task(name="qinnan_safety.seal_history")
def seal_history() -> int:
    """Seal and anchor what was recorded since the last run."""
    from qinnan_safety.sealing.sealer import seal_history as seal

    return seal(at=clock.now())
