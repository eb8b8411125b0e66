"""Ways out of the platform: e-mail, group robots, text messages, a signed webhook.

What is configured is in the settings; with none of it set the platform's own pages are the only
channel, and everything else works the same.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from notices.bots import BOTS, post_json, tell_bot
from notices.enums import Way
from notices.exceptions import ChannelError, PartlyTaken, Unanswered
from notices.models import NoticePreference

PHONE = "{phone}"  # 短信网关地址里收件人手机号的位置


@dataclass(frozen=True)
class Parcel:
    """One message for one person: ``key`` stays the same however often it is tried."""

    key: str
    person: str
    email: str
    phone: str
    text: str
    lines: Sequence[str]
    url: str


class Channel(Protocol):
    """A way out. ``is_repeatable``: sending the same key twice shows one message."""

    code: Way
    is_repeatable: bool

    def reaches(self, preference: NoticePreference) -> bool: ...

    def send(self, parcel: Parcel) -> None: ...


class Mail:
    """E-mail by SMTP; the message number follows from the key, so that a repeat is recognised."""

    code, is_repeatable = Way.EMAIL, True

    def reaches(self, preference: NoticePreference) -> bool:
        return bool(preference.email)

    def send(self, parcel: Parcel) -> None:
        host = urlsplit(settings.SITE_URL).hostname or "qinnan.local"
        mail = EmailMessage(
            subject=parcel.text,
            body="\n".join([*parcel.lines, "", parcel.url]),
            to=[parcel.email],
            headers={"Message-ID": f"<{parcel.key}@{host}>"},
        )
        try:
            mail.send()
        except OSError as error:
            raise ChannelError(f"邮件服务器没有收下：{error}") from error


class Robot:
    """Group robots of 企业微信、钉钉、飞书, and whatever else apprise knows."""

    code, is_repeatable = Way.ROBOT, False

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    def reaches(self, preference: NoticePreference) -> bool:
        return True

    def send(self, parcel: Parcel) -> None:
        """Tell every address.

        Raises: ChannelError when none took it; PartlyTaken when some did, so that it is shown
        to the office and not tried again by itself.
        """
        body = f"{parcel.person}：{parcel.text}\n{parcel.url}"
        errors: dict[int, ChannelError] = {}
        for number, address in enumerate(self._addresses, start=1):
            try:
                self._tell(address, body)
            except ChannelError as error:
                errors[number] = error
        whys = list(errors.values())
        if len(errors) == len(self._addresses):
            raise next((error for error in whys if isinstance(error, Unanswered)), whys[0])
        if errors:
            which = "、".join(f"第 {number} 个" for number in errors)
            raise PartlyTaken(f"{which}没有收下，其余已收下，再投递会全部重发：{whys[0].message}")

    @staticmethod
    def _tell(address: str, body: str) -> None:
        scheme, _, rest = address.partition("://")
        if scheme in BOTS:
            tell_bot(scheme, rest, body)
        else:
            tell_service("群机器人", address, body)


class Sms:
    """Text messages to a person's own mobile, through a gateway that apprise knows."""

    code, is_repeatable = Way.SMS, False

    def __init__(self, address: str) -> None:
        self._address = address

    def reaches(self, preference: NoticePreference) -> bool:
        return bool(preference.mobile)

    def send(self, parcel: Parcel) -> None:
        address = self._address.replace(PHONE, parcel.phone)
        tell_service("短信网关", address, f"{parcel.text} {parcel.url}")


def tell_service(name: str, address: str, body: str) -> None:
    """Send words by one of the services of apprise. Raises: ChannelError."""
    from apprise import Apprise, NotifyFormat  # knows 100 services: loaded when one is set

    way = Apprise()
    if not way.add(address):
        raise ChannelError(f"{name}的地址认不出，请对照 .env.example 核对。")
    if not way.notify(body=body, body_format=NotifyFormat.TEXT):
        raise ChannelError(f"{name}没有收下，请检查地址和网络。")


class Webhook:
    """A JSON message to a program of the district, signed so that it can tell who sent it."""

    code, is_repeatable = Way.WEBHOOK, True

    def __init__(self, address: str, secret: str) -> None:
        self._address, self._secret = address, secret

    def reaches(self, preference: NoticePreference) -> bool:
        return True

    def send(self, parcel: Parcel) -> None:
        body = json.dumps(
            {
                "id": parcel.key,
                "person": parcel.person,
                "phone": parcel.phone,
                "text": parcel.text,
                "url": parcel.url,
            },
            ensure_ascii=False,
        ).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Qinnan-Id": parcel.key,
            "X-Qinnan-Signature": f"sha256={signature(self._secret, body)}",
        }
        post_json(self._address, body, headers)


def signature(secret: str, body: bytes) -> str:
    """Sign a body: HMAC-SHA-256 in hexadecimal."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def channels() -> tuple[Channel, ...]:
    """Return the channels that are configured, in the order in which they are tried."""
    found: list[Channel] = []
    if settings.NOTICE_EMAIL:
        found.append(Mail())
    if settings.NOTICE_APPRISE_URLS:
        found.append(Robot(settings.NOTICE_APPRISE_URLS))
    if settings.NOTICE_SMS_URL:
        found.append(Sms(settings.NOTICE_SMS_URL))
    if settings.NOTICE_WEBHOOK_URL:
        found.append(Webhook(settings.NOTICE_WEBHOOK_URL, settings.NOTICE_WEBHOOK_SECRET))
    return tuple(found)
