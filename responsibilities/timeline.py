"""Everything that ever happened to a row of the ledger, as sentences."""

from collections.abc import Iterator

from common.changes import Act, Entry, acts_of, entries_of
from organizations.access import Access
from responsibilities.models import Assignment, Obligation, ObligationSource, Task


def obligation_acts(obligation: Obligation, access: Access) -> list[Act]:
    """Return the acts on a row, its sources, its units and its tasks; newest first.

    A unit reads the history of its own tasks only, like the tasks themselves.
    """
    return acts_of(_entries(obligation, access))


def _entries(obligation: Obligation, access: Access) -> Iterator[Entry]:
    oldest_first = ("history_date", "history_id")
    own = Obligation.history.filter(id=obligation.pk)
    yield from entries_of(
        list(own.select_related("history_user").order_by(*oldest_first)), Obligation
    )
    for model in (ObligationSource, Assignment, Task):
        rows = model.history.filter(obligation_id=obligation.pk)
        if model is Task and not access.sees_all:
            rows = rows.filter(unit_id__in=access.unit_ids)
        ordered = rows.select_related("history_user").order_by(*oldest_first)
        yield from entries_of(list(ordered), model)
