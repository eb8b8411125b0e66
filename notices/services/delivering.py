"""Send what was planned, after looking once more whether it is still to be sent."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from notices.addressees import Directory
from notices.enums import NoticeState
from notices.facts import Subject, kinds, standing
from notices.models import Notice

BATCH = 200
DONE = "事项已办结、已报送或已撤销"
MOVED = "到期日或责任单位已改"
LEFT = "收件人已不在这一岗位"


def deliver_notices(*, at: datetime, today: date) -> int:
    """Send the planned reminders (发出提醒); those that no longer apply are cancelled with why.

    The state is the message: a notice is on its recipient's page exactly when its row is moved,
    in one statement that only one of several senders can win.
    Returns: how many this run sent.
    """
    people, sent, last = Directory.on(today), 0, 0
    while True:
        with transaction.atomic():
            waiting = Notice.objects.filter(state=NoticeState.PLANNED, pk__gt=last)
            batch = list(waiting.order_by("pk")[:BATCH])
            if not batch:
                return sent
            sent += _send(batch, people, at)
        last = batch[-1].pk


def _send(batch: Iterable[Notice], people: Directory, at: datetime) -> int:
    refused: dict[str, list[int]] = {}
    good: list[int] = []
    now = standing({notice.subject for notice in batch})
    for notice in batch:
        why = _refusal(notice, now, people)
        (refused.setdefault(why, []) if why else good).append(notice.pk)
    for why, keys in refused.items():
        Notice.objects.move(
            keys, [NoticeState.PLANNED], NoticeState.CANCELLED, cancelled_at=at, reason=why
        )
    return Notice.objects.move(good, [NoticeState.PLANNED], NoticeState.SENT, sent_at=at)


def _refusal(notice: Notice, now: dict[str, Subject], people: Directory) -> str:
    """Return why a planned notice must not be sent any more; empty if it may."""
    subject = now.get(notice.subject)
    if subject is None:
        return DONE
    if (subject.window, subject.unit_id) != (notice.window, notice.unit_id):
        return MOVED
    kind = kinds()[subject.kind]
    if notice.recipient_id not in people.of(subject.unit_id, kind, notice.rule):
        return LEFT
    return ""
