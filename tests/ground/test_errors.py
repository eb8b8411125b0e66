"""Failures speak Chinese and tell nothing of the inside."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from qinnan_safety import errors
from tests.builders import make_user


@pytest.mark.django_db
def test_a_missing_page_says_so_in_chinese(client):
    client.force_login(make_user("office-1"))

    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


def test_a_refusal_says_the_sentence_of_the_rule():
    refusal = PermissionDenied("这一页由区安委办使用,如需办理请联系区安委办。")

    response = errors.permission_denied(RequestFactory().get("/"), refusal)

    assert response.status_code == 403
    assert "这一页由区安委办使用" in response.content.decode()


def test_a_failure_shows_the_number_that_the_log_holds(caplog):
    response = errors.server_error(RequestFactory().get("/ledger/"))

    number = re.search(r"故障编号：([0-9a-f]{8})", response.content.decode())
    assert response.status_code == 500
    assert f"incident {number[1]}: GET /ledger/" in caplog.text


def test_an_outdated_form_says_what_to_do(client):
    client.handler.enforce_csrf_checks = True

    response = client.post("/login/", {"username": "x"})

    assert response.status_code == 403
    assert "页面已失效" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/tasks/?q=%00", "/tasks/?%00=1", "/tasks/%00/"])
def test_an_address_that_is_no_text_is_refused_in_chinese(client, address):
    client.force_login(make_user("office-1"))

    response = client.get(address)

    assert response.status_code == 400
    assert "请求无法识别" in response.content.decode()
