"""The duties of the drill, and how many reminders of them there are."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, models

from benchmarks.seed import _insert
from clauses.services.storing import ClauseSpan, PlanSpec, SectionSpan, store_plan
from common import clock
from notices.enums import NoticeState
from notices.models import Notice, PlannerClock, PlannerScan
from organizations.enums import PostKind
from organizations.models import Appointment, Post, Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, Frequency, ObligationState, TaskState
from responsibilities.models import Obligation, Task
from responsibilities.periods import Period


@dataclass(frozen=True)
class Counted:
    """Reminders: all rows, those sent, of how many duties, of periods not reached."""

    rows: int
    sent: int
    subjects: int
    early: int


def count(today: date) -> Counted:
    """Count from the database, on a connection that holds nothing open."""
    rows = list(Notice.objects.order_by().values_list("state", "subject", "window"))
    connection.close()
    end = Period.containing(today, Frequency.QUARTERLY).last_day.isoformat()
    return Counted(
        rows=len(rows),
        sent=sum(state == NoticeState.SENT for state, _, _ in rows),
        subjects=len({subject for _, subject, _ in rows}),
        early=sum(window > end for _, _, window in rows),
    )


def planner_has_read_the_clock() -> bool:
    found = PlannerClock.objects.exists()
    connection.close()
    return found


def make_world(*, units: int, duties: int) -> date:
    """Store units with a liaison each; with ``duties``, that many in this quarter and the next."""
    today = clock.today()
    if not Unit.objects.exists():
        _people(units)
    if duties:
        _duties(list(Unit.objects.order_by("pk")), duties, today)
        models.QuerySet(PlannerScan).update(finished_at=None, lease_until=None)
    connection.close()
    return today


def _people(units: int) -> None:
    made = _insert(
        [
            Unit(code=f"u{n}", name=f"单位{n}", short_name=f"单位{n}", kind="department", order=n)
            for n in range(units)
        ]
    )  # fmt: skip
    people = _insert([User(username=f"u{n}", full_name=f"联络员{n}") for n in range(units)])
    posts = _insert([Post(unit=unit, kind=PostKind.LIAISON, title="联络员") for unit in made])
    _insert(
        [
            Appointment(user=person, post=post, starts_on=date(2018, 1, 1))
            for person, post in zip(people, posts, strict=True)
        ]
    )


def _duties(units: list[Unit], duties: int, today: date) -> None:
    text = "演练方案\n\n一、演练\n\n(一)演练。演练任务按季完成。"
    start = text.index("(一)")
    spec = PlanSpec(
        code="drill",
        title="演练方案",
        text=text,
        body_start=0,
        body_end=len(text),
        published_on=today,
        sections=[SectionSpan(1, "演练", text.index("一、"), text.index("一、") + 4, "一、")],
        clauses=[ClauseSpan(1, "一", "演练", start, len(text), 1)],
        provisions=[],
    )
    plan = store_plan(spec, actor=get_system_user(), at=clock.now(), reason="演练")
    clause = plan.clauses.get()
    this = Period.containing(today, Frequency.QUARTERLY)
    rows = _insert(
        [
            Obligation(
                plan=plan,
                clause=clause,
                code=f"01-{n:02d}",
                title="演练任务",
                state=ObligationState.DISPATCHED,
                dispatched_at=clock.now(),
                dispatched_by=get_system_user(),
                deadline_kind=DeadlineKind.PERIODIC,
                frequency=Frequency.QUARTERLY,
                starts_on=this.first_day - timedelta(days=1),
            )
            for n in range(duties // len(units))
        ]
    )
    _insert(
        [
            Task(
                obligation=row,
                unit=unit,
                period=period.code,
                starts_on=period.first_day,
                due_on=period.last_day,
                original_due_on=period.last_day,
                state=TaskState.IN_PROGRESS,
            )
            for row in rows
            for unit in units
            for period in (this, this.next())
        ]
    )
