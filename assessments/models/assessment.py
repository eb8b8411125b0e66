"""Assessment (考核) of a period, its computations, and the scores and lines they came to."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.urls import reverse

from assessments.enums import (
    OPEN_TO_SELF_SCORES,
    SHOWN_TO_UNITS,
    AssessmentState,
    Grade,
    LineKind,
    Part,
    Stage,
)
from assessments.models.scheme import Scheme
from common.tracked import TrackedQuerySet, history
from organizations.enums import AssessmentClass
from organizations.models import Unit
from responsibilities.enums import Frequency
from responsibilities.periods import Period

if TYPE_CHECKING:
    from organizations.access import Access


class AssessmentQuerySet(TrackedQuerySet["Assessment"]):
    def visible_to(self, access: "Access") -> "AssessmentQuerySet":
        """All for those who see all; for a unit those shown to units that score it."""
        if access.sees_all:
            return self
        scored = UnitScore.objects.filter(
            computation__assessment=models.OuterRef("pk"), unit__in=access.answered_ids
        )
        return self.filter(models.Exists(scored), state__in=SHOWN_TO_UNITS)

    def open_to_self_scores(self, access: "Access") -> "AssessmentQuerySet":
        """Assessments for which a unit of the person can still score itself."""
        scored = UnitScore.objects.filter(
            computation__assessment=models.OuterRef("pk"), unit__in=access.answered_ids
        )
        return self.filter(models.Exists(scored), state__in=OPEN_TO_SELF_SCORES)

    def published(self) -> "AssessmentQuerySet":
        return self.filter(state=AssessmentState.PUBLISHED)

    def holding(self, day: date) -> "AssessmentQuerySet":
        """The assessments of the quarter and of the year in which a day falls."""
        spans = (Period.containing(day, each) for each in (Frequency.QUARTERLY, Frequency.YEARLY))
        return self.filter(period__in=[span.code for span in spans])


class Assessment(models.Model):
    """考核：一个季度或一年一次，发布后只能以编号的更正改动。"""

    period = models.CharField("考核期", max_length=8, unique=True)
    state = models.CharField(
        "状态", max_length=12, choices=AssessmentState, default=AssessmentState.PRELIMINARY
    )
    objections_until = models.DateField("申诉截止日", null=True, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        "organizations.User",
        verbose_name="发布人",
        on_delete=models.PROTECT,
        related_name="published_assessments",
        null=True,
        blank=True,
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = AssessmentQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "考核"
        verbose_name_plural = "考核"
        # 新的在前：按期末的先后，同日结束的全年排在第四季度之前（“2019Z”大于“2019Q4Z”）。
        ordering = [Concat("period", Value("Z")).desc()]
        constraints = [
            models.CheckConstraint(
                name="assessments_assessment_state",
                condition=Q(state__in=AssessmentState.values),
                violation_error_message="考核状态不在规定范围内。",
            ),
            models.CheckConstraint(
                name="assessments_assessment_published",
                condition=Q(
                    state="published", published_at__isnull=False, published_by__isnull=False
                )
                | (~Q(state="published") & Q(published_at__isnull=True, published_by__isnull=True)),
                violation_error_message="已发布的考核应有发布时间和发布人。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}考核"

    def get_absolute_url(self) -> str:
        return reverse("assessments:assessment_detail", args=[self.period])

    @property
    def span(self) -> Period:
        return Period.parse(self.period)

    @property
    def label(self) -> str:
        return self.span.label

    @property
    def is_published(self) -> bool:
        return self.state == AssessmentState.PUBLISHED

    @property
    def takes_self_scores(self) -> bool:
        return self.state in OPEN_TO_SELF_SCORES

    def current(self) -> "Computation":
        """Return the computation that counts: the newest one."""
        return self.computations.defer("snapshot").order_by("-number")[0]


class Computation(models.Model):
    """测算：一次算出的全部结果，连同所据的事实，存下后不再改动。"""

    assessment = models.ForeignKey(
        Assessment, verbose_name="考核", on_delete=models.PROTECT, related_name="computations"
    )
    number = models.PositiveSmallIntegerField("次序")
    stage = models.CharField("阶段", max_length=12, choices=Stage)
    reason = models.CharField("缘由", max_length=200)
    as_of = models.DateTimeField("数据截至")
    known_at = models.DateTimeField("登记截至", null=True, blank=True)
    computed_by = models.ForeignKey(
        "organizations.User",
        verbose_name="测算人",
        on_delete=models.PROTECT,
        related_name="computations",
    )
    snapshot = models.TextField("所据事实", editable=False)
    snapshot_sha256 = models.CharField("事实校验值", max_length=64)
    result_sha256 = models.CharField("结果校验值", max_length=64)

    objects = TrackedQuerySet.as_manager()
    history = history(excluded_fields=["snapshot"])

    class Meta:
        verbose_name = "测算"
        verbose_name_plural = "测算"
        ordering = ["assessment", "number"]
        constraints = [
            models.UniqueConstraint(
                name="assessments_computation_number",
                fields=["assessment", "number"],
                violation_error_message="刚刚有人测算过，请刷新页面查看最新结果。",
            ),
            models.CheckConstraint(
                name="assessments_computation_stage",
                condition=Q(stage__in=Stage.values),
                violation_error_message="测算阶段不在规定范围内。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} 第{self.number}次测算"


class UnitScoreQuerySet(TrackedQuerySet["UnitScore"]):
    def visible_to(self, access: "Access") -> "UnitScoreQuerySet":
        """Every score for those who see all; a unit's own once it has been shown to units."""
        if access.sees_all:
            return self
        return self.filter(
            unit__in=access.answered_ids, computation__assessment__state__in=SHOWN_TO_UNITS
        )

    def of_computation(self, computation: Computation) -> "UnitScoreQuerySet":
        return self.filter(computation=computation).select_related("unit", "scheme")


