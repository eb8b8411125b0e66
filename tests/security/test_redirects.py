"""No address of ours leads to another site, whatever it is told to go on to."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import PASSWORD
from tests.permissions.matrix import METHODS, addresses, again, read_matrix, sign_in
from tests.permissions.world import World
from tests.standing import undone

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
ADDRESSES = {address.name: address for address in addresses()}
# Parameters that a page might take for the way onward.
NAMES = ("next", "back", "url", "to", "return", "redirect", "return_to")
EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    " https://evil.example/",
    "https:evil.example/",
    "http:///evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
)
# One of each kind of trick; signing in, which does go on to an address given to it, meets them all.
TRICKS = (EVIL[1], EVIL[3], EVIL[5], EVIL[8], EVIL[12])
LEADING_ON = sorted(
    (name, method, persona)
    for (name, method), cells in read_matrix().items()
    for persona, cell in cells.items()
    if cell == "302" and persona in {"own_liaison", "office"}
)


def leads_outside(location: str) -> bool:
    """Whether a browser at our site would leave it: it drops tabs and reads \\ as /."""
    read = "".join(c for c in location.strip() if c not in "\t\r\n").replace("\\", "/")
    if urlsplit(read).scheme not in {"", "http", "https"}:
        return True
    return urlsplit(urljoin(f"{SITE}/", read)).netloc != urlsplit(SITE).netloc


@pytest.mark.parametrize(("name", "method", "persona"), LEADING_ON)
def test_an_act_never_leads_to_another_site(
    world: World, name: str, method: str, persona: str
) -> None:
    client = sign_in(world.people[persona])
    url = ADDRESSES[name].url(world)

    for evil in TRICKS:
        asked = dict.fromkeys(NAMES, evil)
        with undone():
            fresh, referer = again(client), {"Referer": evil.strip().replace("\n", "")}
            response = (
                fresh.get(url, asked, headers=referer)
                if method == METHODS[0]
                else fresh.post(f"{url}?next={evil.strip()}", asked, headers=referer)
            )
        assert not leads_outside(response.headers.get("Location", "/")), evil


@pytest.mark.parametrize("evil", EVIL)
def test_signing_in_never_leads_to_another_site(world: World, evil: str) -> None:
    form = {"username": "office", "password": PASSWORD, "next": evil}

    response = Client().post(reverse("login"), form, query_params={"next": evil})

    assert response.status_code == 302
    assert response["Location"] == "/"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(world: World) -> None:
    asked = Client().get("/tasks/?lamp=overdue")
    form = {"username": "office", "password": PASSWORD, "next": "/tasks/?lamp=overdue"}

    response = Client().post(asked["Location"], form)

    assert response["Location"] == "/tasks/?lamp=overdue"
