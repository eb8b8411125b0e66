"""Give rows their units: the lead, those who assist, and what follows for open tasks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from common.errors import DomainError, require
from common.tracked import (
    delete_with_history,
    save_many_with_history,
    save_with_history,
)
from organizations.models import Unit, UnitAlias, User
from responsibilities.enums import (
    AssignmentRole,
    FulfilmentMode,
    ObligationState,
    TaskState,
)
from responsibilities.models import Assignment, Obligation, Task
from responsibilities.permissions import can_manage_ledger
from responsibilities.services.expected import align_tasks
from responsibilities.services.locking import lock_obligation, refuse_void
from responsibilities.services.recalling import recall_waiting
from responsibilities.services.rollup import refresh_rollup
from responsibilities.services.telling import telling_of_changed_work


@dataclass(frozen=True)
class UnitRoles:
    """Who answers for a row, each unit with the phrase of the text it comes from, if any."""

    mode: FulfilmentMode
    leads: Sequence[tuple[Unit, UnitAlias | None]]
    assists: Sequence[tuple[Unit, UnitAlias | None]] = ()
    supervisors: Sequence[tuple[Unit, UnitAlias | None]] = ()

    def rows(self) -> dict[int, tuple[Unit, AssignmentRole, UnitAlias | None]]:
        """Return unit id → role; a unit that leads is not listed again as assisting."""
        listed: dict[int, tuple[Unit, AssignmentRole, UnitAlias | None]] = {}
        for role, members in (
            (AssignmentRole.LEAD, self.leads),
            (AssignmentRole.ASSIST, self.assists),
            (AssignmentRole.SUPERVISE, self.supervisors),
        ):
            for unit, alias in members:
                listed.setdefault(unit.pk, (unit, role, alias))
        return listed


def assign_units(
    obligation: Obligation,
    roles: UnitRoles,
    *,
    version: int,
    actor: User,
    at: datetime,
    today: date,
    reason: str,
) -> Obligation:
    """Set the units of a row (明确牵头、配合单位).

    On a dispatched row units that no longer lead lose their open tasks (voided, kept on record)
    and new leads get theirs and are told. Who takes over joint work owes what is still open of it;
    who joins separate work owes the period that runs on the day and those after it.
    Source: 方案(三十)“明确牵头部门,落实责任分工”。
    Raises: NotAllowed; StaleVersion; DomainError when joint work has not exactly one lead.
    """
    with transaction.atomic(), telling_of_changed_work([obligation], actor=actor, at=at):
        require(can_manage_ledger(actor, today=today))
        row = lock_obligation(obligation, version=version)
        check_roles(row, roles, today=today)
        row.mode = roles.mode
        row.version += 1
        save_with_history(row, actor=actor, reason=reason, at=at, fields=["mode", "version"])
        joins_late = (
            row.state == ObligationState.DISPATCHED and roles.mode == FulfilmentMode.SEPARATE
        )
        joined_on = today if joins_late else None
        _replace_assignments(row, roles, joined_on, actor=actor, at=at, reason=reason)
        if row.state == ObligationState.DISPATCHED:
            align_tasks(row, is_redated=False, actor=actor, at=at, today=today, reason=reason)
    return row


def change_lead(
    obligation: Obligation, unit: Unit, *, actor: User, at: datetime, today: date, reason: str
) -> Obligation:
    """Give a joint row another lead (换牵头); the others keep their roles."""
    return assign_units(
        obligation,
        roles_with_lead(obligation, unit),
        version=obligation.version,
        actor=actor,
        at=at,
        today=today,
        reason=reason,
    )


def roles_with_lead(obligation: Obligation, unit: Unit) -> UnitRoles:
    """Return the units of a joint row with ``unit`` in the lead and the others as they are."""
    prefetch_related_objects([obligation], "assignments__unit", "assignments__alias")
    others = [item for item in obligation.assignments.all() if item.unit_id != unit.pk]
    return UnitRoles(
        mode=FulfilmentMode.JOINT,
        leads=[(unit, None)],
        assists=[(i.unit, i.alias) for i in others if i.role == AssignmentRole.ASSIST],
        supervisors=[(i.unit, i.alias) for i in others if i.role == AssignmentRole.SUPERVISE],
    )


def check_roles(row: Obligation, roles: UnitRoles, *, today: date) -> None:
    """Raise DomainError if the row cannot take the units; previews ask before anything moves."""
    refuse_void(row)
    if roles.mode == FulfilmentMode.JOINT and len(roles.leads) > 1:
        raise DomainError(
            f"{row.code} 是共同完成的任务，只能有一个牵头单位；各自落实的请改为分别落实。"
        )
    if row.state == ObligationState.DISPATCHED and not roles.leads:
        raise DomainError(f"{row.code} 已下发，不能没有牵头单位。")
    gone = [unit.name for unit, *_ in roles.rows().values() if not unit.is_valid_on(today)]
    if gone:
        raise DomainError(f"{'、'.join(gone)}已撤销或尚未设立，请改选承接单位。")


def _replace_assignments(
    row: Obligation,
    roles: UnitRoles,
    joined_on: date | None,
    *,
    actor: User,
    at: datetime,
    reason: str,
) -> None:
    wanted = roles.rows()
    held = {item.unit_id: item for item in row.assignments.select_related("alias")}
    for unit_id, item in held.items():
        if unit_id not in wanted or item.role != wanted[unit_id][1]:
            delete_with_history(item, actor=actor, reason=reason, at=at)
    for unit_id, (unit, role, alias) in wanted.items():
        sole = roles.mode == FulfilmentMode.JOINT and role == AssignmentRole.LEAD
        if unit_id in held and held[unit_id].role == role:
            _adjust(held[unit_id], alias, sole=sole, actor=actor, at=at, reason=reason)
            continue
        item = Assignment(obligation=row, unit=unit, role=role, alias=alias, is_sole_lead=sole)
        item.joined_on = joined_on if role == AssignmentRole.LEAD else None
        save_with_history(item, actor=actor, reason=reason, at=at)


def _adjust(
    item: Assignment,
    alias: UnitAlias | None,
    *,
    sole: bool,
    actor: User,
    at: datetime,
    reason: str,
) -> None:
    """Bring a kept unit up to date; a phrase once known stays unless another takes its place."""
    kept = item.alias if alias is None else alias
    if (item.is_sole_lead, item.alias) == (sole, kept):
        return
    item.is_sole_lead, item.alias = sole, kept
    fields = ["is_sole_lead", "alias"]
    save_with_history(item, actor=actor, reason=reason, at=at, fields=fields)


def void_open_tasks(
    row: Obligation, tasks: Iterable[Task], *, actor: User, at: datetime, reason: str
) -> None:
    """Void the given open tasks of a row; part of the act that made them pointless."""
    gone = list(tasks)
    for task in gone:
        task.move_to(TaskState.VOID)
    save_many_with_history(gone, fields=["state", "version"], actor=actor, reason=reason, at=at)
    recall_waiting(gone, actor=actor, at=at, reason=reason)
    refresh_rollup([row.pk])
