"""Errors of the domain: each carries one full Chinese sentence for the person at the screen."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

S = TypeVar("S")


class DomainError(Exception):
    """A business rule refused the act; ``message`` says what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(DomainError):
    """The actor's posts do not allow the act."""

    def __init__(self, message: str = "您的岗位不能办理这一事项，如需办理请联系区安委办。") -> None:
        super().__init__(message)


class TransitionNotAllowed(DomainError):
    """The state table has no such step."""


class StaleVersion(DomainError):
    """Somebody else changed the row after it was shown."""

    def __init__(
        self,
        message: str = "这项内容刚刚被别人改过，请核对最新内容后再保存，您填写的仍保留在页面上。",
    ) -> None:
        super().__init__(message)


def require(allowed: bool, message: str | None = None) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise :class:`NotAllowed` unless ``allowed``."""
    if not allowed:
        raise NotAllowed(message) if message else NotAllowed()


def ensure_transition(current: S, target: S, table: Mapping[S, frozenset[S]]) -> None:
    """Raise :class:`TransitionNotAllowed` unless ``table`` lets ``current`` become ``target``."""
    if target not in table.get(current, frozenset()):
        here = getattr(current, "label", current)
        there = getattr(target, "label", target)
        if current == target:
            raise TransitionNotAllowed(
                f"现在已经是“{here}”，不用重复办理，请刷新页面查看最新状态。"
            )
        raise TransitionNotAllowed(f"“{here}”状态下不能改为“{there}”，请刷新页面查看最新状态。")


def messages_of(error: DomainError | ValidationError) -> list[str]:
    """Return the sentences that an error carries."""
    return [error.message] if isinstance(error, DomainError) else list(error.messages)


@contextmanager
def domain_errors_as_messages(request: HttpRequest) -> Iterator[None]:
    """Turn a refused act into page messages instead of a failure."""
    try:
        yield
    except (DomainError, ValidationError) as error:
        for sentence in messages_of(error):
            messages.error(request, sentence)
