"""Delivery (投递): one notice on its way through one channel outside the platform."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from notices.enums import DeliveryState, Way
from notices.models.notice import Notice


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def add_missing(self, rows: Iterable["Delivery"]) -> None:
        self.bulk_create(rows, batch_size=500, ignore_conflicts=True)

    def due(self, at: datetime) -> "DeliveryQuerySet":
        return self.filter(state=DeliveryState.WAITING, not_before__lte=at)

    def by_people(self) -> "DeliveryQuerySet":
        """What belongs to an act of a person; a pause of the reminders does not stop it."""
        return self.exclude(notice__posted_by=None)

    def claim(self, keys: Iterable[int], token: str, until: datetime) -> int:
        """Take the rows that are still waiting; of two senders each row has one."""
        return self.filter(pk__in=list(keys), state=DeliveryState.WAITING).update(
            state=DeliveryState.SENDING,
            claim=token,
            lease_until=until,
            attempts=F("attempts") + 1,
        )

    def is_whole(self, token: str, keys: Iterable[int]) -> bool:
        """Whether ``keys`` are all that waits of a parcel that was tried before."""
        waiting = self.filter(claim=token, state=DeliveryState.WAITING)
        return bool(token) and not waiting.exclude(pk__in=list(keys)).exists()

    def settle(self, token: str, to: DeliveryState, **stamps: Any) -> int:
        """Finish what this sender still holds; a sender that lost its lease changes nothing."""
        return self.filter(claim=token, state=DeliveryState.SENDING).update(
            state=to, lease_until=None, **stamps
        )

    def stale(self, *, at: datetime, longest: datetime) -> "DeliveryQuerySet":
        """Rows whose sender died, or took them under a clock that has been put back since."""
        return self.filter(state=DeliveryState.SENDING).filter(
            Q(lease_until__lte=at) | Q(lease_until__gt=longest)
        )

    def release(self, keys: Iterable[int], to: DeliveryState, **stamps: Any) -> int:
        return self.filter(pk__in=list(keys), state=DeliveryState.SENDING).update(
            state=to, lease_until=None, **stamps
        )

    def again(self, key: int, sources: Iterable[DeliveryState], not_before: datetime) -> int:
        """Put a row that got stuck back to wait, as a parcel of its own."""
        return self.filter(pk=key, state__in=list(sources)).update(
            state=DeliveryState.WAITING, claim="", attempts=0, not_before=not_before
        )


class Delivery(models.Model):
    """投递：一条提醒经平台之外的一个渠道送出，失败重试，全程留时间。"""

    notice = models.ForeignKey(
        Notice, verbose_name="提醒", on_delete=models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField("渠道", max_length=16, choices=Way)
    state = models.CharField(
        "投递状态", max_length=12, choices=DeliveryState, default=DeliveryState.WAITING
    )
    not_before = models.DateTimeField("最早送出时间")
    lease_until = models.DateTimeField("占用到", null=True, blank=True)
    claim = models.CharField("占用凭据", max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    last_error = models.CharField("未送出的原因", max_length=120, blank=True)
    sent_at = models.DateTimeField("送出时间", null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "投递"
        verbose_name_plural = "投递"
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=Q(state__in=["waiting", "sending"]),
                name="notices_delivery_waiting",
            ),
            models.Index(fields=["claim"], name="notices_delivery_claim"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="notices_delivery_once",
                fields=["notice", "channel"],
                violation_error_message="这条提醒已交这个渠道投递。",
            ),
            models.CheckConstraint(
                name="notices_delivery_state",
                condition=Q(state__in=DeliveryState.values),
                violation_error_message="投递状态不在规定范围内。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel_label} {self.get_state_display()}"

    @property
    def channel_label(self) -> str:
        return Way(self.channel).label
