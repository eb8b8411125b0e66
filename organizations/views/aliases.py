"""Phrases of the text (条文称谓) and the units they mean on a day."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from organizations.forms import AliasForm, MemberDatesForm, MemberForm, NewAliasForm
from organizations.http import AuthenticatedRequest, office_required, stamp_of
from organizations.models import AliasMember, UnitAlias, valid_on
from organizations.services.aliases import (
    add_member,
    create_alias,
    set_member_dates,
    update_alias,
)
from organizations.services.versions import version_of
from organizations.timeline import alias_acts
from organizations.views.editing import FormPage, answer, attempt, typed
from organizations.views.units import asked_day

LEAD = "改动只影响以后的立项和改派；已经下发的任务，责任单位在任务页调整。"


@require_safe
def alias_list(request: AuthenticatedRequest) -> HttpResponse:
    day, is_misread = asked_day(request)
    on_day = AliasMember.objects.filter(valid_on(day) & valid_on(day, "unit__"))
    members = on_day.select_related("unit").order_by("unit__order", "pk")
    now: Any = Prefetch("members", members, to_attr="on_day")
    aliases = UnitAlias.objects.prefetch_related(now)
    context = {
        "aliases": aliases,
        "day": day,
        "is_today": day == request.today,
        "is_misread": is_misread,
    }
    return render(request, "organizations/alias_list.html", context)


@require_safe
def alias_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    alias = get_object_or_404(UnitAlias, pk=pk)
    members = list(alias.members.select_related("unit__successor").order_by("unit__order", "pk"))
    now = set(alias.units_on(request.today).values_list("pk", flat=True))
    context = {
        "alias": alias,
        "now": [m for m in members if m.unit_id in now and _counts(m, request)],
        "others": [m for m in members if m.unit_id not in now or not _counts(m, request)],
        "acts": alias_acts(alias) if request.access.sees_all else [],
    }
    return render(request, "organizations/alias_detail.html", context)


@office_required
@require_http_methods(["GET", "POST"])
def alias_create(request: AuthenticatedRequest) -> HttpResponse:
    form = NewAliasForm(typed(request))
    if form.is_valid() and (
        alias := attempt(
            form,
            lambda: create_alias(
                form.cleaned_data["phrase"],
                note=form.cleaned_data["note"],
                **stamp_of(request, form),
            ),
        )
    ):
        messages.success(request, f"已登记称谓“{alias}”，请逐个加入单位。")
        return redirect("organizations:alias_detail", pk=alias.pk)
    page = FormPage("登记称谓", reverse("organizations:alias_list"), "条文称谓", "登记称谓")
    return answer(request, form, page)


@office_required
@require_http_methods(["GET", "POST"])
def alias_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    alias = get_object_or_404(UnitAlias, pk=pk)
    shown = {"note": alias.note, "seen": version_of(alias)}
    form = AliasForm(typed(request), initial=shown)
    if form.is_valid() and attempt(
        form,
        lambda: update_alias(
            alias,
            note=form.cleaned_data["note"],
            seen=form.cleaned_data["seen"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, "认定依据已保存。")
        return redirect("organizations:alias_detail", pk=pk)
    return answer(request, form, _page(alias, "改认定依据", "保存"), record=alias)


@office_required
@require_http_methods(["GET", "POST"])
def alias_member_add(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    alias = get_object_or_404(UnitAlias, pk=pk)
    form = MemberForm(typed(request))
    if form.is_valid() and attempt(
        form,
        lambda: add_member(
            alias,
            form.cleaned_data["unit"],
            valid_from=form.cleaned_data["valid_from"],
            valid_to=form.cleaned_data["valid_to"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{form.cleaned_data['unit']}已加入“{alias}”。")
        return redirect("organizations:alias_detail", pk=pk)
    return answer(request, form, _page(alias, "加入单位", "加入"))


@office_required
@require_http_methods(["GET", "POST"])
def alias_member_edit(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    member = get_object_or_404(AliasMember.objects.select_related("alias", "unit"), pk=pk)
    shown = {"valid_from": member.valid_from, "valid_to": member.valid_to}
    form = MemberDatesForm(typed(request), initial=shown)
    if form.is_valid() and attempt(
        form,
        lambda: set_member_dates(
            member,
            valid_from=form.cleaned_data["valid_from"],
            valid_to=form.cleaned_data["valid_to"],
            **stamp_of(request, form),
        ),
    ):
        messages.success(request, f"{member.unit}的起止日期已保存。")
        return redirect("organizations:alias_detail", pk=member.alias_id)
    return answer(request, form, _page(member.alias, f"起止日期：{member.unit}", "保存"))


def _counts(member: AliasMember, request: AuthenticatedRequest) -> bool:
    """Whether the membership runs today."""
    after_start = member.valid_from is None or member.valid_from <= request.today
    return after_start and (member.valid_to is None or request.today <= member.valid_to)


def _page(alias: UnitAlias, heading: str, button: str) -> FormPage:
    back = reverse("organizations:alias_detail", args=[alias.pk])
    return FormPage(heading, back, alias.phrase, button, LEAD)
