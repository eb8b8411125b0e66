"""Inspection (带队检查): the record that the liaison prepares and the head confirms."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse

from common.tracked import TrackedQuerySet, history
from inspections.content import InspectionContent, lines_of
from inspections.enums import (
    SENT_STATES,
    Handling,
    HazardStage,
    InspectionMethod,
    InspectionState,
    LeaderKind,
)
from organizations.models import Post, Unit
from responsibilities.enums import Frequency
from responsibilities.models import Evidence
from responsibilities.periods import Period, period_label

if TYPE_CHECKING:
    from organizations.access import Access

CONFIRMATION = (
    "confirmed_at",
    "confirmed_on",
    "confirmed_by",
    "confirmed_post",
    "authenticated_at",
)


class InspectionQuerySet(TrackedQuerySet["Inspection"]):
    def visible_to(self, access: "Access") -> "InspectionQuerySet":
        """A unit's own records and those it took over; those who see all read what has left the
        liaison's desk."""
        own = Q(unit__in=access.answered_ids)
        if not access.sees_all:
            return self.filter(own)
        return self.filter(own | ~Q(state__in=[InspectionState.DRAFT, InspectionState.RETURNED]))

    def live(self) -> "InspectionQuerySet":
        return self.exclude(state=InspectionState.VOID)

    def counted(self) -> "InspectionQuerySet":
        """Only what the head led and confirmed counts (只计主要负责人带队)."""
        return self.filter(state=InspectionState.CONFIRMED, leader_kind=LeaderKind.HEAD)

    def awaiting(self) -> "InspectionQuerySet":
        return self.filter(state=InspectionState.AWAITING)

    def unfollowed(self) -> "InspectionQuerySet":
        """Those sent with more problems to put right by a date than hazards written down of them,
        each with both numbers."""
        by_date = Q(findings__handling=Handling.BY_DATE)
        live = ~Q(hazards__stage=HazardStage.VOID)
        counted: Any = self.filter(state__in=SENT_STATES).annotate(
            problems=Count("findings", filter=by_date, distinct=True),
            followed=Count("hazards", filter=live, distinct=True),
        )
        found: InspectionQuerySet = counted.filter(problems__gt=F("followed"))
        return found

    def with_people(self) -> "InspectionQuerySet":
        return self.select_related(
            "unit", "prepared_by", "submitted_by", "confirmed_by", "confirmed_post__unit"
        )


