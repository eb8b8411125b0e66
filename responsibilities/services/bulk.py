"""One decision for many rows (批量改时限、换牵头): first shown, then made for all or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from common.errors import DomainError, StaleVersion, require
from organizations.models import Unit, User
from responsibilities.enums import (
    AssignmentRole,
    FulfilmentMode,
    ObligationState,
)
from responsibilities.models import Obligation
from responsibilities.permissions import can_manage_ledger
from responsibilities.rules import deadline_words, few_units
from responsibilities.services.assigning import change_lead, check_roles, roles_with_lead
from responsibilities.services.deadlines import Deadline, check_deadline, set_deadline
from responsibilities.services.expected import late_for_newcomers
from responsibilities.services.telling import telling_of_changed_work

MAX_ROWS = 200  # 一次办理的上限：再多就看不过来了


class StaleRows(StaleVersion):
    """Some rows changed after the preview; ``codes`` says which."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.codes = tuple(codes)
        super().__init__(
            f"{'、'.join(self.codes)} 在您核对之后被别人改过，本次一项也没有保存，"
            "请按下面的最新内容重新核对后再确认。"
        )


class Change(Protocol):
    """A decision that can be put to any row."""

    def before(self, row: Obligation) -> str: ...

    def after(self, row: Obligation) -> str: ...

    def check(self, row: Obligation, *, today: date) -> None:
        """Raise DomainError with the reason why the row cannot take the decision."""

    def make(
        self, row: Obligation, *, actor: User, at: datetime, today: date, reason: str
    ) -> Obligation: ...


@dataclass(frozen=True)
class DeadlineChange:
    """Give rows another deadline (改时限)."""

    deadline: Deadline

    def before(self, row: Obligation) -> str:
        return row.deadline_in_words

    def after(self, row: Obligation) -> str:
        chosen = self.deadline
        return deadline_words(
            kind=chosen.kind, due_on=chosen.due_on, frequency=chosen.frequency or ""
        )

    def check(self, row: Obligation, *, today: date) -> None:
        check_deadline(row, self.deadline)

    def make(
        self, row: Obligation, *, actor: User, at: datetime, today: date, reason: str
    ) -> Obligation:
        same = row.frequency == (self.deadline.frequency or "")
        times = row.times_per_period if same else self.deadline.times_per_period
        return set_deadline(
            row,
            replace(self.deadline, times_per_period=times),
            version=row.version,
            actor=actor,
            at=at,
            today=today,
            reason=reason,
        )


@dataclass(frozen=True)
class LeadChange:
    """Give rows another lead unit (换牵头)."""

    unit: Unit

    def before(self, row: Obligation) -> str:
        leads = [i.unit.short_name for i in row.assignments.all() if i.role == AssignmentRole.LEAD]
        return few_units(leads, most=1, counter="家") or "未定"

    def after(self, row: Obligation) -> str:
        return self.unit.short_name

    def check(self, row: Obligation, *, today: date) -> None:
        if row.state != ObligationState.VOID and row.mode == FulfilmentMode.SEPARATE:
            raise DomainError(f"{row.code} 由各单位分别落实，请打开该任务逐个调整责任单位。")
        if not self.unit.is_chased:
            raise DomainError(f"{self.unit.name}只作联系，不能牵头，请改选其他单位。")
        check_roles(row, roles_with_lead(row, self.unit), today=today)

    def make(
        self, row: Obligation, *, actor: User, at: datetime, today: date, reason: str
    ) -> Obligation:
        return change_lead(row, self.unit, actor=actor, at=at, today=today, reason=reason)


@dataclass(frozen=True)
class Proposal:
    """What a decision would do to one row: before and after, or why it cannot.

    ``late_on`` is the date, already past, by which its new lead would be late from the first.
    """

    row: Obligation
    before: str
    after: str
    refusal: str = ""
    late_on: date | None = None

    @property
    def is_possible(self) -> bool:
        return not self.refusal


def proposals(rows: Iterable[Obligation], change: Change, *, today: date) -> list[Proposal]:
    """Show what ``change`` would do to each row; writes nothing."""
    rows, found = list(rows), []
    late = late_for_newcomers(rows, today=today) if isinstance(change, LeadChange) else {}
    for row in rows:
        before, after = change.before(row), change.after(row)
        refusal = "与现在相同，不用改。" if before == after else ""
        try:
            change.check(row, today=today)
        except DomainError as error:
            refusal = error.message
        found.append(Proposal(row, before, after, refusal, late.get(row.pk)))
    return found


def change_many(
    picked: Mapping[int, int],
    changes: Sequence[Change],
    *,
    actor: User,
    at: datetime,
    today: date,
    reason: str,
) -> list[Obligation]:
    """Make the ``changes`` to all ``picked`` rows (pk → version shown), or to none.

    Source: 方案(三十)“明确牵头部门”、(三十一)“细化…完成时限”。
    Raises: NotAllowed; StaleRows naming the rows that changed since they were shown; DomainError
    when a row cannot take the change.
    """
    with transaction.atomic():
        require(can_manage_ledger(actor, today=today))
        if not picked or len(picked) > MAX_ROWS:
            raise DomainError(f"一次可以办理 1 至 {MAX_ROWS} 项任务，请重新勾选。")
        rows = list(
            Obligation.objects.select_for_update(of=("self",))
            .filter(pk__in=list(picked))
            .order_by("code", "pk")
        )
        if len(rows) != len(picked):
            raise DomainError("勾选的任务有的已不在台账里，请回到台账重新勾选。")
        stale = [row.code for row in rows if row.version != picked[row.pk]]
        if stale:
            raise StaleRows(stale)
        for row in rows:
            for change in changes:
                change.check(row, today=today)
        made = []
        with telling_of_changed_work(rows, actor=actor, at=at):
            for row in rows:
                changed = row
                for change in changes:
                    changed = change.make(changed, actor=actor, at=at, today=today, reason=reason)
                made.append(changed)
    return made
