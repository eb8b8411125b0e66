"""Sessions that end without losing a word, answers that no cache keeps, addresses that are text."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.html import format_html

from common import clock
from common.templatetags.display import moment
from qinnan_safety.kept_forms import (
    drop_sent,
    keep_form,
    kept_for,
    left_by,
    note_owner,
    owner_of,
    page_of,
)
from qinnan_safety.refilling import refill

Handler = Callable[[HttpRequest], HttpResponse]
STARTED, SEEN = "session_started", "session_seen"


def stamp_session(request: HttpRequest, user: Any, **_details: Any) -> None:
    """Note in a new session when it began, and whose pages follow; say where words wait that the
    person sent in vain: the signal of Django that a person signed in."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())
    note_owner(request, user, at=clock.now())
    kept = left_by(user, at=clock.now())
    if kept is not None and request.POST.get("next") != kept.address:
        when = moment(kept.kept_at, clock.today())
        words = '您{}填的内容没有提交，还留着：<a href="{}">放回原来的表单</a>，核对后再提交。'
        messages.warning(request, format_html(words, when, kept.address), fail_silently=True)


def session_limits_middleware(get_response: Handler) -> Handler:
    """End a session after 30 idle minutes or 12 hours, whichever comes first.

    The idle limit is the age of the session's row; it is renewed at most once a minute, because a
    write on every page would make every reader queue for the database's write lock.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            moment = int(time.time())
            if moment - request.session.get(STARTED, 0) > settings.SESSION_ABSOLUTE_AGE:
                logout(request)
                messages.info(request, "登录已满 12 小时，请重新登录。")
                return redirect_to_login(request.get_full_path())
            if moment - request.session.get(SEEN, 0) >= settings.SESSION_RENEW_EVERY:
                request.session[SEEN] = moment
        return get_response(request)

    return middleware


def private_answers_middleware(get_response: Handler) -> Handler:
    """Forbid every cache to keep what a signed-in person saw."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def text_only_middleware(get_response: Handler) -> Handler:
    """Refuse an address with a NUL in it: it is no text, and PostgreSQL fails over it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = (value for values in request.GET.lists() for value in (values[0], *values[1]))
        if any("\x00" in text for text in (request.path_info, *asked)):
            raise BadRequest
        return get_response(request)

    return middleware


def kept_forms_middleware(get_response: Handler) -> Handler:
    """Keep what a form sends after its session has ended; show it again where it was typed."""

    def middleware(request: Any) -> HttpResponse:
        request.kept = kept_for(request, at=clock.now())
        response = get_response(request)
        if request.kept:
            return _with_words(request, response)
        if request.method == "POST" and response.status_code == 302:
            if _asks_to_sign_in(response):
                return _keep_and_ask(request)
            drop_sent(request)
        return response

    return middleware


def _asks_to_sign_in(response: HttpResponse) -> bool:
    return response.headers["Location"].startswith(f"{resolve_url(settings.LOGIN_URL)}?next=")


def _keep_and_ask(request: HttpRequest) -> HttpResponse:
    """Send a person whose session has ended to sign in, and from there back to their words."""
    owner = owner_of(request)
    back = keep_form(request, owner, at=clock.now()) if owner else page_of(request)
    return redirect_to_login(back)


def _with_words(request: Any, response: HttpResponse) -> HttpResponse:
    """Put the kept words back into the page; where the page is gone, show them by themselves."""
    if response.status_code != 200:
        return render(request, "kept_form.html")
    if not response.streaming and response.headers["Content-Type"].startswith("text/html"):
        kept = request.kept
        page = response.content.decode()
        response.content = refill(page, path=request.path, action=kept.action, typed=kept.fields)
    return response
