"""The plan as published: frozen text, its sections, clauses and sentences, errata beside it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from clauses.enums import Certainty, Disposition
from clauses.rules import clause_mark, clause_name, numbered
from common.tracked import TrackedQuerySet, history

if TYPE_CHECKING:
    from organizations.access import Access


class PlanQuerySet(TrackedQuerySet["Plan"]):
    def visible_to(self, access: "Access") -> "PlanQuerySet":
        """The plan is a public document of the district: everybody signed in may read it."""
        return self if access.is_signed_in else self.none()

    def without_text(self) -> "PlanQuerySet":
        return self.defer("source_text")

    def with_sibling_count(self) -> "PlanQuerySet":
        """Annotate ``plan_count``, so that a page knows whether there is another plan to choose."""
        everything = Plan.objects.order_by().values(one=models.Value(1))
        counted = everything.annotate(number=models.Count("pk")).values("number")
        return self.annotate(plan_count=models.Subquery(counted))

    def newest_first(self) -> "PlanQuerySet":
        """Order by publication; a plan whose date is not known (NULL) comes last."""
        return self.order_by(F("published_on").desc(nulls_last=True), "-pk")

    def current(self) -> "Plan | None":
        """Return the plan that pages open on: the newest one."""
        return self.without_text().newest_first().first()

    def chosen(self, code: str) -> "Plan | None":
        """Return the plan of that code, or else the one that pages open on."""
        found = self.without_text().filter(code=code).first() if code else None
        return found or self.current()


class Plan(models.Model):
    """方案：一份公文的一个文本，原文一字不改。"""

    code = models.SlugField("代码", max_length=40, unique=True)
    title = models.CharField("标题", max_length=120)
    version_label = models.CharField("版本", max_length=30, blank=True)
    issuer = models.CharField("制发单位", max_length=60, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    source_text = models.TextField("原文", editable=False)
    source_sha256 = models.CharField("原文校验值", max_length=64, editable=False)
    body_start = models.PositiveIntegerField("正文起点")
    body_end = models.PositiveIntegerField("正文终点")
    due_soon_days = models.PositiveSmallIntegerField("临期天数", default=30)
    due_soon_days_periodic = models.PositiveSmallIntegerField("周期任务临期天数", default=15)
    quiet_days = models.PositiveSmallIntegerField("长期任务未更新天数", default=90)

    objects = PlanQuerySet.as_manager()
    history = history(excluded_fields=["source_text"])

    class Meta:
        verbose_name = "方案"
        verbose_name_plural = "方案"
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="clauses_plan_body",
                condition=Q(body_start__lt=F("body_end")),
                violation_error_message="方案正文的终点应在起点之后。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}({self.version_label})" if self.version_label else self.title

    def get_absolute_url(self) -> str:
        return reverse("plan_detail", args=[self.code])


class Slice(models.Model):
    """A stretch of the plan's text, by offsets in characters: ``source_text[start:end]``."""

    start = models.PositiveIntegerField("起点")
    end = models.PositiveIntegerField("终点")

    class Meta:
        abstract = True


class Section(Slice):
    """部分：方案的一级标题，如“二、健全落实安全生产责任制”。"""

    plan = models.ForeignKey(
        Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="sections"
    )
    number = models.PositiveSmallIntegerField("序号")
    label = models.CharField("原编号", max_length=20, blank=True)
    heading = models.CharField("标题", max_length=80)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "部分"
        verbose_name_plural = "部分"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(name="clauses_section_once", fields=["plan", "number"])
        ]

    def __str__(self) -> str:
        return numbered(self.label, self.heading)


class ClauseQuerySet(TrackedQuerySet["Clause"]):
    def visible_to(self, access: "Access") -> "ClauseQuerySet":
        return self if access.is_signed_in else self.none()

    def with_plan(self) -> "ClauseQuerySet":
        return self.select_related("plan").defer("plan__source_text")

    def search(self, words: str) -> "ClauseQuerySet":
        return self.filter(Q(title__icontains=words) | Q(text__icontains=words))


