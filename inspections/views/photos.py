"""The photos of a record: never demanded, and part of what the head confirms."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from common.clock import now
from common.errors import DomainError, StaleVersion, messages_of
from inspections.forms.photos import PhotosForm
from inspections.models import Inspection
from inspections.services.recording import edit_inspection
from inspections.views.recording import own_inspection
from organizations.http import AuthenticatedRequest

CHANGED = "这份记录刚刚被别人改过，照片没有保存；请看过现在的照片再勾选、添加。"


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_photos(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """检查照片：选填；已确认的，改了要重新确认。"""
    inspection = own_inspection(request, pk)
    if inspection.is_void:
        messages.error(request, "这份记录已作废，不能再改。")
        return redirect(inspection)
    sent = request.FILES.getlist("uploads")
    form = PhotosForm(request.POST or None, sent=sent, record=inspection)
    if request.method == "POST" and form.is_valid():
        try:
            refused = _keep(request, inspection, form)
        except StaleVersion:
            messages.warning(request, CHANGED)
            return redirect("inspections:inspection_photos", pk=pk)
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            for sentence in refused:
                messages.error(request, sentence)
            if refused:
                return redirect("inspections:inspection_photos", pk=pk)
            messages.success(request, "照片已保存。")
            return redirect(inspection)
    context = {"form": form, "inspection": inspection, "photos": inspection.shown_photos()}
    status = 422 if form.errors else 200
    return render(request, "inspections/inspection_photos.html", context, status=status)


def _keep(request: AuthenticatedRequest, inspection: Inspection, form: PhotosForm) -> list[str]:
    """Bind what stays and what came to the record. Returns: what was refused, with why."""
    at = now()
    hashes, refused = form.hand_in(actor=request.user, at=at)
    content = replace(inspection.content(), photos=tuple(hashes))
    version = form.cleaned_data["version"]
    edit_inspection(inspection, content, version=version, actor=request.user, at=at)
    return refused
