"""Coordination (需领导协调): what a unit cannot settle alone rises to a leader and comes back."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse

from common.tracked import TrackedQuerySet, history
from responsibilities.enums import CoordinationState
from responsibilities.models.progress import ProgressReport
from responsibilities.models.task import Task

if TYPE_CHECKING:
    from organizations.access import Access


class CoordinationQuerySet(TrackedQuerySet["Coordination"]):
    def visible_to(self, access: "Access") -> "CoordinationQuerySet":
        """Everything for the office, leaders and auditors; else what rose from the own unit."""
        return self if access.sees_all else self.filter(task__unit__in=access.unit_ids)

    def awaiting_decision(self) -> "CoordinationQuerySet":
        return self.filter(state=CoordinationState.RAISED)

    def with_tasks(self) -> "CoordinationQuerySet":
        return self.select_related(
            "raised_by", "decided_by", "task__unit", "task__obligation__plan"
        ).defer("task__obligation__plan__source_text")


class Coordination(models.Model):
    """协调事项：区安委办就一件办理件提请区领导协调，由区领导作出决定。"""

    task = models.ForeignKey(
        Task, verbose_name="办理件", on_delete=models.PROTECT, related_name="coordinations"
    )
    report = models.ForeignKey(
        ProgressReport,
        verbose_name="由哪份进展提出",
        on_delete=models.PROTECT,
        related_name="coordinations",
        null=True,
        blank=True,
    )
    matter = models.TextField("协调什么", max_length=1000)
    proposal = models.TextField("办理建议", max_length=1000, blank=True)
    state = models.CharField(
        "办理结果", max_length=10, choices=CoordinationState, default=CoordinationState.RAISED
    )
    raised_by = models.ForeignKey(
        "organizations.User",
        verbose_name="提请人",
        on_delete=models.PROTECT,
        related_name="raised_coordinations",
    )
    raised_at = models.DateTimeField("提请时间")
    decision = models.TextField("决定", max_length=1000, blank=True)
    basis = models.CharField("决定依据", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        "organizations.User",
        verbose_name="决定登记人",
        on_delete=models.PROTECT,
        related_name="decided_coordinations",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    objects = CoordinationQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "协调事项"
        verbose_name_plural = "协调事项"
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_coordination_one_open",
                fields=["task"],
                condition=Q(state="raised"),
                violation_error_message="这件任务已有一项协调事项在等区领导决定。",
            ),
            models.CheckConstraint(
                name="responsibilities_coordination_state",
                condition=Q(state__in=CoordinationState.values),
                violation_error_message="办理结果不在规定范围内。",
            ),
            models.CheckConstraint(
                name="responsibilities_coordination_decided",
                condition=(Q(state="decided") & Q(decided_at__isnull=False) & ~Q(decision=""))
                | (~Q(state="decided") & Q(decided_at__isnull=True)),
                violation_error_message="作出决定要写明决定内容。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("responsibilities:coordination_detail", args=[self.pk])
