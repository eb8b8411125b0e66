"""How a channel says that a message did not get through."""


class ChannelError(Exception):
    """A channel did not take a message; ``message`` says why, in Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message[:120]


class Unanswered(ChannelError):
    """The channel was reached and never answered: nobody can tell whether it took the message."""


class PartlyTaken(Unanswered):
    """Some of several addresses took the message: a second try would tell those twice."""
