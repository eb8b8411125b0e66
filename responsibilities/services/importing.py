"""Bring many changes of rows in at once (导入任务分解表): all of them or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from common.errors import DomainError, StaleVersion, messages_of, require
from organizations.models import User
from responsibilities.models import Obligation
from responsibilities.permissions import can_manage_ledger
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.breakdown import Wording, revise_obligation
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.telling import telling_of_changed_work

MAX_CHANGES = 500  # 一次导入在一个事务里办完，再多就让别人等得太久


@dataclass(frozen=True)
class RowChange:
    """What an import does to one row, based on the ``version`` that was shown; None keeps it."""

    row: Obligation
    version: int
    wording: Wording | None = None
    roles: UnitRoles | None = None
    deadline: Deadline | None = None


def import_changes(
    changes: Sequence[RowChange], *, actor: User, at: datetime, today: date, reason: str
) -> int:
    """Make all ``changes`` through the acts that a person could do one by one, or make none.

    Source: 方案(三十一)“细化工作任务、具体措施、实施步骤、完成时限,逐项落实责任单位、责任人”。
    Raises: NotAllowed; StaleVersion naming the row that somebody changed since the preview;
    DomainError naming the row that cannot take its change.
    Returns: the number of rows changed.
    """
    rows = [change.row for change in changes]
    with transaction.atomic(), telling_of_changed_work(rows, actor=actor, at=at):
        require(can_manage_ledger(actor, today=today))
        if not reason.strip():
            raise DomainError("导入要写明理由，如会议纪要或文件文号。")
        if len(changes) > MAX_CHANGES:
            raise DomainError(f"一次最多导入 {MAX_CHANGES} 项改动，请分成几次导入。")
        said = f"导入任务分解表：{reason.strip()}"
        for change in sorted(changes, key=lambda item: item.row.pk):
            try:
                _make(change, actor=actor, at=at, today=today, reason=said)
            except StaleVersion as error:
                raise StaleVersion(
                    f"{change.row.code} 在您核对之后被别人改过，本次一项也没有导入，"
                    "请按最新内容重新核对。"
                ) from error
            except (DomainError, ValidationError) as error:
                words = "".join(messages_of(error))
                raise DomainError(f"{change.row.code}：{words}本次一项也没有导入。") from error
    return len(changes)


def _make(change: RowChange, *, actor: User, at: datetime, today: date, reason: str) -> None:
    """Make one row's changes in turn, each on the version that the one before left."""
    row, version = change.row, change.version
    if change.wording is not None:
        row = revise_obligation(
            row, change.wording, version=version, actor=actor, at=at, reason=reason
        )
        version = row.version
    if change.roles is not None:
        row = assign_units(
            row, change.roles, version=version, actor=actor, at=at, today=today, reason=reason
        )
        version = row.version
    if change.deadline is not None:
        set_deadline(
            row, change.deadline, version=version, actor=actor, at=at, today=today, reason=reason
        )
