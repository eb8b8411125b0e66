"""OrderRequest (待拟督办单): the ladder has come to its end, the unit is due a 督办单.

Written with the notices of the last rung, and settled in the transaction in which the draft is
written: a draft that is lost with its process is made by the next run, and none is made twice.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import Q

from notices.enums import OrderState


class OrderQuerySet(models.QuerySet["OrderRequest"]):
    def ask(self, units: Collection[int], *, period: str, at: datetime) -> None:
        """Ask once for each unit and quarter; what came to nothing before is asked again."""
        rows = [OrderRequest(unit_id=unit, period=period, asked_at=at) for unit in sorted(units)]
        self.bulk_create(rows, ignore_conflicts=True)
        again = self.filter(unit__in=units, period=period, state=OrderState.NOTHING)
        again.update(state=OrderState.WAITING, asked_at=at, settled_at=None, reason="")

    def settle(self, key: int, state: OrderState, *, at: datetime, reason: str = "") -> bool:
        """Settle a request that still waits; of several that try, one is told yes."""
        waiting = self.filter(pk=key, state=OrderState.WAITING)
        return waiting.update(state=state, settled_at=at, reason=reason) == 1


class OrderRequest(models.Model):
    """待拟督办单：一个单位、一个季度只拟一份。"""

    unit = models.ForeignKey(
        "organizations.Unit",
        verbose_name="单位",
        on_delete=models.PROTECT,
        related_name="order_requests",
    )
    period = models.CharField("季度", max_length=6)
    state = models.CharField("状态", max_length=8, choices=OrderState, default=OrderState.WAITING)
    asked_at = models.DateTimeField("提出时间")
    settled_at = models.DateTimeField("办理时间", null=True, blank=True)
    reason = models.CharField("没有拟的原因", max_length=200, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "待拟督办单"
        verbose_name_plural = "待拟督办单"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="notices_order_once",
                fields=["unit", "period"],
                violation_error_message="这个单位这一季度的督办单已经提出。",
            ),
            models.CheckConstraint(
                name="notices_order_settled",
                condition=Q(state=OrderState.WAITING, settled_at__isnull=True)
                | Q(state__in=[OrderState.DRAFTED, OrderState.NOTHING], settled_at__isnull=False),
                violation_error_message="办过的应有办理时间，没有办的不应有。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.period}"
