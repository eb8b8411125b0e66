"""The office's side of the loop: review reports one by one, decide on extensions."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.clock import now
from common.errors import DomainError, messages_of
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.enums import ExtensionState, ReportState, ReviewDecision, TaskState
from responsibilities.forms.progress import ExtensionDecisionForm, ReopenForm, ReviewForm
from responsibilities.milestones import NO_STEPS, steps_of
from responsibilities.models import Extension, ProgressReport, Task
from responsibilities.models.progress import ProgressReportQuerySet
from responsibilities.pages.remarks import remarks_of
from responsibilities.permissions import can_review
from responsibilities.services.extensions import decide_extension
from responsibilities.services.progress import review_report, why_not_reviewed
from responsibilities.services.reopening import reopen_closed, why_not_reopened


@require_safe
@office_required
def review_queue(request: AuthenticatedRequest) -> HttpResponse:
    """等我核验：先报的在前。"""
    waiting = ProgressReport.objects.awaiting_review().with_people().order_by("submitted_at", "pk")
    asked = Extension.objects.awaiting_decision().with_tasks()
    context = {"reports": waiting[:50], "extensions": asked[:50], "total": waiting.count()}
    return render(request, "responsibilities/review_queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def report_review(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """核验一份进展；办完接着下一份。"""
    report = _report(pk)
    form = ReviewForm(request.POST or None, initial={"seen": report.current_sha256})
    if request.method == "POST" and form.is_valid():
        try:
            review_report(
                report,
                ReviewDecision(form.cleaned_data["decision"]),
                seen_sha256=form.cleaned_data["seen"],
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=now(),
            )
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
            report = _report(pk)
            form.carry(seen=report.current_sha256)
        else:
            return _next(request, report)
    return _review_page(request, report, form)


def _report(pk: int) -> ProgressReport:
    """Return the report as it is now, with all that the page shows of it."""
    reports = ProgressReport.objects.with_people().with_evidence()
    return get_object_or_404(reports.select_related("review__reviewer", "signed_by"), pk=pk)


def _next(request: AuthenticatedRequest, report: ProgressReport) -> HttpResponse:
    done = ReviewDecision(request.POST["decision"]).label
    messages.success(request, f"{report.task.obligation.code} {report.task.unit}：{done}。")
    waiting = _after(ProgressReport.objects.awaiting_review(), report)
    if waiting is None:
        return redirect("responsibilities:review_queue")
    return redirect("responsibilities:report_review", pk=waiting.pk)


def _after(waiting: ProgressReportQuerySet, report: ProgressReport) -> ProgressReport | None:
    """Return the next report of the queue, from the front again after the last one."""
    queue = waiting.order_by("submitted_at", "pk")
    later = queue.filter(submitted_at__gte=report.submitted_at).exclude(
        submitted_at=report.submitted_at, pk__lt=report.pk
    )
    return later.first() or queue.first()


def _review_page(
    request: AuthenticatedRequest, report: ProgressReport, form: ReviewForm
) -> HttpResponse:
    task = report.task
    steps = steps_of([task]).get(task.pk, NO_STEPS)
    ticked = {tick.milestone_id for tick in report.ticked}
    waiting = ProgressReport.objects.awaiting_review().exclude(pk=report.pk)
    context = {
        "report": report,
        "task": task,
        "form": form,
        "lamp": task.lamp_on(request.today),
        "shut": why_not_reviewed(report),
        "review": getattr(report, "review", None),
        "may_review": can_review(request.user, report, today=request.today),
        "sources": task.obligation.sources.select_related("provision").order_by("start"),
        "earlier": task.reports.exclude(pk=report.pk).select_related("author", "review__reviewer"),
        "left": waiting.count(),
        "steps": steps,
        "remarks": remarks_of(task.obligation, request.access),
        "short": len({step.milestone.pk for step in steps.left} - ticked),
        "next_up": _after(waiting, report),
        "asked": task.extensions.awaiting_decision().first(),
    }
    status = 422 if form.errors else 200
    return render(request, "responsibilities/report_review.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def task_reopen(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """重新打开一件不该算办结的办理件。"""
    tasks = Task.objects.with_obligations()
    task = get_object_or_404(tasks, pk=pk)
    form = ReopenForm(request.POST or None, initial={"version": task.version})
    if request.method == "POST" and form.is_valid():
        try:
            reopen_closed(task, **form.cleaned_data, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
            task = get_object_or_404(tasks, pk=pk)
            form.carry(version=task.version)
        else:
            messages.success(request, f"{task.obligation.code} 已重新打开，并告诉了责任单位。")
            return redirect(task)
    reports = task.reports.filter(state=ReportState.ACCEPTED).with_people().with_evidence()
    context = {
        "task": task,
        "form": form,
        "is_closed": task.state == TaskState.CLOSED,
        "refusal": why_not_reopened(task),
        "report": reports.first(),
    }
    status = 422 if form.errors else 200
    return render(request, "responsibilities/task_reopen.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def extension_decide(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """审批延期：同意要给确定的日期。"""
    extension = get_object_or_404(Extension.objects.with_tasks(), pk=pk)
    initial = {"granted_due_on": extension.asked_due_on}
    form = ExtensionDecisionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        granted = form.cleaned_data["granted_due_on"] if "grant" in request.POST else None
        try:
            if "grant" in request.POST and granted is None:
                raise DomainError("同意延期要写明确定的新日期。")
            note = form.cleaned_data["note"]
            decide_extension(
                extension, granted_due_on=granted, note=note, actor=request.user, at=now()
            )
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            said = "已同意延期" if granted else "已答复不同意延期"
            messages.success(request, f"{said}，责任单位随即收到提醒。")
            return redirect("responsibilities:review_queue")
    context = {"form": form} | _facts_of(extension, request.today)
    status = 422 if form.errors else 200
    return render(request, "responsibilities/extension_decide.html", context, status=status)


def _facts_of(extension: Extension, today: date) -> dict[str, Any]:
    """Return what the decision rests on: the task, its date and what the unit said last."""
    task = extension.task
    said = task.reports.filter(state__in=(ReportState.SUBMITTED, ReportState.ACCEPTED))
    return {
        "extension": extension,
        "task": task,
        "lamp": task.lamp_on(today),
        "is_open": extension.state == ExtensionState.REQUESTED,
        "count": task.extensions.filter(pk__lte=extension.pk).count(),
        "report": said.select_related("author").first(),
    }
