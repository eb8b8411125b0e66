"""What the office enters because no ledger holds it: facts and veto decisions."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse

from assessments.enums import (
    COUNTED_KINDS,
    BonusCategory,
    BonusLevel,
    FactKind,
    VetoEffect,
    VetoReason,
)
from common.tracked import TrackedQuerySet, history
from organizations.models import Unit
from responsibilities.periods import Period

if TYPE_CHECKING:
    from organizations.access import Access


class EnteredFactQuerySet(TrackedQuerySet["EnteredFact"]):
    def visible_to(self, access: "Access") -> "EnteredFactQuerySet":
        return self if access.sees_all else self.filter(unit__in=access.answered_ids)

    def valid(self) -> "EnteredFactQuerySet":
        return self.filter(is_void=False)


class EnteredFact(models.Model):
    """考核事实：会议、事故、控制指标、加分、通报批评等，凭文号登记。"""

    kind = models.CharField("类别", max_length=16, choices=FactKind)
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="entered_facts"
    )
    happened_on = models.DateField("日期")
    title = models.CharField("事项", max_length=100)
    document_no = models.CharField("文号", max_length=120)
    count = models.PositiveIntegerField("数量", default=0)
    category = models.CharField(
        "加分类别", max_length=12, choices=BonusCategory, blank=True, default=""
    )
    level = models.CharField("级别", max_length=12, choices=BonusLevel, blank=True, default="")
    topic = models.CharField("同一事项", max_length=60, blank=True)
    period = models.CharField("考核期", max_length=8, blank=True, default="")
    note = models.CharField("说明", max_length=300, blank=True)
    is_void = models.BooleanField("已作废", default=False)
    entered_by = models.ForeignKey(
        "organizations.User",
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="entered_facts",
    )
    entered_at = models.DateTimeField("登记时间")

    objects = EnteredFactQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "考核事实"
        verbose_name_plural = "考核事实"
        ordering = ["-happened_on", "-pk"]
        indexes = [models.Index(fields=["unit", "happened_on"], name="assessments_fact_unit")]
        constraints = [
            models.CheckConstraint(
                name="assessments_fact_kind",
                condition=Q(kind__in=FactKind.values),
                violation_error_message="事实的类别不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="assessments_fact_document",
                condition=~Q(document_no=""),
                violation_error_message="登记事实要写明文号。",
            ),
            models.CheckConstraint(
                name="assessments_fact_bonus",
                condition=~Q(kind="bonus") | (~Q(category="") & ~Q(level="")),
                violation_error_message="加分事项要选定类别和级别。",
            ),
            models.CheckConstraint(
                name="assessments_fact_period",
                condition=~Q(kind="accident_base") | ~Q(period=""),
                violation_error_message="上年同期事故起数要选定按哪一个考核期比。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:fact_detail", args=[self.pk])

    @property
    def is_counted(self) -> bool:
        """Whether the fact says a number; nought is one too."""
        return self.kind in COUNTED_KINDS

    @property
    def period_label(self) -> str:
        """The period that the fact names; most count by their day and name none."""
        return Period.parse(self.period).label if self.period else ""


class VetoDecisionQuerySet(TrackedQuerySet["VetoDecision"]):
    def visible_to(self, access: "Access") -> "VetoDecisionQuerySet":
        return self if access.sees_all else self.filter(unit__in=access.answered_ids)


class VetoDecision(models.Model):
    """一票否决决定：凭文号作出，针对哪一个考核期、效果如何由决定写明。"""

    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="veto_decisions"
    )
    period = models.CharField("考核期", max_length=8)
    decided_on = models.DateField("决定日期")
    reason = models.CharField("否决情形", max_length=16, choices=VetoReason)
    effect = models.CharField("否决效果", max_length=10, choices=VetoEffect)
    document_no = models.CharField("决定文号", max_length=120)
    note = models.CharField("说明", max_length=300, blank=True)
    is_void = models.BooleanField("已作废", default=False)
    entered_by = models.ForeignKey(
        "organizations.User",
        verbose_name="登记人",
        on_delete=models.PROTECT,
        related_name="veto_decisions",
    )
    entered_at = models.DateTimeField("登记时间")

    objects = VetoDecisionQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "一票否决决定"
        verbose_name_plural = "一票否决决定"
        ordering = ["-decided_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="assessments_veto_choices",
                condition=Q(reason__in=VetoReason.values, effect__in=VetoEffect.values),
                violation_error_message="否决情形或效果不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="assessments_veto_document",
                condition=~Q(document_no=""),
                violation_error_message="一票否决要写明决定文号。",
            ),
            models.CheckConstraint(
                name="assessments_veto_period",
                condition=~Q(period=""),
                violation_error_message="一票否决要写明针对哪一个考核期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_reason_display()}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:veto_detail", args=[self.pk])

    @property
    def period_label(self) -> str:
        return Period.parse(self.period).label
