"""Progress as a spreadsheet: export the unit's tasks, fill in, look at what it says, report."""

import io

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.clock import now
from common.errors import DomainError, StaleVersion, messages_of
from organizations.http import AuthenticatedRequest
from responsibilities.excel.exporting import MEDIA_TYPES, XLSX
from responsibilities.excel.progress import read_progress, write_progress
from responsibilities.excel.uploads import drop_upload, keep_upload, open_upload
from responsibilities.forms.excel import ImportFileForm
from responsibilities.models import ProgressReport
from responsibilities.pages.round_sheet import Checked, check_sheet
from responsibilities.services.drafts import drop_draft
from responsibilities.services.round import submit_all
from responsibilities.views.round import waiting_tasks

GONE = "上传的表已经报送或已过期，请重新上传。"
CHANGED = "您核对之后任务有变动，下面是最新的对照，请重新核对再报送。"


@require_safe
def round_export(request: AuthenticatedRequest) -> FileResponse:
    """导出进展填报表：本单位现在可报的任务。"""
    _units_only(request)
    tasks, out = waiting_tasks(request), io.BytesIO()
    reports = ProgressReport.objects.filter(task__in=tasks).order_by("submitted_at", "pk")
    write_progress(out, tasks, {report.task_id: report for report in reports}, at=now())
    out.seek(0)
    name = f"进展填报表{request.today:%Y%m%d}.xlsx"
    return FileResponse(out, as_attachment=True, filename=name, content_type=MEDIA_TYPES[XLSX])


@require_http_methods(["GET", "HEAD", "POST"])
def round_import(request: AuthenticatedRequest) -> HttpResponse:
    """上传填好的表，先看会报什么。"""
    _units_only(request)
    is_sent = request.method == "POST"
    form = ImportFileForm(request.POST, request.FILES) if is_sent else ImportFileForm()
    if is_sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            checked = check_sheet(read_progress(upload), request.access, today=request.today)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            token = keep_upload(upload, owner=request.user)
            return _page(request, form, checked, token, 422 if checked.faults else 200)
    return _page(request, form, None, "", 422 if form.errors else 200)


@require_POST
def round_import_confirm(request: AuthenticatedRequest, token: str) -> HttpResponse:
    """按核对过的报送，全部或一件不报。"""
    _units_only(request)
    file = open_upload(token, owner=request.user)
    if file is None:
        messages.error(request, GONE)
        return redirect("responsibilities:round_import")
    with file:
        checked = check_sheet(read_progress(file), request.access, today=request.today)
    form = ImportFileForm()
    try:
        _send(request, checked, token)
    except (DomainError, ValidationError) as error:
        for sentence in messages_of(error):
            messages.error(request, sentence)
        return _page(request, form, checked, token, 422)
    drop_upload(token, owner=request.user)
    messages.success(request, f"已报送 {len(checked.reports)} 件。")
    return redirect("home")


def _send(request: AuthenticatedRequest, checked: Checked, token: str) -> None:
    if request.POST.get("seen") != checked.fingerprint:
        raise StaleVersion(CHANGED)
    if not checked.is_ready:
        raise DomainError("表里还有错误或没有填，不能报送。")
    said = [(task, content) for _, task, content in checked.reports]
    submit_all(said, token=f"xls-{token[:20]}", actor=request.user, at=now())
    for task, _ in said:
        drop_draft(task, actor=request.user)


def _units_only(request: AuthenticatedRequest) -> None:
    if not request.access.unit_ids:
        raise Http404


def _page(
    request: AuthenticatedRequest,
    form: ImportFileForm,
    checked: Checked | None,
    token: str,
    status: int,
) -> HttpResponse:
    context = {"form": form, "checked": checked, "token": token}
    return render(request, "responsibilities/round_import.html", context, status=status)
