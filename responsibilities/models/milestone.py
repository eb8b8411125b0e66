"""Milestones (里程碑): the steps of a row that units tick off, and the ticks that reports carry."""

from django.db import models
from django.db.models import Q

from common.tracked import TrackedQuerySet, history
from responsibilities.models.obligation import Obligation
from responsibilities.models.progress import ProgressReport


class MilestoneQuerySet(TrackedQuerySet["Milestone"]):
    def standing(self) -> "MilestoneQuerySet":
        return self.filter(is_dropped=False)


class Milestone(models.Model):
    """里程碑：一项任务要走的一步，办到了就勾掉，不填百分比。"""

    obligation = models.ForeignKey(
        Obligation, verbose_name="任务", on_delete=models.PROTECT, related_name="milestones"
    )
    order = models.PositiveSmallIntegerField("次序")
    title = models.CharField("名称", max_length=60)
    due_on = models.DateField("到期日", null=True, blank=True)
    is_dropped = models.BooleanField("已取消", default=False)

    objects = MilestoneQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "里程碑"
        verbose_name_plural = "里程碑"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_milestone_once",
                fields=["obligation", "title"],
                condition=Q(is_dropped=False),
                violation_error_message="这项任务已有同名的里程碑，请换一个说法。",
            )
        ]

    def __str__(self) -> str:
        return self.title


class MilestoneTick(models.Model):
    """勾选：一次进展报来办到的一个里程碑，照报送时的名称留底。"""

    report = models.ForeignKey(
        ProgressReport, verbose_name="进展", on_delete=models.PROTECT, related_name="ticks"
    )
    milestone = models.ForeignKey(
        Milestone, verbose_name="里程碑", on_delete=models.PROTECT, related_name="ticks"
    )
    title = models.CharField("报送时的名称", max_length=60)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "里程碑勾选"
        verbose_name_plural = "里程碑勾选"
        ordering = ["milestone__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_milestone_tick_once",
                fields=["report", "milestone"],
                violation_error_message="这个里程碑已经勾在这次进展里。",
            )
        ]

    def __str__(self) -> str:
        return self.title
