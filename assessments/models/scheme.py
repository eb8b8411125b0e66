"""Scheme (考核方案): the rules of one class of units, in numbered versions."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from assessments.enums import HUNDRED, FactKind, Part, RuleKind, SchemeState
from assessments.rules.facts import IndicatorRule, SchemeRules
from common.tracked import TrackedQuerySet, history
from organizations.enums import AssessmentClass

MONTHS = {1: "每月", 3: "每季度", 6: "每半年", 12: "每年"}


def points_field(name: str, default: str = "0") -> "models.DecimalField[Decimal, Decimal]":
    """Return a column of points between 0 and 100 with two places."""
    return models.DecimalField(
        name,
        max_digits=5,
        decimal_places=2,
        default=Decimal(default),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(HUNDRED)],
    )


class SchemeQuerySet(TrackedQuerySet["Scheme"]):
    def in_force(self) -> "SchemeQuerySet":
        return self.filter(state=SchemeState.IN_FORCE)

    def with_indicators(self) -> "SchemeQuerySet":
        return self.prefetch_related("indicators")


class Scheme(models.Model):
    """考核方案：一类单位的评分规则，一版一号，施行后不再改动。"""

    assessment_class = models.CharField("考核类别", max_length=12, choices=AssessmentClass)
    version = models.PositiveSmallIntegerField("版次")
    name = models.CharField("名称", max_length=60)
    state = models.CharField("状态", max_length=10, choices=SchemeState, default=SchemeState.DRAFT)
    basis = models.CharField("依据", max_length=200, blank=True)
    excellent_from = points_field("优秀起点分", "90")
    good_from = points_field("良好起点分", "80")
    pass_from = points_field("合格起点分", "60")
    is_scaled = models.BooleanField("不适用项目折算", default=True)
    bonus_cap = points_field("加分总上限", "5")
    honour_cap = points_field("表彰奖励加分上限", "2")
    experience_cap = points_field("经验推广加分上限", "2")
    innovation_cap = points_field("创新做法加分上限", "2")
    national_points = points_field("国家（部）级加分", "2")
    provincial_points = points_field("自治区级加分", "1")
    city_points = points_field("市级加分", "0.5")
    criticism_points = points_field("通报批评每次扣分", "2")
    edition = models.PositiveIntegerField("修改次数", default=1)

    objects = SchemeQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "考核方案"
        verbose_name_plural = "考核方案"
        ordering = ["assessment_class", "-version"]
        constraints = [
            models.UniqueConstraint(
                name="assessments_scheme_version",
                fields=["assessment_class", "version"],
                violation_error_message="这一类单位已有同一版次的考核方案。",
            ),
            models.UniqueConstraint(
                name="assessments_scheme_one_in_force",
                fields=["assessment_class"],
                condition=Q(state="in_force"),
                violation_error_message="这一类单位已有一份施行中的考核方案。",
            ),
            models.CheckConstraint(
                name="assessments_scheme_state",
                condition=Q(state__in=SchemeState.values),
                violation_error_message="考核方案的状态不在规定范围内。",
            ),
            models.CheckConstraint(
                name="assessments_scheme_bounds",
                condition=Q(
                    excellent_from__gte=models.F("good_from"), good_from__gte=models.F("pass_from")
                ),
                violation_error_message="等次起点分应为优秀不低于良好、良好不低于合格，请核对。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第{self.version}版）"

    def get_absolute_url(self) -> str:
        return reverse("assessments:scheme_detail", args=[self.pk])

    @property
    def total_points(self) -> Decimal:
        """What the indicators sum to; a scheme can be put in force at exactly 100."""
        return sum((indicator.points for indicator in self.indicators.all()), Decimal(0))

    def rules(self) -> SchemeRules:
        """Return the scheme as the pure rules take it."""
        own = {
            name: getattr(self, name)
            for name in SchemeRules.__dataclass_fields__
            if name not in {"indicators", "assessment_class"}
        }
        indicators = sorted(self.indicators.all(), key=lambda indicator: indicator.number)
        return SchemeRules(
            assessment_class=AssessmentClass(self.assessment_class),
            indicators=tuple(indicator.rule_of() for indicator in indicators),
            **own,
        )


class Indicator(models.Model):
    """考核指标：一项满分、一条规则，单项扣完为止。"""

    scheme = models.ForeignKey(
        Scheme, verbose_name="考核方案", on_delete=models.PROTECT, related_name="indicators"
    )
    number = models.PositiveSmallIntegerField("序号")
    part = models.CharField("部分", max_length=10, choices=Part)
    heading = models.CharField("一级指标", max_length=30)
    title = models.CharField("考核指标", max_length=40)
    points = points_field("分值")
    rule = models.CharField("评分规则", max_length=12, choices=RuleKind)
    rate = points_field("每次扣分")
    excess_rate = points_field("超指标每次扣分")
    record = models.CharField("依据的事实", max_length=16, choices=FactKind, blank=True, default="")
    every_months = models.PositiveSmallIntegerField("周期", choices=list(MONTHS.items()), default=3)
    basis = models.CharField("依据", max_length=200, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "考核指标"
        verbose_name_plural = "考核指标"
        ordering = ["scheme", "number"]
        constraints = [
            models.UniqueConstraint(
                name="assessments_indicator_number",
                fields=["scheme", "number"],
                violation_error_message="这份考核方案已有同一序号的指标。",
            ),
            models.CheckConstraint(
                name="assessments_indicator_points",
                condition=Q(points__gt=0),
                violation_error_message="指标的分值要大于0。",
            ),
            models.CheckConstraint(
                name="assessments_indicator_rule",
                condition=Q(rule__in=RuleKind.values, part__in=Part.values),
                violation_error_message="评分规则不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="assessments_indicator_record",
                condition=~Q(rule="records") | ~Q(record=""),
                violation_error_message="“有据可查”的指标要选定依据哪一类事实。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def rule_of(self) -> IndicatorRule:
        """Return the indicator as the pure rules take it."""
        return IndicatorRule(
            number=self.number,
            part=Part(self.part),
            heading=self.heading,
            title=self.title,
            points=self.points,
            rule=RuleKind(self.rule),
            rate=self.rate,
            excess_rate=self.excess_rate,
            record=FactKind(self.record) if self.record else None,
            every_months=self.every_months,
        )
