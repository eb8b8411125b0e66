"""Sessions that end, answers that no cache keeps, and addresses that are text."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
STARTED, SEEN = "session_started", "session_seen"


def stamp_session(request: HttpRequest, **_details: Any) -> None:
    """Note in a new session when it began: the signal of Django that a person signed in."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())


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
