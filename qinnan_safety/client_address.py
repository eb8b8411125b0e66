"""The address a request came from, as far as it can be trusted."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address that the outermost trusted proxy saw.

    Each proxy appends the address it saw to ``X-Forwarded-For``; whatever stands further left was
    written by the client and proves nothing.
    """
    direct: str = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXY_COUNT:
        return direct
    seen = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    position = settings.TRUSTED_PROXY_COUNT
    return seen[-position] if len(seen) >= position and seen[-position] else direct
