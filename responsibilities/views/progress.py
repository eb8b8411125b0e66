"""The unit's side of the loop: receive, report, take back, ask for more time."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from common.clock import now
from common.errors import DomainError, StaleVersion, domain_errors_as_messages, messages_of
from organizations.http import AuthenticatedRequest
from responsibilities.enums import ExtensionState, ReportKind, ReportState
from responsibilities.exceptions import NeedsProof
from responsibilities.forms.progress import UNCHANGED, ExtensionForm, ReportForm
from responsibilities.models import Extension, ProgressReport, ReportDraft, Task
from responsibilities.pages.own_work import works_on
from responsibilities.pages.remarks import remarks_of
from responsibilities.permissions import can_sign_for_unit
from responsibilities.services.drafts import draft_of, drop_draft, save_draft, words_of
from responsibilities.services.extensions import (
    request_extension,
    why_no_extension,
    withdraw_extension,
)
from responsibilities.services.progress import (
    ReportContent,
    receive_task,
    submit_report,
    why_not_reported,
    withdraw_report,
)


def own_task(request: AuthenticatedRequest, pk: int) -> Task:
    """Return a task of the person's own unit; a task of another unit is not there."""
    tasks = Task.objects.filter(unit__in=request.access.unit_ids).visible_to(request.access)
    return get_object_or_404(tasks.with_obligations(), pk=pk)


