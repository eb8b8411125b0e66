"""催办: a preview of who gets what, then one press, then a moment to take it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from common.clock import now
from common.errors import DomainError, domain_errors_as_messages, messages_of
from common.keys import is_key
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.chasing import chaseable, preview
from responsibilities.enums import ChaseAudience
from responsibilities.forms.chase import ChaseForm
from responsibilities.models import Chase
from responsibilities.models.task import TaskQuerySet
from responsibilities.services.chasing import (
    MOST,
    UNDO_SECONDS,
    chase_tasks,
    may_undo,
    undo_chases,
)


def _numbers(values: list[str]) -> list[int]:
    heads = [value.partition(":")[0] for value in values]
    return [int(head) for head in heads if is_key(head)]


def _asked(request: AuthenticatedRequest, given: QueryDict) -> TaskQuerySet:
    """The tasks that the address names: by key, or all open ones of ticked rows."""
    tasks = chaseable(request.today)
    rows = _numbers(given.getlist("rows"))
    return (
        tasks.filter(obligation__in=rows)
        if rows
        else tasks.filter(pk__in=_numbers(given.getlist("task")))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def chase(request: AuthenticatedRequest) -> HttpResponse:
    """预览谁会收到什么；确认后逐件催办。"""
    given = request.POST if request.method == "POST" else request.GET
    sends = request.method == "POST" and "send" in request.POST
    form = ChaseForm(given if "audience" in given else None)
    if sends and form.is_valid():
        try:
            return _send(request, form)
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
    audience = given.get("audience", "")
    tasks = _asked(request, given).order_by("due_on", "pk")[:MOST]
    lines = preview(
        tasks,
        ChaseAudience(audience if audience in ChaseAudience.values else ChaseAudience.LIAISON),
        given.get("ask", "")[:24],
        today=request.today,
    )
    context = {
        "form": form,
        "lines": lines,
        "most": MOST,
        "ticked": set(_numbers(given.getlist("task"))) if sends else None,
        "reached": sum(line.is_reachable for line in lines),
        "seconds": UNDO_SECONDS,
    }
    status = 422 if sends else 200
    return render(request, "responsibilities/chase.html", context, status=status)


def _send(request: AuthenticatedRequest, form: ChaseForm) -> HttpResponse:
    picked = chaseable(request.today).filter(pk__in=_numbers(request.POST.getlist("task")))
    batch = chase_tasks(
        picked,
        ChaseAudience(form.cleaned_data["audience"]),
        ask=form.cleaned_data["ask"],
        actor=request.user,
        at=now(),
    )
    return redirect("responsibilities:chase_batch", batch=batch.code)


@require_http_methods(["GET", "HEAD"])
@office_required
def chase_batch(request: AuthenticatedRequest, batch: str) -> HttpResponse:
    """一批催办的结果：正在发出的可以撤回，发出的列出收到的人。"""
    acts = Chase.history.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    chases = (
        Chase.objects.filter(batch=batch)
        .annotate(last_act=Subquery(acts.values("history_change_reason")[:1]))
        .select_related("chased_by", "task__unit", "task__obligation__plan")
    )
    found = list(chases.defer("task__obligation__plan__source_text").order_by("pk"))
    if not found:
        raise Http404
    context = {
        "chases": found,
        "batch": batch,
        "waiting": sum(not each.sent_at and not each.undone_at for each in found),
        "may_undo": any(may_undo(each, now()) for each in found),
        "seconds": UNDO_SECONDS,
    }
    return render(request, "responsibilities/chase_batch.html", context)


@require_POST
@office_required
def chase_undo(request: AuthenticatedRequest, batch: str) -> HttpResponse:
    """撤回还没有发出的。"""
    if not Chase.objects.filter(batch=batch).exists():
        raise Http404
    with domain_errors_as_messages(request):
        count = undo_chases(batch, actor=request.user, at=now())
        messages.success(request, f"已撤回 {count} 件催办，没有发出。")
    return redirect("responsibilities:chase_batch", batch=batch)
