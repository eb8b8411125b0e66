"""Acts on one document: wording, comparing, issue, revision, voiding."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from common.clock import now
from common.errors import DomainError, StaleVersion, domain_errors_as_messages, messages_of
from documents.bodies import read_body, show_body
from documents.enums import FileFormat
from documents.exceptions import ContentMoved
from documents.forms import IssueForm, ReasonForm, SettleForm, WordingForm
from documents.models import Document
from documents.pages import document_page
from documents.services.drafting import (
    revise_document,
    settle_place,
    system_content,
    word_document,
    worded,
)
from documents.services.issuing import issue_document, void_document
from documents.views.building import start
from organizations.http import AuthenticatedRequest, office_required


def any_document(pk: int) -> Document:
    """Return a document for the office, which sees all."""
    return get_object_or_404(Document.objects.select_related("unit"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def document_word(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """改稿：正文在一个框里改，【】里的数字随台账走。"""
    document = any_document(pk)
    if not document.is_draft:
        messages.error(request, "已签发的文件不能改动，需要更正请另起一版。")
        return redirect(document)
    system = system_content(document, today=request.today)
    content = worded(document, system)
    initial = {
        "body": show_body(content.paragraphs),
        "version": document.version,
        "written": show_body(system.paragraphs),
    }
    form = WordingForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status = _word(request, form, document)
            if status == 302:
                return redirect(document)
    context = {"form": form, "document": document, "figures": content.figures.items()}
    return render(request, "documents/document_word.html", context, status=status)


def _word(request: AuthenticatedRequest, form: WordingForm, document: Document) -> int:
    """Keep the words, or say why not; what was typed stays in the form."""
    told = form.cleaned_data
    paragraphs, written = read_body(told["body"]), read_body(told["written"])
    who: dict[str, Any] = {"actor": request.user, "at": now()}
    try:
        word_document(document, paragraphs, version=told["version"], written=written, **who)
    except StaleVersion as error:
        form.add_error(None, error.message)
        form.carry(version=Document.objects.get(pk=document.pk).version)
        return 409
    except DomainError as error:
        form.add_error(None, error.message)
        return 422
    messages.success(request, "已保存。")
    return 302


@require_POST
@office_required
def document_settle(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """对照：系统拟的文字变了的一处，选定用哪一边的。"""
    document = any_document(pk)
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有选定用哪一边的文字，请再选一次。")
        return redirect(document)
    takes_over = form.cleaned_data["choice"] == "system"
    with domain_errors_as_messages(request):
        settle_place(
            document,
            form.cleaned_data["key"],
            takes_over=takes_over,
            actor=request.user,
            at=now(),
        )
        messages.success(request, "已采用系统现拟的文字。" if takes_over else "已保留原稿的文字。")
    return redirect(document)


@require_POST
@office_required
def document_issue(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """签发：给文号、定日期，内容从此不变，随即生成签发件。"""
    document = any_document(pk)
    form, page = IssueForm(request.POST), None
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            document = issue_document(
                document, form.signature(), seen=seen, actor=request.user, at=now()
            )
        except ContentMoved as error:
            form.add_error(None, error.message)
            page = document_page(document, request.access, today=request.today)
            form.carry(seen=json.dumps(page.seen))
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            start(request, [document], list(FileFormat), title=f"签发件 {document.number_text}")
            messages.success(request, f"已签发 {document.number_text}，正在生成签发件。")
            return redirect(document)
    context = {"form": form, "document": document, "page": page}
    status = 409 if page else 422
    return render(request, "documents/document_issue.html", context, status=status)


@require_POST
@office_required
def document_revise(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """修订：另起一版，原版留存。"""
    document = any_document(pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    with domain_errors_as_messages(request):
        document = revise_document(document, reason=reason, actor=request.user, at=now())
        messages.success(request, f"已另起第 {document.edition} 版草稿，签发后取代原版。")
    return redirect(document)


@require_POST
@office_required
def document_void(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """作废：写明理由，核验时如实显示。"""
    document = any_document(pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    with domain_errors_as_messages(request):
        void_document(document, reason=reason, actor=request.user, at=now())
        messages.success(request, "已作废，核验时会如实显示。")
    return redirect(document)
