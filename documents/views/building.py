"""Build jobs: start one, watch it, cancel, try again, take everything as one archive."""

import tempfile
import zipfile
from collections.abc import Sequence

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from common.blobs import is_kept
from common.clock import now
from common.errors import DomainError, domain_errors_as_messages
from documents.enums import BuildState, FileFormat
from documents.forms import SetForm
from documents.models import BuildItem, BuildJob, Document
from documents.pages import lost_words
from documents.services.jobs import WholeSet, cancel_job, progress_of, request_build, retry_job
from documents.services.sets import draft_set
from documents.tasks import ring
from organizations.http import AuthenticatedRequest, office_required


def start(
    request: AuthenticatedRequest,
    documents: Sequence[Document],
    formats: list[FileFormat],
    *,
    title: str,
    left_out: Sequence[tuple[str, str]] = (),
) -> BuildJob:
    """Ask for files and ring for the workers once the request is on record."""
    with transaction.atomic():
        job = request_build(
            documents,
            formats,
            title=title,
            actor=request.user,
            at=now(),
            as_of=request.today,
            whole=WholeSet(left_out=left_out),
        )
        items = list(job.items.values_list("pk", flat=True))
        transaction.on_commit(lambda: ring(items), robust=True)
    return job


@require_POST
@office_required
def document_build(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """生成一份文件的 PDF 和 Word。"""
    document = get_object_or_404(Document.objects.all(), pk=pk)
    with domain_errors_as_messages(request):
        job = start(request, [document], list(FileFormat), title=document.title)
        return redirect(job)
    return redirect(document)


@require_POST
@office_required
def set_build(request: AuthenticatedRequest) -> HttpResponse:
    """一次生成一个期次的一整套：每个单位一份。"""
    form = SetForm(request.POST, today=request.today)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            drafted = draft_set(asked["kind"], asked["period"], actor=request.user, at=now())
            title = f"{asked['period_label']}{asked['kind_label']}（{len(drafted.documents)} 份）"
            left_out, formats = drafted.left_out, [FileFormat.PDF]
            job = start(request, drafted.documents, formats, title=title, left_out=left_out)
            return redirect(job)
        except DomainError as error:
            form.add_error(None, error.message)
    return render(request, "documents/document_draft.html", {"form": form}, status=422)


def own_job(request: AuthenticatedRequest, pk: int) -> BuildJob:
    """Return a job that the person may see."""
    return get_object_or_404(BuildJob.objects.visible_to(request.access), pk=pk)


@require_safe
@vary_on_headers("HX-Request")
def job_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Show how far a job has come, what failed first; the page renews itself till all is done."""
    job = own_job(request, pk)
    items = job.items.select_related("document__unit", "file__document__unit").defer(
        "document__content", "document__wording"
    )
    context = {
        "job": job,
        "progress": progress_of(job),
        "items": sorted(items, key=lambda item: item.state != BuildState.FAILED),
        "failed": job.items.filter(state__in=[BuildState.FAILED, BuildState.CANCELLED]).exists(),
        "waiting": job.items.filter(state=BuildState.WAITING).exists(),
    }
    template = "documents/job_progress.html" if request.htmx else "documents/job_detail.html"
    return render(request, template, context)


@require_POST
@office_required
def job_cancel(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """取消还没开始生成的。"""
    job = own_job(request, pk)
    with domain_errors_as_messages(request):
        count = cancel_job(job, actor=request.user, at=now())
        messages.success(request, f"已取消 {count} 个还没开始的文件。")
    return redirect(job)


@require_POST
@office_required
def job_retry(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """重新生成未成的和取消的。"""
    job = own_job(request, pk)
    with domain_errors_as_messages(request):
        with transaction.atomic():
            items = retry_job(job, actor=request.user, at=now())
            transaction.on_commit(lambda: ring(items), robust=True)
        messages.success(request, f"重新生成 {len(items)} 个文件。")
    return redirect(job)


@require_safe
def job_zip(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """Send all files of a job in one archive, or say which the store has lost."""
    job = own_job(request, pk)
    items = job.items.filter(state=BuildState.DONE).select_related("file__document__unit")
    if not items:
        raise Http404
    if lost := [item.file for item in items if item.file and not is_kept(item.file.path)]:
        messages.error(request, lost_words(lost))
        return redirect(job)
    archive = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
        for item in items:
            _add(bundle, item)
    archive.seek(0)
    return FileResponse(
        archive, as_attachment=True, filename=f"{job.title}.zip", content_type="application/zip"
    )


def _add(bundle: zipfile.ZipFile, item: BuildItem) -> None:
    if item.file is None:
        return
    name = item.file.name.replace("/", "／")
    if name in bundle.namelist():
        name = f"{item.pk}-{name}"
    with default_storage.open(item.file.path) as source:
        bundle.writestr(name, source.read())
