"""The quarterly round of a unit (一次报齐): several tasks on one form."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from common.clock import now
from common.errors import DomainError, StaleVersion, messages_of
from organizations.http import AuthenticatedRequest
from responsibilities.enums import ReportState, TaskState
from responsibilities.forms.progress import new_token
from responsibilities.forms.round import RoundLine
from responsibilities.milestones import NO_STEPS, steps_of
from responsibilities.models import ProgressReport, ReportDraft, Task, TaskQuerySet
from responsibilities.models.progress import waits_for_head
from responsibilities.pages.own_work import works_on
from responsibilities.services.drafts import drop_draft, save_draft
from responsibilities.services.progress import submit_report

MOST_LINES = 300  # 一页最多列出的件数；每件 6 栏，再加里程碑，不超过一次提交的栏数上限
POSTED = re.compile(r"t(\d{1,15})-summary")
TOKEN = re.compile(r"[\w-]{16,24}", re.ASCII)


def own_tasks(request: AuthenticatedRequest) -> TaskQuerySet:
    tasks = Task.objects.filter(unit__in=request.access.unit_ids).visible_to(request.access)
    return tasks.with_obligations()


@require_http_methods(["GET", "HEAD", "POST"])
def report_round(request: AuthenticatedRequest) -> HttpResponse:
    """一次报齐：有进展的改几个字，没有变化的勾一下，其余的这次不报。"""
    if not request.access.unit_ids:
        raise Http404
    sent = request.POST.get("token", "")
    token = sent if TOKEN.fullmatch(sent) else new_token()
    if request.method != "POST":
        tasks = waiting_tasks(request)
        lines = _lines(request, tasks[:MOST_LINES])
        return _page(request, lines, token, left=len(tasks) - len(lines))
    only, typed = request.POST.get("only", ""), request.POST.copy()
    if only:
        typed[f"t{only}-unchanged"] = "on"
    keys = [int(found[1]) for name in typed if (found := POSTED.fullmatch(name))][:MOST_LINES]
    named = own_tasks(request).filter(pk__in=keys)
    lines = _lines(request, sorted(named, key=lambda task: keys.index(task.pk)), typed)
    if only:
        return _say_one_unchanged(request, lines, only, token)
    return _say_all(request, lines, token)


def _say_all(request: AuthenticatedRequest, lines: list[RoundLine], token: str) -> HttpResponse:
    said = [line for line in lines if line.says_something or not line.is_valid()]
    done = [line for line in said if line.is_valid() and _send(request, line, token)]
    if done:
        codes = "、".join(line.task.obligation.code for line in done)
        signing = ProgressReport.objects.awaiting_signature().filter(
            task__in=[line.task for line in done]
        )
        after = "等主要负责人签发" if signing.exists() else "待区安委办核验"
        messages.success(request, f"已报送 {len(done)} 件，{after}：{codes}。")
    if not said:
        messages.error(request, "还没有写，写一句（上次的话要改过才算）或勾“无变化”再报送。")
    elif len(done) == len(said):
        return redirect("home")
    return _page(request, [line for line in lines if line not in done], token, status=422)


def _say_one_unchanged(
    request: AuthenticatedRequest, lines: list[RoundLine], only: str, token: str
) -> HttpResponse:
    """Report “无变化” on one task alone; what stands in the other lines is kept as drafts."""
    line = next((line for line in lines if str(line.task.pk) == only), None)
    if line is None:
        raise Http404
    if not (line.is_valid() and _send(request, line, token)):
        return _page(request, lines, token, status=422)
    messages.success(request, f"{line.task.obligation.code} 已按“无变化，继续推进”报送。")
    others = [other for other in lines if other is not line]
    refused = [other for other in others if not _keep(request, other)]
    if refused:
        return _page(request, others, token, status=409)
    next_up = others[min(lines.index(line), len(others) - 1)] if others else None
    mark = f"#t{next_up.task.pk}" if next_up else ""
    return redirect(f"{reverse('responsibilities:report_round')}{mark}")


def _keep(request: AuthenticatedRequest, line: RoundLine) -> bool:
    """Keep what stands in a line, over what an earlier draft of the task holds.

    Returns: whether that was done; where another page has saved since, the line says so.
    """
    if not (line.says_something or line.draft):
        return True
    words, files = {**line.draft, **line.words}, line.draft.get("evidence", [])
    try:
        draft = save_draft(
            line.task,
            words,
            files,
            steps=line.ticked_steps(),
            began=request.POST.get(line.add_prefix("began")),
            actor=request.user,
            at=now(),
        )
    except StaleVersion as error:
        line.full_clean()
        line.errors.clear()
        line.add_error(None, error.message)
        return False
    line.carry(began=draft.stamp if draft else "")
    return True


def waiting_tasks(request: AuthenticatedRequest) -> list[Task]:
    """Return the unit's tasks that can be reported on now, the most urgent first."""
    tasks = own_tasks(request).open().exclude(state=TaskState.UNDER_REVIEW)
    tasks = tasks.exclude(waits_for_head())
    found = list(tasks.started_by(request.today).order_by("due_on", "obligation__code", "pk"))
    reported = [task for task in found if task.other_way is None]
    return sorted(reported, key=lambda task: task.due_on is None)


