"""Records of what was sent: the proof for a unit, and what did not get out."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.errors import domain_errors_as_messages
from notices.enums import DeliveryState
from notices.models import Delivery
from notices.proof import proof_of
from notices.services.managing import resend_delivery
from organizations.directory import may_read_record
from organizations.http import AuthenticatedRequest, office_required
from organizations.models import Unit

ROWS_A_PAGE = 50


@require_safe
def unit_proof(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """催办证明：一个单位一年里收到的提醒和催办，可打印。"""
    unit = get_object_or_404(Unit.objects.visible_to(request.access), code=code)
    if not may_read_record(request.access, unit):
        raise Http404
    asked = request.GET.get("year", "")
    this_year = request.today.year
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this_year
    if not 2000 <= year <= this_year:
        raise Http404
    context = {
        "proof": proof_of(unit, year),
        "before": year - 1,
        "after": year + 1 if year < this_year else None,
    }
    return render(request, "notices/unit_proof.html", context)


@require_safe
@office_required
def delivery_list(request: AuthenticatedRequest) -> HttpResponse:
    """没送出的投递：失败的和不知道有没有送出的。"""
    stuck = Delivery.objects.filter(state__in=[DeliveryState.FAILED, DeliveryState.UNCERTAIN])
    rows = stuck.select_related("notice__recipient").order_by("-pk")
    context = {
        "rows": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "waiting": Delivery.objects.filter(state=DeliveryState.WAITING).count(),
    }
    return render(request, "notices/delivery_list.html", context)


@require_POST
@office_required
def delivery_resend(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """再投递一次。"""
    delivery = get_object_or_404(Delivery, pk=pk)
    with domain_errors_as_messages(request):
        resend_delivery(delivery, actor=request.user, at=clock.now())
        messages.success(request, "已重新排入投递。")
    return redirect("notices:delivery_list")
