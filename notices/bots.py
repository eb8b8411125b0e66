"""Group robots of 企业微信、钉钉 and 飞书, whose verdict stands in the answer's body.

All three answer 200 to what they refuse (a wrong key, too many messages a minute); the number in
the answer says whether they took it, and its words go on record.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, quote_plus
from urllib.request import Request, urlopen

from common.clock import reading
from notices.exceptions import ChannelError, Unanswered

TIMEOUT = 10


@dataclass(frozen=True)
class Bot:
    """One kind of robot: its name, where it is called, what it is sent, and how it answers."""

    name: str
    address: str
    payload: Callable[[str], Mapping[str, Any]]
    verdict: str
    words: str


def _text(body: str) -> Mapping[str, Any]:
    return {"msgtype": "text", "text": {"content": body}}


def _feishu_text(body: str) -> Mapping[str, Any]:
    return {"msg_type": "text", "content": {"text": body}}


BOTS = {
    "wecombot": Bot(
        "企业微信",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={token}",
        _text,
        "errcode",
        "errmsg",
    ),
    "dingtalk": Bot(
        "钉钉",
        "https://oapi.dingtalk.com/robot/send?access_token={token}",
        _text,
        "errcode",
        "errmsg",
    ),
    "feishu": Bot(
        "飞书",
        "https://open.feishu.cn/open-apis/bot/v2/hook/{token}",
        _feishu_text,
        "code",
        "msg",
    ),
}


def post_json(address: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Post and return the beginning of the answer. Raises: Unanswered; ChannelError."""
    request = Request(address, data=body, headers=dict(headers))  # noqa: S310 - set by the operator
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return bytes(answer.read(4096))
    except HTTPError as error:
        raise ChannelError(f"对方没有收下：{error.code} {error.reason}") from error
    except URLError as error:
        raise ChannelError(f"对方没有收下：{error.reason}") from error
    except (OSError, HTTPException) as error:
        raise Unanswered(f"对方 {TIMEOUT} 秒内没有回答，不知道是否送到") from error


def tell_bot(scheme: str, rest: str, body: str) -> None:
    """Tell the robot of ``scheme://[secret@]token``. Raises: Unanswered; ChannelError."""
    bot = BOTS[scheme]
    secret, _, token = rest.strip("/").rpartition("@")
    address = bot.address.format(token=quote(token, safe=""))
    if secret and scheme == "dingtalk":
        address += _dingtalk_signature(secret)
    sent = json.dumps(bot.payload(body), ensure_ascii=False).encode()
    answer = post_json(address, sent, {"Content-Type": "application/json; charset=utf-8"})
    try:
        said = json.loads(answer)
        code, words = said[bot.verdict], str(said.get(bot.words, ""))
    except (ValueError, KeyError, TypeError) as error:
        raise Unanswered(f"{bot.name}的回答看不懂，不知道是否送到") from error
    if code != 0:
        raise ChannelError(f"{bot.name}没有收下：{code} {words}")


def _dingtalk_signature(secret: str) -> str:
    """Sign the moment, as a robot with 加签 wants it."""
    moment = round(reading().wall * 1000)  # the real time, also where the business date is set
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={moment}&sign={quote_plus(base64.b64encode(digest))}"