class UnitScore(models.Model):
    """单位得分：一次测算里一个单位的总分、等次和名次。"""

    computation = models.ForeignKey(
        Computation, verbose_name="测算", on_delete=models.PROTECT, related_name="scores"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="scores"
    )
    scheme = models.ForeignKey(
        Scheme, verbose_name="考核方案", on_delete=models.PROTECT, related_name="scores"
    )
    assessment_class = models.CharField("考核类别", max_length=12, choices=AssessmentClass)
    total = models.DecimalField("总分", max_digits=6, decimal_places=2)
    process = models.DecimalField("过程得分", max_digits=6, decimal_places=2)
    process_full = models.DecimalField("过程满分", max_digits=6, decimal_places=2)
    result = models.DecimalField("结果得分", max_digits=6, decimal_places=2)
    result_full = models.DecimalField("结果满分", max_digits=6, decimal_places=2)
    grade = models.CharField("等次", max_length=10, choices=Grade)
    rank = models.PositiveSmallIntegerField("名次", null=True, blank=True)

    objects = UnitScoreQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "单位得分"
        verbose_name_plural = "单位得分"
        ordering = ["computation", "assessment_class", "rank", "unit__order"]
        constraints = [
            models.UniqueConstraint(
                name="assessments_score_once",
                fields=["computation", "unit"],
                violation_error_message="这次测算里该单位已有得分。",
            ),
            models.CheckConstraint(
                name="assessments_score_grade",
                condition=Q(grade__in=Grade.values, assessment_class__in=AssessmentClass.values),
                violation_error_message="等次或考核类别不在规定范围内。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.total}"


class ScoreLine(models.Model):
    """得分明细：一行一个缘由，各行相加等于总分。"""

    score = models.ForeignKey(
        UnitScore, verbose_name="单位得分", on_delete=models.PROTECT, related_name="lines"
    )
    number = models.PositiveSmallIntegerField("行号")
    kind = models.CharField("类型", max_length=16, choices=LineKind)
    indicator = models.PositiveSmallIntegerField("指标序号", null=True, blank=True)
    part = models.CharField("部分", max_length=10, choices=Part, blank=True, default="")
    heading = models.CharField("一级指标", max_length=30, blank=True)
    title = models.CharField("考核指标", max_length=40)
    cause = models.CharField("缘由", max_length=400)
    expected = models.PositiveIntegerField("应办", null=True, blank=True)
    performed = models.PositiveIntegerField("按期办成", null=True, blank=True)
    refs = models.JSONField("来自", default=list, blank=True)
    mark = models.CharField("标记", max_length=200, blank=True)
    points = models.DecimalField("分数", max_digits=6, decimal_places=2)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "得分明细"
        verbose_name_plural = "得分明细"
        ordering = ["score", "number"]
        constraints = [
            models.UniqueConstraint(
                name="assessments_line_number",
                fields=["score", "number"],
                violation_error_message="得分明细的行号重复。",
            ),
            models.CheckConstraint(
                name="assessments_line_kind",
                condition=Q(kind__in=LineKind.values),
                violation_error_message="得分明细的类型不在规定范围内。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} {self.cause}"

    @property
    def lost(self) -> Decimal:
        return -self.points
