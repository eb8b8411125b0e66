"""Keep the roll-up columns of ledger rows equal to what their tasks say."""

from collections.abc import Iterable

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from common.tracked import write_derived
from responsibilities.enums import OPEN_TASK_STATES, TaskState
from responsibilities.models import Obligation, Task
from responsibilities.models.lamp_dates import last_word


def refresh_rollup(obligation_ids: Iterable[int]) -> None:
    """Recompute the roll-up of the rows from their tasks; part of the act that changed a task."""
    rows = Obligation.objects.filter(pk__in=list(obligation_ids))
    write_derived(rows, **rollup_columns())


def rollup_columns() -> dict[str, Combinable]:
    """Return what each roll-up column of a row is, as an expression over its tasks.

    Void tasks count nowhere. ``quiet_since`` looks only at open tasks without a date.
    """
    tasks = (
        Task.objects.filter(obligation=OuterRef("pk"))
        .exclude(state__in=[TaskState.VOID, TaskState.UNDISPATCHED])
        .order_by()
        .values("obligation")
    )
    is_open = Q(state__in=OPEN_TASK_STATES)
    quiet = Min(last_word(), filter=is_open & Q(due_on=None))

    def rolled(expression: Min | Count) -> Subquery:
        return Subquery(tasks.annotate(rolled=expression).values("rolled"))

    return {
        "open_due_on": rolled(Min("due_on", filter=is_open)),
        "quiet_since": rolled(quiet),
        "open_count": Coalesce(rolled(Count("pk", filter=is_open)), 0),
        "task_count": Coalesce(rolled(Count("pk")), 0),
    }
