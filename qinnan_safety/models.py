"""Seals of the history: what was on record when, so that a later change shows."""

from django.db import models


class HistorySeal(models.Model):
    """留痕封条：一段留痕的逐行校验值，接着上一段算出，锚定在数据库之外。"""

    table = models.CharField("留痕表", max_length=80)
    number = models.PositiveIntegerField("序号")
    columns = models.JSONField("所含各列")
    rows = models.JSONField("各行校验值")
    last_id = models.BigIntegerField("末行编号")
    digest = models.CharField("校验值", max_length=64)
    sealed_at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "留痕封条"
        verbose_name_plural = "留痕封条"
        ordering = ["table", "number"]
        constraints = [
            models.UniqueConstraint(
                name="qinnan_safety_seal_once",
                fields=["table", "number"],
                violation_error_message="这一段留痕已经封存。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} 第{self.number}段"
