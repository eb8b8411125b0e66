"""Document: one edition of one official paper, and the files that were made of it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse

from common.tracked import TrackedQuerySet, history
from documents.content import Paragraph
from documents.enums import Audience, DocumentState, FileFormat
from documents.rules import document_number, grouped
from organizations.models import Unit

if TYPE_CHECKING:
    from organizations.access import Access


class DocumentQuerySet(TrackedQuerySet["Document"]):
    def visible_to(self, access: "Access") -> "DocumentQuerySet":
        """The office and auditors see all, leaders what is out, units what went to them
        or to a unit they took over."""
        if access.is_office or access.is_auditor:
            return self
        out = self.exclude(state=DocumentState.DRAFT).exclude(issued_at__isnull=True)
        if access.is_leader:
            return out
        return out.filter(
            Q(audience=Audience.UNIT, unit__in=access.answered_ids)
            | (Q(audience=Audience.DISTRICT) if access.unit_ids else Q(pk__in=[]))
        )

    def in_force(self) -> "DocumentQuerySet":
        return self.filter(state=DocumentState.ISSUED)

    def for_list(self) -> "DocumentQuerySet":
        return self.select_related("unit").defer("content", "wording", "looked_at")


class Document(models.Model):
    """文件：一种公文、一个期次、一个单位（或全区）的一版。"""

    kind = models.CharField("文件种类", max_length=40)
    period = models.CharField("期次", max_length=8, blank=True, default="")
    unit = models.ForeignKey(
        Unit,
        verbose_name="单位",
        on_delete=models.PROTECT,
        related_name="documents",
        null=True,
        blank=True,
    )
    edition = models.PositiveSmallIntegerField("版次", default=1)
    audience = models.CharField("发送范围", max_length=10, choices=Audience)
    state = models.CharField(
        "状态", max_length=12, choices=DocumentState, default=DocumentState.DRAFT
    )
    title = models.CharField("标题", max_length=120)
    number_prefix = models.CharField("机关代字", max_length=20)
    year = models.PositiveSmallIntegerField("年份")
    number = models.PositiveIntegerField("发文顺序号", null=True, blank=True)
    code = models.CharField("核验码", max_length=16, unique=True, editable=False)
    wording = models.JSONField("改过的文字", default=list, blank=True)
    looked_at = models.JSONField("改稿时对照过的系统文字", default=list, blank=True)
    content = models.JSONField("签发的内容", null=True, blank=True)
    content_sha256 = models.CharField("内容校验值", max_length=64, blank=True)
    replaces = models.ForeignKey(
        "self",
        verbose_name="取代的版本",
        on_delete=models.PROTECT,
        related_name="replaced_by",
        null=True,
        blank=True,
    )
    drafted_by = models.ForeignKey(
        "organizations.User",
        verbose_name="拟稿人",
        on_delete=models.PROTECT,
        related_name="drafted_documents",
    )
    drafted_at = models.DateTimeField("拟稿时间")
    issued_by = models.ForeignKey(
        "organizations.User",
        verbose_name="签发登记人",
        on_delete=models.PROTECT,
        related_name="issued_documents",
        null=True,
        blank=True,
    )
    issued_at = models.DateTimeField("签发时间", null=True, blank=True)
    version = models.PositiveIntegerField("修改次数", default=1)

    objects = DocumentQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"
        ordering = ["-drafted_at", "-pk"]
        indexes = [models.Index(fields=["kind", "period", "state"], name="documents_document_kind")]
        constraints = [
            models.UniqueConstraint(
                name="documents_document_edition",
                fields=["kind", "period", "unit", "edition"],
                condition=Q(unit__isnull=False),
                violation_error_message="这份文件的这一版已经有了，请打开已有的一份。",
            ),
            models.UniqueConstraint(
                name="documents_document_district_edition",
                fields=["kind", "period", "edition"],
                condition=Q(unit__isnull=True),
                violation_error_message="这份文件的这一版已经有了，请打开已有的一份。",
            ),
            models.UniqueConstraint(
                name="documents_document_number",
                fields=["number_prefix", "year", "number"],
                condition=Q(number__isnull=False),
                violation_error_message="这个文号已经用过，请换一个顺序号。",
            ),
            models.CheckConstraint(
                name="documents_document_state",
                condition=Q(state__in=DocumentState.values),
                violation_error_message="文件状态不在规定范围内。",
            ),
            models.CheckConstraint(
                name="documents_document_issued",
                condition=Q(state__in=[DocumentState.DRAFT, DocumentState.VOID])
                | Q(content__isnull=False, issued_at__isnull=False, issued_by__isnull=False),
                violation_error_message="签发的文件要有内容、签发时间和签发登记人。",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("documents:document_detail", args=[self.pk])

    @property
    def number_text(self) -> str:
        return document_number(self.number_prefix, self.year, self.number)

    @property
    def own_words(self) -> list[Paragraph]:
        """The body as the office worded it; empty where it left that to the system."""
        return [Paragraph(item["text"], item["level"]) for item in self.wording]

    @property
    def grouped_code(self) -> str:
        return grouped(self.code)

    @property
    def is_draft(self) -> bool:
        return self.state == DocumentState.DRAFT

    @property
    def file_stem(self) -> str:
        """The name under which a file of this document is saved by its reader."""
        return self.stem_of(is_final=not self.is_draft)

    def stem_of(self, *, is_final: bool) -> str:
        """The paper and the unit to which it went, and whether it is a draft."""
        unit = f"-{self.unit.short_name}" if self.unit else ""
        return f"{self.title}{unit}{'' if is_final else '（草稿）'}"


class DocumentFileQuerySet(TrackedQuerySet["DocumentFile"]):
    def visible_to(self, access: "Access") -> "DocumentFileQuerySet":
        return self.filter(document__in=Document.objects.visible_to(access))


class DocumentFile(models.Model):
    """文件成品：由一版内容生成的一个 PDF 或 Word，写成后不再改动。"""

    document = models.ForeignKey(
        Document, verbose_name="文件", on_delete=models.PROTECT, related_name="files"
    )
    format = models.CharField("格式", max_length=6, choices=FileFormat)
    source_sha256 = models.CharField("所据内容校验值", max_length=64)
    is_final = models.BooleanField("签发件", default=False)
    path = models.CharField("存放位置", max_length=200)
    sha256 = models.CharField("文件校验值", max_length=64, db_index=True)
    size = models.PositiveIntegerField("字节数")
    made_at = models.DateTimeField("生成时间")

    objects = DocumentFileQuerySet.as_manager()
    history = history()

    class Meta:
        verbose_name = "文件成品"
        verbose_name_plural = "文件成品"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="documents_file_once",
                fields=["document", "format", "source_sha256", "is_final"],
                violation_error_message="这一内容的成品已经生成。",
            ),
            models.CheckConstraint(
                name="documents_file_format",
                condition=Q(format__in=FileFormat.values),
                violation_error_message="格式不在规定范围内。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.get_format_display()}"

    @property
    def name(self) -> str:
        """The name under which its reader saves it; a draft's stays one after the issue."""
        return f"{self.document.stem_of(is_final=self.is_final)}.{self.format}"
