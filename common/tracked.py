"""Tracked models: every write leaves a history row with an actor and a reason.

``QuerySet.update`` and the bulk methods write no history, so :class:`TrackedQuerySet` refuses them;
many rows at once go through :func:`create_many_with_history` and :func:`save_many_with_history`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, NoReturn, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, models, transaction
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_update_with_history

from common.violations import explain

M = TypeVar("M", bound=models.Model)


class UntrackedWrite(RuntimeError):
    """Somebody tried to change tracked rows behind the history's back."""


def _refuse(*_args: object, **_kwargs: object) -> NoReturn:
    raise UntrackedWrite("Use common.tracked helpers: this write would leave no history.")


class TrackedQuerySet(models.QuerySet[M]):
    """A queryset of a tracked model: reads freely, refuses writes that leave no history."""

    update = _refuse
    bulk_update = _refuse
    bulk_create = _refuse
    delete = _refuse


class KeptHistoryManager(HistoryManager):  # type: ignore[misc]  # has no types
    """Makes its class once: by itself simple-history makes one at every ``Model.history``."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


def history(**options: Any) -> HistoricalRecords:
    """Return the history field that every tracked model carries."""
    return HistoricalRecords(
        history_manager=KeptHistoryManager,
        history_change_reason_field=models.TextField(),
        user_db_constraint=False,
        **options,
    )


def save_with_history(
    obj: models.Model,
    *,
    actor: AbstractBaseUser,
    reason: str,
    at: datetime,
    fields: Sequence[str] | None = None,
) -> None:
    """Validate and save ``obj`` with one history row that names ``actor``, ``reason`` and ``at``.

    Fields are checked here; constraints and uniqueness are left to the database, which refuses
    once and is then put into words, so that a write costs no query for each rule it keeps.
    Raises: ValidationError with Chinese sentences when a field or constraint refuses.
    """
    if not reason.strip():
        raise ValueError("A tracked write needs a reason.")
    relations = {column.name for column in obj._meta.concrete_fields if column.is_relation}
    obj.clean_fields(exclude=relations)
    obj.clean()
    obj._history_user = actor  # type: ignore[attr-defined]
    obj._change_reason = reason  # type: ignore[attr-defined]
    obj._history_date = at  # type: ignore[attr-defined]
    with _refusals_in_words(obj):
        obj.save(update_fields=list(fields) if fields and obj.pk else None)


def create_many_with_history(
    objects: Iterable[M],
    *,
    actor: AbstractBaseUser,
    reason: str,
    at: datetime,
    batch_size: int = 500,
) -> list[M]:
    """Insert many new rows and their history rows in batches; callers validated them already.

    Raises: ValidationError with a Chinese sentence when a constraint refuses one of them.
    """
    rows = list(objects)
    if not rows:
        return []
    model: Any = type(rows[0])
    with _refusals_in_words(rows[0]), transaction.atomic():
        created: list[M] = model._base_manager.bulk_create(rows, batch_size=batch_size)
        model.history.bulk_history_create(
            created,
            batch_size=batch_size,
            default_user=actor,
            default_change_reason=reason,
            default_date=at,
        )
    return created


@contextmanager
def _refusals_in_words(obj: models.Model) -> Iterator[None]:
    """Turn the database's refusal of rows like ``obj`` into a ValidationError, if it is known."""
    try:
        yield
    except IntegrityError as error:
        refusal = explain(error, obj)
        if refusal is None:
            raise
        raise refusal from error


def save_many_with_history(
    objects: Iterable[M],
    *,
    fields: Sequence[str],
    actor: AbstractBaseUser,
    reason: str,
    at: datetime,
) -> int:
    """Update ``fields`` of many whole rows (loaded with all their columns) with history."""
    rows = list(objects)
    if not rows:
        return 0
    return int(
        bulk_update_with_history(
            rows,
            type(rows[0]),
            list(fields),
            batch_size=500,
            default_user=actor,
            default_change_reason=reason,
            default_date=at,
            manager=type(rows[0])._base_manager,
        )
    )


def delete_with_history(
    obj: models.Model, *, actor: AbstractBaseUser, reason: str, at: datetime
) -> None:
    """Remove a link row; its last state stays in the history with ``actor`` and ``reason``.

    Only for rows that tie two records together. Records themselves are voided, never removed.
    """
    obj._history_user = actor  # type: ignore[attr-defined]
    obj._change_reason = reason  # type: ignore[attr-defined]
    obj._history_date = at  # type: ignore[attr-defined]
    obj.delete()


def write_derived(queryset: models.QuerySet[Any], **columns: Any) -> int:
    """Rewrite columns that follow from other rows and therefore carry no history of their own.

    Raises: UntrackedWrite for a column that the model's history records.
    """
    model: Any = queryset.model
    recorded = {field.name for field in model.history.model._meta.get_fields()}
    if recorded & columns.keys():
        raise UntrackedWrite(f"History records {sorted(recorded & columns.keys())}.")
    return models.QuerySet.update(queryset, **columns)
