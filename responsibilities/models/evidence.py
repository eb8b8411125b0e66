"""Evidence (佐证材料): files of a unit that prove its reports, each kept once by its content."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q

from common.tracked import TrackedQuerySet, history
from organizations.models import Unit
from responsibilities.enums import EvidenceKind
from responsibilities.models.progress import ProgressReport
from responsibilities.periods import period_label

if TYPE_CHECKING:
    from organizations.access import Access

UNCHANGEABLE = ("unit_id", "sha256", "kind", "size", "received_at", "received_by_id")


class EvidenceQuerySet(TrackedQuerySet["Evidence"]):
    def visible_to(self, access: "Access") -> "EvidenceQuerySet":
        """A unit's own files and those it took over, and those that prove a report on its tasks."""
        if access.sees_all:
            return self
        links = ReportEvidence.objects.filter(
            evidence=OuterRef("pk"), report__task__unit__in=access.unit_ids
        )
        return self.filter(Q(unit__in=access.answered_ids) | Exists(links))

    def standing(self) -> "EvidenceQuerySet":
        return self.filter(voided_at__isnull=True)

    def with_uses(self) -> "EvidenceQuerySet":
        """Fetch the units, the people and the tasks that the files prove."""
        return self.select_related("unit", "received_by", "voided_by").prefetch_related(
            models.Prefetch(
                "report_links",
                ReportEvidence.objects.select_related(
                    "report__task__obligation__plan", "report__task__unit"
                ).defer("report__task__obligation__plan__source_text"),
            )
        )


class Evidence(models.Model):
    """佐证材料：一个单位交来的一个文件，按内容只存一份，可以证明几件事。"""

    unit = models.ForeignKey(
        Unit, verbose_name="单位", on_delete=models.PROTECT, related_name="evidence"
    )
    sha256 = models.CharField("文件校验值", max_length=64)
    name = models.CharField("文件名", max_length=130)
    kind = models.CharField("文件类型", max_length=4, choices=EvidenceKind)
    size = models.PositiveIntegerField("字节数")
    happened_on = models.DateField("事情发生日期", null=True, blank=True)
    period = models.CharField("所证期次", max_length=8, blank=True, default="")
    document_no = models.CharField("文号", max_length=120, blank=True)
    received_at = models.DateTimeField("收到时间")
    received_by = models.ForeignKey(
        "organizations.User",
        verbose_name="上传人",
        on_delete=models.PROTECT,
        related_name="uploaded_evidence",
    )
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_by = models.ForeignKey(
        "organizations.User",
        verbose_name="作废人",
        on_delete=models.PROTECT,
        related_name="voided_evidence",
        null=True,
        blank=True,
    )
    void_reason = models.CharField("作废理由", max_length=200, blank=True)

    objects = EvidenceQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "佐证材料"
        verbose_name_plural = "佐证材料"
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["unit", "received_at"], name="responsib_evidence_unit")]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_evidence_once",
                fields=["unit", "sha256"],
                condition=Q(voided_at__isnull=True),
                violation_error_message="这个文件本单位已经传过，直接选用即可。",
            ),
            models.CheckConstraint(
                name="responsibilities_evidence_kind",
                condition=Q(kind__in=EvidenceKind.values),
                violation_error_message="文件类型不在能收的范围内。",
            ),
            models.CheckConstraint(
                name="responsibilities_evidence_voided",
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                violation_error_message="作废材料要写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse to change what a file is and when it came: those are the server's."""
        if self.pk is None:
            return
        stored = Evidence.objects.filter(pk=self.pk).values(*UNCHANGEABLE).get()
        if stored != {name: getattr(self, name) for name in UNCHANGEABLE}:
            raise ValidationError("佐证材料的内容和收到时间不能改，请作废后另传。")

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None

    @property
    def period_label(self) -> str:
        return period_label(self.period)


class ReportEvidence(models.Model):
    """进展所附的材料：一个文件可以证明几件事，各记一行。"""

    report = models.ForeignKey(
        ProgressReport,
        verbose_name="进展",
        on_delete=models.PROTECT,
        related_name="evidence_links",
    )
    evidence = models.ForeignKey(
        Evidence,
        verbose_name="佐证材料",
        on_delete=models.PROTECT,
        related_name="report_links",
    )

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "进展所附材料"
        verbose_name_plural = "进展所附材料"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_report_evidence_once",
                fields=["report", "evidence"],
                violation_error_message="这份材料已经附在这次进展里。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.evidence}"