class Clause(Slice):
    """条款：如“（二十一）建立隐患治理监督机制”，含其后未编号的段落。"""

    plan = models.ForeignKey(
        Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="clauses"
    )
    section = models.ForeignKey(
        Section,
        verbose_name="所属部分",
        on_delete=models.PROTECT,
        related_name="clauses",
        null=True,
        blank=True,
    )
    number = models.PositiveSmallIntegerField("条号")
    label = models.CharField("原编号", max_length=20, blank=True)
    title = models.CharField("条名", max_length=120, blank=True)
    text = models.TextField("原文")

    objects = ClauseQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "条款"
        verbose_name_plural = "条款"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(name="clauses_clause_once", fields=["plan", "number"])
        ]

    def __str__(self) -> str:
        name = self.name
        return name if name.endswith(self.title) else f"{name} {self.title}"

    def get_absolute_url(self) -> str:
        return f"{self.plan.get_absolute_url()}#c{self.number:02d}"

    @property
    def mark(self) -> str:
        """The number as the source writes it: （四）, 1., 第三条."""
        return clause_mark(self.label)

    @property
    def name(self) -> str:
        """What a sentence calls the clause: 第（四）条."""
        return clause_name(self.label, self.title)


class ProvisionQuerySet(TrackedQuerySet["Provision"]):
    def visible_to(self, access: "Access") -> "ProvisionQuerySet":
        return self if access.is_signed_in else self.none()

    def open(self) -> "ProvisionQuerySet":
        return self.filter(disposition=Disposition.OPEN)

    def with_code(self, code: str) -> "Provision | None":
        """Return the sentence of that code; call it on the sentences of one plan."""
        return self.filter(code=code).first()

    def with_clause(self) -> "ProvisionQuerySet":
        return self.select_related("clause")

    def with_plan(self) -> "ProvisionQuerySet":
        return self.select_related("plan").defer("plan__source_text")


class Provision(Slice):
    """句：条款中的一句话，是立项和追溯的最小单位；编号“条-句”，如 23-07。"""

    plan = models.ForeignKey(
        Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="provisions"
    )
    clause = models.ForeignKey(
        Clause,
        verbose_name="条款",
        on_delete=models.PROTECT,
        related_name="provisions",
        null=True,
        blank=True,
    )
    code = models.CharField("句号", max_length=12)
    ordinal = models.PositiveIntegerField("全文句序")
    text = models.TextField("原文")
    disposition = models.CharField(
        "处置", max_length=12, choices=Disposition, default=Disposition.OPEN
    )
    disposition_reason = models.CharField("处置理由", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        "organizations.User",
        verbose_name="处置人",
        on_delete=models.PROTECT,
        related_name="decided_provisions",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField("处置时间", null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self",
        verbose_name="与之重复的句",
        on_delete=models.PROTECT,
        related_name="duplicates",
        null=True,
        blank=True,
    )

    objects = ProvisionQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "句"
        verbose_name_plural = "句"
        ordering = ["plan", "ordinal"]
        constraints = [
            models.UniqueConstraint(name="clauses_provision_once", fields=["plan", "code"]),
            models.CheckConstraint(
                name="clauses_provision_disposition",
                condition=Q(disposition__in=Disposition.values),
                violation_error_message="句的处置不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="clauses_provision_reason",
                condition=Q(disposition__in=[Disposition.OPEN, Disposition.OBLIGATION])
                | ~Q(disposition_reason=""),
                violation_error_message="不立项的句子要写明理由。",
            ),
            models.CheckConstraint(
                name="clauses_provision_decided_pair",
                condition=Q(disposition=Disposition.OPEN)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                violation_error_message="已处置的句子应有处置人和处置时间。",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return f"{self.plan.get_absolute_url()}#s{self.code}"


class Erratum(Slice):
    """校勘：原文某处的疑误与改正依据，只在显示时覆盖，原文不动。"""

    plan = models.ForeignKey(
        Plan, verbose_name="方案", on_delete=models.PROTECT, related_name="errata"
    )
    original = models.CharField("原文作", max_length=120)
    corrected = models.CharField("应作", max_length=120, blank=True)
    basis = models.CharField("依据", max_length=300)
    certainty = models.CharField("把握", max_length=10, choices=Certainty)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "校勘"
        verbose_name_plural = "校勘"
        ordering = ["plan", "start"]
        constraints = [
            models.UniqueConstraint(name="clauses_erratum_once", fields=["plan", "start", "end"]),
            models.CheckConstraint(
                name="clauses_erratum_certainty",
                condition=Q(certainty__in=Certainty.values),
                violation_error_message="把握程度不在规定范围内，请从列表中选择。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.original}→{self.corrected}"
