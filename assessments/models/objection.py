"""What units say to their scores: the self-assessment (自评) and the objection (申诉)."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from assessments.enums import HUNDRED, ObjectionState
from assessments.models.assessment import Assessment, ScoreLine
from common.tracked import TrackedQuerySet, history
from organizations.models import Unit

if TYPE_CHECKING:
    from organizations.access import Access


class SelfScoreQuerySet(TrackedQuerySet["SelfScore"]):
    def visible_to(self, access: "Access") -> "SelfScoreQuerySet":
        return self if access.sees_all else self.filter(unit__in=access.answered_ids)


class SelfScore(models.Model):
    """自评：单位对一项指标给自己打的分，只作对照，不参与计算。"""

    assessment = models.ForeignKey(
        Assessment, verbose_name="考核", on_delete=models.PROTECT, related_name="self_scores"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="self_scores"
    )
    indicator = models.PositiveSmallIntegerField("指标序号")
    points = models.DecimalField(
        "自评分",
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(HUNDRED)],
    )
    note = models.CharField("说明", max_length=200, blank=True)
    author = models.ForeignKey(
        "organizations.User",
        verbose_name="填报人",
        on_delete=models.PROTECT,
        related_name="self_scores",
    )
    scored_at = models.DateTimeField("填报时间")

    objects = SelfScoreQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "自评分"
        verbose_name_plural = "自评分"
        ordering = ["assessment", "unit__order", "indicator"]
        constraints = [
            models.UniqueConstraint(
                name="assessments_selfscore_once",
                fields=["assessment", "unit", "indicator"],
                violation_error_message="这一项刚刚有人自评过，请刷新页面查看。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} 第{self.indicator}项自评 {self.points}"


class ObjectionQuerySet(TrackedQuerySet["Objection"]):
    def visible_to(self, access: "Access") -> "ObjectionQuerySet":
        return self if access.sees_all else self.filter(unit__in=access.answered_ids)

    def open(self) -> "ObjectionQuerySet":
        return self.filter(state=ObjectionState.SUBMITTED)

    def with_lines(self) -> "ObjectionQuerySet":
        return self.select_related("unit", "line", "assessment", "author", "answered_by")


class Objection(models.Model):
    """申诉：单位对一笔扣分的异议，由区安委办逐笔答复。"""

    assessment = models.ForeignKey(
        Assessment, verbose_name="考核", on_delete=models.PROTECT, related_name="objections"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="objections"
    )
    line = models.ForeignKey(
        ScoreLine, verbose_name="得分明细", on_delete=models.PROTECT, related_name="objections"
    )
    reason = models.TextField("申诉理由", max_length=1000)
    document_no = models.CharField("佐证文号", max_length=120, blank=True)
    state = models.CharField(
        "办理结果", max_length=10, choices=ObjectionState, default=ObjectionState.SUBMITTED
    )
    author = models.ForeignKey(
        "organizations.User",
        verbose_name="申诉人",
        on_delete=models.PROTECT,
        related_name="objections",
    )
    submitted_at = models.DateTimeField("申诉时间")
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_by = models.ForeignKey(
        "organizations.User",
        verbose_name="答复人",
        on_delete=models.PROTECT,
        related_name="answered_objections",
        null=True,
        blank=True,
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "申诉"
        verbose_name_plural = "申诉"
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="assessments_objection_once",
                fields=["line"],
                violation_error_message="这笔扣分已经申诉过，请等待答复。",
            ),
            models.CheckConstraint(
                name="assessments_objection_answered",
                condition=Q(state="submitted", answered_at__isnull=True)
                | (~Q(state="submitted") & Q(answered_at__isnull=False) & ~Q(answer="")),
                violation_error_message="答复申诉要写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} 申诉 {self.line.cause}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:objection_detail", args=[self.pk])
