"""ReportDraft (草稿): what somebody has typed about a task and not sent yet."""

from django.db import models

from responsibilities.models.task import Task


class ReportDraft(models.Model):
    """草稿：一个人为一件办理件写下、还没有报送的话；报送后清掉。"""

    user = models.ForeignKey(
        "organizations.User",
        verbose_name="填写人",
        on_delete=models.PROTECT,
        related_name="report_drafts",
    )
    task = models.ForeignKey(
        Task, verbose_name="办理件", on_delete=models.PROTECT, related_name="drafts"
    )
    words = models.JSONField("内容", default=dict)
    saved_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = "进展草稿"
        verbose_name_plural = "进展草稿"
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                name="responsibilities_draft_once",
                fields=["user", "task"],
                violation_error_message="这件任务已有您的一份草稿。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} 草稿"

    @property
    def stamp(self) -> str:
        """What tells this saving from any other, in whatever zone its time is written."""
        return f"{self.saved_at.timestamp():.6f}"
