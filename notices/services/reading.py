"""What a recipient does with notices: read them, acknowledge them."""

from datetime import datetime

from django.db import transaction

from common.errors import require
from notices.enums import NoticeState
from notices.models import Notice
from organizations.models import User

OTHERS = "只能办理发给自己的提醒。"


def read_notice(notice: Notice, *, actor: User, at: datetime) -> None:
    """Note that the recipient opened a notice (已读); the first time counts."""
    require(notice.recipient_id == actor.pk, OTHERS)
    with transaction.atomic():
        Notice.objects.move([notice.pk], [NoticeState.SENT], NoticeState.READ, read_at=at)


def read_all(*, actor: User, at: datetime) -> int:
    """Note that the recipient has seen every notice (全部已读). Returns: how many were new."""
    with transaction.atomic():
        unread = Notice.objects.filter(recipient=actor).unread()
        keys = unread.values_list("pk", flat=True)
        return Notice.objects.move(keys, [NoticeState.SENT], NoticeState.READ, read_at=at)


def acknowledge_notice(notice: Notice, *, actor: User, at: datetime) -> None:
    """Note that the recipient answers for what a notice says (收悉); the first time counts."""
    require(notice.recipient_id == actor.pk, OTHERS)
    with transaction.atomic():
        Notice.objects.move([notice.pk], [NoticeState.SENT], NoticeState.READ, read_at=at)
        Notice.objects.move(
            [notice.pk], [NoticeState.READ], NoticeState.ACKNOWLEDGED, acknowledged_at=at
        )
