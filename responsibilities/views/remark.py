"""配合说明: written by a unit that assists, read by the lead and the office."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from common.clock import now
from common.errors import DomainError, domain_errors_as_messages, messages_of
from organizations.http import AuthenticatedRequest
from responsibilities.enums import AssignmentRole
from responsibilities.forms.progress import new_token
from responsibilities.forms.remark import RemarkForm
from responsibilities.models import Assignment, Obligation, Remark
from responsibilities.services.remarks import Said, add_remark, why_closed, withdraw_remark

ROLES = (AssignmentRole.ASSIST, AssignmentRole.LEAD)


def _own_place(request: AuthenticatedRequest, plan: str, code: str) -> Assignment:
    """Return the place of the person's own unit in a row that was dispatched; assisting first."""
    held = Assignment.objects.filter(
        unit__in=request.access.unit_ids,
        role__in=ROLES,
        obligation__in=Obligation.objects.coded(code, plan=plan).filter(
            dispatched_at__isnull=False
        ),
    )
    places = held.select_related("unit", "obligation__plan").defer("obligation__plan__source_text")
    place = places.order_by("role", "unit__order", "pk").first()
    if place is None:
        raise Http404
    return place


@require_POST
def remark_withdraw(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """撤回本单位写的配合说明。"""
    own = Remark.objects.filter(unit__in=request.access.unit_ids)
    remark = get_object_or_404(own.select_related("obligation__plan"), pk=pk)
    with domain_errors_as_messages(request):
        withdraw_remark(remark, actor=request.user, at=now())
        messages.success(request, "已撤回这条配合说明，修改记录里仍看得到。")
    return redirect(remark.obligation)


@require_http_methods(["GET", "HEAD", "POST"])
def remark_add(request: AuthenticatedRequest, plan: str, code: str) -> HttpResponse:
    """写配合说明。"""
    place = _own_place(request, plan, code)
    row = place.obligation
    form = RemarkForm(request.POST or None, initial={"token": new_token()})
    if request.method == "POST" and form.is_valid():
        said = Said(form.cleaned_data["words"], form.cleaned_data["token"])
        try:
            add_remark(row, place.unit, said, actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, "已写给牵头单位和区安委办。")
            return redirect(row)
    leads = place.role == AssignmentRole.LEAD
    context = {
        "row": row,
        "form": form,
        "closed": "本单位牵头，直接报进展，不用另写配合说明。" if leads else why_closed(row),
    }
    status = 422 if form.errors else 200
    return render(request, "responsibilities/remark_add.html", context, status=status)
