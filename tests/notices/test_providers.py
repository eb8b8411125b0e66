"""From a reminder to a receipt over real HTTP: robots, a gateway for SMS, and a signed webhook."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from common.clock import morning_of
from notices import bots
from notices.enums import DeliveryState
from notices.models import Delivery
from notices.services.delivering import deliver_notices
from notices.services.managing import resend_delivery
from notices.services.outbox import send_parcels
from notices.services.planning import plan_notices
from notices.services.preferences import Reach, set_reach
from tests.builders import TODAY

pytestmark = pytest.mark.django_db
NINE = morning_of(TODAY)
TEXT = "李科员：【区安委办】23-01 建立信息平台，9月30日前，请报进展或申请延期。"
LINK = "https://anquan.example.org/plan/"
SMS = f"{TEXT.removeprefix('李科员：')} {LINK}"
# 各家的回答：先拒收（都答 200），再收下。
WECOM_BUSY = {"errcode": 45009, "errmsg": "api freq out of limit"}
DING_REFUSES = {"errcode": 310000, "errmsg": "keywords not in content"}
FEISHU_REFUSES = {"code": 9499, "msg": "Bad Request", "data": {}}
TOOK = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}


class Provider(ThreadingHTTPServer):
    """Keeps what it gets and answers as it is told: a status, a body, and after how long."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status, self.answer, self.delay = 200, TOOK, 0.0

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @contextmanager
    def keeping_silent(self) -> Iterator[None]:
        """Answers later than the sender waits, who otherwise has all the time of a slow machine."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(bots, "TIMEOUT", 1)
            patch.setattr(self, "delay", 3.0)
            yield


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.server.answer).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def provider(monkeypatch, settings) -> Iterator[Provider]:
    """Stands for every provider: the robots' addresses lead here instead of to their hosts."""
    made = Provider()
    thread = Thread(target=made.serve_forever, daemon=True)
    thread.start()
    for scheme, bot in bots.BOTS.items():
        path = bot.address.partition("://")[2].partition("/")[2]
        moved = replace(bot, address=f"http://{made.place}/{path}")
        monkeypatch.setitem(bots.BOTS, scheme, moved)
    settings.SITE_URL = "https://anquan.example.org/"
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def reminder(people, duties) -> None:
    duties.add_quarter(1, people.zjj)


def remind() -> None:
    plan_notices(at=NINE, today=TODAY)
    deliver_notices(at=NINE, today=TODAY)


def send(at: datetime = NINE) -> int:
    return send_parcels(lambda: at)


def receipt() -> tuple[str, int, str]:
    """The state of the only delivery, how often it was tried, and what is on record."""
    row = Delivery.objects.get()
    return row.state, row.attempts, row.last_error


@pytest.mark.parametrize(
    ("address", "path", "body", "refusal", "words"),
    [
        (
            "wecombot://KeyOfTheGroup",
            "/cgi-bin/webhook/send?key=KeyOfTheGroup",
            {"msgtype": "text", "text": {"content": f"{TEXT}\n{LINK}"}},
            WECOM_BUSY,
            "企业微信没有收下：45009 api freq out of limit",
        ),
        (
            "dingtalk://TokenOfTheGroup",
            "/robot/send?access_token=TokenOfTheGroup",
            {"msgtype": "text", "text": {"content": f"{TEXT}\n{LINK}"}},
            DING_REFUSES,
            "钉钉没有收下：310000 keywords not in content",
        ),
        (
            "feishu://TokenOfTheGroup",
            "/open-apis/bot/v2/hook/TokenOfTheGroup",
            {"msg_type": "text", "content": {"text": f"{TEXT}\n{LINK}"}},
            FEISHU_REFUSES,
            "飞书没有收下：9499 Bad Request",
        ),
    ],
)
def test_a_robot_that_refuses_with_200_is_tried_again_and_then_leaves_a_receipt(
    provider, reminder, settings, address, path, body, refusal, words
):
    settings.NOTICE_APPRISE_URLS = [address]
    remind()
    provider.answer = refusal
    assert (send(), receipt()) == (0, (DeliveryState.WAITING, 1, words))
    assert send(NINE + timedelta(seconds=59)) == 0  # 一分钟以后再试

    provider.answer = TOOK
    at = NINE + timedelta(minutes=1)
    assert (send(at), receipt()) == (1, (DeliveryState.SENT, 2, ""))
    assert Delivery.objects.get().sent_at == at
    assert [(got, json.loads(sent)) for got, _, sent in provider.got] == [(path, body)] * 2
    assert (send(at + timedelta(days=1)), len(provider.got)) == (0, 2)


def test_dingtalk_is_signed_with_the_moment_when_its_robot_wants_it(provider, reminder, settings):
    settings.NOTICE_APPRISE_URLS = ["dingtalk://SECxyz@token"]
    remind()
    assert send() == 1

    asked = {k: v[0] for k, v in parse_qs(urlsplit(provider.got[0][0]).query).items()}
    text = f"{asked['timestamp']}\nSECxyz".encode()
    expected = base64.b64encode(hmac.new(b"SECxyz", text, hashlib.sha256).digest()).decode()
    assert (asked["access_token"], asked["sign"]) == ("token", expected)
    assert abs(int(asked["timestamp"]) / 1000 - time.time()) < 60


