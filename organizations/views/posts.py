"""Posts of a unit and who holds them: 设岗、任职、免职、交接."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organizations.enums import PostKind
from organizations.forms import (
    AppointmentForm,
    EndAppointmentForm,
    HandOverForm,
    PostForm,
    PostTitleForm,
)
from organizations.http import AuthenticatedRequest, office_required, stamp_of
from organizations.models import Appointment, Post, Unit
from organizations.people import holders_of
from organizations.services.people import end_appointment, hand_over, take_up
from organizations.services.posts import add_post, rename_post
from organizations.views.editing import FormPage, answer, attempt, typed


@office_required
@require_http_methods(["GET", "POST"])
def post_add(request: AuthenticatedRequest, code: str) -> HttpResponse:
    unit = get_object_or_404(Unit.objects.visible_to(request.access), code=code)
    form = PostForm(typed(request))
    if form.is_valid() and attempt(
        form,
        lambda: add_post(
            unit,
            PostKind(form.cleaned_data["kind"]),
            title=form.cleaned_data["title"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{unit}已设立“{form.cleaned_data['title']}”岗位。")
        return redirect(unit)
    page = FormPage("设立岗位", unit.get_absolute_url(), unit.name, "设立岗位")
    return answer(request, form, page)


@office_required
@require_http_methods(["GET", "POST"])
def post_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    post = _post(pk)
    form = PostTitleForm(typed(request), initial={"title": post.title})
    if form.is_valid() and attempt(
        form,
        lambda: rename_post(
            post,
            title=form.cleaned_data["title"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"职务名称已改为“{form.cleaned_data['title']}”。")
        return redirect(post.unit)
    lead = f"岗位类别是“{post.get_kind_display()}”，不能改；需要别的类别请另设岗位。"
    page = FormPage("改职务名称", post.unit.get_absolute_url(), post.unit.name, "保存", lead)
    return answer(request, form, page)


@office_required
@require_http_methods(["GET", "POST"])
def appointment_add(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    post = _post(pk)
    holders, shown = holders_of(post, request.today), {"starts_on": request.today}
    form = AppointmentForm(typed(request), initial=shown, post=post, holders=holders)
    if form.is_valid() and attempt(
        form,
        lambda: take_up(
            form.cleaned_data["user"],
            post,
            starts_on=form.cleaned_data["starts_on"],
            replaces=form.replaces,
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{form.cleaned_data['user']}任{post}。")
        return redirect(post.unit)
    new = f"{reverse('organizations:person_create')}?post={post.pk}"
    page = FormPage(
        f"任职：{post}",
        post.unit.get_absolute_url(),
        post.unit.name,
        "任职",
        "人员还没有账号的，先开通账号，可同时任职。",
        ("开通账号并任职", new),
    )
    return answer(request, form, page)


@office_required
@require_http_methods(["GET", "POST"])
def appointment_end(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    held = _appointment(pk)
    shown = {"last_day": held.ends_on or request.today}
    form = EndAppointmentForm(typed(request), initial=shown, appointment=held)
    if form.is_valid() and attempt(
        form,
        lambda: end_appointment(
            held,
            last_day=form.cleaned_data["last_day"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{held}的免职日期已登记。")
        return redirect(held.post.unit)
    unit = held.post.unit
    lead = "岗位上的任务不随人走，由接任人员承接。"
    page = FormPage(
        f"免职：{held}", unit.get_absolute_url(), unit.name, "登记免职", lead, is_grave=True
    )
    return answer(request, form, page)


@office_required
@require_http_methods(["GET", "POST"])
def appointment_hand_over(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    held = _appointment(pk)
    shown = {"starts_on": request.today}
    form = HandOverForm(typed(request), initial=shown, appointment=held)
    if form.is_valid() and attempt(
        form,
        lambda: hand_over(
            held,
            form.cleaned_data["user"],
            starts_on=form.cleaned_data["starts_on"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{held.post}已由{held.user}交接给{form.cleaned_data['user']}。")
        return redirect(held.post.unit)
    unit = held.post.unit
    page = FormPage(
        f"交接：{held}",
        unit.get_absolute_url(),
        unit.name,
        "交接",
        "接任的人还没有账号的，先开通账号，再回到这里交接。",
        ("开通账号", reverse("organizations:person_create")),
    )
    return answer(request, form, page)


def _post(pk: int) -> Post:
    return get_object_or_404(Post.objects.select_related("unit"), pk=pk)


def _appointment(pk: int) -> Appointment:
    return get_object_or_404(Appointment.objects.with_people(), pk=pk)
