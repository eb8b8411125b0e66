"""Say in Chinese which rule of the database refused a row."""

import re

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

SQLITE_CHECK = re.compile(r"CHECK constraint failed: (?P<name>\w+)")
SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (?P<columns>.+)")


def explain(error: IntegrityError, obj: models.Model) -> ValidationError | None:
    """Return the refusal in the words of the broken constraint, or None for an unknown one.

    No query is made: PostgreSQL names the constraint, SQLite names a check or the columns of a
    unique one, and a failed transaction could not be asked anyway.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    check = SQLITE_CHECK.search(str(error))
    unique = SQLITE_UNIQUE.search(str(error))
    if name or check:
        broken = name or (check["name"] if check else "")
        return _by_name(broken, obj) or _by_unique_field(broken, obj)
    if unique:
        columns = {part.rpartition(".")[2] for part in unique["columns"].split(", ")}
        return _by_columns(columns, obj)
    return None


def _by_name(name: str, obj: models.Model) -> ValidationError | None:
    for constraint in obj._meta.constraints:
        if constraint.name == name:
            return ValidationError(constraint.get_violation_error_message())
    return None


def _by_unique_field(name: str, obj: models.Model) -> ValidationError | None:
    """PostgreSQL names a unique column table_column_hash_uniq (or …_key)."""
    for column in obj._meta.concrete_fields:
        if column.unique and f"_{column.column}_" in name:
            return obj.unique_error_message(type(obj), (column.name,))
    return None


def _by_columns(columns: set[str], obj: models.Model) -> ValidationError | None:
    for constraint in obj._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            named = {
                column.column
                for column in obj._meta.concrete_fields
                if column.name in constraint.fields
            }
            if named == columns:
                return ValidationError(constraint.get_violation_error_message())
    for column in obj._meta.concrete_fields:
        if column.unique and {column.column} == columns:
            return obj.unique_error_message(type(obj), (column.name,))
    return None
