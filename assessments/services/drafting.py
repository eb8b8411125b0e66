"""Quarter's end: the first draft of an assessment makes itself."""

from datetime import date, datetime, timedelta

from assessments.enums import AssessmentState
from assessments.models import Assessment, Scheme
from assessments.services.computing import ASSESSED_MONTHS, compute_assessment
from common.clock import day_of
from organizations.models import User
from responsibilities.models import Obligation
from responsibilities.periods import Period


def draft_ended(*, actor: User, at: datetime) -> list[str]:
    """Compute the last ended quarter and year if nobody has since they ended (期满自动测算).

    Days that were missed are caught up; what the office has shown or settled stays as it is. A
    period before the first dispatch has nothing to assess. Returns: the periods drafted.
    """
    if not Scheme.objects.in_force().exists():
        return []
    drafted = []
    for span in ended_spans(day_of(at)):
        if has_work(span) and not _is_computed(span):
            compute_assessment(span.code, actor=actor, at=at, reason="期满自动测算")
            drafted.append(span.code)
    return drafted


def _is_computed(span: Period) -> bool:
    """Whether the period has a result that was computed after its end, or is past 初评."""
    found = Assessment.objects.filter(period=span.code).first()
    if found is None:
        return False
    is_preliminary = found.state == AssessmentState.PRELIMINARY
    return not is_preliminary or day_of(found.current().as_of) > span.last_day


def has_work(span: Period) -> bool:
    """Return whether anything was dispatched by the end of the period."""
    return Obligation.objects.filter(dispatched_at__date__lte=span.last_day).exists()


def ended_spans(today: date) -> list[Period]:
    """Return the newest quarter and the newest year that are over on ``today``."""
    spans = []
    for months in ASSESSED_MONTHS:
        running = Period(today.year, (today.month - 1) // months + 1, months)
        day = running.first_day - timedelta(days=1)
        spans.append(Period(day.year, (day.month - 1) // months + 1, months))
    return spans
