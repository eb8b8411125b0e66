"""亮灯规则: the days, and who changed them when."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clauses.models import Plan
from common.changes import Act, acts_of, entries_of
from common.clock import now
from common.errors import DomainError, StaleVersion, messages_of
from organizations.http import AuthenticatedRequest, office_required
from responsibilities.forms.thresholds import ThresholdsForm
from responsibilities.rules import thresholds_of
from responsibilities.services.thresholds import set_thresholds


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def plan_thresholds(request: AuthenticatedRequest, plan: str) -> HttpResponse:
    """设定差几天亮黄灯；谁在什么时候改过，列在旁边。"""
    plans = Plan.objects.visible_to(request.access).without_text()
    found, pairs = get_object_or_404(plans, code=plan), []
    form = ThresholdsForm(request.POST or None, now=thresholds_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            set_thresholds(
                found,
                form.wanted(),
                seen=form.as_seen(),
                actor=request.user,
                at=now(),
                reason=form.cleaned_data["reason"],
            )
        except StaleVersion as error:
            form.add_error(None, error.message)
            found = plans.get(pk=found.pk)
            pairs = form.keep_over(thresholds_of(found))
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, "亮灯规则已改，全部任务的灯随即按新的天数亮。")
            return redirect("responsibilities:plan_thresholds", plan=plan)
    context = {"plan": found, "form": form, "acts": _acts(found), "pairs": pairs}
    status = 422 if form.errors else 200
    return render(request, "responsibilities/plan_thresholds.html", context, status=status)


def _acts(plan: Plan) -> list[Act]:
    """Return who changed the days, when and why."""
    rows = plan.history.select_related("history_user").order_by("history_date", "history_id")
    return [act for act in acts_of(entries_of(list(rows), Plan)) if "天数" in "".join(act.lines)]
