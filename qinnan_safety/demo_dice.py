"""Chance without chance: the same day gives the same demonstration."""

import hashlib


def dice(*parts: object) -> int:
    """Return a number from 0 to 99 that depends on ``parts`` only."""
    text = "|".join(str(part) for part in parts)
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) % 100
