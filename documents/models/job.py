"""Build jobs: a request for files, one item for each file, and how far each has come."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse

from common.tracked import TrackedQuerySet, history
from documents.enums import BuildState, FileFormat
from documents.models.document import Document, DocumentFile

if TYPE_CHECKING:
    from organizations.access import Access


class BuildJobQuerySet(TrackedQuerySet["BuildJob"]):
    def visible_to(self, access: "Access") -> "BuildJobQuerySet":
        """Jobs are the office's; auditors look on."""
        return self if access.is_office or access.is_auditor else self.none()


class BuildJob(models.Model):
    """生成作业：一次生成若干文件的请求。"""

    title = models.CharField("作业名称", max_length=120)
    requested_by = models.ForeignKey(
        "organizations.User",
        verbose_name="发起人",
        on_delete=models.PROTECT,
        related_name="build_jobs",
    )
    requested_at = models.DateTimeField("发起时间")
    as_of = models.DateField("数据截止日")
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    key = models.CharField("期满生成的期次和种类", max_length=60, blank=True, default="")
    left_out = models.JSONField("未能起草的单位", default=list, blank=True)

    objects = BuildJobQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "生成作业"
        verbose_name_plural = "生成作业"
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="documents_job_key",
                fields=["key"],
                condition=~Q(key=""),
                violation_error_message="这一期的这一种已经自动生成过。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:job_detail", args=[self.pk])


class BuildItem(models.Model):
    """生成作业中的一个文件：一份文件、一种格式，只生成一次。"""

    job = models.ForeignKey(
        BuildJob, verbose_name="生成作业", on_delete=models.PROTECT, related_name="items"
    )
    document = models.ForeignKey(
        Document, verbose_name="文件", on_delete=models.PROTECT, related_name="build_items"
    )
    format = models.CharField("格式", max_length=6, choices=FileFormat)
    state = models.CharField("状态", max_length=10, choices=BuildState, default=BuildState.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    reason = models.CharField("未成原因", max_length=300, blank=True)
    lease_until = models.DateTimeField("占用至", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    file = models.ForeignKey(
        DocumentFile,
        verbose_name="成品",
        on_delete=models.PROTECT,
        related_name="build_items",
        null=True,
        blank=True,
    )

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "生成项"
        verbose_name_plural = "生成项"
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "lease_until"], name="documents_item_state")]
        constraints = [
            models.UniqueConstraint(
                name="documents_item_once",
                fields=["job", "document", "format"],
                violation_error_message="这份文件已在本次作业中。",
            ),
            models.CheckConstraint(
                name="documents_item_state",
                condition=Q(state__in=BuildState.values),
                violation_error_message="状态不在规定范围内。",
            ),
            models.CheckConstraint(
                name="documents_item_done",
                condition=~Q(state=BuildState.DONE) | Q(file__isnull=False),
                violation_error_message="已生成的项要有成品。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_format_display()}"
