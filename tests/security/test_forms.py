"""Every form that a person can reach, filled with hostile words and with junk."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.permissions.matrix import addresses
from tests.permissions.world import World
from tests.security.crawling import Page, page_of
from tests.security.forms import PostForm, post_forms
from tests.security.markup import faults
from tests.standing import undone

pytestmark = pytest.mark.django_db

HOSTILE = ('"><img src=x onerror=xss(2)>', "</textarea><script>xss(4)</script>")
JUNK = (
    "",
    "\x00",
    "-1",
    "99999999999999999999",
    "9" * 5000,
    "a" * 10_240,
    "0001-01-01",
    "9999-12-31",
    "💥\u202e\ufeff",
    "1:1:1",
)
NASTY = ("\x00", "99999999999999999999", "9" * 5000, "0001-01-01", "9999-12-31")
FALLEN = 500


def signed_in(world: World, who: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.people[who])
    return client


def forms_of(world: World, client: Client) -> list[PostForm]:
    """Return the forms of every page, and those of the changes to many rows."""
    row = world.row.pk
    urls = [address.url(world) for address in addresses()]
    urls += [f"/tasks/bulk/?act={act}&rows={row}" for act in ("deadline", "lead")]
    urls += ["/tasks/?q=任务", "/views/?q=任务"]
    return post_forms([page_of(client.get(url), url) for url in urls])


@pytest.mark.parametrize("who", ["office", "own_head", "own_liaison"])
def test_no_answer_to_a_form_takes_typed_words_for_markup(world: World, who: str) -> None:
    """Refused or taken, and on the page that it leads to: errors, messages and drafts."""
    client = signed_in(world, who)
    wrong, repeated = {}, 0

    for form in forms_of(world, client):
        for payload in HOSTILE:
            for sent in (form.with_words(payload), form.with_everything(payload)):
                page = _answer(client, form, sent)
                repeated += "xss(" in page.body.decode()
                if found := faults(page):
                    wrong[form.url] = found

    assert wrong == {}
    assert repeated > 5


@pytest.mark.parametrize("who", ["office", "own_head"])
def test_no_form_falls_over_junk(world: World, who: str) -> None:
    """In all controls at once, and in each control by itself one of the worst, taken in turn."""
    client = signed_in(world, who)
    fallen = set()

    for form in forms_of(world, client):
        for value in JUNK:
            for name, sent in _fillings(form, value):
                with undone():
                    status = client.post(form.url, sent).status_code
                if status >= FALLEN:
                    fallen.add((form.url, name, value[:24]))

    assert fallen == set()


def _answer(client: Client, form: PostForm, sent: dict[str, Any]) -> Page:
    with undone():
        return page_of(client.post(form.url, sent, follow=True), form.url)


def _fillings(form: PostForm, value: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the form with the value in all controls, and in those whose turn it is with it.

    Of the numbered lines of a form (``title_0``, ``title_1``…) the first stands for all.
    """
    names = [name for name in form.values if name != "csrfmiddlewaretoken"]
    if names or form.files or value == JUNK[0]:
        yield "all", form.with_everything(value)
    worst = sorted(NASTY)
    alike = {re.sub(r"\d+", "#", name): name for name in reversed(names)}
    for place, name in enumerate(alike.values()):
        if value == worst[place % len(worst)]:
            yield name, form.values | {name: value}
