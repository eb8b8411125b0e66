"""Every address × method × persona answers as ``matrix.csv`` says.

New address: ``python -m tests.permissions`` prints its rows; judge them, then add them.
"""

from contextlib import nullcontext

import pytest
from django.test import Client

from tests.permissions.matrix import (
    EXEMPT,
    METHODS,
    PERSONAS,
    addresses,
    ask,
    is_refusal,
    read_matrix,
)
from tests.permissions.world import World
from tests.writes import no_writes

pytestmark = pytest.mark.django_db

ADDRESSES = {address.name: address for address in addresses()}
MATRIX = read_matrix()
CELLS = [pytest.param(name, method, id=f"{name}-{method}") for name, method in MATRIX]
WITH_OBJECTS = [
    pytest.param(name, method, id=f"{name}-{method}")
    for name, method in MATRIX
    if name in ADDRESSES and ADDRESSES[name].wanted
]
# A page of the office refuses before it looks anything up, so two people show it for all.
STAND_FOR_THE_REST = {"own_liaison", "auditor"}


def test_every_address_has_its_rows() -> None:
    wanted = {(name, method) for name in ADDRESSES for method in METHODS}

    assert sorted(wanted - MATRIX.keys()) == []


def test_every_row_has_its_address() -> None:
    assert sorted({name for name, _ in MATRIX} - ADDRESSES.keys()) == []


def test_few_addresses_are_exempt_and_each_says_why() -> None:
    assert len(EXEMPT) <= 5
    assert all(EXEMPT.values())


def test_no_address_hides_behind_the_name_of_another() -> None:
    assert len(addresses()) == len(ADDRESSES)


@pytest.mark.parametrize(("name", "method"), CELLS)
def test_answers_each_person_as_the_matrix_says(
    world: World, clients: dict[str, Client], name: str, method: str
) -> None:
    """A refusal must have written nothing at all, not even something it took back."""
    url = ADDRESSES[name].url(world)
    expected = {persona: MATRIX[name, method][persona] for persona in PERSONAS}

    answers = {}
    for persona in PERSONAS:
        with no_writes() if is_refusal(expected[persona]) else nullcontext():
            answers[persona] = ask(clients[persona], method, url).cell

    assert answers == expected


@pytest.mark.parametrize(("name", "method"), WITH_OBJECTS)
def test_what_one_may_not_see_is_as_if_it_did_not_exist(
    world: World, clients: dict[str, Client], name: str, method: str
) -> None:
    """Whoever is refused gets the same page, byte for byte, for a thing that is not there."""
    address = ADDRESSES[name]
    cells = MATRIX[name, method]

    differing = [
        (persona, url)
        for persona in PERSONAS
        if cells[persona] == "404" or (cells[persona] == "403" and persona in STAND_FOR_THE_REST)
        for there in [ask(clients[persona], method, address.url(world))]
        for url in address.missing_urls(world)
        if ask(clients[persona], method, url) != there
    ]

    assert differing == []


@pytest.mark.parametrize(("name", "method"), WITH_OBJECTS)
def test_the_office_too_finds_nothing_behind_an_unknown_name(
    world: World, clients: dict[str, Client], name: str, method: str
) -> None:
    if MATRIX[name, method]["office"] == "405" or "token" in ADDRESSES[name].wanted:
        return
    urls = ADDRESSES[name].missing_urls(world)

    answers = {url: ask(clients["office"], method, url).cell for url in urls}

    assert set(answers.values()) == {"404"}, answers


def test_a_signed_out_session_is_sent_to_the_login_page(world: World) -> None:
    home = ADDRESSES["home"]

    assert ask(Client(), "GET", home.url(world)).cell == "login"
