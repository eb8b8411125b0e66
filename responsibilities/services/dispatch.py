"""Dispatch (下发): from a row of the plan to work that units owe."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

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
from responsibilities.models import Assignment, Obligation
from responsibilities.permissions import can_manage_ledger
from responsibilities.services.expected import create_missing_tasks, expected_tasks
from responsibilities.services.telling import tell_dispatch

NAMED = 12  # 一条提示里最多点名的编号数


def named(codes: Sequence[str]) -> str:
    """Return codes as the office reads them out: 04-06、05-04 等 14 处."""
    head = "、".join(codes[:NAMED])
    return head if len(codes) <= NAMED else f"{head} 等 {len(codes)} 处"


class ProblemKind(StrEnum):
    """What can stand in the way of dispatch, and so where it is put right."""

    OPEN_SENTENCE = "open_sentence"
    NO_LEAD = "no_lead"
    MANY_LEADS = "many_leads"
    NO_INTERVAL = "no_interval"
    NO_DEADLINE = "no_deadline"


PROBLEM_WORDS = {
    ProblemKind.OPEN_SENTENCE: "方案还有未处置的句子",
    ProblemKind.NO_LEAD: "没有牵头单位",
    ProblemKind.MANY_LEADS: "共同完成的任务有不止一个牵头单位",
    ProblemKind.NO_INTERVAL: "原文为“定期”，还没有定周期",
    ProblemKind.NO_DEADLINE: "还没有明确完成时限",
}


@dataclass(frozen=True)
class Problem:
    """One thing that stands in the way, with the codes of all its sentences or rows."""

    kind: ProblemKind
    codes: tuple[str, ...]

    @property
    def words(self) -> str:
        return PROBLEM_WORDS[self.kind]

    @property
    def is_of_sentences(self) -> bool:
        return self.kind == ProblemKind.OPEN_SENTENCE

    def __str__(self) -> str:
        return f"{self.words}：{named(self.codes)}"


def find_problems(plan: Plan, obligations: Iterable[Obligation]) -> list[Problem]:
    """Return what stands in the way of dispatching the rows: two statements.

    Rows led only by bodies that are linked and never chased need no date.

    Source: 方案(三十)、(三十一):任务分解到位,“逐项落实责任单位、责任人”和完成时限后才下发。
    """
    found: dict[ProblemKind, list[str]] = {kind: [] for kind in ProblemKind}
    found[ProblemKind.OPEN_SENTENCE].extend(plan.provisions.open().values_list("code", flat=True))
    for row in _with_leads(obligations):
        for kind in _problems_of(row):
            found[kind].append(row.code)
    return [Problem(kind, tuple(codes)) for kind, codes in found.items() if codes]


def _with_leads(obligations: Iterable[Obligation]) -> Iterable[Any]:
    is_lead = Q(assignments__role=AssignmentRole.LEAD)
    unchased = Q(assignments__unit__kind__in=NEVER_CHASED_KINDS)
    return (
        Obligation.objects.filter(pk__in=[row.pk for row in obligations])
        .annotate(
            leads=Count("assignments", filter=is_lead),
            chased=Count("assignments", filter=is_lead & ~unchased),
        )
        .order_by("code")
    )


def _problems_of(row: Any) -> Iterator[ProblemKind]:
    if row.leads == 0:
        yield ProblemKind.NO_LEAD
    if row.mode == FulfilmentMode.JOINT and row.leads > 1:
        yield ProblemKind.MANY_LEADS
    is_linked = row.leads and not row.chased
    if row.deadline_kind == DeadlineKind.UNDECIDED and not is_linked:
        regular = row.frequency == Frequency.PERIODIC_UNSPECIFIED
        yield ProblemKind.NO_INTERVAL if regular else ProblemKind.NO_DEADLINE


def dispatch_problems(plan: Plan, obligations: Iterable[Obligation]) -> list[str]:
    """Return the same as sentences that name every sentence and row."""
    return [str(problem) for problem in find_problems(plan, obligations)]


@dataclass(frozen=True)
class Preview:
    """What a dispatch would make: how many tasks, for how many units, how many late at once."""

    tasks: int
    units: int
    overdue: int = 0


def preview_dispatch(
    obligations: Iterable[Obligation], *, today: date, starts_on: date | None = None
) -> Preview:
    """Count what dispatching the draft rows would create; nothing is written."""
    rows = {row.pk: row for row in obligations}
    leads = Assignment.objects.filter(
        obligation__in=list(rows), role=AssignmentRole.LEAD
    ).select_related("unit")
    made = []
    for lead in leads:
        row = copy(rows[lead.obligation_id])
        row.starts_on = starts_on or today
        made.extend(expected_tasks(row, [lead], today=today))
    late = sum(task.is_overdue_on(today) for task in made)
    return Preview(len(made), len({task.unit_id for task in made}), late)


def dispatch_obligations(
    plan: Plan,
    obligations: Iterable[Obligation],
    *,
    actor: User,
    at: datetime,
    today: date,
    starts_on: date | None = None,
) -> int:
    """Dispatch draft rows of the plan to their units, all of them or none; each unit is told once.

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
            raise DomainError("没有选中要下发的任务，请先勾选。")
        if problems := dispatch_problems(plan, rows):
            raise NotReadyForDispatch(problems)
        for row in rows:
            ensure_transition(
                ObligationState(row.state), ObligationState.DISPATCHED, OBLIGATION_TRANSITIONS
            )
            row.state = ObligationState.DISPATCHED
            row.starts_on = starts_on or today
            row.dispatched_at, row.dispatched_by = at, actor
            row.version += 1
        fields = ["state", "starts_on", "dispatched_at", "dispatched_by", "version"]
        save_many_with_history(rows, fields=fields, actor=actor, reason="下发任务", at=at)
        made = create_missing_tasks(rows, actor=actor, at=at, today=today, reason="下发任务")
        tell_dispatch(plan, made, actor=actor, at=at)
    return len(made)
