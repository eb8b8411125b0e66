"""The frame of every page: navigation, person, business date."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the ``shell`` that ``base.html`` draws."""
    return {"shell": {"kind": "public"}}
