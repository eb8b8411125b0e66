"""The plans beside the one that a page shows, each with what it still holds late.

Pages open on one plan; whoever reads “没有逾期” there must see that another plan has some.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from clauses.models import Plan
from organizations.access import Access
from responsibilities.models import Obligation, Task


@dataclass(frozen=True)
class PlanShare:
    """One plan as a choice: its rows that the person sees, and how many of them are late."""

    code: str
    title: str
    total: int
    late: int
    is_shown: bool


def plan_shares(shown: Plan, *, access: Access, today: date) -> Sequence[PlanShare]:
    """Return every plan with rows for the person, ``shown`` first; none while it is the only one.

    One statement.
    """
    return shares_in(counted_plans(access, today), shown)


def counted_plans(access: Access, today: date) -> QuerySet[Any, dict[str, Any]]:
    """Read the plans with rows for the person, newest first, each with its rows counted.

    Who sees every task reads of a row's own roll-up whether it is late; a unit, of its tasks.
    """
    owed = Task.objects.visible_to(access).overdue(today=today).filter(obligation=OuterRef("pk"))
    is_late = Q(open_due_on__lt=today) if access.sees_all else Q(Exists(owed))
    rows = Obligation.objects.visible_to(access).live().order_by()
    found: QuerySet[Any, dict[str, Any]] = (
        rows.values(code_of=F("plan__code"), title_of=F("plan__title"))
        .annotate(total=Count("pk"), late=Count("pk", filter=is_late))
        .order_by(F("plan__published_on").desc(nulls_last=True), "-plan_id")
    )
    return found


def shares_in(counted: Iterable[Mapping[str, Any]], shown: Plan) -> Sequence[PlanShare]:
    """Read what :func:`counted_plans` found; ``shown`` comes first."""
    found = [
        PlanShare(
            code=plan["code_of"],
            title=plan["title_of"],
            total=plan["total"],
            late=plan["late"],
            is_shown=plan["code_of"] == shown.code,
        )
        for plan in counted
    ]
    if all(share.is_shown for share in found):
        return ()
    if not any(share.is_shown for share in found):
        found.append(PlanShare(shown.code, shown.title, 0, 0, is_shown=True))
    return sorted(found, key=lambda share: not share.is_shown)
