"""Signing in and choosing one's own password."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.db.models import FilteredRelation, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import DomainError
from common.forms import WordedMixin
from common.subcount import subcount
from common.subrows import KeptSubquery, Subrows
from common.templatetags.display import fullwidth
from notices.models import Notice, PlannerClock
from organizations.access import Access
from organizations.http import AuthenticatedRequest
from organizations.models import User, held_on
from organizations.reauthentication import note_password
from organizations.services.accounts import change_own_password, ensure_may_sign_in
from qinnan_safety.demo import PASSWORD, demo_accounts, real_accounts
from responsibilities.models import SavedView

VIEWS_SHOWN = 12  # 侧栏列出的视图数，其余在台账上选


def demo_allowed() -> bool:
    """Whether this installation is for demonstration or development."""
    return bool(settings.DEBUG or settings.DEMO)


class AccountBackend(ModelBackend):
    """Passwords of our accounts; asked at every request, so a closed account is out at once."""

    def user_can_authenticate(self, user: Any) -> bool:
        try:
            ensure_may_sign_in(user, demo_allowed=demo_allowed())
        except DomainError:
            return False
        return True

    def get_user(self, user_id: int) -> User | None:
        """Return the account with its rights and what every page shows beside it: one query."""
        today = clock.today()
        rows = list(_framed_accounts(today).filter(pk=user_id))
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        user: User = rows[0]
        held = tuple(row.held for row in rows if hasattr(row, "held"))
        user.access = Access(user, held, today)  # type: ignore[attr-defined]
        return user


@lru_cache(maxsize=2)
def _framed_accounts(today: date) -> QuerySet[User]:
    """The accounts, a row for each post ``held`` on ``today``, with ``unread``, the number on its
    bell, ``views``, the saved views in its sidebar, and the newest reading of the scheduler's
    clock.

    Kept is the question, put together once; the answer is read afresh at every request.
    """
    unread = Notice.objects.unread().filter(recipient=OuterRef("pk"))
    views = SavedView.objects.offered_to(OuterRef("pk"))[:VIEWS_SHOWN]
    newest = PlannerClock.objects.order_by("-wall")
    posts = FilteredRelation("appointments", condition=held_on(today, "appointments__"))
    accounts: Any = User.objects.annotate(held=posts)
    asked: QuerySet[User] = accounts.select_related("held__post__unit").annotate(
        unread=subcount(unread, "recipient"),
        views=Subrows(views, "name", "query"),
        clock_wall=KeptSubquery(newest.values("wall")[:1]),
        clock_held=KeptSubquery(newest.values("held_since")[:1]),
    )
    return asked.order_by("held__starts_on", "held")


class SignInForm(AuthenticationForm):
    """The sign-in form; a closed account is told so, but only to whoever knows its password."""

    def confirm_login_allowed(self, user: Any) -> None:
        try:
            ensure_may_sign_in(user, demo_allowed=demo_allowed())
        except DomainError as error:
            raise ValidationError(error.message, code="inactive") from error

    def get_invalid_login_error(self) -> ValidationError:
        username, password = (self.cleaned_data.get(name) for name in ("username", "password"))
        # A name that nobody has takes as long to refuse as a colleague's: the time tells nothing.
        user = User.objects.filter(username=username).first() or User()
        if password and user.check_password(password):
            try:
                self.confirm_login_allowed(user)
            except ValidationError as refusal:
                return refusal
        return ValidationError("用户名或密码不对，请核对大小写后再试。", code="invalid_login")


class ChangeForm(WordedMixin, PasswordChangeForm):
    """Django's form for a new password, in the words of the office."""

    error_messages = PasswordChangeForm.error_messages | {
        "password_incorrect": "旧密码不对，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样，请重新输入。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new, again = self.fields["new_password1"], self.fields["new_password2"]
        new.help_text = (
            "至少 12 个字符，大写字母、小写字母、数字、符号中至少有三类；"
            "不用常见的密码，不带自己的姓名、登录名和“钦南”“anwei”一类容易猜到的词。"
        )
        again.label, again.help_text = "再输入一次新密码", ""


class SignInView(LoginView):
    """Django's sign-in page; the session remembers when the password was entered."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        note_password(self.request, at=clock.now())
        return response


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Django's sign-in page with our form, and the demonstration accounts where there are any."""
    context = {"demo_accounts": _demo_accounts(), "first_steps": first_steps()}
    return SignInView.as_view(extra_context=context)(request)


@require_http_methods(["GET", "POST"])
def password_change(request: AuthenticatedRequest) -> HttpResponse:
    """Let a person choose a new password; other sessions of the account end."""
    form = ChangeForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        change_own_password(
            request.user, password=form.cleaned_data["new_password1"], at=clock.now()
        )
        update_session_auth_hash(request, request.user)
        return redirect("password_change_done")
    status = 422 if form.errors else 200
    return render(request, "registration/password_change_form.html", {"form": form}, status=status)


def _demo_accounts() -> list[dict[str, str]]:
    """Return what the sign-in page may show: nothing on a real installation."""
    if not demo_allowed() or not User.objects.filter(is_demo=True, is_active=True).exists():
        return []
    return [
        {"username": username, "password": PASSWORD, "position": fullwidth(position)}
        for username, position in demo_accounts()
    ]


def first_steps() -> str:
    """Return how the first account is made while there is none; empty afterwards."""
    if real_accounts().exists() or _demo_accounts():
        return ""
    return (
        "还没有账号。请在平台所在的机器上、平台的目录里执行下面一行，建立第一个安委办账号：\n"
        ".venv/bin/python manage.py create_user 登录名 --name 姓名 --unit awb --post office"
    )