def _lines(
    request: AuthenticatedRequest, tasks: Iterable[Task], typed: QueryDict | None = None
) -> list[RoundLine]:
    tasks = list(tasks)
    drafts = ReportDraft.objects.filter(user=request.user, task__in=tasks)
    kept = {draft.task_id: draft for draft in drafts}
    said, steps = _said_before(tasks), steps_of(tasks)
    return [
        RoundLine(
            typed,
            task=task,
            said=[each for each in said[_strand(task)] if _goes_on(each, task)],
            steps=steps.get(task.pk, NO_STEPS),
            draft=kept.get(task.pk),
        )
        for task in tasks
    ]


def _strand(task: Task) -> tuple[int, int, int | None]:
    """Return what the words of a task go on from: its row, its unit and the event behind it."""
    return task.obligation_id, task.unit_id, task.event_id


def _goes_on(report: ProgressReport, task: Task) -> bool:
    """Whether the task goes on from the report: what was taken back or not signed is put right in
    its own task alone."""
    return report.state != ReportState.WITHDRAWN or report.task_id == task.pk


def _said_before(tasks: list[Task]) -> dict[tuple[int, int, int | None], list[ProgressReport]]:
    """Return the words of earlier reports, this period's or before, by strand."""
    found = ProgressReport.objects.filter(
        task__obligation__in=[task.obligation_id for task in tasks],
        task__unit__in=[task.unit_id for task in tasks],
    )
    words = found.exclude(is_unchanged=True)
    said: dict[tuple[int, int, int | None], list[ProgressReport]] = defaultdict(list)
    for report in words.select_related("task").order_by("submitted_at", "pk"):
        said[_strand(report.task)].append(report)
    return said


def _send(request: AuthenticatedRequest, line: RoundLine, token: str) -> bool:
    """Report one line; a refusal stays with its line and holds up no other."""
    mark = f"{token}-{line.task.pk}"
    try:
        submit_report(line.task, line.content(), token=mark, actor=request.user, at=now())
    except (DomainError, ValidationError) as error:
        line.add_error(None, messages_of(error))
        return False
    drop_draft(line.task, actor=request.user)
    return True


def _page(
    request: AuthenticatedRequest,
    lines: list[RoundLine],
    token: str,
    *,
    status: int = 200,
    left: int = 0,
) -> HttpResponse:
    works = works_on([line.task for line in lines], request.access, request.today)
    context = {
        "lines": list(zip(lines, works, strict=True)),
        "token": token,
        "left": left,
        "wrong": [line for line in lines if line.is_bound and line.errors],
        "names_units": len(request.access.unit_ids) > 1,
    }
    return render(request, "responsibilities/report_round.html", context, status=status)
