"""The ledger of hazards as a spreadsheet: out under the list's filters, in after a check."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.clock import now
from common.errors import DomainError, messages_of
from inspections.excel.exporting import export_hazards
from inspections.excel.reading import Reading, read_hazards
from inspections.hazard_filters import filtered
from inspections.models import Hazard
from inspections.services.importing import import_hazards, sort_rows
from organizations.http import AuthenticatedRequest
from responsibilities.excel.exporting import CSV, MEDIA_TYPES, XLSX
from responsibilities.excel.uploads import drop_upload, keep_upload, open_upload
from responsibilities.forms.excel import ImportFileForm

GONE = "上传的表已经导入或已过期，请重新上传。"
ALL_KNOWN = "这张表里的隐患都已导入，没有再记一遍。"
ONE_UNIT = "隐患由一个单位的人导入到本单位名下，区安委办和区领导只导出。"


@require_safe
def hazard_export(request: AuthenticatedRequest) -> HttpResponseBase:
    """Send the hazards under the list's filters, as .xlsx or .csv."""
    visible = Hazard.objects.visible_to(request.access)
    _, found = filtered(visible, request.GET, today=request.today)
    form = CSV if request.GET.get("format") == CSV else XLSX
    file = export_hazards(found, today=request.today, at=now(), as_csv=form == CSV)
    name = f"隐患台账-{request.today:%Y%m%d}.{form}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=MEDIA_TYPES[form])


@require_http_methods(["GET", "HEAD", "POST"])
def hazard_import(request: AuthenticatedRequest) -> HttpResponse:
    """Take a filled-in table and read it; nothing is written before it is confirmed."""
    _ensure_one_unit(request)
    form = ImportFileForm(request.POST or None, request.FILES or None)
    reading: Reading | None = None
    if request.method == "POST" and form.is_valid():
        try:
            reading = read_hazards(form.cleaned_data["file"], today=request.today)
            if not reading.errors and (why := _nothing_new(request, reading)):
                form.add_error("file", why)
            elif not reading.errors:
                token = keep_upload(form.cleaned_data["file"], owner=request.user)
                return redirect("inspections:hazard_import_confirm", token=token)
        except DomainError as error:
            form.add_error("file", error.message)
    failed = bool(form.errors or (reading and reading.errors))
    context = {"form": form, "errors": reading.errors[:50] if reading else ()}
    return render(request, "inspections/hazard_import.html", context, status=422 if failed else 200)


def _nothing_new(request: AuthenticatedRequest, reading: Reading) -> str:
    """Say why there is nothing to take in; empty if there is something."""
    if not reading.hazards:
        return "表里没有新的隐患：新登记的一行，编号要留空。"
    found = sort_rows(reading.hazards, request.access.units[0])
    if found.new:
        return ""
    numbers = "、".join(dict.fromkeys(each.hazard.number for each in found.known if each.hazard))
    return f"表里的 {len(found.known)} 处隐患都已导入，没有新的：{numbers}。"


def _ensure_one_unit(request: AuthenticatedRequest) -> None:
    if len(request.access.units) != 1:
        raise PermissionDenied(ONE_UNIT)


@require_http_methods(["GET", "HEAD", "POST"])
def hazard_import_confirm(request: AuthenticatedRequest, token: str) -> HttpResponse:
    """Show what would be taken in; confirmed, take it in all at once."""
    _ensure_one_unit(request)
    reading = _kept(request, token)
    if reading is None:
        messages.error(request, GONE)
        return redirect("inspections:hazard_import")
    form = forms.Form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _take_in(request, reading, token)
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
    unit = request.access.units[0]
    found = sort_rows(reading.hazards, unit)
    context: dict[str, Any] = {"reading": reading, "found": found, "form": form, "unit": unit}
    status = 422 if form.errors else 200
    return render(request, "inspections/hazard_import_confirm.html", context, status=status)


def _kept(request: AuthenticatedRequest, token: str) -> Reading | None:
    file = open_upload(token, owner=request.user)
    if file is None:
        return None
    with file:
        reading = read_hazards(file, today=request.today)
    return None if reading.errors else reading


def _take_in(request: AuthenticatedRequest, reading: Reading, token: str) -> HttpResponse:
    unit = request.access.units[0]
    taken = import_hazards(reading.hazards, unit, token=token, actor=request.user, at=now())
    drop_upload(token, owner=request.user)
    messages.success(request, f"已导入 {len(taken)} 处隐患。" if taken else ALL_KNOWN)
    return redirect("inspections:hazard_list")
