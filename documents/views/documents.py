"""The office's documents: list, one document, and its files."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.blobs import is_kept
from common.clock import now
from common.errors import DomainError
from documents.enums import MEDIA_TYPES, DocumentState
from documents.forms import DraftForm, IssueForm, ReasonForm, SetForm
from documents.models import BuildJob, Document, DocumentFile
from documents.pages import document_page, label_of, lost_words, shelf
from documents.services.drafting import draft_document
from documents.services.issuing import next_number
from documents.services.verifying import with_corrections
from organizations.http import AuthenticatedRequest, office_required

PER_PAGE = 30


def own_document(request: AuthenticatedRequest, pk: int) -> Document:
    """Return a document that the person may see; another one is not there."""
    return get_object_or_404(
        Document.objects.visible_to(request.access).select_related("unit", "replaces"), pk=pk
    )


@require_safe
def document_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the documents that the person may read; the office also drafts here."""
    asked = shelf(
        request.access, kind=request.GET.get("kind", ""), period=request.GET.get("period", "")
    )
    page = Paginator(asked.documents, PER_PAGE).get_page(request.GET.get("page"))
    finals: dict[int, list[DocumentFile]] = {}
    made = DocumentFile.objects.filter(document__in=[d.pk for d in page], is_final=True)
    for file in made.order_by("-format"):  # PDF before Word
        finals.setdefault(file.document_id, []).append(file)
    context = {
        "shelf": asked,
        "page_obj": page,
        "lines": [(d, label_of(d), finals.get(d.pk, [])) for d in page],
        "corrected": with_corrections(page),
        "form": DraftForm(today=request.today) if request.access.is_office else None,
        "set_form": SetForm(today=request.today) if request.access.is_office else None,
        "jobs": BuildJob.objects.visible_to(request.access)[:5],
    }
    return render(request, "documents/document_list.html", context)


@require_POST
@office_required
def document_draft(request: AuthenticatedRequest) -> HttpResponse:
    """拟稿：按种类、期次、单位起草一份，已有的就打开。"""
    form = DraftForm(request.POST, today=request.today)
    if form.is_valid():
        try:
            document = draft_document(**form.subject(), actor=request.user, at=now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect(document)
    context = {"form": form}
    return render(request, "documents/document_draft.html", context, status=422)


@require_safe
def document_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show the words, the files and, to the office, what can be done next."""
    document = own_document(request, pk)
    page = document_page(document, request.access, today=request.today)
    issue = None
    if request.access.is_office and document.is_draft:
        number = next_number(document.number_prefix, request.today.year)
        issue = IssueForm(initial={"number": number, "dated": request.today, "seen": page.seen})
    context = {
        "page": page,
        "document": document,
        "issue": issue,
        "reason": ReasonForm() if request.access.is_office else None,
        "may_void": document.state in {DocumentState.DRAFT, DocumentState.ISSUED},
    }
    return render(request, "documents/document_detail.html", context)


@require_safe
def file_download(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """Send a file to whoever may read its document; say so if the store has lost it."""
    files = DocumentFile.objects.visible_to(request.access).select_related("document__unit")
    file = get_object_or_404(files, pk=pk)
    if not is_kept(file.path):
        messages.error(request, lost_words([file]))
        return redirect(file.document)
    answer = FileResponse(
        default_storage.open(file.path),
        as_attachment=True,
        filename=file.name,
        content_type=MEDIA_TYPES[file.format],
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
