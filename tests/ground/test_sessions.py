"""Who gets in, for how long, and what stays behind in caches."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from qinnan_safety.client_address import client_address
from tests.builders import PASSWORD, make_user

PUBLIC = {"login", "healthz", "readyz", "verify_home", "verify", "calendar_feed"} | {
    "public_home",
    "public_edition",
    "public_tasks",
    "public_dictionary",
    "public_data",
    "newest_data",
}


def patterns(resolver: URLResolver | None = None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        else:
            yield pattern


def is_public(pattern: URLPattern) -> bool:
    return not getattr(pattern.callback, "login_required", True)


def test_only_the_named_pages_open_without_signing_in():
    assert {pattern.name for pattern in patterns() if is_public(pattern)} == PUBLIC


@pytest.mark.django_db
def test_a_stranger_is_sent_to_the_login_page(client):
    response = client.get(reverse("home"))

    assert response.status_code == 302
    assert response.url == "/login/?next=/"


@pytest.fixture
def signed_in(client, db):
    client.force_login(make_user("office-1"))
    return client


def is_signed_in(client) -> bool:
    return client.get(reverse("password_change")).status_code == 200


def test_thirty_idle_minutes_end_a_session(signed_in):
    assert is_signed_in(signed_in)

    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert not is_signed_in(signed_in)


def test_use_within_thirty_minutes_keeps_a_session(signed_in):
    start = timezone.now()
    for minutes in (20, 40, 60):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert is_signed_in(signed_in)


def test_twelve_hours_end_a_session_that_is_in_use(signed_in):
    start = timezone.now()
    for quarter in range(48):  # 48 quarters of an hour are 12 hours
        with time_machine.travel(start + timedelta(minutes=15 * quarter)):
            assert is_signed_in(signed_in)

    with time_machine.travel(start + timedelta(hours=12, minutes=1)):
        assert not is_signed_in(signed_in)
        assert not Session.objects.exists()


def test_a_session_is_renewed_at_most_once_a_minute(signed_in):
    renewed = Session.objects.get().expire_date

    with time_machine.travel(timezone.now() + timedelta(seconds=50)):
        assert is_signed_in(signed_in)
    assert Session.objects.get().expire_date == renewed

    with time_machine.travel(timezone.now() + timedelta(seconds=70)):
        assert is_signed_in(signed_in)
    assert Session.objects.get().expire_date > renewed


def test_no_cache_keeps_what_a_signed_in_person_saw(signed_in):
    assert "no-store" in signed_in.get(reverse("password_change"))["Cache-Control"]


@pytest.mark.parametrize("address", ["/login/", "/healthz", "/no/such/page"])
@pytest.mark.django_db
def test_every_answer_carries_the_protecting_headers(client, address):
    headers = client.get(address).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def log_in(client, password: str, address: str = "10.0.0.1"):
    form = {"username": "clerk", "password": password}
    return client.post(reverse("login"), form, REMOTE_ADDR=address)


@pytest.mark.django_db
def test_five_wrong_passwords_rest_the_account_for_fifteen_minutes(client, settings):
    settings.AXES_ENABLED = True
    make_user("clerk")
    for _ in range(4):
        assert log_in(client, "wrong").status_code == 200

    assert log_in(client, "wrong").status_code == 429
    refused = log_in(client, PASSWORD)
    assert refused.status_code == 429
    assert "暂停登录 15 分钟" in refused.content.decode()
    assert log_in(client, PASSWORD, address="10.0.0.2").status_code == 302

    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert log_in(client, PASSWORD).status_code == 302


ADDRESSES = [
    pytest.param(0, "1.1.1.1, 2.2.2.2", "9.9.9.9", id="no-proxy-trusts-nothing"),
    pytest.param(1, "1.1.1.1, 2.2.2.2", "2.2.2.2", id="one-proxy-wrote-the-last"),
    pytest.param(2, "0.0.0.0, 1.1.1.1, 2.2.2.2", "1.1.1.1", id="two-proxies"),
    pytest.param(2, "1.1.1.1", "9.9.9.9", id="too-few-entries"),
    pytest.param(1, "", "9.9.9.9", id="no-header"),
]


@pytest.mark.parametrize(("proxies", "forwarded", "expected"), ADDRESSES)
def test_a_forged_forwarding_header_proves_nothing(rf, settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="9.9.9.9")

    assert client_address(request) == expected
