"""When a person last entered their password: some acts want to know that it is really them."""

from datetime import datetime

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone

from organizations.models import User

ENTERED = "password_entered"


def note_password(request: HttpRequest, *, at: datetime) -> None:
    """Remember in the session that the password was entered now."""
    request.session[ENTERED] = int(at.timestamp())


def password_entered_at(request: HttpRequest) -> datetime | None:
    """Return when the password was last entered in this session."""
    stamp = request.session.get(ENTERED)
    return datetime.fromtimestamp(stamp, timezone.get_default_timezone()) if stamp else None


def password_is_right(request: HttpRequest, user: User, password: str) -> bool:
    """Whether ``password`` is the person's; wrong ones count towards the lock-out."""
    found = authenticate(request, username=user.username, password=password)
    return found is not None and found.pk == user.pk
