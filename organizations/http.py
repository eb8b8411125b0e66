"""The request as the views of this project receive it."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, TypedDict

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from common import clock
from organizations.access import Access
from organizations.models import User


class AuthenticatedRequest(HttpRequest):
    """A request with the business date, the person's rights and htmx details."""

    user: User
    access: Access
    today: date
    htmx: HtmxDetails


class Stamp(TypedDict):
    """Who acts, when and why: the keywords of every service that changes a record."""

    actor: User
    at: datetime
    reason: str


def stamp_of(request: AuthenticatedRequest, form: forms.Form) -> Stamp:
    """Return the stamp of an act: the person, this instant, and the reason given in the form."""
    return Stamp(actor=request.user, at=clock.now(), reason=form.cleaned_data["reason"])


def office_required(
    view: Callable[..., HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let only the safety committee office in; everybody else signed in gets the 403 page."""

    @wraps(view)
    def guarded(request: AuthenticatedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.access.is_office:
            raise PermissionDenied("这一页由区安委办使用，如需办理请联系区安委办。")
        return view(request, *args, **kwargs)

    return guarded
