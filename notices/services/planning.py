"""Plan the reminders of a day: who must be told what, written down once and for all."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from notices.addressees import Directory
from notices.enums import NoticeState
from notices.facts import Kind, Subject, kinds, sources
from notices.models import Notice, ReminderSchedule, ReminderSetting
from notices.rules import rule_due, text_of
from notices.services.past import Pasts, pasts_of


def plan_notices(
    *, at: datetime, today: date, after_chunk: Callable[[], None] = lambda: None
) -> int:
    """Write down every reminder that is due by ``today`` and was not yet (安排提醒).

    Days on which nothing ran are caught up by one notice for each duty. Any number of planners
    may run at once: the unique key lets each reminder in once. Each chunk is a transaction of
    its own, so a planner that dies has lost nothing that the next one does not find.
    ``after_chunk`` is called between chunks, for a planner that holds a lease.
    While reminders are paused nothing is written; what fell due meanwhile is caught up after.
    Returns: how many reminders this run added.
    """
    if ReminderSetting.current().is_paused:
        return 0
    run, added = uuid4().hex, 0
    for chunk in proposals(at=at, today=today):
        for notice in chunk:
            notice.run = run
        added += _store(chunk, run)
        after_chunk()
    return added


def proposals(*, at: datetime, today: date) -> Iterator[list[Notice]]:
    """Yield, chunk by chunk, the unsaved notices that a run on ``today`` would add."""
    people, specs = Directory.on(today), scheduled_kinds()
    for source in sources():
        lead_days = max((specs[kind.code].schedule.lead_days for kind in source.kinds), default=0)
        for subjects in source.owed(today, lead_days):
            pasts = pasts_of(subjects)
            chunk = [
                notice
                for subject in subjects
                for notice in _notices(subject, specs[subject.kind], pasts, people, at, today)
            ]
            yield chunk


def scheduled_kinds() -> dict[str, Kind]:
    """Return every kind with the schedule that the office set, or the one it came with."""
    set_here = {row.kind: row.schedule for row in ReminderSchedule.objects.all()}
    return {
        code: replace(kind, schedule=set_here.get(code, kind.schedule))
        for code, kind in kinds().items()
    }


def _notices(
    subject: Subject, kind: Kind, pasts: Pasts, people: Directory, at: datetime, today: date
) -> Iterator[Notice]:
    if subject.rests_on(today):
        return
    rule = rule_due(kind.schedule, subject.term, pasts.told(subject), today=today)
    if rule is None:
        return
    unit_id = people.answering(subject.unit_id)
    words = subject.wording(people.names.get(unit_id, ""))
    for person in people.of(unit_id, subject.addressed(kind), rule):
        yield Notice(
            recipient_id=person,
            unit_id=unit_id,
            kind=subject.kind,
            subject=subject.key,
            rule=rule,
            window=subject.window,
            attempt=pasts.of(subject).attempt(rule),
            text=text_of(rule, words, due_on=subject.due_on, today=today),
            url=subject.url,
            planned_on=today,
            planned_at=at,
        )


def _store(chunk: Sequence[Notice], run: str) -> int:
    """Insert what is missing and take up again what had been cancelled; count what is ours."""
    subjects = {notice.subject for notice in chunk}
    if not chunk:
        return 0
    with transaction.atomic():
        Notice.objects.add_missing(chunk)
        cancelled = Notice.objects.called_off().filter(subject__in=subjects)
        wanted = {_key(notice): notice for notice in chunk}
        for old in cancelled:
            if (new := wanted.get(_key(old))) is not None:
                Notice.objects.move(
                    [old.pk],
                    [NoticeState.CANCELLED],
                    NoticeState.PLANNED,
                    run=run,
                    text=new.text,
                    url=new.url,
                    planned_on=new.planned_on,
                    planned_at=new.planned_at,
                    cancelled_at=None,
                    reason="",
                )
        return Notice.objects.filter(subject__in=subjects, run=run).count()


def _key(notice: Notice) -> tuple[int, str, str, str, str, int]:
    duty = notice.kind, notice.subject, notice.rule, notice.window
    return notice.recipient_id, *duty, notice.attempt
