"""Saved views (视图): a name for a ledger query, kept by a person and possibly shared."""

from datetime import datetime

from django.db import transaction

from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import User
from responsibilities.models import SavedView
from responsibilities.permissions import can_manage_ledger


def create_saved_view(
    *, name: str, query: str, is_shared: bool, actor: User, at: datetime
) -> SavedView:
    """Keep the query string ``query`` under ``name`` for ``actor`` (存为视图).

    Sharing shows the view to everybody who sees the whole ledger; only the office shares.
    Raises: NotAllowed; DomainError for a query that asks for nothing; ValidationError when the
    name is too long or taken.
    """
    with transaction.atomic():
        if is_shared:
            require(can_manage_ledger(actor, today=at.date()))
        if not query:
            raise DomainError("现在没有筛选条件，请先在台账里筛选，再存为视图。")
        view = SavedView(owner=actor, name=name.strip(), query=query, is_shared=is_shared)
        save_with_history(view, actor=actor, reason="存为视图", at=at)
    return view


def delete_saved_view(view: SavedView, *, actor: User, at: datetime) -> None:
    """Take a view away (删除视图); only its owner may, and it stays on record as void."""
    with transaction.atomic():
        view = SavedView.objects.select_for_update(of=("self",)).get(pk=view.pk)
        require(view.owner_id == actor.pk, "只能删除自己的视图。")
        view.is_void = True
        save_with_history(view, actor=actor, reason="删除视图", at=at, fields=["is_void"])
