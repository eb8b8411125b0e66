"""Events (事件触发): what happened is registered and opens the tasks tied to it."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from clauses.models import Plan
from common.clock import day_of
from common.days import short_day
from common.errors import DomainError, require
from common.tracked import create_many_with_history, save_many_with_history, save_with_history
from organizations.models import Unit, User
from responsibilities.enums import (
    AssignmentRole,
    DeadlineKind,
    EventKind,
    FulfilmentMode,
    ObligationState,
    TaskState,
)
from responsibilities.models import Assignment, Event, Obligation, Task
from responsibilities.permissions import can_manage_ledger
from responsibilities.services.recalling import recall_waiting
from responsibilities.services.rollup import refresh_rollup
from responsibilities.services.telling import tell_event, tell_loss


@dataclass(frozen=True)
class Happening:
    """What happened, where, and the paper that says so."""

    kind: EventKind
    title: str
    happened_on: date
    document_no: str
    unit: Unit | None = None
    note: str = ""


def months_later(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the month's last day where there is none.

    >>> months_later(date(2020, 2, 29), 12)
    datetime.date(2021, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def register_event(
    plan: Plan,
    happening: Happening,
    dues: Mapping[Obligation, date],
    *,
    actor: User,
    at: datetime,
) -> Event:
    """Register what happened and open a task for every row of ``dues`` with its own due date.

    It is filed under ``plan``; the rows may be of other plans as well, so numbers count through
    all plans.  A row that each unit fulfils on its own opens one task for the unit concerned;
    joint work one for its lead.

    Source: 方案(七)“发生一般以上生产安全事故的…进行约谈”,(十八)“事故结案一年内…开展评估”。
    Raises: NotAllowed; DomainError when the event is there already, the day lies ahead, a row is
    not dispatched event work, a date lies before the event, or no unit answers for a row.
    """
    with transaction.atomic():
        today = day_of(at)
        require(can_manage_ledger(actor, today=today), "事件由区安委办登记。")
        if happening.happened_on > today:
            raise DomainError(f"发生日期不能晚于今天（{short_day(today)}）。")
        list(Plan.objects.select_for_update(of=("self",)).values("pk"))  # one event at a time
        _refuse_twice(happening)
        last = Event.objects.aggregate(last=Max("number"))["last"] or 0
        event = Event(
            plan=plan,
            number=last + 1,
            registered_by=actor,
            registered_at=at,
            **vars(happening),
        )
        reason = f"登记事件：{happening.title}"
        save_with_history(event, actor=actor, reason=reason, at=at)
        _open(event, dues, reason=reason, actor=actor, at=at)
    return event


def open_event_tasks(
    event: Event, dues: Mapping[Obligation, date], *, actor: User, at: datetime
) -> int:
    """Open further rows for an event that is registered already; return how many tasks came.

    Raises: NotAllowed; DomainError when the event is void or a row cannot be opened by it.
    """
    with transaction.atomic():
        event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
        require(can_manage_ledger(actor, today=day_of(at)), "事件由区安委办登记。")
        if event.is_void:
            raise DomainError("这件事已经撤销，不能再补开任务。")
        for row in dues:
            if event.tasks.filter(obligation=row).exists():
                raise DomainError(f"{row.code} 已经由这件事产生办理件，不用补开。")
        return len(_open(event, dues, reason=f"补开任务：{event.title}", actor=actor, at=at))


def _open(
    event: Event, dues: Mapping[Obligation, date], *, reason: str, actor: User, at: datetime
) -> list[Task]:
    tasks = [task for row, due in dues.items() for task in _tasks(event, row, due)]
    create_many_with_history(tasks, actor=actor, reason=reason, at=at)
    refresh_rollup([row.pk for row in dues])
    tell_event(event, tasks, actor=actor, at=at)
    return tasks


def _refuse_twice(happening: Happening) -> None:
    known = Event.objects.filter(
        voided_at=None,
        kind=happening.kind,
        title=happening.title,
        happened_on=happening.happened_on,
        unit=happening.unit,
    ).first()
    if known is not None:
        raise DomainError(
            f"“{known.title}”已经登记，是第 {known.number} 件，不用重复登记；"
            "确是两件事的，请在事件名称里写出区别。"
        )


def _tasks(event: Event, row: Obligation, due_on: date) -> list[Task]:
    if row.state != ObligationState.DISPATCHED or row.deadline_kind != DeadlineKind.EVENT:
        raise DomainError(f"{row.code} 不是已下发的事件触发任务，请刷新页面后再选。")
    if due_on < event.happened_on:
        raise DomainError(f"{row.code} 的到期日早于事件发生的日期，请改正。")
    held = Assignment.objects.filter(obligation=row, role=AssignmentRole.LEAD)
    units = [item.unit for item in held.select_related("unit") if item.unit.is_chased]
    if row.mode == FulfilmentMode.SEPARATE:
        units = [unit for unit in units if unit == event.unit]
        if not units:
            raise DomainError(
                f"{row.code} 由各单位分别落实，请把“涉及单位”选为要办这件事的责任单位。"
            )
    if not units:
        raise DomainError(f"{row.code} 没有可以承办的牵头单位，请先明确牵头单位。")
    return [
        Task(
            obligation=row,
            unit=unit,
            event=event,
            period=event.period,
            starts_on=event.happened_on,
            due_on=due_on,
            original_due_on=due_on,
            state=TaskState.AWAITING_RECEIPT,
        )
        for unit in units
    ]


def void_event(event: Event, *, reason: str, actor: User, at: datetime) -> Event:
    """Take back an event registered by mistake; its open tasks are voided, closed ones stay."""
    with transaction.atomic():
        event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
        require(can_manage_ledger(actor, today=day_of(at)))
        if event.is_void:
            raise DomainError("这件事已经撤销，不用重复办理。")
        if not reason.strip():
            raise DomainError("撤销事件要写明理由。")
        said = f"撤销事件：{reason.strip()}"
        event.voided_at, event.voided_by = at, actor
        save_with_history(event, actor=actor, reason=said, at=at)
        rows = Obligation.objects.filter(tasks__event=event).order_by("pk")
        list(rows.select_for_update(of=("self",)).values("pk"))
        tasks = list(event.tasks.open().locked())
        for task in tasks:
            task.move_to(TaskState.VOID)
        fields = ["state", "version"]
        save_many_with_history(tasks, fields=fields, actor=actor, reason=said, at=at)
        recall_waiting(tasks, actor=actor, at=at, reason=said)
        refresh_rollup({task.obligation_id for task in tasks})
        lost = Task.objects.with_obligations().filter(pk__in=[task.pk for task in tasks])
        tell_loss(lost, why="引起它的事件已撤销", actor=actor, at=at)
    return event
