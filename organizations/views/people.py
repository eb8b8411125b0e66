"""People (人员): who holds what, and their accounts. For the office alone."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from common.keys import is_key
from organizations.forms import AccountForm, PasswordForm, PersonForm, ReasonForm
from organizations.http import AuthenticatedRequest, office_required, stamp_of
from organizations.models import Post, User
from organizations.people import holders_of, people_found, person_line
from organizations.services.accounts import (
    deactivate_account,
    new_password,
    open_account,
    reactivate_account,
    reset_password,
    update_person,
)
from organizations.services.versions import version_of
from organizations.timeline import person_acts
from organizations.views.editing import FormPage, answer, attempt, typed

PAGE_SIZE = 50


@require_safe
@office_required
def person_list(request: AuthenticatedRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:60]
    shows_closed = "closed" in request.GET
    people = people_found(words, shows_closed=shows_closed)
    found = Paginator(people, PAGE_SIZE).get_page(request.GET.get("page"))
    lines = [person_line(user, request.today) for user in found]
    context = {"page_obj": found, "lines": lines, "words": words, "shows_closed": shows_closed}
    return render(request, "organizations/person_list.html", context)


@require_safe
@office_required
def person_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    user = _person(pk)
    context = {
        "line": person_line(user, request.today),
        "acts": person_acts(user),
        "is_self": user.pk == request.user.pk,
    }
    return render(request, "organizations/person_detail.html", context)


@office_required
@require_http_methods(["GET", "POST"])
def person_create(request: AuthenticatedRequest) -> HttpResponse:
    post = _asked_post(request)
    shown = {"starts_on": request.today}
    holders = holders_of(post, request.today)
    form = AccountForm(typed(request), initial=shown, post=post, holders=holders)
    if form.is_valid():
        password = form.cleaned_data["password"] or new_password()
        user = attempt(
            form,
            lambda: open_account(
                form.person,
                password=password,
                entry=form.entry,
                **stamp_of(request, form),
            ),
        )
        if user is not None:
            return _handed(request, user, "" if form.cleaned_data["password"] else password)
    back = post.unit.get_absolute_url() if post else reverse("organizations:person_list")
    heading = f"开通账号：{post}" if post else "开通账号"
    page = FormPage(heading, back, post.unit.name if post else "人员", "开通账号")
    return answer(request, form, page)


@office_required
@require_http_methods(["GET", "POST"])
def person_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    user = _person(pk)
    shown = {"full_name": user.full_name, "phone": user.phone, "seen": version_of(user)}
    form = PersonForm(typed(request), initial=shown)
    if form.is_valid() and attempt(
        form,
        lambda: update_person(
            user,
            full_name=form.cleaned_data["full_name"],
            phone=form.cleaned_data["phone"],
            seen=form.cleaned_data["seen"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, "人员信息已保存。")
        return redirect("organizations:person_detail", pk=pk)
    return answer(request, form, _page(user, "修改人员信息", "保存"), record=user)


@office_required
@require_http_methods(["GET", "POST"])
def person_password(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    user = _person(pk)
    form = PasswordForm(typed(request), user=user)
    if form.is_valid():
        password = form.cleaned_data["password"] or new_password()
        done = attempt(
            form,
            lambda: reset_password(
                user,
                password=password,
                **stamp_of(request, form),
            ),
        )
        if done:
            return _handed(request, user, "" if form.cleaned_data["password"] else password)
    return answer(request, form, _page(user, "重置密码", "重置密码"))


@office_required
@require_http_methods(["GET", "POST"])
def person_deactivate(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    user = _person(pk)
    form = ReasonForm(typed(request))
    if form.is_valid() and attempt(
        form,
        lambda: deactivate_account(
            user,
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{user}的账号已停用，正在使用的登录随即失效。")
        return redirect("organizations:person_detail", pk=pk)
    lead = "停用后不能登录，办理过的记录全部保留；离任的请另行登记免职。"
    return answer(request, form, _page(user, "停用账号", "停用账号", lead, is_grave=True))


@office_required
@require_http_methods(["GET", "POST"])
def person_reactivate(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    user = _person(pk)
    form = ReasonForm(typed(request))
    if form.is_valid() and attempt(
        form,
        lambda: reactivate_account(
            user,
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{user}的账号已恢复使用。")
        return redirect("organizations:person_detail", pk=pk)
    return answer(request, form, _page(user, "恢复账号", "恢复使用"))


def _handed(request: AuthenticatedRequest, user: User, password: str) -> HttpResponse:
    """Show the made password once; what the office typed itself is never shown again."""
    context = {"person": user, "password": password}
    return render(request, "organizations/person_password_once.html", context)


def _page(
    user: User, heading: str, button: str, lead: str = "", *, is_grave: bool = False
) -> FormPage:
    back = reverse("organizations:person_detail", args=[user.pk])
    return FormPage(f"{heading}：{user}", back, str(user), button, lead, is_grave=is_grave)


def _person(pk: int) -> User:
    return get_object_or_404(people_found("", shows_closed=True), pk=pk)


def _asked_post(request: AuthenticatedRequest) -> Post | None:
    asked = request.GET.get("post", "")
    if not asked:
        return None
    posts = Post.objects.select_related("unit")
    known = is_key(asked)
    return get_object_or_404(posts, pk=int(asked) if known else 0)
