"""What keeps reminders from going out by themselves: a pause, and more at once than the cap."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Subquery
from django.db.models.functions import Coalesce

from common.subcount import count_of
from common.subrows import Subrows, instant
from notices.enums import NoticeState
from notices.models import Notice, ReminderSetting
from organizations.people import name_of


@dataclass(frozen=True)
class Pause:
    """Who paused the reminders, and when."""

    who: str
    at: datetime


@dataclass(frozen=True)
class Overflow:
    """A batch that would be held: how many reminders it has, and how many may go at once."""

    count: int
    cap: int


def halts() -> dict[str, Any]:
    """Columns for a row of any table: how many reminders are ``held``, and the ``pauses``."""
    return {
        "held": count_of(Notice.objects.filter(state=NoticeState.HELD)),
        "pauses": Subrows(_pauses(), who=name_of("history_user"), at=F("history_date")),
    }


def pause_in(pauses: list[dict[str, Any]]) -> Pause | None:
    """Read the column ``pauses`` of :func:`halts`; None while reminders go out."""
    return next((Pause(row["who"] or "", instant(row["at"])) for row in pauses), None)


def pause_now() -> Pause | None:
    """Return the pause that is in force."""
    row = _pauses().values(who=name_of("history_user"), at=F("history_date")).first()
    return Pause(row["who"] or "", row["at"]) if row else None


def overflow_of(added: int) -> Overflow | None:
    """Return the batch that would be held if so many reminders came to those that wait."""
    cap = ReminderSetting.current().cap
    waiting = Notice.objects.filter(state=NoticeState.PLANNED, decided_by=None).count()
    return Overflow(waiting + added, cap) if waiting + added > cap else None


def _pauses() -> QuerySet[Any]:
    """The save that began the pause in force; later ones, of the cap alone, do not count."""
    rows: QuerySet[Any] = ReminderSetting.history.all()
    going = rows.filter(is_paused=False).order_by("-history_id").values("history_id")[:1]
    since = rows.filter(is_paused=True, history_id__gt=Coalesce(Subquery(going), 0))
    return since.order_by("history_id")[:1]
