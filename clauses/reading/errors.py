"""What the reader says when a file is not a plan that it can read."""


class UnreadablePlan(Exception):
    """The file cannot be read as a plan; the message is one Chinese sentence for the office."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
