"""What each channel puts on the wire."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core import mail

from notices.channels import Mail, Parcel, Robot, Webhook, channels
from notices.exceptions import ChannelError, PartlyTaken
from notices.models import NoticePreference

PARCEL = Parcel(
    key="k1",
    person="李科员",
    email="li@example.org",
    phone="0777-2100001",
    text="【区安委办】您有 2 条提醒，请登录办理。",
    lines=["第一条", "第二条"],
    url="https://anquan.example.org/notices/",
)


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    """A small program of the district that keeps what it gets and answers as it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.got.append((dict(self.headers), body))
            self.send_response(self.server.status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    made = HTTPServer(("127.0.0.1", 0), Handler)
    made.got, made.status = [], 200
    thread = Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_mail_has_the_text_as_its_subject_and_a_number_that_follows_from_the_key(settings):
    settings.SITE_URL = "https://anquan.example.org/"

    Mail().send(PARCEL)

    (sent,) = mail.outbox
    assert (sent.subject, sent.to) == (PARCEL.text, ["li@example.org"])
    assert sent.body == "第一条\n第二条\n\nhttps://anquan.example.org/notices/"
    assert sent.extra_headers["Message-ID"] == "<k1@anquan.example.org>"
    assert not Mail().reaches(NoticePreference())
    assert Mail().reaches(NoticePreference(email="li@example.org"))


def test_a_pushed_message_is_signed_over_its_body(server):
    Webhook(f"http://127.0.0.1:{server.server_port}/", "secret").send(PARCEL)

    ((headers, body),) = server.got
    expected = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert headers["X-Qinnan-Signature"] == f"sha256={expected}"
    assert json.loads(body) == {
        "id": "k1",
        "person": "李科员",
        "phone": "0777-2100001",
        "text": PARCEL.text,
        "url": PARCEL.url,
    }


def test_a_program_that_refuses_is_told_apart_from_one_that_took_it(server):
    server.status = 500

    with pytest.raises(ChannelError, match="对方没有收下"):
        Webhook(f"http://127.0.0.1:{server.server_port}/", "s").send(PARCEL)


def test_a_robot_names_the_person_and_the_one_that_did_not_take_it(server):
    good = f"json://127.0.0.1:{server.server_port}/"

    with pytest.raises(PartlyTaken, match="第 2 个没有收下，其余已收下"):
        Robot([good, "json://127.0.0.1:1/"]).send(PARCEL)

    ((_, body),) = server.got
    assert json.loads(body)["message"] == f"李科员：{PARCEL.text}\n{PARCEL.url}"
    with pytest.raises(ChannelError, match="没有收下"):
        Robot(["json://127.0.0.1:1/"]).send(PARCEL)
    with pytest.raises(ChannelError, match="认不出"):
        Robot(["nothing-known"]).send(PARCEL)


@pytest.mark.parametrize(
    "address",
    ["wecombot://0f6d0c6b-7a2b-4b61-9f3d-3a1f5c1e2d3c", "dingtalk://0123456789abcdef", "feishu://0123456789abcdef"],
)  # fmt: skip
def test_the_addresses_of_the_example_are_known(address):
    from apprise import Apprise

    assert Apprise().add(address)


def test_only_what_is_configured_is_used(settings):
    assert channels() == ()
    settings.NOTICE_EMAIL, settings.NOTICE_APPRISE_URLS = True, ["json://127.0.0.1:1/"]
    settings.NOTICE_SMS_URL = "form://127.0.0.1:1/?:mobile={phone}"
    settings.NOTICE_WEBHOOK_URL = "http://127.0.0.1:1/"

    assert [way.code for way in channels()] == ["email", "robot", "sms", "webhook"]
