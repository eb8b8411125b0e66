"""One site for all journeys, and people who open it in a browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from tests.browser import PATIENCE
from tests.journeys.site import Site, load

DESKTOP, PHONE = (1440, 900), (390, 844)
Visit = Callable[..., Any]


@pytest.fixture(scope="package")
def transactional_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of this package: what a journey does stays until the last one is over."""
    with django_db_blocker.unblock():
        yield
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="package")
def site(transactional_db: None) -> Iterator[Site]:
    server = LiveServer("localhost")
    yield load(server.url)
    server.stop()


@pytest.fixture
def visit(browser: Any, site: Site) -> Iterator[Visit]:
    """Open the site as somebody: ``visit("office")``, ``visit("liaison", PHONE)``.

    Script errors, refused scripts or styles and failures of the server fail the test.
    """
    contexts, errors = [], []

    def open_site(who: str = "", size: tuple[int, int] = DESKTOP, *, scripts: bool = True) -> Any:
        context = browser.new_context(
            base_url=site.url,
            locale="zh-CN",
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if who:
            context.add_cookies([site.cookie(who)])
        tab = context.new_page()
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.on("console", lambda said: errors.append(said.text) if is_refusal(said) else None)
        tab.on("response", lambda got: errors.append(got.url) if got.status >= 500 else None)
        return tab

    yield open_site
    for context in contexts:
        context.close()
    assert errors == []


def is_refusal(said: Any) -> bool:
    """Whether the browser complains that the page's own policy forbids a part of it."""
    return "Content Security Policy" in said.text
