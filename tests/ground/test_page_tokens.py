"""Every token of one sign-in hides one secret: what is known of their making still holds."""

from django.middleware.csrf import get_token, rotate_token
from django.test import RequestFactory

from qinnan_safety.page_tokens import secret_of, secret_under


def test_all_tokens_of_a_sign_in_hide_one_secret_and_the_next_sign_in_has_another() -> None:
    request = RequestFactory().get("/")
    first, second = get_token(request), get_token(request)

    assert first != second
    assert secret_under(first) == secret_under(second) == secret_of(request)
    assert secret_under(first) == request.META["CSRF_COOKIE"]
    rotate_token(request)
    assert secret_of(request) not in {None, secret_under(first)}


def test_what_is_no_token_hides_nothing() -> None:
    token = get_token(RequestFactory().get("/"))

    for other in ("", token[:-1], f"{token}a", "é" * 64, f"{token[:-1]}-"):
        assert secret_under(other) is None
