"""Hazard (隐患): what was found, how it is to be put right, and each step stamped."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Min, Q
from django.urls import reverse

from common.tracked import TrackedQuerySet, history
from inspections.enums import SIX_STEPS, HazardGrade, HazardStage, StampKind
from inspections.models.inspection import Inspection
from inspections.rules import again_until, hazard_lamp, steps_done
from organizations.models import Unit
from responsibilities.rules import Lamp

if TYPE_CHECKING:
    from organizations.access import Access

OVER = (HazardStage.CLOSED, HazardStage.VOID)


class HazardQuerySet(TrackedQuerySet["Hazard"]):
    def visible_to(self, access: "Access") -> "HazardQuerySet":
        """A unit's own hazards and those it took over; everything for those who see all."""
        return self if access.sees_all else self.filter(unit__in=access.answered_ids)

    def live(self) -> "HazardQuerySet":
        return self.exclude(stage=HazardStage.VOID)

    def open(self) -> "HazardQuerySet":
        return self.exclude(stage__in=OVER)

    def unregistered(self) -> "HazardQuerySet":
        """Those found and not registered yet, each with the moment in which it was written down."""
        found = Q(stamps__kind=StampKind.FOUND)
        return self.filter(stage=HazardStage.FOUND).annotate(
            written_at=Min("stamps__stamped_at", filter=found)
        )

    def overdue(self, *, today: date) -> "HazardQuerySet":
        return self.open().filter(due_on__lt=today)

    def nearest_first(self) -> "HazardQuerySet":
        """The open ones before the closed, the nearest date first, those without one last."""
        return self.order_by(
            models.Case(models.When(stage__in=OVER, then=1), default=0),
            F("due_on").asc(nulls_last=True),
            "-pk",
        )

    def search(self, words: str) -> "HazardQuerySet":
        """Hazards whose words or number hold ``words``."""
        found = (
            Q(title__icontains=words) | Q(place__icontains=words) | Q(enterprise__icontains=words)
        )
        number = words.upper().removeprefix("QH-")
        if number.isascii() and number.isdigit() and len(number) < 10:
            found |= Q(pk=int(number))
        return self.filter(found)

    def with_units(self) -> "HazardQuerySet":
        return self.select_related("unit", "inspection__unit")


