"""Thresholds of the lamps: the office decides from how many days on a lamp changes."""

from datetime import datetime

from django.db import transaction

from clauses.models import Plan
from common.clock import day_of
from common.errors import DomainError, StaleVersion, require
from common.tracked import save_with_history
from organizations.models import User
from responsibilities.permissions import can_manage_ledger
from responsibilities.rules import Thresholds, thresholds_of

MOST_DAYS = 365


def set_thresholds(
    plan: Plan, new: Thresholds, *, seen: Thresholds, actor: User, at: datetime, reason: str
) -> Plan:
    """Decide from how many days on the lamps of the plan's rows and tasks change.

    The lamps follow at once, everywhere; nothing else about the rows changes.
    Raises: NotAllowed; StaleVersion when they are not as ``seen``; DomainError for a number of
    days outside 1–365, no change, or no reason.
    """
    with transaction.atomic():
        plan = Plan.objects.select_for_update().get(pk=plan.pk)
        require(can_manage_ledger(actor, today=day_of(at)), "亮灯规则由区安委办设定。")
        if thresholds_of(plan) != seen:
            raise StaleVersion
        if new == seen:
            raise DomainError("天数没有改动，不用保存。")
        if not all(1 <= days <= MOST_DAYS for days in vars(new).values()):
            raise DomainError(f"天数要在 1 至 {MOST_DAYS} 之间。")
        if not reason.strip():
            raise DomainError("请写明调整亮灯规则的理由或依据。")
        plan.due_soon_days = new.due_soon
        plan.due_soon_days_periodic = new.due_soon_periodic
        plan.quiet_days = new.quiet
        save_with_history(plan, actor=actor, reason=reason.strip(), at=at)
    return plan
