"""The office's pages of publication: compare, open and close columns, publish, withdraw."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.clock import now
from common.errors import DomainError
from organizations.http import AuthenticatedRequest, office_required
from qinnan_safety.models import OpenField, Publication
from qinnan_safety.publication.comparing import compare
from qinnan_safety.publication.fields import BY_NAME, TABLES
from qinnan_safety.publication.forms import OpennessForm, PublishForm, WithdrawForm
from qinnan_safety.publication.page import page_of
from qinnan_safety.publication.publishing import (
    content_of,
    open_now,
    prepare,
    publish,
    set_openness,
    withdraw,
)

SHOWN = 40  # 对照里先列的行数，其余折叠


def _may_read(request: AuthenticatedRequest) -> None:
    if not request.access.sees_all:
        raise PermissionDenied("公布由区安委办办理，公开的内容请看公开页。")


@require_safe
def publication_desk(request: AuthenticatedRequest) -> HttpResponse:
    """公布：看与上一期的对照，确认公布；领导和审计可以看。"""
    _may_read(request)
    return _desk(request, None)


def _desk(request: AuthenticatedRequest, form: PublishForm | None) -> HttpResponse:
    editions = list(Publication.objects.defer("content").select_related("published_by"))
    last = next((one for one in editions if not one.is_withdrawn), None)
    context: dict[str, Any] = {"editions": editions, "last": last, "refusal": "", "tables": []}
    try:
        content, sha256 = prepare(request.user, today=request.today)
    except DomainError as error:
        context["refusal"] = error.message
    else:
        before = content_of(Publication.objects.get(pk=last.pk)) if last else None
        context["tables"] = compare(before, content)
        context["counts"] = [(label, len(content["tables"][t])) for t, label in TABLES.items()]
        if form is None:
            form = PublishForm(initial={"seen": sha256})
        else:
            form.carry(seen=sha256)
    status = 422 if form and form.errors else 200
    context |= {"form": form if request.access.is_office else None, "shown": SHOWN}
    context["rest"] = f"{SHOWN}:"
    return render(request, "publication/desk.html", context, status=status)


@require_POST
@office_required
def publication_publish(request: AuthenticatedRequest) -> HttpResponse:
    """确认公布：只公布刚才看过的那一份。"""
    form = PublishForm(request.POST)
    if form.is_valid():
        seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
        try:
            edition = publish(seen_sha256=seen, reason=reason, actor=request.user, at=now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已公布第 {edition.number} 期。")
            return redirect(edition)
    return _desk(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def publication_openness(request: AuthenticatedRequest) -> HttpResponse:
    """逐栏公开：改动写明理由，下一期起生效。"""
    form = OpennessForm(request.POST or None, initial={"opened": sorted(open_now())})
    if request.method == "POST" and form.is_valid():
        opened, reason = form.cleaned_data["opened"], form.cleaned_data["reason"]
        try:
            count = set_openness(opened, reason=reason, actor=request.user, at=now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已改动 {count} 栏，下一期公布时生效。")
            return redirect("publication_desk")
    past = OpenField.history.select_related("history_user").order_by("-history_date")[:30]
    lines = [(BY_NAME[one.name], one) for one in past if one.name in BY_NAME]
    context = {"form": form, "lines": [(TABLES[f.table], f.label, one) for f, one in lines]}
    status = 422 if form.errors else 200
    return render(request, "publication/openness.html", context, status=status)


@require_safe
def publication_detail(request: AuthenticatedRequest, edition: int) -> HttpResponse:
    """一期公布的登记：谁在何时公布、校验值、是否撤回。"""
    _may_read(request)
    return _detail(request, edition, WithdrawForm())


def _detail(request: AuthenticatedRequest, number: int, form: WithdrawForm) -> HttpResponse:
    found = get_object_or_404(
        Publication.objects.select_related("published_by", "withdrawn_by"), number=number
    )
    may_withdraw = request.access.is_office and not found.is_withdrawn
    context = {"edition": found, "page": page_of(found), "form": form if may_withdraw else None}
    status = 422 if form.errors else 200
    return render(request, "publication/detail.html", context, status=status)


@require_POST
@office_required
def publication_withdraw(request: AuthenticatedRequest, edition: int) -> HttpResponse:
    """撤回：写明理由，公开页如实显示。"""
    found = get_object_or_404(Publication.objects.defer("content"), number=edition)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            withdraw(found, reason=reason, actor=request.user, at=now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "已撤回，公开页会如实显示。")
            return redirect(found)
    if found.is_withdrawn:
        messages.error(request, "这一期已经撤回。")
        return redirect(found)
    return _detail(request, edition, form)
