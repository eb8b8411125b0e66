"""The secret behind the token in every form: it tells for whose sign-in a page was made.

The framework writes such tokens and offers no way to read them.  How one is made — a random mask
of letters and digits, then the secret shifted by it — is known here and nowhere else; a release
that makes them otherwise fails ``tests/ground/test_page_tokens.py``.
"""

from string import ascii_letters, digits

from django.http import HttpRequest
from django.middleware.csrf import get_token

ALPHABET = ascii_letters + digits
HALF = 32


def secret_of(request: HttpRequest) -> str | None:
    """Return the secret under which the pages of this browser are made from now on."""
    return secret_under(get_token(request))


def secret_under(token: str) -> str | None:
    """Return the secret that a form's token hides; None for what is no token."""
    if len(token) != 2 * HALF or not set(token) <= set(ALPHABET):
        return None
    pairs = zip(token[:HALF], token[HALF:], strict=True)
    return "".join(
        ALPHABET[ALPHABET.index(hidden) - ALPHABET.index(mask)] for mask, hidden in pairs
    )
