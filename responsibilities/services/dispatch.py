"""Dispatch (下发): from a row of the plan to work that units owe."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q

from clauses.models import Plan
from common.errors import DomainError, ensure_transition, require
from common.tracked import save_many_with_history
from organizations.enums import NEVER_CHASED_KINDS
from organizations.models import User
from responsibilities.enums import (
    OBLIGATION_TRANSITIONS,
    AssignmentRole,
    DeadlineKind,
    Frequency,
    FulfilmentMode,
    ObligationState,
)
from responsibilities.exceptions import NotReadyForDispatch
from responsibilities.models import Obligation
from responsibilities.permissions import can_manage_ledger
from responsibilities.services.expected import create_missing_tasks

NAMED = 12  # 一条提示里最多点名的编号数


def named(codes: Sequence[str]) -> str:
    """Return codes as the office reads them out: 04-06、05-04 等 14 处."""
    head = "、".join(codes[:NAMED])
    return head if len(codes) <= NAMED else f"{head} 等 {len(codes)} 处"


def dispatch_problems(plan: Plan, obligations: Iterable[Obligation]) -> list[str]:
    """Return what stands in the way of dispatching the rows, naming every sentence and row.

    Rows led only by bodies that are linked and never chased need no date.

    Source: 方案(三十)、(三十一):任务分解到位,“逐项落实责任单位、责任人”和完成时限后才下发。
    """
    problems = []
    open_codes = list(plan.provisions.open().values_list("code", flat=True))
    if open_codes:
        problems.append(f"方案还有未处置的句子:{named(open_codes)}")
    is_lead = Q(assignments__role=AssignmentRole.LEAD)
    unchased = Q(assignments__unit__kind__in=NEVER_CHASED_KINDS)
    rows = list(
        Obligation.objects.filter(pk__in=[row.pk for row in obligations])
        .annotate(
            leads=Count("assignments", filter=is_lead),
            chased=Count("assignments", filter=is_lead & ~unchased),
        )
        .order_by("code")
    )
    no_lead = [row.code for row in rows if row.leads == 0]
    many = [row.code for row in rows if row.mode == FulfilmentMode.JOINT and row.leads > 1]
    linked = {row.pk for row in rows if row.leads and not row.chased}
    undecided = [
        row
        for row in rows
        if row.deadline_kind == DeadlineKind.UNDECIDED and row.pk not in linked
    ]
    regular = [row.code for row in undecided if row.frequency == Frequency.PERIODIC_UNSPECIFIED]
    undated = [row.code for row in undecided if row.frequency != Frequency.PERIODIC_UNSPECIFIED]
    for codes, sentence in (
        (no_lead, "没有牵头单位"),
        (many, "共同完成的任务有不止一个牵头单位"),
        (regular, "原文为“定期”,还没有定周期"),
        (undated, "还没有明确完成时限"),
    ):
        if codes:
            problems.append(f"{sentence}:{named(codes)}")
    return problems


def dispatch_obligations(
    plan: Plan,
    obligations: Iterable[Obligation],
    *,
    actor: User,
    at: datetime,
    today: date,
    starts_on: date | None = None,
) -> int:
    """Dispatch draft rows of the plan to their units, all of them or none.

    ``starts_on`` is the day from which periods are owed; today if not given.
    Raises: NotAllowed; NotReadyForDispatch naming what is missing; TransitionNotAllowed.
    Returns: the number of tasks created.
    """
    with transaction.atomic():
        require(can_manage_ledger(actor, today=today))
        rows = list(
            Obligation.objects.select_for_update(of=("self",))
            .of_plan(plan)
            .filter(pk__in=[row.pk for row in obligations])
            .order_by("pk")
        )
        if not rows:
            raise DomainError("没有选中要下发的任务,请先勾选。")
        problems = dispatch_problems(plan, rows)
        if problems:
            raise NotReadyForDispatch(problems)
        for row in rows:
            ensure_transition(
                ObligationState(row.state), ObligationState.DISPATCHED, OBLIGATION_TRANSITIONS
            )
            row.state = ObligationState.DISPATCHED
            row.starts_on = starts_on or today
            row.dispatched_at = at
            row.dispatched_by = actor
            row.version += 1
        fields = ["state", "starts_on", "dispatched_at", "dispatched_by", "version"]
        save_many_with_history(rows, fields=fields, actor=actor, reason="下发任务", at=at)
        return create_missing_tasks(rows, actor=actor, at=at, today=today, reason="下发任务")
