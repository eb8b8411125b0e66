"""What all editing pages of the office share: one template, one way to say what was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render

from common.errors import DomainError, StaleVersion, messages_of
from organizations.forms import OfficeForm
from organizations.http import AuthenticatedRequest
from organizations.services.versions import version_of


@dataclass(frozen=True)
class FormPage:
    """The frame of a form: its heading, where 取消 leads, what the button says, and
    whether the act takes something away."""

    heading: str
    back_url: str
    back_label: str
    button: str
    lead: str = ""
    link: tuple[str, str] | None = None
    is_grave: bool = False


def typed(request: AuthenticatedRequest) -> QueryDict | None:
    """Return what was sent, or None when the form is shown for the first time."""
    return request.POST if request.method == "POST" else None


def attempt(form: OfficeForm, act: Callable[[], Any]) -> Any:
    """Run a service; a refusal becomes an error of the form. Returns: the result, or None."""
    try:
        return act()
    except StaleVersion as error:
        form.is_stale = True
        form.add_error(None, error.message)
    except (DomainError, ValidationError) as error:
        for sentence in messages_of(error):
            form.add_error(None, sentence)
    return None


def answer(
    request: AuthenticatedRequest, form: OfficeForm, page: FormPage, record: Any = None
) -> HttpResponse:
    """Show the form: 200 on first sight, 422 when refused, 409 when somebody was faster.

    After a conflict both texts are shown and the form carries the new version, so that saving
    once more is a decision.
    """
    status = 200
    if form.is_stale and record is not None:
        status = 409
        form.keep_over(record, version_of(record))
    elif form.errors:
        status = 422
    context = {"form": form, "page": page}
    return render(request, "organizations/form.html", context, status=status)
