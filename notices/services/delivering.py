"""Send what was planned, after looking once more whether it is still to be sent."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from notices.addressees import Directory
from notices.enums import NoticeState, Rung
from notices.facts import Subject, standing
from notices.models import Notice, PlannerScan, ReminderSetting
from notices.rules import text_of
from notices.services.ordering import ask_for_orders
from notices.services.outbox import enqueue
from notices.services.rechecking import refusal

BATCH = 200


def deliver_notices(*, at: datetime, today: date) -> int:
    """Send the planned reminders (发出提醒); those that no longer apply are cancelled with why.

    The state is the message: a notice is on its recipient's page exactly when its row is moved,
    in one statement that only one of several senders can win. More than the cap at once is a
    sign that something is wrong: all of it is held until the office has looked. Only a finished
    look at the duties tells how much it is, so while one is under way, or was left off by a
    planner that died, everything waits for whoever finishes it.
    Returns: how many this run sent.
    """
    setting = ReminderSetting.current()
    if setting.is_paused:
        return 0
    people, sent, last = Directory.on(today), 0, 0
    while True:
        with transaction.atomic():
            if not PlannerScan.objects.lock_finished() or hold_excess(setting.cap):
                return sent
            waiting = Notice.objects.filter(state=NoticeState.PLANNED, pk__gt=last)
            batch = list(waiting.order_by("pk")[:BATCH])
            if not batch:
                return sent
            sent += _send(batch, people, at, today)
        last = batch[-1].pk


def hold_excess(cap: int) -> int:
    """Hold everything that waits when it is more than ``cap`` and nobody has let it through."""
    with transaction.atomic():
        fresh = Notice.objects.filter(state=NoticeState.PLANNED, decided_by=None)
        count = fresh.count()
        if count <= cap:
            return 0
        return fresh.move_all(
            NoticeState.HELD, reason=f"一次要发 {count} 条，超过上限 {cap} 条，等安委办核对"
        )


def _send(batch: Iterable[Notice], people: Directory, at: datetime, today: date) -> int:
    refused: dict[str, list[int]] = {}
    good: list[int] = []
    stale: list[Notice] = []
    now = standing({notice.subject for notice in batch})
    for notice in batch:
        why = refusal(notice, now, people, today)
        (refused.setdefault(why, []) if why else good).append(notice.pk)
        if not why and notice.planned_on < today:
            stale.append(notice)
    for why, keys in refused.items():
        Notice.objects.move(
            keys, [NoticeState.PLANNED], NoticeState.CANCELLED, cancelled_at=at, reason=why
        )
    _reword(stale, now, people, today)
    count = Notice.objects.move(good, [NoticeState.PLANNED], NoticeState.SENT, sent_at=at)
    gone = Notice.objects.filter(pk__in=good, state=NoticeState.SENT)
    enqueue(gone.order_by("pk"), at=at)
    ordered = gone.filter(rule=Rung.ORDER, unit__isnull=False).order_by()
    ask_for_orders(set(ordered.values_list("unit", flat=True)), at=at, today=today)
    return count


def _reword(
    notices: Iterable[Notice], now: Mapping[str, Subject], people: Directory, today: date
) -> None:
    """Let what waited for days say how things stand on the day on which it goes out."""
    for notice in notices:
        subject = now[notice.subject]
        words = subject.wording(people.names.get(people.answering(subject.unit_id), ""))
        text = text_of(notice.rule, words, due_on=subject.due_on, today=today)
        Notice.objects.move([notice.pk], [NoticeState.PLANNED], NoticeState.PLANNED, text=text)