@require_POST
def task_receive(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """签收：一按即办，记下时间和人。"""
    task = own_task(request, pk)
    with domain_errors_as_messages(request):
        receive_task(task, actor=request.user, at=now())
        messages.success(request, f"{task.obligation.code} 已签收。")
    return _back(request, task)


def _back(request: AuthenticatedRequest, task: Task) -> HttpResponse:
    """Lead to the page of ours on which the button was pressed, or else to the task's."""
    asked = request.POST.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return redirect(asked if is_ours else task)


@require_http_methods(["GET", "HEAD", "POST"])
def task_report(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """报进展、申请办结。"""
    task = own_task(request, pk)
    draft, began = draft_of(task, request.user), request.POST.get("began")
    form = ReportForm(
        request.POST or None,
        request.FILES or None,
        task=task,
        today=request.today,
        draft=words_of(draft),
    )
    if request.FILES:
        form.hand_in(period=task.period, today=request.today, actor=request.user, at=now())
    if request.method == "POST" and form.is_valid():
        try:
            token = form.cleaned_data["token"]
            report = submit_report(task, form.content(), token=token, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            field = "document_no" if isinstance(error, NeedsProof) else None
            form.add_error(field, messages_of(error))
            form.begin_anew()
            draft, began = _keep(request, task, form), None
        else:
            drop_draft(task, actor=request.user)
            messages.success(request, _where_it_lies(report))
            return redirect(task)
    return _report_page(request, task, form, draft, began=began)


def _keep(
    request: AuthenticatedRequest, task: Task, form: ReportForm, *, began: str | None = None
) -> ReportDraft | None:
    """Keep what was typed as a draft, whatever it is worth."""
    return save_draft(
        task,
        request.POST,
        form.ticked_keys(),
        steps=form.ticked_steps(),
        began=began,
        actor=request.user,
        at=now(),
    )


def _stamp(draft: ReportDraft | None) -> str:
    return draft.stamp if draft is not None else ""


def _rival(request: AuthenticatedRequest, task: Task) -> ProgressReport | None:
    """Return what a colleague has reported on the task in the meantime."""
    open_now = task.reports.filter(state__in=(ReportState.SUBMITTED, ReportState.SIGNING))
    return open_now.exclude(author=request.user).with_people().with_evidence().first()


def _where_it_lies(report: ProgressReport) -> str:
    if report.state == ReportState.SIGNING:
        return f"已填好，{report.get_kind_display()}等主要负责人签发后报区安委办。"
    return f"已报送，{report.get_kind_display()}待区安委办核验。"


def _report_page(
    request: AuthenticatedRequest,
    task: Task,
    form: ReportForm,
    draft: ReportDraft | None,
    *,
    began: str | None,
) -> HttpResponse:
    """Show the form; ``began`` is the stamp that the page goes on from, None for the draft's."""
    rival = _rival(request, task) if form.errors else None
    context = {
        "task": task,
        "form": form,
        "draft": draft,
        "began": _stamp(draft) if began is None else began,
        "sources": task.obligation.sources.select_related("provision").order_by("start"),
        "lamp": task.lamp_on(request.today),
        "may_ask": can_sign_for_unit(request.user, task, today=request.today),
        "way": task.other_way,
        "own": works_on([task], request.access, request.today)[0],
        "too_early": task.why_too_early(request.today),
        "remarks": remarks_of(task.obligation, request.access),
        "rival": rival,
        "pairs": form.beside(rival) if rival else [],
        "signing": task.reports.filter(state=ReportState.SIGNING).first(),
        "shut": "" if form.is_bound else why_not_reported(task),
        "typed": words_of(draft).get("summary", ""),
    }
    status = 422 if form.errors else 200
    return render(request, "responsibilities/task_report.html", context, status=status)


@require_POST
def task_draft(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """存草稿：写到一半的原样存下，材料先收下；也可以不要了。"""
    task = own_task(request, pk)
    if "discard" in request.POST:
        drop_draft(task, actor=request.user)
        return redirect("responsibilities:task_report", pk=task.pk)
    form = ReportForm(request.POST, request.FILES, task=task, today=request.today)
    if request.FILES:
        form.hand_in(period=task.period, today=request.today, actor=request.user, at=now())
    try:
        draft = _keep(request, task, form, began=request.POST.get("began"))
    except StaleVersion as error:
        return _kept_elsewhere(request, task, form, error)
    if request.htmx:
        context = {"draft": draft, "began": _stamp(draft), "refusal": ""}
        return render(request, "responsibilities/report_draft.html", context)
    for sentence in form.refused:
        messages.error(request, sentence)
    messages.success(request, "草稿已存，换一台电脑登录也在。")
    return redirect("responsibilities:task_report", pk=task.pk)


def _kept_elsewhere(
    request: AuthenticatedRequest, task: Task, form: ReportForm, error: StaleVersion
) -> HttpResponse:
    """Say that a newer draft stands, and keep on the page what was typed on it."""
    began = request.POST.get("began", "")
    if request.htmx:
        context = {"draft": None, "began": began, "refusal": error.message}
        return render(request, "responsibilities/report_draft.html", context, status=409)
    form.full_clean()
    form.errors.clear()
    form.add_error(None, error.message)
    return _report_page(request, task, form, draft_of(task, request.user), began=began)


@require_POST
def task_unchanged(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """“无变化，继续推进”：一按即报。"""
    task = own_task(request, pk)
    content = ReportContent(kind=ReportKind.PROGRESS, summary=UNCHANGED, is_unchanged=True)
    with domain_errors_as_messages(request):
        sent = request.POST.get("token", "")[:40]
        token = (
            sent if sent.strip() and sent.isprintable() else f"unchanged-{task.pk}-{task.version}"
        )
        report = submit_report(task, content, token=token, actor=request.user, at=now())
        drop_draft(task, actor=request.user)
        waits = "，等主要负责人签发" if report.state == ReportState.SIGNING else ""
        messages.success(request, f"{task.obligation.code} 已按“无变化，继续推进”报送{waits}。")
    return _back(request, task)


@require_POST
def report_withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """撤回还没有核验的进展。"""
    reports = ProgressReport.objects.filter(task__unit__in=request.access.unit_ids)
    report = get_object_or_404(reports.with_people(), pk=pk)
    with domain_errors_as_messages(request):
        withdraw_report(report, actor=request.user, at=now())
        messages.success(request, "已撤回，改好后可以再报。")
    return redirect(report.task)


@require_http_methods(["GET", "HEAD", "POST"])
def task_extension(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """申请延期，由本单位主要负责人提出。"""
    task = own_task(request, pk)
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            request_extension(task, **form.cleaned_data, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, "延期申请已报区安委办审批，批准前仍按原日期计算。")
            return redirect(task)
    earlier = list(task.extensions.select_related("requested_by", "decided_by"))
    waiting = [item for item in earlier if item.state == ExtensionState.REQUESTED]
    context = {
        "task": task,
        "form": form,
        "waiting": waiting[0] if waiting and not form.is_bound else None,
        "lamp": task.lamp_on(request.today),
        "may_sign": can_sign_for_unit(request.user, task, today=request.today),
        "refusal": "" if form.is_bound else why_no_extension(task, today=request.today),
        "earlier": [item for item in earlier if item not in waiting],
    }
    status = 422 if form.errors else 200
    return render(request, "responsibilities/task_extension.html", context, status=status)


@require_POST
def extension_withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """撤回还没有批的延期申请。"""
    extensions = Extension.objects.filter(task__unit__in=request.access.unit_ids)
    extension = get_object_or_404(extensions.select_related("task"), pk=pk)
    with domain_errors_as_messages(request):
        withdraw_extension(extension, actor=request.user, at=now())
        messages.success(request, "延期申请已撤回；要延期的，到期前可以重新提出。")
    return redirect("responsibilities:task_extension", pk=extension.task_id)
