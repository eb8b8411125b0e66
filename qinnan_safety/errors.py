"""Pages of failure: one Chinese sentence, a number to quote, nothing of the inside."""

import logging
import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from common import clock
from organizations.models import User
from qinnan_safety.kept_forms import KEPT_HOURS, keep_form, owner_of, page_of

STALE_PAGE = "这一页打开以后您又登录过一次，刚才没有办成，请再按一次。"
logger = logging.getLogger(__name__)


def _page(
    status: int, heading: str, advice: str, incident: str = "", give_way: Any = None
) -> HttpResponse:
    """``give_way`` is how to let somebody else sign in, where that is what helps."""
    context = {"status": status, "heading": heading, "advice": advice}
    more = {"incident": incident, "give_way": give_way}
    return HttpResponse(render_to_string("error.html", context | more), status=status)


@login_not_required
@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(400, "请求无法识别", "请返回上一页，刷新后再试。")


@login_not_required
@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say the refusing rule's own sentence, if it has one."""
    advice = str(exception or "") or "如确需办理，请联系区安委办。"
    return _page(403, "您的岗位不能办理这一事项", advice)


@login_not_required
@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(404, "没有找到这个页面", "地址可能写错，或者该内容不在您的查看范围内。")


@login_not_required
@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """The failure itself is in the log; the number ties the person's call to the log line."""
    incident = secrets.token_hex(4)
    logger.error("incident %s: %s %s", incident, request.method, request.path)
    return _page(500, "系统出现故障", "您填写的内容可能没有保存，请稍后再试。", incident)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was opened before the person's last sign-in leads back to itself, with its
    words; what a page of somebody else sent is kept for that person; the rest is refused."""
    owner = owner_of(request)
    if owner is not None and not request.user.is_authenticated:
        return redirect_to_login(keep_form(request, owner, at=clock.now()))
    if owner is not None and owner == request.user:
        messages.warning(request, STALE_PAGE)
        return redirect(keep_form(request, owner, at=clock.now()))
    if owner is not None:
        return _of_somebody_else(request, owner)
    return _page(403, "页面已失效", "页面打开时间过长或浏览器禁用了 Cookie，请刷新页面后重新提交。")


def _of_somebody_else(request: HttpRequest, owner: User) -> HttpResponse:
    """Say whose page it was and how that person gets the words back; not a word of them."""
    back = keep_form(request, owner, at=clock.now())
    advice = f"这一页是{owner}登录时打开的，现在登录的是{request.user}，刚才按下的没有办理。"
    if back == page_of(request):
        return _page(403, "换了人登录", f"{advice}要办的，请返回首页，从您自己的页面办。")
    advice += (
        f"填的内容没有丢，已为{owner}留存 {KEPT_HOURS} 小时，只给本人看，登录后放回原来的表单。"
    )
    if request.FILES:
        advice += "附件没有收到，要重新选。"
    give_way = {"to": owner, "next": back, "csrf_token": get_token(request)}
    return _page(403, "换了人登录，填的内容还留着", advice, give_way=give_way)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer an address that knocks too often; see :mod:`qinnan_safety.pacing`."""
    response = _page(429, "请求过于频繁", "同一地址一分钟内试的次数太多，请过一分钟再试。")
    response.headers["Retry-After"] = "60"
    return response


def locked_out(request: HttpRequest, *_args: Any, **_options: Any) -> HttpResponse:
    """Answer a login that is resting after too many wrong passwords."""
    return _page(429, "登录失败次数过多", "该账号已暂停登录 15 分钟，请稍后再试，或联系区安委办。")
