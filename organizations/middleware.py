"""Give every request the business date and the person's rights, each worked out once."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from common import clock
from organizations.access import access_here


def access_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Set ``request.today`` and the lazily computed ``request.access``."""

    def middleware(request: Any) -> HttpResponse:
        request.today = clock.today()
        request.access = SimpleLazyObject(lambda: access_here(request.user, today=request.today))
        return get_response(request)

    return middleware
