"""States of documents, of build jobs and of single files, and what a check can find."""

from collections.abc import Mapping

from django.db import models


class DocumentState(models.TextChoices):
    DRAFT = "draft", "草稿"
    ISSUED = "issued", "已签发"
    SUPERSEDED = "superseded", "已被取代"
    VOID = "void", "已作废"


DOCUMENT_TRANSITIONS: Mapping[DocumentState, frozenset[DocumentState]] = {
    DocumentState.DRAFT: frozenset({DocumentState.ISSUED, DocumentState.VOID}),
    DocumentState.ISSUED: frozenset({DocumentState.SUPERSEDED, DocumentState.VOID}),
    DocumentState.SUPERSEDED: frozenset(),
    DocumentState.VOID: frozenset(),
}


class Audience(models.TextChoices):
    DISTRICT = "district", "全区各单位"
    UNIT = "unit", "收文单位"
    LEADERS = "leaders", "区领导"


class FileFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"


MEDIA_TYPES: Mapping[str, str] = {
    FileFormat.PDF: "application/pdf",
    FileFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class BuildState(models.TextChoices):
    WAITING = "waiting", "等待"
    RUNNING = "running", "生成中"
    DONE = "done", "已生成"
    FAILED = "failed", "未成"
    CANCELLED = "cancelled", "已取消"


class Verdict(models.TextChoices):
    UNKNOWN = "unknown", "查无此件"
    GENUINE = "genuine", "在用"
    NEWER = "newer", "有新版"
    LAPSED = "lapsed", "新版已作废"
    VOID = "void", "已作废"


class Match(models.TextChoices):
    SAME = "same", "一致"
    DIFFERENT = "different", "不一致"
    OLDER = "older", "是旧版"
    NEWER_FILE = "newer", "是新版"
    OTHER = "other", "是另一份文件"
    DRAFT = "draft", "是草稿"
