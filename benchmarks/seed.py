"""Fill an empty database with a ledger of a given size, quickly and without history.

One "year" of the district is the real plan: its clauses and sentences, 229 rows and about 3 000
tasks.  330 000 tasks are 110 such years side by side, each a plan of its own, as a prefecture
or a long-lived office would hold them.  Rows keep the shapes of the real ones: kinds of deadline,
fan-outs, periods; dates and states are spread by a fixed rule, so every run measures the same.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import models

from clauses.models import Clause, Plan, Provision, Section
from common.clock import morning_of
from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.services.people import appoint, create_user, ensure_post, get_system_user
from responsibilities.enums import DeadlineKind, ObligationState, TaskState
from responsibilities.models import Assignment, Obligation, ObligationSource, Task
from responsibilities.services.rollup import refresh_rollup

TODAY = date(2019, 9, 18)
NOW = datetime(2019, 9, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TASKS_A_YEAR = 3000
PASSWORD = "bench-password-2019"  # noqa: S105 - a throw-away database
STATES = (
    TaskState.CLOSED,
    TaskState.IN_PROGRESS,
    TaskState.AWAITING_RECEIPT,
    TaskState.CLOSED,
    TaskState.UNDER_REVIEW,
)


def seed(tasks: int) -> None:
    """Store the reference data and as many copies of its year as ``tasks`` asks for."""
    call_command("init", today=TODAY, verbosity=0)
    office = open_account("bench-office", "awb", PostKind.OFFICE)
    open_account("bench-liaison", "zjj", PostKind.LIAISON)
    original = Plan.objects.get()
    rows = list(original.obligations.order_by("pk"))
    _lay_out(original, rows, office, tasks=TASKS_A_YEAR)
    for copy in range(1, max(1, tasks // TASKS_A_YEAR)):
        plan = _copy_plan(original, copy)
        _lay_out(plan, _copy_rows(original, plan), office, tasks=TASKS_A_YEAR)


def open_account(username: str, unit: str, kind: PostKind) -> User:
    """Open an account that the measurements sign in with."""
    system, at = get_system_user(), morning_of(date(2018, 12, 1))
    user = create_user(
        username=username, full_name=username, password=PASSWORD, actor=system, at=at
    )
    post = ensure_post(Unit.objects.get(code=unit), kind, title=kind.label, actor=system, at=at)
    appoint(user, post, starts_on=date(2018, 12, 1), actor=system, at=at)
    return user


def _insert(objects: list[Any]) -> list[Any]:
    model: type[models.Model] = type(objects[0])
    return list(models.QuerySet(model).bulk_create(objects, batch_size=2000))


def _twin(obj: models.Model, **changes: Any) -> Any:
    """Return an unsaved copy of a row with some columns changed."""
    columns = {
        column.attname: getattr(obj, column.attname)
        for column in obj._meta.concrete_fields
        if not column.primary_key
    }
    return type(obj)(**(columns | changes))


def _copy_plan(original: Plan, number: int) -> Plan:
    published = original.published_on or TODAY
    plan: Plan = _twin(
        original, code=f"year-{number}", published_on=published - timedelta(days=number)
    )
    (plan,) = _insert([plan])
    sections = {s.pk: _twin(s, plan_id=plan.pk) for s in Section.objects.filter(plan=original)}
    _insert(list(sections.values()))
    clauses = {
        c.pk: _twin(c, plan_id=plan.pk, section_id=sections[c.section_id].pk)
        for c in Clause.objects.filter(plan=original)
        if c.section_id is not None
    }
    _insert(list(clauses.values()))
    _insert(
        [
            _twin(p, plan_id=plan.pk, clause_id=clauses[p.clause_id].pk if p.clause_id else None)
            for p in Provision.objects.filter(plan=original)
        ]
    )
    return plan


def _copy_rows(original: Plan, plan: Plan) -> list[Obligation]:
    clauses = dict(plan.clauses.values_list("number", "pk"))
    provisions = dict(plan.provisions.values_list("code", "pk"))
    olds = list(original.obligations.select_related("clause").order_by("pk"))
    news = _insert(
        [_twin(old, plan_id=plan.pk, clause_id=clauses[old.clause.number]) for old in olds]
    )
    by_old = dict(zip([old.pk for old in olds], news, strict=True))
    sources = ObligationSource.objects.filter(obligation__plan=original)
    _insert(
        [
            _twin(
                s,
                obligation_id=by_old[s.obligation_id].pk,
                provision_id=provisions[s.provision.code],
            )
            for s in sources.select_related("provision")
        ]
    )
    held = Assignment.objects.filter(obligation__plan=original)
    _insert([_twin(item, obligation_id=by_old[item.obligation_id].pk) for item in held])
    return news


def _lay_out(plan: Plan, rows: list[Obligation], office: User, *, tasks: int) -> None:
    """Dispatch the rows of a plan and give it exactly ``tasks`` tasks."""
    for index, row in enumerate(rows):
        if row.deadline_kind == DeadlineKind.UNDECIDED:
            row.deadline_kind = DeadlineKind.FIXED
            row.due_on = date(2019, 4, 30) + timedelta(days=(index * 37) % 700)
        row.state = ObligationState.DISPATCHED
        row.starts_on = date(2019, 1, 1)
        row.dispatched_at, row.dispatched_by = NOW, office
    fields = ["deadline_kind", "due_on", "state", "starts_on", "dispatched_at", "dispatched_by"]
    models.QuerySet(Obligation).bulk_update(rows, fields, batch_size=500)
    units = list(Unit.objects.on(TODAY).order_by("order"))
    per_row, rest = divmod(tasks, len(rows))
    made = []
    for index, row in enumerate(rows):
        for number in range(per_row + (index < rest)):
            made.append(_task(row, units[(index + number) % len(units)], number, office))
    _insert(made)
    refresh_rollup(row.pk for row in rows)


def _task(row: Obligation, unit: Unit, number: int, office: User) -> Task:
    periodic = row.deadline_kind == DeadlineKind.PERIODIC
    quarter = 1 + number % 4
    due_on = date(2019, quarter * 3, 30) if periodic else row.due_on
    state = STATES[(row.pk + number) % len(STATES)]
    closed = state == TaskState.CLOSED
    return Task(
        obligation=row,
        unit=unit,
        period=f"2019Q{quarter}" if periodic else "",
        starts_on=date(2019, quarter * 3 - 2, 1) if periodic else date(2019, 1, 1),
        due_on=due_on,
        original_due_on=due_on,
        state=state,
        last_reported_on=date(2019, 9, 1) if number % 3 else None,
        closed_on=date(2019, 6, 1) if closed else None,
        closed_at=NOW if closed else None,
        closed_by=office if closed else None,
    )
