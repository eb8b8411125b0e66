"""The headers that every answer carries, whatever it is an answer to."""

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.test import Client

from common.attachments import MEDIA_TYPES
from tests.builders import PASSWORD
from tests.permissions.matrix import METHODS, addresses, again, sign_in
from tests.permissions.world import World
from tests.security.crawling import read
from tests.standing import undone

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


# 单位交来的文件：浏览器不得运行其中任何东西。
PROOF = set(MEDIA_TYPES.values()) - {MEDIA_TYPES["xlsx"]}  # 平台自己也导出 xlsx
PASSIVE = {"default-src 'none'", "sandbox"}


def faults(response: Any, *, signed_in: bool) -> list[str]:
    """Return what is wrong with the headers of an answer."""
    read(response)
    found = [
        f"{name}: {response.headers.get(name)}"
        for name, value in FIXED.items()
        if response.headers.get(name) != value
    ]
    policy = {
        part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")
    }
    is_proof = response.status_code == 200 and response.headers["Content-Type"] in PROOF
    if policy != (PASSIVE if is_proof else POLICY):
        found.append(f"Content-Security-Policy: {sorted(policy)}")
    if signed_in and "no-store" not in response.headers.get("Cache-Control", ""):
        found.append(f"Cache-Control: {response.headers.get('Cache-Control')}")
    return found


@pytest.mark.parametrize("persona", ["anonymous", "own_liaison", "office"])
def test_every_address_answers_with_all_headers(world: World, persona: str) -> None:
    """Pages, redirects, refusals, files and rejected forms; the headers know no further person."""
    client = sign_in(world.people.get(persona))
    wrong, kinds = {}, set()

    for address in addresses():
        for method in METHODS:
            with undone():
                fresh, url = again(client), address.url(world)
                response = fresh.get(url) if method == "GET" else fresh.post(url)
                kinds.add(response.status_code)
                if found := faults(response, signed_in=persona != "anonymous"):
                    wrong[f"{method} {url}"] = found

    assert wrong == {}
    assert kinds >= ({200, 302, 404, 405, 422} if persona == "office" else {200, 302})


@pytest.fixture
def office(world: World) -> Client:
    """The office in a browser to which a failure is a page, not an exception."""
    client = Client(raise_request_exception=False)
    client.force_login(world.people["office"])
    return client


def test_an_unknown_address_has_them(office: Client) -> None:
    response = office.get("/no/such/page/")

    assert response.status_code == 404
    assert faults(response, signed_in=True) == []


def test_the_redirect_to_the_address_with_a_slash_has_them(office: Client) -> None:
    response = office.get("/tasks")

    assert response.status_code == 301
    assert faults(response, signed_in=True) == []


def test_a_failure_of_the_platform_has_them(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr("qinnan_safety.searching.search_all", fail)

    response = office.get("/search/?q=1")

    assert response.status_code == 500
    assert b"secret inside" not in response.content
    assert faults(response, signed_in=True) == []


def test_a_suspicious_request_has_them(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise SuspiciousOperation

    monkeypatch.setattr("qinnan_safety.searching.search_all", fail)

    response = office.get("/search/?q=1")

    assert response.status_code == 400
    assert faults(response, signed_in=True) == []


def test_a_request_for_a_foreign_host_has_them(office: Client) -> None:
    response = office.get("/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert faults(response, signed_in=True) == []


def test_a_form_without_its_token_has_them(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["office"])

    response = client.post("/views/")

    assert response.status_code == 403
    assert faults(response, signed_in=True) == []


def test_a_form_with_too_many_fields_has_them(office: Client) -> None:
    fields = {f"f{number}": "1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}

    response = office.post("/views/", fields)

    assert response.status_code == 400
    assert faults(response, signed_in=True) == []


def test_the_end_of_a_session_has_them(office: Client) -> None:
    session = office.session
    session["session_started"] = 0
    session.save()

    response = office.get("/tasks/")

    assert response.status_code == 302
    assert faults(response, signed_in=True) == []


def test_a_wrong_password_has_them() -> None:
    response = Client().post("/login/", {"username": "office", "password": "wrong"})

    assert faults(response, signed_in=False) == []


def test_cookies_are_kept_from_scripts_and_other_sites(world: World) -> None:
    client = Client()
    client.get("/login/")

    client.post("/login/", {"username": "office", "password": PASSWORD})

    cookies = client.cookies
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= cookies.keys()
    assert [name for name, kept in cookies.items() if kept["samesite"] != "Lax"] == []
    assert [name for name, kept in cookies.items() if not kept["httponly"]] == []
