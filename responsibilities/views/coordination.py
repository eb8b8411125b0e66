"""需领导协调: raised by the office, decided by a leader, read by the unit."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.clock import now
from common.errors import DomainError, domain_errors_as_messages, messages_of
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.enums import CoordinationState
from responsibilities.forms.coordination import DecisionForm, MatterForm, WithdrawForm
from responsibilities.models import Coordination, Task
from responsibilities.pages.coordination import coordination_page, latest_words
from responsibilities.permissions import can_decide_matter
from responsibilities.services.coordination import decide_matter, raise_matter, withdraw_matter


@require_safe
def coordination_list(request: AuthenticatedRequest) -> HttpResponse:
    """领导协调：等决定的、单位提出的、已决定的。"""
    page = coordination_page(request.access)
    return render(request, "responsibilities/coordination_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def task_coordination(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """提请区领导协调一件办理件。"""
    task = get_object_or_404(Task.objects.with_obligations(), pk=pk)
    report = latest_words(task)
    form = MatterForm(
        request.POST or None, initial={"matter": report.coordination if report else ""}
    )
    if request.method == "POST" and form.is_valid():
        try:
            raise_matter(task, **form.cleaned_data, report=report, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"{task.obligation.code} 已提请区领导协调。")
            return redirect("responsibilities:coordination_list")
    context = {
        "task": task,
        "form": form,
        "report": report,
        "lamp": task.lamp_on(request.today),
    }
    status = 422 if form.errors else 200
    return render(request, "responsibilities/coordination_raise.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def coordination_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """一项协调事项：区领导在这里决定，单位在这里看结果。"""
    may_decide = can_decide_matter(request.user, today=request.today)
    if request.method == "POST" and not may_decide:
        raise PermissionDenied("协调事项由区领导决定。")
    item = get_object_or_404(
        Coordination.objects.visible_to(request.access).with_tasks().select_related("report"), pk=pk
    )
    form = DecisionForm(request.POST or None, is_leader=request.access.is_leader)
    if request.method == "POST" and form.is_valid():
        try:
            decide_matter(item, **form.cleaned_data, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, "决定已登记，责任单位和区安委办都能看到。")
            return redirect(item)
    context = {
        "item": item,
        "form": form,
        "withdraw": WithdrawForm(),
        "lamp": item.task.lamp_on(request.today),
        "may_decide": may_decide and item.state == CoordinationState.RAISED,
    }
    status = 422 if form.errors else 200
    return render(request, "responsibilities/coordination_detail.html", context, status=status)


@require_POST
@office_required
def coordination_withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """撤回还没有决定的协调事项。"""
    item = get_object_or_404(Coordination.objects.with_tasks(), pk=pk)
    form = WithdrawForm(request.POST)
    with domain_errors_as_messages(request):
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        withdraw_matter(item, reason=reason, actor=request.user, at=now())
        messages.success(request, "已撤回，区领导的页面上不再列出。")
    return redirect(item)
