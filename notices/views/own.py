"""A person's own reminders."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from common.clock import now
from notices.models import Notice
from notices.services.reading import acknowledge_notice, read_all, read_notice
from organizations.http import AuthenticatedRequest

NOTICES_A_PAGE = 30


@require_safe
def notice_list(request: AuthenticatedRequest) -> HttpResponse:
    """提醒：发给本人的，新的在前；只看未读可选。"""
    mine = Notice.objects.visible_to(request.access).select_related("unit", "posted_by")
    unread = mine.unread().count()
    only = request.GET.get("only") == "unread"
    shown = Paginator(mine.unread() if only else mine, NOTICES_A_PAGE)
    context = {
        "notices": shown.get_page(request.GET.get("page")),
        "unread": unread,
        "only": only,
        "query": "only=unread" if only else "",
    }
    return render(request, "notices/notice_list.html", context)


@require_POST
def notice_open(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """打开提醒所指的页面，并记为已读。"""
    notice = get_object_or_404(Notice.objects.visible_to(request.access), pk=pk)
    read_notice(notice, actor=request.user, at=now())
    return redirect(notice.url)


@require_POST
def notice_acknowledge(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """收悉一条提醒。"""
    notice = get_object_or_404(Notice.objects.visible_to(request.access), pk=pk)
    acknowledge_notice(notice, actor=request.user, at=now())
    messages.success(request, "已收悉，区安委办看得到。")
    return redirect("notices:notice_list")


@require_POST
def notice_read_all(request: AuthenticatedRequest) -> HttpResponse:
    """全部标为已读。"""
    count = read_all(actor=request.user, at=now())
    messages.success(request, f"{count} 条提醒已标为已读。")
    return redirect("notices:notice_list")
