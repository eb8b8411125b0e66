"""No change without the token of the person's own page."""

import pytest
from django.test import Client

from tests.permissions.matrix import Address, addresses
from tests.permissions.world import World
from tests.writes import no_writes

pytestmark = pytest.mark.django_db

METHODS = ("POST", "PUT", "PATCH", "DELETE")
NOT_ALLOWED = "页面已失效"


@pytest.fixture
def strict(world: World) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["own_liaison"])
    return client


@pytest.mark.parametrize("address", [pytest.param(item, id=item.name) for item in addresses()])
def test_refuses_every_change_without_a_token(
    world: World, strict: Client, address: Address
) -> None:
    url = address.url(world)

    with no_writes():
        answers = {method: strict.generic(method, url) for method in METHODS}

    assert {method: answer.status_code for method, answer in answers.items()} == dict.fromkeys(
        METHODS, 403
    )
    assert all(NOT_ALLOWED in answer.content.decode() for answer in answers.values())


def test_refuses_the_sign_in_form_of_another_site() -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/login/", {"username": "office", "password": "x"}).status_code == 403


def test_refuses_a_valid_token_sent_from_another_site(world: World, strict: Client) -> None:
    token = _token(strict)

    answer = strict.post(
        "/views/", {"csrfmiddlewaretoken": token}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403


def test_takes_the_token_of_the_persons_own_page(strict: Client) -> None:
    """Without this the refusals above would prove nothing."""
    answer = strict.post("/views/?q=x", {"csrfmiddlewaretoken": _token(strict), "name": "我的"})

    assert answer.status_code == 302


def _token(client: Client) -> str:
    page = client.get("/views/?q=x").content.decode()
    return page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
