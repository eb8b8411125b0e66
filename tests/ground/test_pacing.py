"""Doors that stand open to everybody are not to be knocked at without end."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qinnan_safety.pacing import ADDRESSES, Pace
from tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_one_address_tries_three_passwords_a_minute_and_no_fourth(settings):
    settings.POSTS_PER_MINUTE = 3
    make_user("lim")
    client = Client()

    answers = [client.post("/login/", {"username": "x", "password": "y"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "请过一分钟再试" in answers[3].content.decode()
    assert answers[3]["Retry-After"] == "60"
    assert "default-src 'self'" in answers[3]["Content-Security-Policy"]
    assert client.get("/login/").status_code == 200
    neighbour = Client(REMOTE_ADDR="10.0.0.2")
    assert neighbour.post("/login/", {"username": "lim", "password": PASSWORD}).url == "/"


def test_files_to_verify_count_too(settings):
    settings.POSTS_PER_MINUTE = 1
    client = Client()

    def send():
        return client.post("/verify/ABCD", {"file": SimpleUploadedFile("a.pdf", b"%PDF-")})

    assert [send().status_code, send().status_code] == [404, 429]


def test_an_address_is_let_in_again_when_its_minute_is_over():
    pace = Pace()

    allowed = [pace.allows("a", limit=2, moment=moment) for moment in (0, 1, 59, 60, 60.5, 61)]

    # 第 0、1 秒两次；第 59 秒满；第 60 秒时头一次已过一分钟，让进；第 60.5 秒满；第 61 秒又让进。
    assert allowed == [True, True, False, True, False, True]


def test_the_memory_does_not_grow_with_the_visitors():
    pace = Pace()

    for number in range(ADDRESSES * 2 + 1):
        pace.allows(str(number), limit=1, moment=0)

    assert len(pace._asked) <= ADDRESSES
