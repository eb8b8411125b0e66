"""The matrix file, and how its cells are measured."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from organizations.models import User
from tests.permissions.world import MISSING, World
from tests.security.crawling import read
from tests.standing import undone

FILE = Path(__file__).with_name("matrix.csv")
METHODS = ("GET", "POST")
PERSONAS = (
    "anonymous",
    "no_post",
    "other_liaison",
    "own_liaison",
    "own_head",
    "leader",
    "auditor",
    "office",
)
EMPTY_FORM = {"csrfmiddlewaretoken": "x"}
LOGIN = "login"  # a redirect to the sign-in page, told apart from the redirect after an act
# Addresses that know no person.
EXEMPT = {
    "healthz": "answers load balancers without a session; tests/ground/test_health.py",
    "readyz": "answers monitors without a session; tests/ground/test_health.py",
}


@dataclass(frozen=True)
class Address:
    """One address of the platform: its full name and the arguments in its path."""

    name: str
    wanted: frozenset[str]

    def url(self, world: World, **changed: object) -> str:
        given = world.arguments(self.name, set(self.wanted))
        return reverse(self.name, kwargs=given | changed)

    def missing_urls(self, world: World) -> Iterator[str]:
        """Yield the address with each of its arguments in turn naming nothing."""
        for key in sorted(self.wanted):
            yield self.url(world, **{key: MISSING[key]})


def addresses() -> list[Address]:
    """Return every address that the resolver knows."""
    return [
        Address(name, frozenset(pattern.pattern.converters))
        for name, pattern in _patterns(get_resolver(), "")
        if name not in EXEMPT
    ]


def _patterns(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _patterns(entry, inner)
        else:
            yield f"{namespace}{entry.name}", entry


def read_matrix() -> dict[tuple[str, str], dict[str, str]]:
    """Return (address, method) → persona → expected answer."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {(row.pop("url"), row.pop("method")): row for row in csv.DictReader(file)}


def sign_in(user: User | None) -> Client:
    """Return a client in a session of ``user``."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def again(client: Client) -> Client:
    """Return a fresh client in the same session, without the messages of earlier answers."""
    fresh = Client()
    session = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if session is not None:
        fresh.cookies[settings.SESSION_COOKIE_NAME] = session.value
    return fresh


@dataclass(frozen=True)
class Answer:
    """What came back: the cell of the matrix and the page itself."""

    cell: str
    body: bytes


def ask(client: Client, method: str, url: str) -> Answer:
    """Send one request, a post with nothing but its token; nothing of it stays."""
    fresh = again(client)
    with undone():
        response = fresh.get(url) if method == "GET" else fresh.post(url, EMPTY_FORM)
    return Answer(_cell(response), read(response))


def _cell(response: Any) -> str:
    if response.status_code == 302 and response["Location"].startswith(f"{reverse('login')}?"):
        return LOGIN
    return str(response.status_code)


def is_refusal(cell: str) -> bool:
    """Whether the answer stands for a request that must have changed nothing."""
    return cell == LOGIN or cell.startswith("4")
