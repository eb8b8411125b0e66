"""Events (事件触发): registered by the office, they open tasks with dates of their own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.clock import now
from common.errors import DomainError, domain_errors_as_messages, messages_of
from common.keys import is_key
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.enums import DeadlineKind, EventKind, ObligationState
from responsibilities.forms.event import EventForm, EventTasksForm, VoidEventForm, kinds_told
from responsibilities.models import Event, Obligation, Task
from responsibilities.services.events import open_event_tasks, register_event, void_event

PER_PAGE = 50
CASE_CLOSED, TITLE_LENGTH = "结案", 60


@require_safe
def event_list(request: AuthenticatedRequest) -> HttpResponse:
    """事件登记：新近的在前。"""
    if not request.access.sees_all:
        raise PermissionDenied("事件登记由区安委办管理；由事件产生的任务列在您的首页。")
    events = (
        Event.objects.visible_to(request.access).with_people().with_task_counts().newest_first()
    )
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "responsibilities/event_list.html", {"events": page})


def _event_rows() -> list[Obligation]:
    """Return the event work dispatched under any plan, plan by plan, the newest first."""
    rows = Obligation.objects.filter(
        deadline_kind=DeadlineKind.EVENT, state=ObligationState.DISPATCHED
    )
    return list(rows.with_plan().newest_plan_first())


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def event_add(request: AuthenticatedRequest) -> HttpResponse:
    """登记一件事，勾选由它引起的任务；``?after=`` 接着一件已登记的事故登记结案。"""
    rows, initial = _event_rows(), _after(request)
    form = EventForm(request.POST or None, rows=rows, today=request.today, initial=initial)
    if rows and request.method == "POST" and form.is_valid():
        dues = form.dues()
        plan = next(iter(dues)).plan
        try:
            event = register_event(plan, form.happening(), dues, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"已登记，产生 {event.tasks.count()} 件办理件，等单位签收。")
            return redirect(event)
    context = {
        "form": form,
        "lines": form.choices_by_fit(form["kind"].value() or EventKind.ACCIDENT),
        "draft": f"event-add-{initial['title']}" if initial else "event-add",
        "names_plans": len({row.plan_id for row in rows}) > 1,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "responsibilities/event_add.html", context, status=status)


def _after(request: AuthenticatedRequest) -> dict[str, Any]:
    """Return what an accident tells of the closing of its case, to begin the form with."""
    key = request.GET.get("after", "")
    accident = Event.objects.standing().filter(pk=key).first() if is_key(key) else None
    if accident is None:
        return {}
    title = f"{accident.title[: TITLE_LENGTH - len(CASE_CLOSED)]}{CASE_CLOSED}"
    return {"kind": EventKind.CASE_CLOSED, "title": title, "unit": accident.unit_id}


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def event_tasks(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """给已登记的事件补开任务。"""
    event = get_object_or_404(Event.objects.standing().with_people(), pk=pk)
    known = {"happened_on": event.happened_on}
    form = EventTasksForm(request.POST or None, rows=_unopened(event), initial=known)
    if form.rows and request.method == "POST" and form.is_valid():
        try:
            count = open_event_tasks(event, form.dues(), actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"已补开 {count} 件办理件，等单位签收。")
            return redirect(event)
    context = {
        "event": event,
        "form": form,
        "lines": form.choices_by_fit(event.kind),
        "names_plans": len({row.plan_id for row in form.rows}) > 1,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "responsibilities/event_tasks.html", context, status=status)


def _unopened(event: Event) -> list[Obligation]:
    """Return the event work that has no task of this event yet."""
    opened = set(event.tasks.values_list("obligation", flat=True))
    return [row for row in _event_rows() if row.pk not in opened]


@require_safe
def event_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """一件事和由它产生的办理件。"""
    event = get_object_or_404(Event.objects.visible_to(request.access).with_people(), pk=pk)
    tasks = Task.objects.visible_to(request.access).filter(event=event).with_obligations()
    lines = [(task, task.lamp_on(request.today)) for task in tasks]
    names_plans = len({task.obligation.plan_id for task, _ in lines}) > 1
    may_open = request.access.is_office and not event.is_void
    context = {
        "event": event,
        "may_open": may_open,
        "untold": [r for r in _unopened(event) if event.kind in kinds_told(r)] if may_open else [],
        "may_close": may_open and event.kind == EventKind.ACCIDENT,
        "lines": lines,
        "names_plans": names_plans,
        "form": VoidEventForm(),
    }
    return render(request, "responsibilities/event_detail.html", context)


@require_POST
@office_required
def event_void(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """撤销登记错的事件。"""
    event = get_object_or_404(Event.objects.with_people(), pk=pk)
    form = VoidEventForm(request.POST)
    with domain_errors_as_messages(request):
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        void_event(event, reason=reason, actor=request.user, at=now())
        messages.success(request, "已撤销，还没办结的办理件随之撤销。")
    return redirect(event)
