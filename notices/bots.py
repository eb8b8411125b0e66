"""Group robots of 企业微信、钉钉 and 飞书, whose verdict stands in the answer's body.

All three answer 200 to what they refuse (a wrong key, too many messages a minute); the number in
the answer says whether they took it, and its words go on record.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, quote_plus
from urllib.request import Request, urlopen

from common.clock import reading
from notices.exceptions import ChannelError, Unanswered

TIMEOUT = 10


@dataclass(frozen=True)
class Signed:
    """What proves to a robot that the message is the platform's: a piece of the address, or fields
    of the body."""

    query: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Bot:
    """One kind of robot: its name, where it is called, what it is sent, how it answers, and how a
    secret signs, for those that can be told to want it."""

    name: str
    address: str
    payload: Callable[[str], Mapping[str, Any]]
    verdict: str
    words: str
    sign: Callable[[str], Signed] | None = None


def _text(body: str) -> Mapping[str, Any]:
    return {"msgtype": "text", "text": {"content": body}}


def _feishu_text(body: str) -> Mapping[str, Any]:
    return {"msg_type": "text", "content": {"text": body}}


def _dingtalk_signed(secret: str) -> Signed:
    """Sign the moment in milliseconds with the secret (加签)."""
    moment = _moment(1000)
    sign = _hmac(secret, f"{moment}\n{secret}")
    return Signed(query=f"&timestamp={moment}&sign={quote_plus(sign)}")


def _feishu_signed(secret: str) -> Signed:
    """Sign nothing with the moment in seconds and the secret (签名校验); good for an hour."""
    moment = _moment(1)
    return Signed(fields={"timestamp": moment, "sign": _hmac(f"{moment}\n{secret}", "")})


def _moment(parts: int) -> str:
    return str(round(reading().wall * parts))  # the real time, also where the business date is set


def _hmac(key: str, words: str) -> str:
    digest = hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


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
        _dingtalk_signed,
    ),
    "feishu": Bot(
        "飞书",
        "https://open.feishu.cn/open-apis/bot/v2/hook/{token}",
        _feishu_text,
        "code",
        "msg",
        _feishu_signed,
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
    signed = bot.sign(secret) if secret and bot.sign else Signed()
    address = bot.address.format(token=quote(token, safe="")) + signed.query
    sent = json.dumps({**signed.fields, **bot.payload(body)}, ensure_ascii=False).encode()
    answer = post_json(address, sent, {"Content-Type": "application/json; charset=utf-8"})
    try:
        said = json.loads(answer)
        code, words = said[bot.verdict], str(said.get(bot.words, ""))
    except (ValueError, KeyError, TypeError) as error:
        raise Unanswered(f"{bot.name}的回答看不懂，不知道是否送到") from error
    if code != 0:
        raise ChannelError(f"{bot.name}没有收下：{code} {words}")
