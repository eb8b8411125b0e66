"""Event (事件): an accident or other trigger that opens the tasks the plan ties to it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse

from clauses.models import Plan
from common.tracked import TrackedQuerySet, history
from organizations.models import Unit
from responsibilities.enums import EventKind, TaskState

if TYPE_CHECKING:
    from organizations.access import Access


class EventQuerySet(TrackedQuerySet["Event"]):
    def visible_to(self, access: "Access") -> "EventQuerySet":
        """Everything for the office, leaders and auditors; else what opened an own task."""
        if access.sees_all:
            return self
        return self.filter(tasks__unit__in=access.unit_ids).distinct()

    def standing(self) -> "EventQuerySet":
        """Those that were not taken back."""
        return self.filter(voided_at=None)

    def with_task_counts(self) -> "EventQuerySet":
        """Annotate how many tasks each opened that still stand, and how many of them are closed."""
        standing, closed = ~Q(tasks__state=TaskState.VOID), Q(tasks__state=TaskState.CLOSED)
        return self.annotate(
            opened=models.Count("tasks", filter=standing),
            closed=models.Count("tasks", filter=closed),
        )

    def newest_first(self) -> "EventQuerySet":
        return self.order_by("-happened_on", "-number", "-pk")

    def with_people(self) -> "EventQuerySet":
        return self.select_related("unit", "registered_by", "voided_by", "plan").defer(
            "plan__source_text"
        )


class Event(models.Model):
    """事件：登记以后，方案里与它挂钩的任务各自产生办理件，有自己的到期日。"""

    plan = models.ForeignKey(
        Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="events"
    )
    number = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("事件类别", max_length=12, choices=EventKind)
    title = models.CharField("事件名称", max_length=60)
    happened_on = models.DateField("发生日期")
    unit = models.ForeignKey(
        Unit,
        verbose_name="涉及单位",
        on_delete=models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
    )
    document_no = models.CharField("依据文号", max_length=120)
    note = models.CharField("说明", max_length=300, blank=True)
    registered_by = models.ForeignKey(
        "organizations.User",
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="registered_events",
    )
    registered_at = models.DateTimeField("登记时间")
    voided_at = models.DateTimeField("撤销时间", null=True, blank=True)
    voided_by = models.ForeignKey(
        "organizations.User",
        verbose_name="撤销人",
        on_delete=models.PROTECT,
        related_name="voided_events",
        null=True,
        blank=True,
    )

    objects = EventQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "事件"
        verbose_name_plural = "事件"
        ordering = ["-happened_on", "-number"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_event_number",
                fields=["plan", "number"],
                violation_error_message="这个序号刚刚被另一件事用了，请再登记一次。",
            ),
            models.CheckConstraint(
                name="responsibilities_event_kind",
                condition=Q(kind__in=EventKind.values),
                violation_error_message="事件类别不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="responsibilities_event_voided_pair",
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                violation_error_message="撤销时间和撤销人应同时填写。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("responsibilities:event_detail", args=[self.pk])

    @property
    def period(self) -> str:
        """The code that its tasks carry instead of a period of the calendar."""
        return f"E{self.number}"

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None
