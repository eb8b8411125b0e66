"""Chase (催办): the office asks a unit to get on with a task; it can be taken back for a moment."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from common.tracked import TrackedQuerySet, history
from responsibilities.enums import ChaseAudience
from responsibilities.models.task import Task

if TYPE_CHECKING:
    from organizations.access import Access


class ChaseQuerySet(TrackedQuerySet["Chase"]):
    def visible_to(self, access: "Access") -> "ChaseQuerySet":
        """Everything for the office, leaders and auditors; else what the own unit received."""
        if access.sees_all:
            return self
        return self.filter(task__unit__in=access.unit_ids, sent_at__isnull=False)

    def standing(self) -> "ChaseQuerySet":
        """Chases that were not taken back: these count."""
        return self.filter(undone_at__isnull=True)

    def waiting(self) -> "ChaseQuerySet":
        return self.filter(sent_at__isnull=True, undone_at__isnull=True)

    def due(self, at: datetime) -> "ChaseQuerySet":
        return self.waiting().filter(sends_at__lte=at)


class Chase(models.Model):
    """催办：区安委办就一件办理件催一次；几秒钟内可以撤回，发出后留底、计次。"""

    task = models.ForeignKey(
        Task, verbose_name="办理件", on_delete=models.PROTECT, related_name="chases"
    )
    batch = models.CharField("批次", max_length=32)
    audience = models.CharField("催办对象", max_length=10, choices=ChaseAudience)
    words = models.CharField("催办内容", max_length=60)
    told = models.JSONField("收到的人", default=list, blank=True)
    chased_by = models.ForeignKey(
        "organizations.User",
        verbose_name="催办人",
        on_delete=models.PROTECT,
        related_name="chases",
    )
    chased_at = models.DateTimeField("催办时间")
    sends_at = models.DateTimeField("发出时间（计划）")
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤回时间", null=True, blank=True)

    objects = ChaseQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "催办"
        verbose_name_plural = "催办"
        ordering = ["-chased_at", "-pk"]
        indexes = [models.Index(fields=["batch"], name="responsib_chase_batch")]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_chase_once",
                fields=["task", "batch"],
                violation_error_message="这件任务在这一批里已经催过。",
            ),
            models.UniqueConstraint(
                name="responsibilities_chase_one_waiting",
                fields=["task"],
                condition=Q(sent_at__isnull=True, undone_at__isnull=True),
                violation_error_message="这件任务刚刚有人催过，正在发出。",
            ),
            models.CheckConstraint(
                name="responsibilities_chase_audience",
                condition=Q(audience__in=ChaseAudience.values),
                violation_error_message="催办对象不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="responsibilities_chase_sent_or_undone",
                condition=Q(sent_at__isnull=True) | Q(undone_at__isnull=True),
                violation_error_message="已经发出的催办不能撤回。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.words}"
