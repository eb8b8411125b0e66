"""How a 督办单 is drafted when the ladder has come to its end.

``notices`` knows no paper.  The platform registers the one that drafts when it starts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from organizations.models import Unit, User


@dataclass(frozen=True)
class Drafted:
    """A draft that waits for the office: what it is called, and the path of its page."""

    label: str
    url: str


# 单位、季度、拟稿人、时间 → 草稿；已有签发的不再拟，返回 None；没有可写的抛 DomainError。
Drafter = Callable[[Unit, str, User, datetime], Drafted | None]
_drafters: list[Drafter] = []


def register_drafter(drafter: Drafter) -> None:
    """Let ``drafter`` write the drafts; registering another replaces it."""
    _drafters[:] = [drafter]


def drafter() -> Drafter | None:
    return _drafters[0] if _drafters else None
