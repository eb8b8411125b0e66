"""Quarter's and year's end: the papers of the period draft and build themselves."""

from datetime import date, datetime

from assessments.services.drafting import ended_spans, has_work
from documents.models import BuildJob
from documents.services.sets import build_ended
from organizations.models import User


def build_ended_periods(*, actor: User, at: datetime, today: date) -> list[BuildJob]:
    """Ask for the papers of the newest quarter and year that are over, each kind once for all time.

    Scorecards wait for the first computation. Returns: the new jobs, whose items nobody rang for.
    """
    jobs = []
    for span in ended_spans(today):
        if has_work(span):
            jobs += build_ended(span.code, actor=actor, at=at, today=today)
    return jobs
