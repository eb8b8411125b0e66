"""The real plan on a running site, with a few people and some work under way."""

from dataclasses import dataclass
from datetime import date
from io import StringIO

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.management import call_command
from django.test import Client

from clauses.models import Plan
from common.clock import morning_of
from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.services.people import appoint, create_user, ensure_post, get_system_user
from qinnan_safety.publication.publishing import prepare, publish
from responsibilities.enums import AssignmentRole, DeadlineKind, ReportKind
from responsibilities.models import Obligation, Task
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.dispatch import dispatch_obligations
from responsibilities.services.progress import ReportContent, receive_task, submit_report
from tests.builders import PASSWORD
from tests.journeys.scored import assess

LOADED, DISPATCHED = date(2019, 4, 1), date(2019, 4, 8)
PEOPLE = {
    "office": ("awb", PostKind.OFFICE, "陆科员"),
    "liaison": ("zjj", PostKind.LIAISON, "李科员"),
    "head": ("zjj", PostKind.HEAD, "覃局长"),
    "leader": ("anweihui", PostKind.LEADER, "韦副区长"),
    "auditor": ("awb", PostKind.AUDITOR, "周审计员"),
}
ROWS_UNDER_WAY = 6


@dataclass
class Site:
    """Where the site answers, and who works in it."""

    url: str
    people: dict[str, User]
    plan: Plan

    def cookie(self, who: str) -> dict[str, str]:
        """Return the session of somebody who has signed in already."""
        client = Client()
        client.force_login(self.people[who])
        assert SESSION_KEY in client.session
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.url}


def load(url: str) -> Site:
    """Set the platform up as on the first day, then let one department begin to work."""
    call_command("init", today=LOADED, stdout=StringIO())
    plan = Plan.objects.get()
    site = Site(url, {name: _person(name) for name in PEOPLE}, plan)
    _begin_work(site)
    _publish(site)
    assess(site.people["office"], site.people["head"])
    return site


def _person(username: str) -> User:
    code, kind, name = PEOPLE[username]
    system, at = get_system_user(), morning_of(LOADED)
    user = create_user(username=username, full_name=name, password=PASSWORD, actor=system, at=at)
    unit = Unit.objects.get(code=code)
    post = ensure_post(unit, kind, title=kind.label, actor=system, at=at)
    appoint(user, post, starts_on=LOADED, actor=system, at=at)
    return user


def _begin_work(site: Site) -> None:
    """Dispatch some rows of 区住建局 with dates around today; one of them is reported on."""
    office, at = site.people["office"], morning_of(DISPATCHED)
    undecided = Obligation.objects.filter(
        plan=site.plan, deadline_kind=DeadlineKind.UNDECIDED, frequency=""
    )
    led = undecided.filter(assignments__unit__code="zjj", assignments__role=AssignmentRole.LEAD)
    rows = list(led.order_by("mode", "code")[:ROWS_UNDER_WAY])
    days = (date(2019, 9, 10), date(2019, 9, 25), date(2019, 12, 31))
    for place, row in enumerate(rows):
        due = Deadline(DeadlineKind.FIXED, "区安委会会议纪要第1期", due_on=days[place % len(days)])
        set_deadline(
            row,
            due,
            version=row.version,
            actor=office,
            at=at,
            today=DISPATCHED,
            reason="会议明确完成时限",
        )
    dispatch_obligations(
        site.plan, rows, actor=office, at=at, today=DISPATCHED, starts_on=DISPATCHED
    )
    _report(site, Task.objects.filter(unit__code="zjj").order_by("pk").first())


def _publish(site: Site) -> None:
    """Tell the public how things stand on the 17th, a day before what the pages show."""
    day = date(2019, 9, 17)
    _, seen = prepare(site.people["office"], today=day)
    publish(
        seen_sha256=seen, reason="例行公布", actor=site.people["office"], at=morning_of(day, 16)
    )


def _report(site: Site, task: Task | None) -> None:
    assert task is not None
    liaison = site.people["liaison"]
    receive_task(task, actor=liaison, at=morning_of(DISPATCHED, 15))
    words = ReportContent(kind=ReportKind.PROGRESS, summary="已起草工作方案，正在征求意见。")
    submit_report(task, words, token="first", actor=liaison, at=morning_of(date(2019, 9, 17)))
