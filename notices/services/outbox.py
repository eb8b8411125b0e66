"""The way out: what was sent on the platform is handed to the channels, once.

The rows are written with the notice and are the truth; a task only looks for them. A sender
claims by a conditional update under a lease, sends outside any transaction, and marks.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urljoin
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from common.clock import day_of
from notices.addressees import Directory
from notices.channels import Channel, Parcel, channels
from notices.enums import DeliveryState, NoticeState
from notices.exceptions import ChannelError, Unanswered
from notices.facts import kinds, standing
from notices.models import Delivery, Notice, NoticePreference, ReminderSetting
from notices.rules import ACT, DONE, digest_text, office_hour, waking_hour
from notices.services.rechecking import refusal
from organizations.models import User

LEASE = timedelta(minutes=5)
MOST_A_RUN = 200
PAUSES = tuple(timedelta(minutes=n) for n in (1, 5, 30, 120, 720))
Instant = Callable[[], datetime]


def enqueue(notices: Iterable[Notice], *, at: datetime) -> None:
    """Write down the ways out for notices just sent; part of the act that sent them.

    Reminders wait for the morning, so that a day's reminders of a person become one digest;
    what a person did goes out at once, but not at night: a chase that can still be undone has not
    been sent yet.
    """
    ways, rows = channels(), list(notices)
    if not ways or not rows:
        return
    people = {notice.recipient_id for notice in rows}
    stored = NoticePreference.objects.filter(user__in=people)
    known = {each.user_id: each for each in stored}
    Delivery.objects.add_missing(
        Delivery(
            notice=notice,
            channel=way.code,
            not_before=waking_hour(at) if notice.posted_by_id else office_hour(at),
        )
        for notice in rows
        for way in ways
        if way.reaches(known.get(notice.recipient_id) or NoticePreference())
    )


def send_parcels(instant: Instant) -> int:
    """Send what is due through the channels (投递), at most so many messages a run.

    While reminders are paused they wait here too; what a person sent goes out.
    Returns: how many messages went out.
    """
    sent = 0
    for way in channels():
        sweep(way, instant())
        for _ in range(MOST_A_RUN):
            rows = _claim(way, instant())
            if rows is None:
                break
            if rows:
                sent += _send(way, rows, instant)
    return sent


def sweep(way: Channel, at: datetime) -> None:
    """Take back what a sender that died had in hand.

    A channel that recognises a repeat gets it again; for another nobody can tell whether the
    message went out, so it is left to the office.
    """
    with transaction.atomic():
        stale = Delivery.objects.stale(at=at, longest=at + LEASE).filter(channel=way.code)
        keys = list(stale.values_list("pk", flat=True))
        if way.is_repeatable:
            Delivery.objects.release(keys, DeliveryState.WAITING, not_before=at)
        else:
            why = "发送途中中断，不知道是否送出"
            Delivery.objects.release(keys, DeliveryState.UNCERTAIN, last_error=why)


def _claim(way: Channel, at: datetime) -> list[Delivery] | None:
    """Take one person's due deliveries; None when nothing is due, empty when none still applies.

    A parcel that was tried before stays as it was, under its own key; what a pause keeps back of
    it keeps the key, and the rest goes as a parcel of its own.
    """
    with transaction.atomic():
        due = Delivery.objects.due(at).filter(channel=way.code)
        if ReminderSetting.current().is_paused:
            due = due.by_people()
        first = due.order_by("not_before", "pk").select_related("notice").first()
        if first is None:
            return None
        same = due.filter(claim=first.claim, notice__recipient=first.notice.recipient_id)
        keys = list(same.values_list("pk", flat=True))
        key = first.claim if Delivery.objects.is_whole(first.claim, keys) else uuid4().hex
        Delivery.objects.claim(keys, key, at + LEASE)
        mine = Delivery.objects.filter(pk__in=keys, claim=key, state=DeliveryState.SENDING)
        rows = list(mine.select_related("notice__recipient").order_by("pk"))
        refused = _refused(rows, way, at)
        for why in set(refused.values()):
            gone = [pk for pk, reason in refused.items() if reason == why]
            Delivery.objects.release(gone, DeliveryState.CANCELLED, last_error=why)
        return [row for row in rows if row.pk not in refused]


def _refused(rows: Sequence[Delivery], way: Channel, at: datetime) -> dict[int, str]:
    """Return the deliveries that must not go out any more, with why."""
    if not rows:
        return {}
    if why := _closed_to(rows[0].notice.recipient, way, at):
        return {row.pk: why for row in rows}
    today, known = day_of(at), kinds()
    planned = any(row.notice.kind in known and row.notice.rule != ACT for row in rows)
    people = Directory.on(today) if planned else Directory()
    now = standing({row.notice.subject for row in rows})
    refused = {}
    for row in rows:
        notice = row.notice
        if notice.state != NoticeState.SENT:
            refused[row.pk] = "收件人已在平台上看过"
        elif notice.kind in known and notice.rule == ACT:
            refused[row.pk] = "" if notice.subject in now else DONE
        elif notice.kind in known:
            refused[row.pk] = refusal(notice, now, people, today)
    return {pk: why for pk, why in refused.items() if why}


def _closed_to(person: User, way: Channel, at: datetime) -> str:
    """Return why nothing at all goes to the person this way; empty if it does."""
    preference = NoticePreference.of(person.pk)
    if not person.is_active:
        return "收件人的账号已停用"
    if preference.muted_until is not None and preference.muted_until >= day_of(at):
        return "收件人已设暂停接收"
    return "" if way.reaches(preference) else "收件人没有留接收的地址"


def _send(way: Channel, rows: Sequence[Delivery], instant: Instant) -> int:
    key = rows[0].claim
    try:
        way.send(_parcel(key, rows, today=day_of(instant())))
    except ChannelError as error:
        if isinstance(error, Unanswered) and not way.is_repeatable:
            with transaction.atomic():
                to = DeliveryState.UNCERTAIN
                Delivery.objects.settle(key, to, last_error=error.message)
            return 0
        _postpone(key, rows[0].attempts, instant(), error.message)
        return 0
    with transaction.atomic():
        Delivery.objects.settle(key, DeliveryState.SENT, sent_at=instant(), last_error="")
    return 1


def _postpone(key: str, attempts: int, at: datetime, why: str) -> None:
    with transaction.atomic():
        if attempts > len(PAUSES):
            Delivery.objects.settle(key, DeliveryState.FAILED, last_error=why)
        else:
            again = at + PAUSES[attempts - 1]
            Delivery.objects.settle(key, DeliveryState.WAITING, not_before=again, last_error=why)


def _parcel(key: str, rows: Sequence[Delivery], *, today: date) -> Parcel:
    notices = [row.notice for row in rows]
    person = notices[0].recipient
    preference = NoticePreference.of(person.pk)
    is_one = len(notices) == 1
    undated = {code for code, kind in kinds().items() if not kind.has_due_date}
    due = [each.due_on for each in notices if each.due_on and each.kind not in undated]
    digest = digest_text(len(notices), min(due, default=None), today=today)
    return Parcel(
        key=key,
        person=str(person),
        email=preference.email,
        phone=preference.mobile or person.phone,
        text=notices[0].text if is_one else digest,
        lines=[notice.text for notice in notices],
        url=urljoin(settings.SITE_URL, notices[0].url if is_one else "/notices/"),
    )
