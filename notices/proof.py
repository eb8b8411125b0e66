"""催办证明: everything that was called to a unit's mind in a year, with its stamps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from notices.enums import DELIVERED_STATES, DeliveryState, NoticeState
from notices.models import Delivery, Notice
from organizations.models import Unit


@dataclass(frozen=True)
class Proof:
    """The notices about a unit, oldest first, and what they come to."""

    unit: Unit
    year: int
    notices: Sequence[Notice]

    @property
    def subjects(self) -> int:
        return len({notice.subject for notice in self.notices})

    @property
    def read(self) -> int:
        return sum(notice.state != NoticeState.SENT for notice in self.notices)

    @property
    def acknowledged(self) -> int:
        return sum(notice.state == NoticeState.ACKNOWLEDGED for notice in self.notices)

    @property
    def chased(self) -> int:
        """How many came after the date or were a chase by hand; other news is none."""
        return sum(notice.is_chase for notice in self.notices)


def units_told(year: int) -> "QuerySet[Unit, dict[str, Any]]":
    """Return the units about which notices went out in a year, with how many; one query."""
    sent = Count(
        "notices",
        filter=Q(notices__state__in=DELIVERED_STATES, notices__planned_on__year=year),
    )
    told = Unit.objects.annotate(count=sent).filter(count__gt=0)
    return told.order_by("order", "pk").values("code", "short_name", "count")


def proof_of(unit: Unit, year: int) -> Proof:
    """Gather the notices that reached anybody about a unit in a year: two queries."""
    out = Delivery.objects.filter(state=DeliveryState.SENT)
    rows = (
        Notice.objects.filter(
            unit=unit,
            state__in=DELIVERED_STATES,
            planned_on__gte=date(year, 1, 1),
            planned_on__lte=date(year, 12, 31),
        )
        .select_related("recipient", "posted_by")
        .prefetch_related(Prefetch("deliveries", out, to_attr="went_out"))
        .order_by("sent_at", "pk")
    )
    return Proof(unit, year, list(rows))
