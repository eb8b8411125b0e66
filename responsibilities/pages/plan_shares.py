"""The plans beside the one that a page shows, each with what it still holds late.

Pages open on one plan; whoever reads “没有逾期” there must see that another plan has some.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q

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
    owed = Task.objects.visible_to(access).overdue(today=today).filter(obligation=OuterRef("pk"))
    rows = Obligation.objects.visible_to(access).live().order_by()
    found = [
        PlanShare(code=code, title=title, total=total, late=late, is_shown=code == shown.code)
        for code, title, total, late in rows.values_list("plan__code", "plan__title")
        .annotate(total=Count("pk"), late=Count("pk", filter=Q(Exists(owed))))
        .order_by(F("plan__published_on").desc(nulls_last=True), "-plan_id")
    ]
    if all(share.is_shown for share in found):
        return ()
    if not any(share.is_shown for share in found):
        found.append(PlanShare(shown.code, shown.title, 0, 0, is_shown=True))
    return sorted(found, key=lambda share: not share.is_shown)
