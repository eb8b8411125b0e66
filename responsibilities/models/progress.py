"""Progress of a task: what the unit reported, and what the office decided on it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from common.subrows import Subrows
from common.tracked import TrackedQuerySet, history
from responsibilities.enums import ExtensionState, ReportKind, ReportState, ReviewDecision
from responsibilities.fingerprint import CONTENT_COLUMNS, fingerprint
from responsibilities.models.task import Task

if TYPE_CHECKING:
    from organizations.access import Access
    from organizations.models import User


@dataclass(frozen=True)
class ProofFile:
    """A file as the reports name it that it came with."""

    pk: int
    name: str
    kind: str
    size: int
    sha256: str
    voided_at: Any

    @property
    def is_void(self) -> bool:
        return self.voided_at is not None


@dataclass(frozen=True)
class Ticked:
    """A milestone that a report ticks off, by the name it then had."""

    milestone_id: int
    title: str


def _files_of(report: Any) -> tuple[Any, ...]:
    """Return the files of a report in the order in which they were chosen, and their columns."""
    from responsibilities.models.evidence import Evidence

    files = Evidence.objects.filter(report_links__report=report).order_by("report_links__pk")
    return files, *(column.name for column in fields(ProofFile))


def _ticks_of(report: Any) -> tuple[Any, ...]:
    from responsibilities.models.milestone import MilestoneTick

    return MilestoneTick.objects.filter(report=report), *(c.name for c in fields(Ticked))


class ProgressReportQuerySet(TrackedQuerySet["ProgressReport"]):
    def visible_to(self, access: "Access") -> "ProgressReportQuerySet":
        """Reports on tasks that the person may see."""
        return self if access.sees_all else self.filter(task__unit__in=access.unit_ids)

    def awaiting_review(self) -> "ProgressReportQuerySet":
        return self.filter(state=ReportState.SUBMITTED)

    def proving(self) -> "ProgressReportQuerySet":
        """Accepted reports with a document number or a file: proof enough to close a task."""
        files = ProgressReport.objects.filter(
            evidence_links__evidence__received_at__isnull=False,
            evidence_links__evidence__voided_at__isnull=True,
        )
        has_proof = ~Q(document_no="") | Q(pk__in=files.values("pk"))
        return self.filter(has_proof, state=ReportState.ACCEPTED)

    def awaiting_signature(self) -> "ProgressReportQuerySet":
        return self.filter(state=ReportState.SIGNING)

    def with_evidence(self) -> "ProgressReportQuerySet":
        """Read along all that came with the reports: files, and milestones ticked off."""
        return self.annotate(
            file_lines=Subrows(*_files_of(OuterRef("pk"))),
            tick_lines=Subrows(*_ticks_of(OuterRef("pk"))),
        )

    def with_people(self) -> "ProgressReportQuerySet":
        return self.select_related("author", "task__unit", "task__obligation__plan").defer(
            "task__obligation__plan__source_text"
        )


class ProgressReport(models.Model):
    """进展：责任单位就一件办理件报送的一次进展或办结申请。"""

    task = models.ForeignKey(
        Task, verbose_name="办理件", on_delete=models.PROTECT, related_name="reports"
    )
    kind = models.CharField(
        "报送类型", max_length=10, choices=ReportKind, default=ReportKind.PROGRESS
    )
    summary = models.TextField("进展情况", max_length=2000)
    problems = models.TextField("存在问题", max_length=1000, blank=True)
    coordination = models.TextField("需协调事项", max_length=1000, blank=True)
    next_steps = models.TextField("下一步打算", max_length=1000, blank=True)
    document_no = models.CharField("佐证文号", max_length=120, blank=True)
    happened_on = models.DateField("完成日期", null=True, blank=True)
    is_unchanged = models.BooleanField("无变化", default=False)
    state = models.CharField(
        "核验状态", max_length=10, choices=ReportState, default=ReportState.SUBMITTED
    )
    round = models.PositiveSmallIntegerField("轮次", default=1)
    author = models.ForeignKey(
        "organizations.User",
        verbose_name="填报人",
        on_delete=models.PROTECT,
        related_name="progress_reports",
    )
    submitted_at = models.DateTimeField("报送时间")
    submit_token = models.CharField("提交凭据", max_length=40)
    content_sha256 = models.CharField("内容校验值", max_length=64)
    signed_at = models.DateTimeField("签发时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        "organizations.User",
        verbose_name="签发人",
        on_delete=models.PROTECT,
        related_name="signed_reports",
        null=True,
        blank=True,
    )
    sent_back_for = models.CharField("签发人意见", max_length=500, blank=True)

    objects = ProgressReportQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "进展"
        verbose_name_plural = "进展"
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["state", "submitted_at"], name="responsib_report_state")]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_report_token",
                fields=["author", "submit_token"],
                violation_error_message="这次提交已经收到，不用重复提交。",
            ),
            models.UniqueConstraint(
                name="responsibilities_report_one_open",
                fields=["task"],
                condition=Q(state="submitted"),
                violation_error_message="这件任务已有一份进展在等待核验。",
            ),
            models.UniqueConstraint(
                name="responsibilities_report_one_signing",
                fields=["task"],
                condition=Q(state="signing"),
                violation_error_message="这件任务已有一份进展在等主要负责人签发。",
            ),
            models.CheckConstraint(
                name="responsibilities_report_kind",
                condition=Q(kind__in=ReportKind.values),
                violation_error_message="报送类型不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="responsibilities_report_state",
                condition=Q(state__in=ReportState.values),
                violation_error_message="核验状态不在规定范围内。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} 第{self.round}轮"

    @property
    def evidence(self) -> list[ProofFile]:
        """The files that came with the report, voided ones too; lists read them along."""
        lines = getattr(self, "file_lines", None)
        if lines is None:
            files, *columns = _files_of(self)
            lines = files.values(*columns)
        return [ProofFile(**line) for line in lines]

    @property
    def ticked(self) -> list[Ticked]:
        """The milestones ticked off, in their order; lists read them along."""
        lines = getattr(self, "tick_lines", None)
        if lines is None:
            ticks, *columns = _ticks_of(self)
            lines = ticks.values(*columns)
        return [Ticked(**line) for line in lines]

    @property
    def has_proof(self) -> bool:
        """Whether a document number or a file that still stands goes with the report."""
        return bool(self.document_no.strip()) or any(not file.is_void for file in self.evidence)

    @property
    def current_sha256(self) -> str:
        """The fingerprint of what the report says and shows now."""
        words: dict[str, Any] = {name: getattr(self, name) for name in CONTENT_COLUMNS}
        files = [file.sha256 for file in self.evidence if not file.is_void]
        return fingerprint(words, files, [tick.title for tick in self.ticked])

    @property
    def is_changed_since_review(self) -> bool:
        """Whether the report is no longer what its review has seen (审核后有变动)."""
        review = getattr(self, "review", None)
        return review is not None and review.seen_sha256 != self.current_sha256


def waits_for_head() -> Exists:
    """Whether a report on a task waits for the head's signature; for queries of tasks."""
    return Exists(ProgressReport.objects.awaiting_signature().filter(task=OuterRef("pk")))


