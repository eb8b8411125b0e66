"""What can go wrong with documents."""

from common.errors import DomainError


class RenderFailed(DomainError):
    """The renderer gave no file; the message says why."""


class SigningFailed(DomainError):
    """The issued file could not be signed; the message says why."""


class UnknownKind(DomainError):
    """No such kind of document is registered."""


class NotYet(DomainError):
    """What a paper rests on is still to come; nothing is wrong."""
