"""Remark (配合说明): what a unit that assists wants the lead and the office to know."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from common.tracked import TrackedQuerySet, history
from organizations.models import Unit
from responsibilities.enums import AssignmentRole
from responsibilities.models.obligation import Assignment, Obligation

if TYPE_CHECKING:
    from organizations.access import Access


class RemarkQuerySet(TrackedQuerySet["Remark"]):
    def visible_to(self, access: "Access") -> "RemarkQuerySet":
        """Everything for the office, leaders and auditors; else one's own, and those on what one
        leads."""
        if access.sees_all:
            return self
        led = Assignment.objects.filter(
            obligation=OuterRef("obligation"),
            unit__in=access.unit_ids,
            role=AssignmentRole.LEAD,
        )
        return self.filter(Q(unit__in=access.unit_ids) | Exists(led))


class Remark(models.Model):
    """配合说明：配合单位就一项任务写给牵头单位和区安委办的几句话；不是进展，不用核验。"""

    obligation = models.ForeignKey(
        Obligation, verbose_name="任务", on_delete=models.PROTECT, related_name="remarks"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="remarks"
    )
    words = models.TextField("说明", max_length=500)
    author = models.ForeignKey(
        "organizations.User",
        verbose_name="填写人",
        on_delete=models.PROTECT,
        related_name="remarks",
    )
    written_at = models.DateTimeField("填写时间")
    submit_token = models.CharField("提交凭据", max_length=40)
    is_withdrawn = models.BooleanField("已撤回", default=False)

    is_own = False  # set by whoever shows the remark to its unit

    objects = RemarkQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "配合说明"
        verbose_name_plural = "配合说明"
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_remark_token",
                fields=["author", "submit_token"],
                violation_error_message="这次提交已经收到，不用重复提交。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation.code} {self.unit}"
