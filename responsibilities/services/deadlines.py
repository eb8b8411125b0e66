"""Give rows their deadlines, always with the basis that the decision rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import User
from responsibilities.enums import (
    DATED_KINDS,
    FREQUENCY_OF,
    MONTHS_OF,
    DeadlineKind,
    Frequency,
    FulfilledBy,
    ObligationState,
)
from responsibilities.exceptions import NoBasis
from responsibilities.models import Obligation
from responsibilities.permissions import can_manage_ledger
from responsibilities.rules import deadline_problem
from responsibilities.services.expected import align_tasks
from responsibilities.services.locking import lock_obligation, refuse_void
from responsibilities.services.telling import telling_of_changed_work
from responsibilities.stated import FROM_THE_TEXT, states_date, states_rate

WHOSE_DECISION = "请写明这次是谁定的、凭什么，如会议纪要或文件文号。"


@dataclass(frozen=True)
class Deadline:
    """A deadline as decided; ``basis`` names the document or meeting it rests on."""

    kind: DeadlineKind
    basis: str
    due_on: date | None = None
    frequency: Frequency | None = None
    times_per_period: int = 1


def set_deadline(
    obligation: Obligation,
    deadline: Deadline,
    *,
    version: int,
    actor: User,
    at: datetime,
    today: date,
    reason: str,
) -> Obligation:
    """Decide when a row is due (明确完成时限). The words of the text stay as they are.

    On a dispatched row the open tasks follow: a new date moves them and leaves the former one to
    be seen, a new interval lays out new periods, of which the units are told, and voids the open
    tasks of the old one that are not overdue yet; they stay on record.
    Source: 方案(三十一)“细化工作任务、具体措施、实施步骤、完成时限”。
    Raises: NotAllowed; StaleVersion; DomainError naming what does not hold together.
    """
    with transaction.atomic(), telling_of_changed_work([obligation], actor=actor, at=at):
        require(can_manage_ledger(actor, today=today))
        row = lock_obligation(obligation, version=version)
        check_deadline(row, deadline)
        is_redated = moves(row, deadline)
        _start_anew(row, deadline, today)
        row.deadline_kind = deadline.kind
        row.due_on = deadline.due_on
        row.frequency = deadline.frequency or ""
        row.times_per_period = deadline.times_per_period
        row.decision_basis = deadline.basis
        row.version += 1
        save_with_history(row, actor=actor, reason=reason, at=at)
        if row.state == ObligationState.DISPATCHED:
            align_tasks(row, is_redated=is_redated, actor=actor, at=at, today=today, reason=reason)
    return row


def moves(row: Obligation, deadline: Deadline) -> bool:
    """Whether the row would be due at another time, apart from who decided so and why."""
    held = _moment(row.deadline_kind, row.due_on, row.frequency)
    return held != _moment(deadline.kind, deadline.due_on, deadline.frequency or "")


def _moment(kind: str, due_on: date | None, frequency: str) -> tuple[str, date | None, str]:
    """Return what tells one time from another: the date, the interval, or the kind alone."""
    if kind in DATED_KINDS:
        return "", due_on, ""
    return kind, None, frequency if kind == DeadlineKind.PERIODIC else ""


def _start_anew(row: Obligation, deadline: Deadline, today: date) -> None:
    """Let a new interval of a dispatched row count from the day it was decided, not before."""
    is_new = (deadline.kind, deadline.frequency or "") != (row.deadline_kind, row.frequency)
    is_periodic = deadline.kind == DeadlineKind.PERIODIC
    if row.state == ObligationState.DISPATCHED and is_periodic and is_new:
        row.starts_on = max(row.starts_on or today, today)


def check_deadline(row: Obligation, deadline: Deadline) -> None:
    """Raise DomainError if the row cannot take the deadline; previews ask before anything moves."""
    refuse_void(row)
    if row.fulfilled_by == FulfilledBy.INSPECTION and deadline.frequency != Frequency.QUARTERLY:
        raise DomainError(f"{row.code} 由带队检查办结，按季度计；要改时限，先改办结方式。")
    if row.state == ObligationState.DISPATCHED and deadline.kind == DeadlineKind.UNDECIDED:
        raise DomainError(f"{row.code} 已下发，时限不能改回“待明确”。")
    problem = deadline_problem(
        kind=deadline.kind,
        due_on=deadline.due_on,
        frequency=deadline.frequency,
        is_unspecified=deadline.frequency not in MONTHS_OF,
    )
    if problem:
        raise DomainError(problem)
    if deadline.kind != DeadlineKind.UNDECIDED and not deadline.basis.strip():
        raise NoBasis("请写明时限的依据，如条文原文、会议纪要或文件文号。")
    check_basis(row, deadline)


def check_basis(row: Obligation, deadline: Deadline) -> None:
    """Raise NoBasis where the words of the text are the basis and do not give the deadline, or
    where a deadline moves on the basis that it had before.

    长期坚持 and 事件触发 are looked for in the text only where they take another's place.
    """
    basis = deadline.basis.strip()
    is_kept = bool(basis) and basis == row.decision_basis.strip() and moves(row, deadline)
    if basis.rstrip("。") == FROM_THE_TEXT:
        said = _unstated(row, deadline, kinds=FREQUENCY_OF if is_kept else {})
        if said:
            raise NoBasis(f"{row.code} 的条文没有写明{said}，{WHOSE_DECISION}")
    elif is_kept and deadline.kind != DeadlineKind.UNDECIDED:
        raise NoBasis(f"{row.code} 的时限改了，依据还是原来的“{basis}”，{WHOSE_DECISION}")


def _unstated(
    row: Obligation, deadline: Deadline, *, kinds: Mapping[DeadlineKind, Frequency]
) -> str:
    """Return what of the deadline no sentence of the row says, in words; empty if all is said."""
    if deadline.due_on is not None:
        is_stated = states_date(row, deadline.due_on)
        return "" if is_stated else f" {deadline.due_on.isoformat()} 这个日期"
    if deadline.frequency in MONTHS_OF and deadline.frequency is not None:
        is_stated = states_rate(row, deadline.frequency)
        return "" if is_stated else f"“{deadline.frequency.label}”这个周期"
    if deadline.kind in kinds and not states_rate(row, kinds[deadline.kind]):
        return f"“{deadline.kind.label}”"
    return ""
