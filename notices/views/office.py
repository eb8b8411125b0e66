"""The office's side of the reminders: what goes out, what is held, on which days."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import domain_errors_as_messages
from common.workdays import calendar_warning
from notices.enums import NoticeState
from notices.facts import Kind
from notices.forms import HeldForm, LimitsForm, ScheduleForm
from notices.halts import overflow_of, pause_now
from notices.models import Notice, PlannerClock, PlannerScan, ReminderSchedule, ReminderSetting
from notices.proof import units_told
from notices.services.managing import cancel_held, release_held, set_limits, set_schedule
from notices.services.planning import proposals, scheduled_kinds
from notices.services.ticking import confirm_clock
from organizations.http import AuthenticatedRequest, office_required
from organizations.models import User
from organizations.views.editing import FormPage, attempt, typed

SHOWN = 200
BACK = "提醒管理"


@require_safe
@office_required
def reminder_desk(request: AuthenticatedRequest) -> HttpResponse:
    """提醒管理：是否暂停、有无暂缓、今天发了多少、各类事项在哪些天提醒。"""
    today = Notice.objects.filter(planned_on=request.today)
    counts = dict(today.order_by().values_list("state").annotate(count=Count("pk")))
    held = Notice.objects.filter(state=NoticeState.HELD).select_related("recipient", "unit")
    context = {
        "setting": ReminderSetting.current(),
        "pause": pause_now(),
        "held": held.order_by("pk")[:SHOWN],
        "held_count": held.count(),
        "held_form": HeldForm(),
        "counts": [(state.label, counts.get(state, 0)) for state in NoticeState],
        "scan": PlannerScan.objects.first(),
        "clock_held": PlannerClock.objects.exclude(held_since=None).exists(),
        "kinds": scheduled_kinds().values(),
        "calendar": calendar_warning(request.today),
        "units": units_told(request.today.year),
    }
    return render(request, "notices/reminder_desk.html", context)


@dataclass(frozen=True)
class Line:
    """One reminder of the preview, with its recipient's name."""

    notice: Notice
    person: str


@require_safe
@office_required
def reminder_preview(request: AuthenticatedRequest) -> HttpResponse:
    """试算：现在运行，谁会收到什么，会不会整批暂缓；什么都不写入。"""
    lines, total = [], 0
    for total, line in enumerate(_lines(request), start=1):
        if total <= SHOWN:
            lines.append(line)
    context = {
        "lines": lines,
        "total": total,
        "overflow": overflow_of(total),
        "pause": pause_now(),
    }
    return render(request, "notices/reminder_preview.html", context)


def _lines(request: AuthenticatedRequest) -> Iterator[Line]:
    names = {person.pk: str(person) for person in User.objects.filter(is_active=True)}
    for chunk in proposals(at=clock.now(), today=request.today):
        for notice in chunk:
            yield Line(notice, names.get(notice.recipient_id, ""))


@office_required
@require_http_methods(["GET", "HEAD", "POST"])
def limits_edit(request: AuthenticatedRequest) -> HttpResponse:
    """暂停、恢复和一次最多条数。"""
    setting = ReminderSetting.current()
    initial = {"is_paused": setting.is_paused, "cap": setting.cap, "seen": setting.version}
    form = LimitsForm(typed(request), initial=initial)
    if form.is_valid():
        done = attempt(
            form,
            lambda: set_limits(
                form.limits,
                version=form.cleaned_data["seen"],
                actor=request.user,
                at=clock.now(),
                reason=form.cleaned_data["reason"],
            ),
        )
        if done is None and not form.errors:
            messages.success(request, "提醒设置已保存。")
            return redirect("notices:reminder_desk")
    page = FormPage("提醒设置", reverse("notices:reminder_desk"), BACK, "保存")
    return _answer(request, form, page, setting, setting.version)


@office_required
@require_http_methods(["GET", "HEAD", "POST"])
def schedule_edit(request: AuthenticatedRequest, kind: str) -> HttpResponse:
    """一类事项在哪些天提醒。"""
    found = scheduled_kinds().get(kind)
    if found is None:
        raise Http404
    stored = ReminderSchedule.objects.filter(kind=kind).first()
    version = stored.version if stored else 0
    initial = {**vars(found.schedule), "seen": version}
    form = ScheduleForm(typed(request), initial=initial, kind=found)
    if form.is_valid() and _saved(request, form, found):
        messages.success(request, f"“{found.label}”的提醒安排已保存。")
        return redirect("notices:reminder_desk")
    page = FormPage(f"{found.label}的提醒", reverse("notices:reminder_desk"), BACK, "保存")
    return _answer(request, form, page, found.schedule, version)


def _saved(request: AuthenticatedRequest, form: ScheduleForm, kind: Kind) -> bool:
    attempt(
        form,
        lambda: set_schedule(
            kind.code,
            form.schedule,
            version=form.cleaned_data["seen"],
            actor=request.user,
            at=clock.now(),
            reason=form.cleaned_data["reason"],
        ),
    )
    return not form.errors


def _answer(
    request: AuthenticatedRequest,
    form: LimitsForm | ScheduleForm,
    page: FormPage,
    stored: object,
    version: int,
) -> HttpResponse:
    if form.is_stale:
        form.keep_over(stored, version)
    status = 409 if form.is_stale else 422 if form.errors else 200
    return render(request, "notices/form.html", {"form": form, "page": page}, status=status)


@require_POST
@office_required
def held_decide(request: AuthenticatedRequest) -> HttpResponse:
    """放行或取消暂缓的提醒。"""
    form = HeldForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
        return redirect("notices:reminder_desk")
    act = cancel_held if "cancel" in request.POST else release_held
    with domain_errors_as_messages(request):
        count = act(actor=request.user, at=clock.now(), reason=form.cleaned_data["reason"])
        said = "已取消" if act is cancel_held else "已放行，下一次运行发出"
        messages.success(request, f"{count} 条提醒{said}。")
    return redirect("notices:reminder_desk")


@require_POST
@office_required
def clock_confirm(request: AuthenticatedRequest) -> HttpResponse:
    """时钟已核对。"""
    confirm_clock(clock.reading(), actor=request.user, at=clock.now())
    messages.success(request, "已按现在的时钟继续安排提醒。")
    return redirect("notices:reminder_desk")
