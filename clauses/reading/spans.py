"""Spans of text: pairs of offsets, without blanks at their ends, and which are taken already."""

Span = tuple[int, int]


def trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without the blanks at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


class Cover:
    """Which characters of a stretch are taken; a span is taken whole or not at all."""

    def __init__(self, start: int, end: int) -> None:
        self._start = start
        self._taken = bytearray(end - start)

    def take(self, start: int, end: int) -> bool:
        """Take the span and return True, unless any of it is taken."""
        low, high = start - self._start, end - self._start
        if any(self._taken[low:high]):
            return False
        self._taken[low:high] = b"\x01" * (high - low)
        return True
