"""A person's own settings: where to, when not, and the calendar feed."""

import hashlib
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.errors import domain_errors_as_messages
from notices.calendar_feed import calendar_of
from notices.channels import channels
from notices.forms import ReachForm
from notices.models import NoticePreference
from notices.services.preferences import Reach, digest_of, make_feed, revoke_feed, set_reach
from organizations.access import access_of
from organizations.http import AuthenticatedRequest
from organizations.views.editing import attempt, typed


@require_http_methods(["GET", "HEAD", "POST"])
def reach_edit(request: AuthenticatedRequest) -> HttpResponse:
    """接收设置：邮箱、手机、暂停接收、日历订阅。"""
    mine = NoticePreference.of(request.user.pk)
    form = ReachForm(typed(request), initial=_stored(mine), today=request.today)
    if form.is_valid():
        attempt(
            form,
            lambda: set_reach(
                form.reach, version=form.cleaned_data["seen"], actor=request.user, at=clock.now()
            ),
        )
        if not form.errors:
            messages.success(request, "接收设置已保存。")
            return redirect("notices:reach_edit")
    if form.is_stale:
        form.keep_over(mine, mine.version)
    status = 409 if form.is_stale else 422 if form.errors else 200
    return _page(request, form, mine, status=status)


def _stored(mine: NoticePreference) -> dict[str, Any]:
    return {name: getattr(mine, name) for name in Reach.__dataclass_fields__} | {
        "seen": mine.version
    }


def _page(
    request: AuthenticatedRequest,
    form: ReachForm,
    mine: NoticePreference,
    *,
    feed_url: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "has_feed": bool(mine.feed_digest),
        "feed_url": feed_url,
        "channels": [way.code.label for way in channels()],
    }
    return render(request, "notices/reach.html", context, status=status)


@require_POST
def feed_make(request: AuthenticatedRequest) -> HttpResponse:
    """生成日历订阅地址，只显示这一次。"""
    token = make_feed(actor=request.user, at=clock.now())
    mine = NoticePreference.of(request.user.pk)
    address = request.build_absolute_uri(reverse("notices:calendar_feed", args=[token]))
    form = ReachForm(initial=_stored(mine), today=request.today)
    return _page(request, form, mine, feed_url=address)


@require_POST
def feed_revoke(request: AuthenticatedRequest) -> HttpResponse:
    """停用日历订阅。"""
    with domain_errors_as_messages(request):
        revoke_feed(actor=request.user, at=clock.now())
        messages.success(request, "日历订阅已停用，原来的地址不再有内容。")
    return redirect("notices:reach_edit")


@login_not_required
@require_safe
def calendar_feed(request: AuthenticatedRequest, token: str) -> HttpResponseBase:
    """日历订阅：凭地址里的凭据，只读本人单位的到期日；没有变化的只答没有变化。"""
    digest = digest_of(token)
    mine = NoticePreference.objects.filter(feed_digest=digest).select_related("user").first()
    if mine is None or not mine.user.is_active:
        raise Http404
    access = access_of(mine.user, today=clock.today())
    body = calendar_of(access, today=clock.today())
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"
    answer["ETag"] = etag = quote_etag(hashlib.sha256(body).hexdigest())
    return get_conditional_response(request, etag=etag, response=answer) or answer
