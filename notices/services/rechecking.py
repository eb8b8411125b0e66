"""Look once more, just before sending, whether a reminder is still to be sent."""

from collections.abc import Mapping
from datetime import date

from notices.addressees import Directory
from notices.enums import LADDER
from notices.facts import Subject, kinds
from notices.models import Notice
from notices.rules import DONE, RESTS

MOVED = "到期日或责任单位已改"
OVER = "到期日已过，另按逾期催办"
LEFT = "收件人已不在这一岗位或暂停接收"


def refusal(notice: Notice, now: Mapping[str, Subject], people: Directory, today: date) -> str:
    """Return why a reminder must not be sent any more; empty if it may."""
    subject = now.get(notice.subject)
    if subject is None:
        return DONE
    if subject.rests_on(today):
        return RESTS
    unit_id = people.answering(subject.unit_id)
    if (subject.window, unit_id) != (notice.window, notice.unit_id):
        return MOVED
    if notice.rule not in LADDER and subject.due_on < today:
        return OVER
    kind = subject.addressed(kinds()[subject.kind])
    if notice.recipient_id not in people.of(unit_id, kind, notice.rule):
        return LEFT
    return ""
