"""Demonstration documents: the papers of the last full quarter, issued."""

from datetime import datetime, timedelta

from django.db import transaction

from common.clock import day_of, morning_of
from common.errors import DomainError
from documents.enums import FileFormat
from documents.models import Document
from documents.services.drafting import draft_content, draft_document
from documents.services.issuing import Signature, issue_document, next_number
from documents.services.jobs import request_build
from organizations.models import Unit, User
from qinnan_safety.demo import Story
from responsibilities.enums import Frequency
from responsibilities.periods import Period

DISTRICT_KINDS = ("bulletin", "grades", "standings", "one-page")
SHOWN_UNITS = ("zjj", "shabu")


def add_papers(office: User, story: Story) -> None:
    """Issue papers of the quarter before, the day before the story's; the workers build their
    files when they start, whatever the hour."""
    at = morning_of(story.today - timedelta(days=1), 16)
    this = Period.containing(story.today, Frequency.QUARTERLY)
    last = Period.containing(this.first_day - timedelta(days=1), Frequency.QUARTERLY)
    issued = [_issued(kind, last.code, None, office, at) for kind in DISTRICT_KINDS]
    for unit in Unit.objects.on(story.today).filter(code__in=SHOWN_UNITS):
        issued.append(_issued("scorecard", last.code, unit, office, at))
    papers = [document for document in issued if document]
    if papers:
        request_build(
            papers,
            list(FileFormat),
            title="（演示）签发件",
            actor=office,
            at=at,
            as_of=story.today,
        )


def _issued(
    kind: str, period: str, unit: Unit | None, office: User, at: datetime
) -> Document | None:
    """Draft and issue a paper if the demonstration's records suffice for it."""
    try:
        with transaction.atomic():
            document = draft_document(kind, period, unit, actor=office, at=at)
            signature = Signature(next_number(document.number_prefix, document.year), day_of(at))
            seen = draft_content(document, today=day_of(at)).parts()
            return issue_document(document, signature, seen=seen, actor=office, at=at)
    except DomainError:
        return None
