"""What can go wrong with documents."""

from common.errors import DomainError


class RenderFailed(DomainError):
    """The renderer gave no file; the message says why."""


class SigningFailed(DomainError):
    """The issued file could not be signed; the message says why."""


class FileLost(DomainError):
    """A file is gone from the store; the message says which, and what to do."""


class ContentMoved(DomainError):
    """The content is no longer what was shown to the one who signs; the message says what moved."""


class UnknownKind(DomainError):
    """No such kind of document is registered."""


class NotYet(DomainError):
    """What a paper rests on is still to come; nothing is wrong."""
