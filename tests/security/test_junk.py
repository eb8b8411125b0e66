"""Whatever an address is asked for, it answers; it never falls."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.http import QueryDict
from django.test import Client

from responsibilities.filters import Filters
from tests.permissions.matrix import Address, addresses
from tests.permissions.world import World
from tests.security.crawling import page_of, read

pytestmark = pytest.mark.django_db

WHO = ("office", "own_liaison")
FILTERS = set(Filters.__dataclass_fields__)
FILTERED = {"responsibilities:obligation_list", "responsibilities:saved_view_create"}
# As they stand in the address: bytes that are no UTF-8 cannot be written otherwise.
VALUES = (
    "",
    "%20",
    "-1",
    "0",
    "99999999999999999999",
    "9" * 5000,
    "1e309",
    "%00",
    "a%00b",
    "%ff%fe",
    "a" * 10_240,
    quote("钦" * 2000),
    quote("💥\u202e\ufeff"),
    quote("９²٣"),
    quote("2019-02-30"),
    "0001-01-01",
    "9999-12-31",
    quote("%' OR 1=1 --"),
    quote("../../etc/passwd"),
    "{{7*7}}",
    "1:1:1",
    "-",
)
# What breaks one parameter alone: behind the first error the others would not be looked at.
NASTY = ("99999999999999999999", "9" * 5000, "%00", "%ff%fe", "0001-01-01", "9999-12-31")
CODES = (
    "99-99",
    "23-07'",
    "a" * 5000,
    "%00",
    "02-02%00",
    "%ff",
    quote("💥"),
    quote("<script>"),
    "..",
    quote("２３－０７"),
    "02-02%0d%0aX-Evil: 1",
    "%20",
)
FALLEN = 500


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    found = {}
    for who in WHO:
        found[who] = Client(raise_request_exception=False)
        found[who].force_login(world.people[who])
    return found


@contextmanager
def watched() -> Iterator[set[str]]:
    """Note which parameters a page looks for in its query string."""
    asked: set[str] = set()

    def spy(plain: Any) -> Any:
        def look(self: QueryDict, key: str, *args: Any) -> Any:
            if isinstance(key, str) and key.isascii():
                asked.add(key)
            return plain(self, key, *args)

        return look

    with pytest.MonkeyPatch.context() as patch:
        for name in ("get", "getlist", "__getitem__", "__contains__"):
            patch.setattr(QueryDict, name, spy(getattr(QueryDict, name)))
        yield asked


def parameters(client: Client, address: Address, url: str) -> list[str]:
    """Return what the page reads from its query string; the ledger's filters are read as one."""
    with watched() as asked:
        read(client.get(f"{url}?x=1"))
    return sorted(asked | FILTERS if address.name in FILTERED else asked)


def together(names: list[str]) -> Iterator[str]:
    """Yield all parameters with the same junk."""
    for value in VALUES:
        yield "&".join(f"{name}={value}" for name in names)


def one_by_one(names: list[str]) -> Iterator[str]:
    """Yield each parameter with the worst of the junk, and as a list and a map."""
    for name in names:
        yield from (f"{name}={value}" for value in NASTY)
        yield f"{name}=1&{name}=2&{name}[]=1&{name}[a]=1"


@pytest.mark.parametrize("address", [pytest.param(item, id=item.name) for item in addresses()])
def test_no_page_falls_over_junk_in_its_query(
    world: World, clients: dict[str, Client], address: Address
) -> None:
    """A unit reads a question as the office does: it is asked with all parameters at once only."""
    url, fallen = address.url(world), set()
    names = parameters(clients["office"], address, url)
    asked = {"office": [*together(names), *one_by_one(names)], "own_liaison": [*together(names)]}

    for who, queries in asked.items() if names else ():
        for query in queries:
            if page_of(clients[who].get(f"{url}?{query}"), url).status >= FALLEN:
                fallen.add((who, query[:80]))

    assert fallen == set()


@pytest.mark.parametrize(
    "address",
    [pytest.param(item, id=item.name) for item in addresses() if item.wanted & {"plan", "code"}],
)
def test_a_junk_code_is_a_page_that_does_not_exist(
    world: World, clients: dict[str, Client], address: Address
) -> None:
    marks = {key: f"j-{key}-j" for key in address.wanted & {"plan", "code"}}
    pattern, right = address.url(world, **marks), world.arguments(address.name, set(address.wanted))
    wrong = set()

    for key, mark in marks.items():
        url = pattern
        for other in marks.keys() - {key}:
            url = url.replace(marks[other], str(right[other]))
        for code in CODES:
            asked = url.replace(mark, code)
            for method in ("get", "post"):
                status = getattr(clients["office"], method)(asked).status_code
                if status not in ({400} if "%00" in code else {404, 405}):
                    wrong.add((method, asked[:80], status))

    assert wrong == set()


def test_the_pages_that_read_a_query_are_known(world: World, clients: dict[str, Client]) -> None:
    """Without this the junk above might have been put where nobody looks."""
    known = {address.name: address for address in addresses()}

    read = {
        name: set(parameters(clients["office"], known[name], known[name].url(world)))
        for name in ("search", "organizations:person_list", "plan_detail")
    }

    assert read["search"] >= {"q"}
    assert read["organizations:person_list"] >= {"q", "page", "closed"}
    assert read["plan_detail"] >= {"show", "unit", "errata"}
