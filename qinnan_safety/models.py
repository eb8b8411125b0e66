"""Seals of the history, what was published, and what a person typed while signed out."""

import re

from django.db import models
from django.urls import reverse

from common.tracked import TrackedQuerySet, history
from responsibilities.periods import Period

KEY = "kept"  # 网址里取回留存的填写用的参数
PAGE_KEY = re.compile(r"[A-Za-z0-9_-]{16,}")


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


class SealCount(models.Model):
    """封存计数：一张留痕表封过几段、锚定过几段；封条或锚定文件不在了，这里还看得出。"""

    table = models.CharField("留痕表", max_length=80, unique=True)
    made = models.PositiveIntegerField("封过几段", default=0)
    anchored = models.PositiveIntegerField("锚定过几段", default=0)

    class Meta:
        verbose_name = "封存计数"
        verbose_name_plural = "封存计数"
        ordering = ["table"]

    def __str__(self) -> str:
        return f"{self.table} {self.made} 段"


class Publication(models.Model):
    """公布：台账进度和考核等次的一期公开数据，公布后不再改动，只能撤回。"""

    number = models.PositiveIntegerField("期号", unique=True)
    period = models.CharField("期次", max_length=8)
    as_of = models.DateField("数据截至")
    content = models.TextField("公布的内容", editable=False)
    sha256 = models.CharField("内容校验值", max_length=64)
    reason = models.CharField("公布缘由", max_length=200)
    published_by = models.ForeignKey(
        "organizations.User",
        verbose_name="公布人",
        on_delete=models.PROTECT,
        related_name="publications",
    )
    published_at = models.DateTimeField("公布时间")
    withdrawn_by = models.ForeignKey(
        "organizations.User",
        verbose_name="撤回人",
        on_delete=models.PROTECT,
        related_name="withdrawn_publications",
        null=True,
        blank=True,
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回理由", max_length=200, blank=True)

    objects = TrackedQuerySet.as_manager()
    history = history(excluded_fields=["content"])

    class Meta:
        verbose_name = "公布"
        verbose_name_plural = "公布"
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="qinnan_safety_publication_withdrawn",
                condition=models.Q(
                    withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason=""
                )
                | (
                    models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~models.Q(withdrawn_reason="")
                ),
                violation_error_message="撤回要有时间、经办人和理由。",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 期公布"

    def get_absolute_url(self) -> str:
        return reverse("publication_detail", args=[self.number])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def label(self) -> str:
        return Period.parse(self.period).label


class OpenField(models.Model):
    """公开栏目：区安委办对一栏是否公开的决定，没有决定的按默认。"""

    name = models.CharField("栏目", max_length=40, unique=True)
    is_open = models.BooleanField("公开")

    objects = TrackedQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "公开栏目"
        verbose_name_plural = "公开栏目"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class FormOwner(models.Model):
    """表单归属：一次登录以后打开的页面是给谁的，凭页面里的防伪凭据认出。"""

    secret_sha256 = models.CharField("凭据校验值", max_length=64, unique=True)
    user = models.ForeignKey(
        "organizations.User",
        verbose_name="登录人",
        on_delete=models.PROTECT,
        related_name="owned_forms",
    )
    signed_in_at = models.DateTimeField("登录时间")

    class Meta:
        verbose_name = "表单归属"
        verbose_name_plural = "表单归属"
        ordering = ["-signed_in_at"]

    def __str__(self) -> str:
        return f"{self.user} 的页面"


class KeptForm(models.Model):
    """留存的填写：登录过期、换了人登录后提交的内容，登录后放回表单给本人看，由本人再提交；几小时后清掉。"""

    key = models.CharField("取回凭据", max_length=43, unique=True)
    user = models.ForeignKey(
        "organizations.User",
        verbose_name="填写人",
        on_delete=models.PROTECT,
        related_name="kept_forms",
    )
    page = models.TextField("表单所在的页面")
    action = models.TextField("提交到的地址")
    fields = models.JSONField("填写的内容")
    had_files = models.BooleanField("带附件", default=False)
    kept_at = models.DateTimeField("留存时间")

    class Meta:
        verbose_name = "留存的填写"
        verbose_name_plural = "留存的填写"
        ordering = ["-kept_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} 在 {self.page} 的填写"

    @property
    def address(self) -> str:
        """Where the words stand in their form again, for their writer."""
        return f"{self.page}{'&' if '?' in self.page else '?'}{KEY}={self.key}"

    @property
    def words(self) -> list[str]:
        """What a person may have typed or chosen; long keys of the page itself are left out."""
        values = [value.strip() for many in self.fields.values() for value in many]
        return [value for value in values if value and not PAGE_KEY.fullmatch(value)]
