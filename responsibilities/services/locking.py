"""Rows of the ledger held for one act, and the refusal of those that are gone."""

from common.errors import DomainError, StaleVersion
from responsibilities.enums import ObligationState
from responsibilities.models import Obligation


def lock_obligation(obligation: Obligation, *, version: int | None = None) -> Obligation:
    """Return the row locked for this transaction; refuses when it is no longer ``version``."""
    row = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    if version is not None and row.version != version:
        raise StaleVersion
    return row


def refuse_void(row: Obligation) -> None:
    """Raise DomainError for a voided row: it stays on record as it was."""
    if row.state == ObligationState.VOID:
        raise DomainError(f"{row.code} 已撤销，不能再改。")
