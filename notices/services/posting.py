"""Notices that belong to an act of a person, such as 催办: written with the act, sent at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from common.clock import day_of
from notices.enums import NoticeState
from notices.models import Notice
from notices.rules import ACT, TEXT_LIMIT
from notices.services.outbox import enqueue
from organizations.models import Unit, User


@dataclass(frozen=True)
class Message:
    """What to tell: about which ``subject`` (``task:123``), in at most 60 characters, and the path
    of the page to open, as ``reverse()`` or ``get_absolute_url()`` gives it."""

    subject: str
    text: str
    url: str
    unit: Unit | None = None
    kind: str = "chase"


def post_notice(
    recipients: Iterable[User], message: Message, *, actor: User, at: datetime
) -> list[Notice]:
    """Tell people at once what somebody did that concerns them (催办、通知).

    For services of higher apps, such as 催办 in ``responsibilities``, inside their own
    transaction: when the act is taken back, so is the notice. The caller has checked that
    ``actor`` may do it. Each call is an act of its own; one person gets one notice from it, and
    an inactive account gets none.
    Returns: the notices, in the order of ``recipients``.
    """
    return post_notices([(recipients, message)], actor=actor, at=at)


def post_notices(
    letters: Iterable[tuple[Iterable[User], Message]], *, actor: User, at: datetime
) -> list[Notice]:
    """Tell many people what one act means to each, as :func:`post_notice` does: in one statement.

    Returns: the notices, in the order of the letters and of their recipients.
    """
    rows = [
        notice
        for recipients, message in letters
        for notice in _addressed(recipients, message, actor, at)
    ]
    with transaction.atomic():
        posted = Notice.objects.add_all(rows)
        enqueue(posted, at=at)
    return posted


def _addressed(
    recipients: Iterable[User], message: Message, actor: User, at: datetime
) -> Sequence[Notice]:
    if len(message.text) > TEXT_LIMIT:
        raise ValueError(f"A notice has room for {TEXT_LIMIT} characters: {message.text!r}")
    run = uuid4().hex
    people = {person.pk: person for person in recipients if person.is_active}
    return [
        Notice(
            recipient=person,
            unit=message.unit,
            kind=message.kind,
            subject=message.subject,
            rule=ACT,
            window=run,
            text=message.text,
            url=message.url,
            state=NoticeState.SENT,
            run=run,
            planned_on=day_of(at),
            planned_at=at,
            sent_at=at,
            posted_by=actor,
        )
        for person in people.values()
    ]