class Inspection(models.Model):
    """带队检查：负责人带队的一次安全生产检查，不是行政执法。"""

    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="inspections"
    )
    quarter = models.CharField("季度", max_length=6)
    inspected_on = models.DateField("检查日期")
    leader_kind = models.CharField("带队人岗位", max_length=10, choices=LeaderKind)
    leader_name = models.CharField("带队人", max_length=40)
    team = models.CharField("同行人员", max_length=300, blank=True)
    field = models.CharField("行业领域", max_length=60)
    method = models.CharField(
        "检查方式", max_length=12, choices=InspectionMethod, default=InspectionMethod.ROUTINE
    )
    places = models.TextField("被检查单位和地点", max_length=1000)
    checked = models.TextField("检查内容", max_length=2000)
    opinion = models.TextField("处理意见", max_length=1000, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=InspectionState, default=InspectionState.DRAFT
    )
    content_sha256 = models.CharField("内容校验值", max_length=64)
    submit_token = models.CharField("提交凭据", max_length=40)
    prepared_by = models.ForeignKey(
        "organizations.User",
        verbose_name="填报人",
        on_delete=models.PROTECT,
        related_name="prepared_inspections",
    )
    prepared_at = models.DateTimeField("填报时间")
    submitted_by = models.ForeignKey(
        "organizations.User",
        verbose_name="报送人",
        on_delete=models.PROTECT,
        related_name="submitted_inspections",
        null=True,
        blank=True,
    )
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    answer = models.CharField("负责人意见", max_length=500, blank=True)
    confirmed_sha256 = models.CharField("所确认内容校验值", max_length=64, blank=True, default="")
    declaration = models.CharField("声明", max_length=200, blank=True, default="")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "organizations.User",
        verbose_name="确认人",
        on_delete=models.PROTECT,
        related_name="confirmed_inspections",
        null=True,
        blank=True,
    )
    confirmed_post = models.ForeignKey(
        Post,
        verbose_name="检查当日所任岗位",
        on_delete=models.PROTECT,
        related_name="confirmed_inspections",
        null=True,
        blank=True,
    )
    authenticated_at = models.DateTimeField("身份核验时间", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    objects = InspectionQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "带队检查"
        verbose_name_plural = "带队检查"
        ordering = ["-inspected_on", "-pk"]
        indexes = [
            models.Index(fields=["quarter", "unit", "state"], name="inspections_quarter"),
            models.Index(fields=["unit", "inspected_on"], name="inspections_unit_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="inspections_inspection_token",
                fields=["prepared_by", "submit_token"],
                violation_error_message="这次填报已经收到，不用重复提交。",
            ),
            models.CheckConstraint(
                name="inspections_inspection_state",
                condition=Q(state__in=InspectionState.values),
                violation_error_message="检查记录的状态不在规定范围内。",
            ),
            models.CheckConstraint(
                name="inspections_inspection_leader",
                condition=Q(leader_kind__in=LeaderKind.values),
                violation_error_message="带队人岗位请从列表中选择。",
            ),
            models.CheckConstraint(
                name="inspections_inspection_method",
                condition=Q(method__in=InspectionMethod.values),
                violation_error_message="检查方式请从列表中选择。",
            ),
            models.CheckConstraint(
                name="inspections_inspection_confirmed",
                condition=Q(
                    state="confirmed",
                    leader_kind="head",
                    confirmed_sha256=F("content_sha256"),
                    confirmed_at__isnull=False,
                    confirmed_on__isnull=False,
                    confirmed_by__isnull=False,
                    confirmed_post__isnull=False,
                    authenticated_at__isnull=False,
                )
                | Q(state="void")
                | (
                    ~Q(state__in=["confirmed", "void"])
                    & Q(
                        confirmed_sha256="",
                        confirmed_at__isnull=True,
                        confirmed_on__isnull=True,
                        confirmed_by__isnull=True,
                        confirmed_post__isnull=True,
                        authenticated_at__isnull=True,
                    )
                ),
                violation_error_message="已确认的记录应有确认人、确认时间和所确认的内容，其他的不应有。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.quarter_label}带队检查"

    def get_absolute_url(self) -> str:
        return reverse("inspections:inspection_detail", args=[self.pk])

    @property
    def number(self) -> str:
        """The number that is said on the phone and printed on the receipt."""
        return f"JC-{self.quarter}-{self.pk:04d}"

    @property
    def quarter_label(self) -> str:
        return period_label(self.quarter)

    @property
    def place_lines(self) -> list[str]:
        return [line.strip() for line in self.places.splitlines() if line.strip()]

    @property
    def counts(self) -> bool:
        """Whether the record fulfils its quarter."""
        return self.state == InspectionState.CONFIRMED and self.leader_kind == LeaderKind.HEAD

    @property
    def is_sent(self) -> bool:
        return self.state in SENT_STATES

    @property
    def is_void(self) -> bool:
        return self.state == InspectionState.VOID

    @property
    def confirmed_as(self) -> str:
        """As what the head confirmed: in the unit's own post, or for the unit that took it over."""
        post = self.confirmed_post
        if post is None:
            return ""
        if post.unit_id == self.unit_id:
            return f"检查当日任{post.title}"
        return f"承接单位{post.unit}{post.title}"

    def was_ever_confirmed(self) -> bool:
        """Whether a head confirmed the record, in these words or in earlier ones."""
        return bool(self.history.filter(state=InspectionState.CONFIRMED).exists())

    def content(self) -> InspectionContent:
        """Return what the record says now, read from its own row and its findings."""
        return InspectionContent(
            inspected_on=self.inspected_on,
            leader_kind=LeaderKind(self.leader_kind),
            leader_name=self.leader_name,
            team=self.team,
            field=self.field,
            method=InspectionMethod(self.method),
            places=self.places,
            checked=self.checked,
            opinion=self.opinion,
            findings=lines_of(self.findings.all()),
            photos=tuple(photo.evidence.sha256 for photo in self.shown_photos()),
        )

    def shown_photos(self) -> "list[Photo]":
        """The photos in their order, each with its file."""
        return list(self.photos.select_related("evidence"))


def quarter_of(day: date) -> str:
    """Return the code of the natural quarter in which ``day`` falls."""
    return Period.containing(day, Frequency.QUARTERLY).code


class Finding(models.Model):
    """发现的问题：当场整改，或限期整改。"""

    inspection = models.ForeignKey(
        Inspection, verbose_name="带队检查", on_delete=models.PROTECT, related_name="findings"
    )
    number = models.PositiveSmallIntegerField("序号")
    problem = models.CharField("发现的问题", max_length=300)
    handling = models.CharField("处理", max_length=12, choices=Handling)
    due_on = models.DateField("整改期限", null=True, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "发现的问题"
        verbose_name_plural = "发现的问题"
        ordering = ["inspection", "number"]
        constraints = [
            models.UniqueConstraint(
                name="inspections_finding_once",
                fields=["inspection", "number"],
                violation_error_message="这一序号已经有问题了。",
            ),
            models.CheckConstraint(
                name="inspections_finding_handling",
                condition=Q(handling=Handling.ON_THE_SPOT, due_on__isnull=True)
                | Q(handling=Handling.BY_DATE, due_on__isnull=False),
                violation_error_message="限期整改要写期限，当场整改的不写。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.problem}"


class Photo(models.Model):
    """检查照片：选填，一张是本单位的一份佐证材料，内容随记录一并确认。"""

    inspection = models.ForeignKey(
        Inspection, verbose_name="带队检查", on_delete=models.PROTECT, related_name="photos"
    )
    number = models.PositiveSmallIntegerField("序号")
    evidence = models.ForeignKey(
        Evidence,
        verbose_name="照片",
        on_delete=models.PROTECT,
        related_name="inspection_photos",
    )

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "检查照片"
        verbose_name_plural = "检查照片"
        ordering = ["inspection", "number"]
        constraints = [
            models.UniqueConstraint(
                name="inspections_photo_once",
                fields=["inspection", "evidence"],
                violation_error_message="这张照片已经在记录里了。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.evidence}"
