"""The ledger as a spreadsheet: export, and import with a preview before anything is written."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import DomainError, StaleVersion
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.excel.comparing import MAX_SHOWN, DryRun, dry_run, plan_of
from responsibilities.excel.exporting import (
    CSV,
    MAX_REQUEST_ROWS,
    MEDIA_TYPES,
    ROWS,
    TASKS,
    XLSX,
    Export,
    TooManyRows,
    export,
)
from responsibilities.excel.reading import read_table
from responsibilities.excel.uploads import (
    drop_old_uploads,
    drop_upload,
    keep_upload,
    open_upload,
)
from responsibilities.filters import parse
from responsibilities.forms.excel import ImportConfirmForm, ImportFileForm
from responsibilities.pages.choices import frame_of
from responsibilities.services.importing import import_changes

KEPT = "ledger_imports"  # 会话里记着：哪些上传的表是这次登录自己传的
MAX_KEPT = 20
GONE = "上传的表已经导入或已过期，请重新上传。"


@require_safe
def obligation_export(request: AuthenticatedRequest) -> HttpResponseBase:
    """Send the rows that the person sees under the ledger's filters, as .xlsx or .csv."""
    wanted = _wanted(request, request.GET)
    ledger = f"{reverse('responsibilities:obligation_list')}?{request.GET.urlencode()}"
    if wanted is None:
        messages.error(request, "还没有方案，没有可以导出的任务。")
        return redirect(ledger)
    try:
        file = export(wanted, at=clock.now())
    except TooManyRows as error:
        messages.error(request, error.message)
        return redirect(ledger)
    return FileResponse(
        file,
        as_attachment=True,
        filename=wanted.filename,
        content_type=MEDIA_TYPES[wanted.format],
    )


def _wanted(request: AuthenticatedRequest, asked: QueryDict) -> Export | None:
    """Read what is asked for; anything unknown falls back to the whole table as .xlsx."""
    frame = frame_of(request.access, today=request.today, plan=asked.get("plan", ""))
    params = {name: asked.get(name, "") for name in asked}
    filters, _ = parse(params, frame.choices, access=request.access)
    if frame.choices.plan is None:
        return None
    return Export(
        plan=frame.choices.plan,
        access=request.access,
        today=request.today,
        filters=filters,
        choices=frame.choices,
        level=TASKS if asked.get("level") == TASKS else ROWS,
        format=CSV if asked.get("format") == CSV else XLSX,
        max_rows=MAX_REQUEST_ROWS,
        conditions=tuple(chip.label for chip in filters.chips(frame.choices)),
    )


@office_required
@require_http_methods(["GET", "HEAD", "POST"])
def obligation_import(request: AuthenticatedRequest) -> HttpResponse:
    """Take the filled-in table and lead to its preview; a bad file is refused here."""
    is_sent = request.method == "POST"
    form = ImportFileForm(request.POST, request.FILES) if is_sent else ImportFileForm()
    if is_sent and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            plan_of(read_table(upload), access=request.access)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            drop_old_uploads(at=clock.now())
            token = keep_upload(upload, owner=request.user)
            kept = [known for known in request.session.get(KEPT, []) if known != token]
            request.session[KEPT] = [*kept, token][-MAX_KEPT:]
            return redirect("responsibilities:obligation_import_preview", token)
    status = 422 if form.errors else 200
    page = "responsibilities/obligation_import.html"
    return render(request, page, {"form": form}, status=status)


@office_required
@require_safe
def obligation_import_preview(request: AuthenticatedRequest, token: str) -> HttpResponse:
    """Show what the table would change, and what is wrong in it."""
    found = _compared(request, token)
    if found is None:
        messages.error(request, GONE)
        return redirect("responsibilities:obligation_import")
    form = ImportConfirmForm(initial={"seen": found.fingerprint})
    return _preview(request, token, found, form)


@office_required
@require_POST
def obligation_import_confirm(request: AuthenticatedRequest, token: str) -> HttpResponse:
    """Make the changes exactly as previewed, all or none."""
    found = _compared(request, token)
    if found is None:
        messages.error(request, GONE)
        return redirect("responsibilities:obligation_import")
    form = ImportConfirmForm(request.POST)
    if not form.is_valid():
        return _preview(request, token, found, form, status=422)
    try:
        count = _confirmed(request, found, form)
    except StaleVersion as error:
        form.add_error(None, error.message)
        return _preview(request, token, _compared(request, token) or found, form, status=409)
    except DomainError as error:
        form.add_error(None, error.message)
        return _preview(request, token, found, form, status=422)
    drop_upload(token, owner=request.user)
    messages.success(request, f"已导入 {count} 项任务的改动，逐项记入变更记录。")
    plan = found.plan.code
    return redirect(f"{reverse('responsibilities:obligation_list')}?plan={plan}")


def _confirmed(request: AuthenticatedRequest, found: DryRun, form: ImportConfirmForm) -> int:
    if form.cleaned_data["seen"] != found.fingerprint:
        raise StaleVersion("您核对之后台账有变动，下面是最新的对照，请重新核对再确认。")
    if not found.is_ready:
        raise DomainError("表里还有错误或没有改动，不能导入。")
    return import_changes(
        found.changes,
        actor=request.user,
        at=clock.now(),
        today=request.today,
        reason=form.cleaned_data["reason"],
    )


def _compared(request: AuthenticatedRequest, token: str) -> DryRun | None:
    """Compare a table of this session with the ledger; None when it is not there any more."""
    if token not in request.session.get(KEPT, []):
        return None
    file = open_upload(token, owner=request.user)
    if file is None:
        return None
    with file:
        table = read_table(file)
    plan = plan_of(table, access=request.access)
    return dry_run(table, plan, access=request.access, today=request.today)


def _preview(
    request: AuthenticatedRequest,
    token: str,
    found: DryRun,
    form: ImportConfirmForm,
    status: int = 200,
) -> HttpResponse:
    if form.is_bound:
        form.carry(seen=found.fingerprint)
    context = {"found": found, "form": form, "token": token, "max_shown": f":{MAX_SHOWN}"}
    page = "responsibilities/obligation_import_preview.html"
    return render(request, page, context, status=status)
