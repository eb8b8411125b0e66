"""A person's due dates as a calendar that phones and mail programs subscribe to (iCal)."""

from datetime import date, datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from icalendar import Calendar, Event

from common.clock import morning_of
from notices.facts import Subject, sources
from organizations.access import Access

AHEAD = timedelta(days=200)


def calendar_of(access: Access, *, today: date) -> bytes:
    """Return the open duties of the person's units, and of those they took over, as all-day events
    on their due dates; the same duties on the same day are the same bytes."""
    feed = Calendar()
    feed.add("prodid", "-//qinnan_safety//notices//ZH")
    feed.add("version", "2.0")
    feed.add("method", "PUBLISH")
    feed.add("x-wr-calname", "安全生产任务到期日")
    feed.add("refresh-interval;value=duration", "PT6H")
    for subject in _subjects(access, today):
        feed.add_component(_event(subject, morning_of(today)))
    return bytes(feed.to_ical())


def _subjects(access: Access, today: date) -> list[Subject]:
    found = [
        subject
        for source in sources()
        if source.of_units is not None and access.unit_ids
        for subject in source.of_units(access.answered_ids, today + AHEAD)
    ]
    return sorted(found, key=lambda subject: (subject.due_on, subject.key))


def _event(subject: Subject, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{subject.key}-{subject.window}@qinnan-safety")
    event.add("dtstamp", at)
    event.add("dtstart", subject.due_on)
    event.add("dtend", subject.due_on + timedelta(days=1))
    event.add("summary", f"{subject.label} {subject.title}")
    event.add("url", urljoin(settings.SITE_URL, subject.url))
    return event
