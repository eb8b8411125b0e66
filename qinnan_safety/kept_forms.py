"""Words typed into a page whose session had ended: kept, and given back to the same person.

Every sign-in changes the secret of the pages' tokens, so a form's token tells for whom the page
was made, also after the session is gone.  What such a form sends is kept for that person alone
and for a few hours; after sign-in it stands in the form again, and the person sends it.  Nothing
is carried out on the way, and whoever else is signed in there learns only whose words they are.
"""

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from organizations.models import User
from qinnan_safety.models import KEY, FormOwner, KeptForm
from qinnan_safety.page_tokens import secret_of, secret_under

PROOF = "csrfmiddlewaretoken"  # the field in which a form sends its token
OWNED_DAYS = 7  # a page left open over a holiday's first days is still its person's
KEPT_HOURS = 12
MOST_CHARACTERS = 200_000
MOST_FORMS = 20  # of one person
SECRET_FIELD = re.compile("password|secret")
FRAME = frozenset({PROOF, "next", "token", "version"})  # what pages send along by themselves


def note_owner(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Remember whose pages carry the token that this sign-in began."""
    if secret := secret_of(request):
        FormOwner.objects.get_or_create(
            secret_sha256=_digest(secret), defaults={"user": user, "signed_in_at": at}
        )


def owner_of(request: HttpRequest) -> User | None:
    """Return the person for whom the page of the sent form was made, if that is known.

    The sign-in page is nobody's, whoever signed in here before.
    """
    if request.path == resolve_url(settings.LOGIN_URL):
        return None
    secret = secret_under(request.POST.get(PROOF, ""))
    if secret is None:
        return None
    owned = FormOwner.objects.filter(secret_sha256=_digest(secret)).select_related("user").first()
    return owned.user if owned else None


def keep_form(request: HttpRequest, owner: User, *, at: datetime) -> str:
    """Keep what a form of ``owner`` sent. Returns: the address at which it stands again, or the
    bare page when there is nothing to keep, or too much."""
    page, fields = page_of(request), _typed(request)
    size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if not (fields.keys() - FRAME) or size > MOST_CHARACTERS:
        return page
    action = request.path
    KeptForm.objects.filter(user=owner, action=action, page=page).delete()
    crowd = KeptForm.objects.filter(user=owner).values_list("pk", flat=True)[MOST_FORMS - 1 :]
    KeptForm.objects.filter(pk__in=list(crowd)).delete()
    kept = KeptForm.objects.create(
        key=secrets.token_urlsafe(32),
        user=owner,
        page=page,
        action=action,
        fields=fields,
        had_files=bool(request.FILES),
        kept_at=at,
    )
    return kept.address


def kept_for(request: HttpRequest, *, at: datetime) -> KeptForm | None:
    """Return what the person who asks typed into the page that is asked for."""
    key = request.GET.get(KEY, "")
    if request.method != "GET" or not key or not request.user.is_authenticated:
        return None
    kept = KeptForm.objects.filter(
        key=key, user=request.user, kept_at__gt=at - timedelta(hours=KEPT_HOURS)
    ).first()
    return kept if kept and urlsplit(kept.page).path == request.path else None


def left_by(user: User, *, at: datetime) -> KeptForm | None:
    """Return the latest of what ``user`` sent in vain and has not come back for."""
    since = at - timedelta(hours=KEPT_HOURS)
    return KeptForm.objects.filter(user=user, kept_at__gt=since).first()


def drop_sent(request: HttpRequest) -> None:
    """Forget what was kept for the form that has now been sent and taken."""
    key = request.GET.get(KEY) or dict(_query(_referer(request).query)).get(KEY)
    if key and request.user.is_authenticated:
        KeptForm.objects.filter(key=key, user=request.user).delete()


def forget_old(*, at: datetime) -> None:
    """Remove what nobody came back for, and tokens of pages that nobody has open any more."""
    KeptForm.objects.filter(kept_at__lt=at - timedelta(hours=KEPT_HOURS)).delete()
    FormOwner.objects.filter(signed_in_at__lt=at - timedelta(days=OWNED_DAYS)).delete()


def page_of(request: HttpRequest) -> str:
    """Return the page on which the form stands: where the browser came from, if that is ours."""
    came = _referer(request)
    query = urlencode([pair for pair in _query(came.query) if pair[0] != KEY])
    page = f"{came.path}?{query}" if query else came.path
    try:
        is_ours = came.netloc == request.get_host()
    except DisallowedHost:
        is_ours = False
    if is_ours and url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return page
    return request.path


def _referer(request: HttpRequest) -> Any:
    try:
        return urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return urlsplit("")


def _query(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True)


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    return {
        str(name): [str(value) for value in values]
        for name, values in request.POST.lists()
        if name != PROOF and not SECRET_FIELD.search(name)
    }


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