class Hazard(models.Model):
    """隐患：监管部门或属地督促整改的一处事故隐患，六步闭环。"""

    unit = models.ForeignKey(
        Unit, verbose_name="督促单位", on_delete=models.PROTECT, related_name="hazards"
    )
    inspection = models.ForeignKey(
        Inspection,
        verbose_name="来自带队检查",
        on_delete=models.PROTECT,
        related_name="hazards",
        null=True,
        blank=True,
    )
    title = models.CharField("隐患", max_length=80)
    place = models.CharField("部位", max_length=120)
    enterprise = models.CharField("责任企业（单位）", max_length=80)
    description = models.TextField("现状和危害", max_length=1000, blank=True)
    grade = models.CharField("等级", max_length=8, choices=HazardGrade)
    found_on = models.DateField("发现日期")
    found_by = models.CharField("排查人", max_length=60)
    measures = models.TextField("措施", max_length=1000, blank=True)
    responsible = models.CharField("责任人", max_length=60, blank=True)
    funds = models.CharField("资金", max_length=120, blank=True)
    due_on = models.DateField("时限", null=True, blank=True)
    original_due_on = models.DateField("原时限", null=True, blank=True)
    emergency_plan = models.TextField("预案", max_length=1000, blank=True)
    stage = models.CharField(
        "已办到", max_length=12, choices=HazardStage, default=HazardStage.FOUND
    )
    treated_by = models.ForeignKey(
        "organizations.User",
        verbose_name="报治理完成的人",
        on_delete=models.PROTECT,
        related_name="treated_hazards",
        null=True,
        blank=True,
    )
    third_party = models.CharField("第三方验收机构", max_length=80, blank=True)
    third_party_no = models.CharField("验收报告文号", max_length=80, blank=True)
    listed_no = models.CharField("挂牌督办文号", max_length=80, blank=True)
    listed_on = models.DateField("挂牌日期", null=True, blank=True)
    delisted_no = models.CharField("摘牌文号", max_length=80, blank=True)
    delisted_on = models.DateField("摘牌日期", null=True, blank=True)
    department_told_on = models.DateField("向部门报告日期", null=True, blank=True)
    workers_told_on = models.DateField("向职代会报告日期", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    was_late = models.BooleanField("重开前已迟", default=False)
    reopened = models.PositiveSmallIntegerField("重开次数", default=0)
    submit_token = models.CharField("提交凭据", max_length=40)
    recorded_by = models.ForeignKey(
        "organizations.User",
        verbose_name="录入人",
        on_delete=models.PROTECT,
        related_name="recorded_hazards",
    )
    version = models.PositiveIntegerField("版本", default=1)

    objects = HazardQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "隐患"
        verbose_name_plural = "隐患"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["unit", "stage", "due_on"], name="inspections_hazard_unit"),
            models.Index(fields=["stage", "due_on"], name="inspections_hazard_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="inspections_hazard_token",
                fields=["recorded_by", "submit_token"],
                violation_error_message="这处隐患已经收到，不用重复提交。",
            ),
            models.CheckConstraint(
                name="inspections_hazard_grade",
                condition=Q(grade__in=HazardGrade.values),
                violation_error_message="隐患等级请从列表中选择。",
            ),
            models.CheckConstraint(
                name="inspections_hazard_stage",
                condition=Q(stage__in=HazardStage.values),
                violation_error_message="隐患的步骤不在规定范围内。",
            ),
            models.CheckConstraint(
                name="inspections_hazard_settled",
                condition=Q(stage__in=[HazardStage.FOUND, HazardStage.VOID])
                | (Q(due_on__isnull=False) & ~Q(measures="") & ~Q(responsible="")),
                violation_error_message="登记以后的隐患应有措施、责任人和时限。",
            ),
            models.CheckConstraint(
                name="inspections_hazard_closed_pair",
                condition=Q(stage=HazardStage.CLOSED, closed_on__isnull=False)
                | (~Q(stage=HazardStage.CLOSED) & Q(closed_on__isnull=True)),
                violation_error_message="已销号的隐患应有销号日期，未销号的不应有。",
            ),
            models.CheckConstraint(
                name="inspections_hazard_third_party",
                condition=~Q(grade="major", stage__in=["assessed", "closed"]) | ~Q(third_party=""),
                violation_error_message="重大隐患整改实行第三方机构验收评估，要写明机构。",
            ),
            models.CheckConstraint(
                name="inspections_hazard_listed",
                condition=(Q(listed_on__isnull=True) | Q(grade="major"))
                & (Q(delisted_on__isnull=True) | Q(listed_on__isnull=False)),
                violation_error_message="只有重大隐患挂牌督办，挂了牌的才能摘牌。",
            ),
            models.CheckConstraint(
                name="inspections_hazard_delisted",
                condition=~Q(stage="closed")
                | Q(listed_on__isnull=True)
                | Q(delisted_on__isnull=False),
                violation_error_message="挂牌督办的隐患，摘牌以后才能销号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("inspections:hazard_detail", args=[self.pk])

    @property
    def number(self) -> str:
        """The number that is said on the phone."""
        return f"QH-{self.pk:04d}"

    @property
    def is_major(self) -> bool:
        return self.grade == HazardGrade.MAJOR

    @property
    def is_open(self) -> bool:
        return self.stage not in OVER

    @property
    def is_listed(self) -> bool:
        """Whether the hazard hangs under 挂牌督办 now."""
        return self.listed_on is not None and self.delisted_on is None

    @property
    def is_late(self) -> bool:
        """Whether it was ever closed after its date; no reopening takes the mark off."""
        return self.was_late or (
            self.closed_on is not None and self.due_on is not None and self.closed_on > self.due_on
        )

    def again_until(self, today: date) -> date:
        """The latest date that the unit may give itself when the hazard is back."""
        return again_until(
            found_on=self.found_on,
            original_due_on=self.original_due_on,
            due_on=self.due_on,
            today=today,
        )

    @property
    def done(self) -> int:
        """How many of the six steps are done."""
        return steps_done(HazardStage(self.stage))

    @property
    def step_words(self) -> str:
        """Where the hazard stands, by the step that is to be done: 待治理; at the end 已销号."""
        stage = HazardStage(self.stage)
        if stage == HazardStage.CLOSED:
            return f"已{stage.label}"
        return f"待{SIX_STEPS[self.done].label}" if self.is_open else stage.label

    def lamp_on(self, today: date) -> Lamp:
        return hazard_lamp(
            stage=HazardStage(self.stage),
            found_on=self.found_on,
            due_on=self.due_on,
            closed_on=self.closed_on,
            was_late=self.was_late,
            today=today,
        )


class HazardStamp(models.Model):
    """隐患的一步：谁在哪天办了什么，只增不改。"""

    hazard = models.ForeignKey(
        Hazard, verbose_name="隐患", on_delete=models.PROTECT, related_name="stamps"
    )
    kind = models.CharField("步骤", max_length=12, choices=StampKind)
    happened_on = models.DateField("办理日期")
    note = models.TextField("情况", max_length=1000, blank=True)
    actor = models.ForeignKey(
        "organizations.User",
        verbose_name="经办人",
        on_delete=models.PROTECT,
        related_name="hazard_stamps",
    )
    stamped_at = models.DateTimeField("记录时间")

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "隐患办理记录"
        verbose_name_plural = "隐患办理记录"
        ordering = ["hazard", "pk"]
        constraints = [
            models.CheckConstraint(
                name="inspections_stamp_kind",
                condition=Q(kind__in=StampKind.values),
                violation_error_message="隐患的步骤不在规定范围内。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard} {self.get_kind_display()}"
