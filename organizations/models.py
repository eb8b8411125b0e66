"""Units of the district, the phrases that name them, and the posts people hold in them."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.urls import reverse

from common.tracked import TrackedQuerySet, history
from organizations.enums import (
    NEVER_CHASED_KINDS,
    TERRITORIAL_KINDS,
    AssessmentClass,
    PostKind,
    UnitKind,
)
from organizations.rules import is_between

if TYPE_CHECKING:
    from organizations.access import Access


def valid_on(day: date, prefix: str = "") -> Q:
    """Match rows in force on ``day``: both ends count, an empty end is open."""
    starts, ends = f"{prefix}valid_from", f"{prefix}valid_to"
    return (Q(**{f"{starts}__isnull": True}) | Q(**{f"{starts}__lte": day})) & (
        Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": day})
    )


class UnitQuerySet(TrackedQuerySet["Unit"]):
    def on(self, day: date) -> "UnitQuerySet":
        return self.filter(valid_on(day))

    def territorial(self) -> "UnitQuerySet":
        return self.filter(kind__in=TERRITORIAL_KINDS)

    def visible_to(self, access: "Access") -> "UnitQuerySet":
        """Name and duties of every unit are no secret inside the district."""
        return self if access.is_signed_in else self.none()

    def search(self, words: str) -> "UnitQuerySet":
        return self.filter(
            Q(name__icontains=words)
            | Q(full_name__icontains=words)
            | Q(short_name__icontains=words)
            | Q(code__iexact=words)
        )


class Unit(models.Model):
    """单位：镇（场、街道）、部门，以及只作联系的监督协同机关。"""

    code = models.SlugField("代码", max_length=32, unique=True)
    name = models.CharField("单位名称", max_length=60)
    full_name = models.CharField("单位全称", max_length=100, blank=True)
    short_name = models.CharField("简称", max_length=20)
    kind = models.CharField("类别", max_length=20, choices=UnitKind)
    assessment_class = models.CharField(
        "考核类别", max_length=12, choices=AssessmentClass, blank=True, default=""
    )
    national_code = models.CharField("统计用区划代码", max_length=12, blank=True)
    valid_from = models.DateField("设立日期", null=True, blank=True)
    valid_to = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        verbose_name="承接单位",
        on_delete=models.PROTECT,
        related_name="predecessors",
        null=True,
        blank=True,
    )
    order = models.PositiveIntegerField("排列次序")
    sectors = models.JSONField("行业领域", default=list, blank=True)
    is_verified = models.BooleanField("已核实", default=False)
    source_note = models.CharField("依据", max_length=300, blank=True)

    objects = UnitQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_unit_kind",
                condition=Q(kind__in=UnitKind.values),
                violation_error_message="单位类别不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="organizations_unit_class",
                condition=Q(assessment_class__in=["", *AssessmentClass.values]),
                violation_error_message="考核类别不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="organizations_unit_dates",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=models.F("valid_to")),
                violation_error_message="撤销日期不能早于设立日期，请核对。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:unit_detail", args=[self.code])

    @property
    def is_chased(self) -> bool:
        """Whether reminders and scores may ever be addressed to this unit."""
        return self.kind not in NEVER_CHASED_KINDS

    def is_valid_on(self, day: date) -> bool:
        """Whether the unit exists on ``day``; both ends count."""
        return is_between(day, self.valid_from, self.valid_to)


class UnitAlias(models.Model):
    """条文称谓：方案里的一个说法，按日期对应一组单位。"""

    phrase = models.CharField("称谓", max_length=60, unique=True)
    note = models.CharField("认定依据", max_length=300, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "条文称谓"
        verbose_name_plural = "条文称谓"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.phrase

    def units_on(self, day: date) -> UnitQuerySet:
        """Return the units that the phrase means on ``day``, in official order."""
        members = AliasMember.objects.filter(valid_on(day), alias=self)
        return Unit.objects.on(day).filter(pk__in=members.values("unit"))


class AliasMember(models.Model):
    """称谓所指的一个单位，及其起止日期。"""

    alias = models.ForeignKey(
        UnitAlias, verbose_name="称谓", on_delete=models.PROTECT, related_name="members"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="alias_memberships"
    )
    valid_from = models.DateField("起", null=True, blank=True)
    valid_to = models.DateField("止", null=True, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "称谓所指单位"
        verbose_name_plural = "称谓所指单位"
        ordering = ["unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="organizations_aliasmember_once",
                fields=["alias", "unit", "valid_from"],
                violation_error_message="该单位已在这一称谓之内。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.alias}：{self.unit}"


class User(AbstractUser):
    """使用本平台的人；能看什么、能办什么，由所任岗位决定。"""

    full_name = models.CharField("姓名", max_length=40)
    phone = models.CharField("办公电话", max_length=20, blank=True)
    is_demo = models.BooleanField("演示账号", default=False, editable=False)

    history = history(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; signing in (last login, a stronger hash) is no change of record."""
        if set(kwargs.get("update_fields") or ["all"]) <= {
            "last_login",
            "password",
        } and not hasattr(self, "_change_reason"):
            self.skip_history_when_saving = True
            try:
                super().save(*args, **kwargs)
            finally:
                del self.skip_history_when_saving
        else:
            super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name


class Post(models.Model):
    """岗位：任务落到岗位，人员变动由继任者承接。"""

    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="posts"
    )
    kind = models.CharField("岗位类别", max_length=10, choices=PostKind)
    title = models.CharField("职务名称", max_length=40)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"
        ordering = ["unit__order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_post_kind",
                condition=Q(kind__in=PostKind.values),
                violation_error_message="岗位类别不在规定范围内，请从列表中选择。",
            ),
            models.UniqueConstraint(
                name="organizations_post_once",
                fields=["unit", "kind", "title"],
                violation_error_message="该单位已有同名岗位。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"

    @property
    def name(self) -> str:
        """The unit and the title in one, without saying the unit twice: 区安委办经办人."""
        unit = self.unit.short_name
        return f"{unit}{self.title.removeprefix(unit).removeprefix(unit.removeprefix('区'))}"


def held_on(day: date, prefix: str = "") -> Q:
    """Match appointments running on ``day``: both ends count, an empty end is open."""
    ends = f"{prefix}ends_on"
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": day})
    )


class AppointmentQuerySet(TrackedQuerySet["Appointment"]):
    def on(self, day: date) -> "AppointmentQuerySet":
        return self.filter(held_on(day))

    def with_people(self) -> "AppointmentQuerySet":
        return self.select_related("user", "post__unit")


class Appointment(models.Model):
    """任职：谁在什么期间担任哪个岗位。"""

    user = models.ForeignKey(
        User, verbose_name="人员", on_delete=models.PROTECT, related_name="appointments"
    )
    post = models.ForeignKey(
        Post, verbose_name="岗位", on_delete=models.PROTECT, related_name="appointments"
    )
    starts_on = models.DateField("任职日期")
    ends_on = models.DateField("免职日期", null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="organizations_appointment_dates",
                condition=Q(ends_on__isnull=True) | Q(starts_on__lte=models.F("ends_on")),
                violation_error_message="免职日期不能早于任职日期，请核对。",
            ),
            models.UniqueConstraint(
                name="organizations_appointment_once",
                fields=["user", "post", "starts_on"],
                violation_error_message="该人员已有这一任职记录。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.post}"