def test_feishu_is_signed_in_the_body_when_its_robot_wants_it(provider, reminder, settings):
    settings.NOTICE_APPRISE_URLS = ["feishu://Secret-xyz@token"]
    remind()
    assert send() == 1

    path, _, sent = provider.got[0]
    body = json.loads(sent)
    key = f"{body['timestamp']}\nSecret-xyz".encode()  # 时间戳和密钥作密钥，签的是空串
    expected = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert (path, body["sign"]) == ("/open-apis/bot/v2/hook/token", expected)
    assert (body["msg_type"], body["content"]) == ("text", {"text": f"{TEXT}\n{LINK}"})
    assert abs(int(body["timestamp"]) - time.time()) < 60


def test_a_robot_that_never_answers_is_left_to_the_office_and_not_told_twice(
    provider, people, reminder, settings
):
    settings.NOTICE_APPRISE_URLS = ["wecombot://key"]
    remind()
    uncertain = (DeliveryState.UNCERTAIN, 1, "对方 1 秒内没有回答，不知道是否送到")
    with provider.keeping_silent():
        assert (send(), receipt()) == (0, uncertain)
    assert (send(NINE + timedelta(days=1)), len(provider.got)) == (0, 1)

    resend_delivery(Delivery.objects.get(), actor=people.office, at=NINE)
    assert (send(), receipt()[0], len(provider.got)) == (1, DeliveryState.SENT, 2)


@pytest.mark.parametrize(
    ("gateway", "path", "told"),
    [
        (
            "form://{place}/send?:mobile={{phone}}&:account=qinnan&:message=content"
            "&:version=&:title=&:type=",
            "/send",
            lambda body: (
                {name: value[0] for name, value in parse_qs(body.decode()).items()}
                == {"mobile": "13907770001", "account": "qinnan", "content": SMS}
            ),
        ),
        (
            "smseagle://token@{place}/{{phone}}",
            "/jsonrpc/sms",
            lambda body: (
                json.loads(body)["params"].items()
                >= {"access_token": "token", "to": "13907770001", "message": SMS}.items()
            ),
        ),
    ],
)
def test_a_text_message_goes_to_the_persons_own_mobile_and_to_nobody_without_one(
    provider, people, duties, settings, gateway, path, told
):
    settings.NOTICE_SMS_URL = gateway.format(place=provider.place)
    set_reach(Reach(mobile="13907770001"), version=0, actor=people.liaison, at=NINE)
    duties.add_quarter(1, people.zjj)
    duties.add_quarter(2, people.jtj)
    remind()
    provider.status = 503
    why = "短信网关没有收下，请检查地址和网络。"
    assert (send(), receipt()) == (0, (DeliveryState.WAITING, 1, why))

    provider.status, provider.answer = 200, {"result": {"message_id": 7, "status": "ok"}}
    assert (send(NINE + timedelta(minutes=1)), receipt()) == (1, (DeliveryState.SENT, 2, ""))
    (_, (got, _, body)) = provider.got
    assert got.rstrip("/") == path
    assert told(body)


def test_who_took_the_number_back_gets_no_text_message(provider, people, reminder, settings):
    settings.NOTICE_SMS_URL = f"form://{provider.place}/send?:mobile={{phone}}"
    set_reach(Reach(mobile="13907770001"), version=0, actor=people.liaison, at=NINE)
    remind()
    set_reach(Reach(), version=1, actor=people.liaison, at=NINE)

    assert (send(), receipt()[0], provider.got) == (0, DeliveryState.CANCELLED, [])


def test_a_message_that_one_of_two_groups_took_is_shown_and_not_doubled(
    provider, reminder, settings
):
    settings.NOTICE_APPRISE_URLS = [f"json://{provider.place}/taken", "json://127.0.0.1:1/"]
    remind()

    assert send() == 0
    state, _, why = receipt()
    assert state == DeliveryState.UNCERTAIN
    assert why.startswith("第 2 个没有收下，其余已收下")
    assert (send(NINE + timedelta(days=9)), len(provider.got)) == (0, 1)


def test_a_service_that_is_down_is_tried_six_times_in_a_day_and_then_given_up(
    provider, reminder, settings
):
    settings.NOTICE_APPRISE_URLS = [f"json://{provider.place}/sms"]
    remind()
    provider.status = 503
    at, tried = NINE, []
    for minutes in (0, 1, 5, 30, 120, 720):
        at += timedelta(minutes=minutes)
        assert send(at) == 0
        tried.append(receipt()[:2])

    waiting = [(DeliveryState.WAITING, n) for n in range(1, 6)]
    assert tried == [*waiting, (DeliveryState.FAILED, 6)]
    assert receipt()[2] == "群机器人没有收下，请检查地址和网络。"
    assert (send(at + timedelta(days=9)), len(provider.got)) == (0, 6)
    path, _, body = provider.got[0]
    assert (path.rstrip("/"), json.loads(body)["message"]) == ("/sms", f"{TEXT}\n{LINK}")


def test_a_program_that_never_answers_gets_the_same_number_again(provider, reminder, settings):
    settings.NOTICE_WEBHOOK_URL = f"http://{provider.place}/qinnan"
    settings.NOTICE_WEBHOOK_SECRET = "secret"
    remind()
    with provider.keeping_silent():
        assert (send(), receipt()[0]) == (0, DeliveryState.WAITING)
    assert send(NINE + timedelta(minutes=1)) == 1

    (first, again) = provider.got
    assert first[1]["X-Qinnan-Id"] == again[1]["X-Qinnan-Id"]
    for _, headers, body in provider.got:
        signed = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
        assert headers["X-Qinnan-Signature"] == f"sha256={signed}"
