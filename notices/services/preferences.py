"""What a person decides about being reached: addresses, a pause, a calendar feed."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, StaleVersion
from common.tracked import save_with_history
from notices.models import NoticePreference
from organizations.models import User

LONGEST_MUTE = timedelta(days=92)


@dataclass(frozen=True)
class Reach:
    """Where to and from when on."""

    email: str = ""
    mobile: str = ""
    muted_until: date | None = None


def set_reach(reach: Reach, *, version: int, actor: User, at: datetime) -> None:
    """Set one's own addresses and pause (接收设置).

    While somebody does not receive, the reminders of the post go to the next post above.
    Raises: StaleVersion; DomainError when the pause is too long.
    """
    with transaction.atomic():
        mine = _mine(actor)
        if mine.version != version:
            raise StaleVersion
        if reach.muted_until is not None and reach.muted_until > day_of(at) + LONGEST_MUTE:
            raise DomainError("暂停接收最长三个月；离岗更久的，请区安委办办理岗位交接。")
        mine.email, mine.mobile, mine.muted_until = reach.email, reach.mobile, reach.muted_until
        mine.version += 1
        save_with_history(mine, actor=actor, reason="改接收设置", at=at)


def make_feed(*, actor: User, at: datetime) -> str:
    """Open a calendar feed in place of the one before (生成日历订阅).

    Returns: its token, which is kept nowhere but in the person's calendar.
    """
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        mine = _mine(actor)
        mine.feed_digest = digest_of(token)
        mine.version += 1
        save_with_history(mine, actor=actor, reason="生成日历订阅", at=at)
    return token


def revoke_feed(*, actor: User, at: datetime) -> None:
    """Close the calendar feed (停用日历订阅); its address finds nothing from now on."""
    with transaction.atomic():
        mine = _mine(actor)
        if not mine.feed_digest:
            raise DomainError("现在没有启用的日历订阅。")
        mine.feed_digest = ""
        mine.version += 1
        save_with_history(mine, actor=actor, reason="停用日历订阅", at=at)


def digest_of(token: str) -> str:
    """Return what is stored of a calendar's token; the token itself is shown once and not kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mine(actor: User) -> NoticePreference:
    stored = NoticePreference.objects.select_for_update(of=("self",)).filter(user=actor).first()
    return stored or NoticePreference.of(actor.pk)
