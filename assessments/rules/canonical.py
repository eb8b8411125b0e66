"""One text for one value: what is hashed, stored and compared byte for byte."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
# A field that came after results were stored; at its default it is not written, as it was then.
LATER = "later"


def canonical_json(value: Any) -> str:
    """Return the canonical JSON of frozen values: sorted keys, points with two places, ISO dates.

    >>> canonical_json({"b": Decimal("2"), "a": date(2019, 9, 30)})
    '{"a":"2019-09-30","b":"2.00"}'
    """
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """Return the sha256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {
            column.name: _plain(getattr(value, column.name))
            for column in fields(value)
            if not (LATER in column.metadata and getattr(value, column.name) == column.default)
        }
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def from_json(kind: type[T], text: str) -> T:
    """Return the frozen value of type ``kind`` that ``text`` stands for."""
    made: T = _made(kind, json.loads(text))
    return made


def _made(kind: Any, value: Any) -> Any:
    if get_origin(kind) in {Union, UnionType}:
        inner = next(arg for arg in get_args(kind) if arg is not type(None))
        return None if value is None else _made(inner, value)
    if get_origin(kind) is tuple:
        return tuple(_made(get_args(kind)[0], item) for item in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _made(hints[name], item) for name, item in value.items()})
    if kind is date:
        return date.fromisoformat(value)
    return kind(value)