class Review(models.Model):
    """核验：区安委办对一份进展的结论，只对所见的那份内容有效。"""

    report = models.OneToOneField(
        ProgressReport, verbose_name="进展", on_delete=models.PROTECT, related_name="review"
    )
    decision = models.CharField("结论", max_length=10, choices=ReviewDecision)
    reason = models.CharField("意见", max_length=500, blank=True)
    reviewer = models.ForeignKey(
        "organizations.User",
        verbose_name="核验人",
        on_delete=models.PROTECT,
        related_name="reviews",
    )
    reviewed_at = models.DateTimeField("核验时间")
    seen_sha256 = models.CharField("所见内容校验值", max_length=64)

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "核验"
        verbose_name_plural = "核验"
        ordering = ["reviewed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="responsibilities_review_decision",
                condition=Q(decision__in=ReviewDecision.values),
                violation_error_message="核验结论不在规定范围内，请从列表中选择。",
            ),
            models.CheckConstraint(
                name="responsibilities_review_reason",
                condition=Q(decision=ReviewDecision.PASS) | ~Q(reason=""),
                violation_error_message="退回补正要写明理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.get_decision_display()}"


class ExtensionQuerySet(TrackedQuerySet["Extension"]):
    def visible_to(self, access: "Access") -> "ExtensionQuerySet":
        return self if access.sees_all else self.filter(task__unit__in=access.unit_ids)

    def awaiting_decision(self) -> "ExtensionQuerySet":
        return self.filter(state=ExtensionState.REQUESTED)

    def with_tasks(self) -> "ExtensionQuerySet":
        return self.select_related(
            "requested_by", "task__unit", "task__obligation__plan", "task__obligation__clause"
        ).defer("task__obligation__plan__source_text")


class Extension(models.Model):
    """延期：责任单位在到期前提出，区安委办给出确定的新日期。"""

    task = models.ForeignKey(
        Task, verbose_name="办理件", on_delete=models.PROTECT, related_name="extensions"
    )
    reason = models.TextField("延期理由", max_length=1000)
    asked_due_on = models.DateField("申请延至")
    previous_due_on = models.DateField("延期前到期日")
    state = models.CharField(
        "办理结果", max_length=10, choices=ExtensionState, default=ExtensionState.REQUESTED
    )
    requested_by = models.ForeignKey(
        "organizations.User",
        verbose_name="申请人",
        on_delete=models.PROTECT,
        related_name="requested_extensions",
    )
    requested_at = models.DateTimeField("申请时间")
    granted_due_on = models.DateField("同意延至", null=True, blank=True)
    decided_by = models.ForeignKey(
        "organizations.User",
        verbose_name="审批人",
        on_delete=models.PROTECT,
        related_name="decided_extensions",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    decision_note = models.CharField("审批意见", max_length=500, blank=True)

    DECISION = ("state", "decided_by", "decided_at", "decision_note")

    objects = ExtensionQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "延期"
        verbose_name_plural = "延期"
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_extension_one_open",
                fields=["task"],
                condition=Q(state="requested"),
                violation_error_message="这件任务已有一份延期申请在等待审批。",
            ),
            models.CheckConstraint(
                name="responsibilities_extension_later",
                condition=Q(asked_due_on__gt=models.F("previous_due_on")),
                violation_error_message="申请的新日期要晚于现在的到期日。",
            ),
            models.CheckConstraint(
                name="responsibilities_extension_decided",
                condition=Q(state="requested", decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~Q(state="requested")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & (~Q(state="granted") | Q(granted_due_on__isnull=False))
                ),
                violation_error_message="同意延期要写明确定的新日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} 延至 {self.asked_due_on}"

    def answer(self, note: str, *, actor: "User", at: datetime) -> None:
        """Say who settled the request, when and with which words."""
        self.decided_by, self.decided_at, self.decision_note = actor, at, note
