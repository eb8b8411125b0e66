"""The page of components: complete while debugging, absent otherwise."""

import pytest
from django.http import Http404
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from common.styleguide import styleguide


def test_shows_every_component_without_an_undefined_variable(
    rf: RequestFactory, settings: Settings
) -> None:
    settings.DEBUG = True
    page = styleguide(rf.get("/styleguide/")).content.decode()
    assert page.count("<h1") == 1
    assert "逾期 18 天" in page
    assert "有 2 处要改" in page


def test_holds_no_inline_code_or_style(rf: RequestFactory, settings: Settings) -> None:
    settings.DEBUG = True
    page = styleguide(rf.get("/styleguide/")).content.decode()
    assert " style=" not in page
    assert " onclick=" not in page
    assert "<script>" not in page


def test_does_not_exist_in_production(rf: RequestFactory, settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(Http404):
        styleguide(rf.get("/styleguide/"))
