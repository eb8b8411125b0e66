"""System checks: combinations of settings that must not go live."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from qinnan_safety.environment import EMBEDDED, env


@register()
def check_settings(**_options: Any) -> list[CheckMessage]:
    """Refuse settings that contradict each other."""
    return [message for check in (_time, _business_date, _production) for message in check()]


def _time() -> list[CheckMessage]:
    if settings.TIME_ZONE != "Asia/Shanghai" or not settings.USE_TZ:
        return [Error("时区必须是 Asia/Shanghai，并启用带时区的时间。", id="qinnan.E001")]
    return []


def _business_date() -> list[CheckMessage]:
    if not settings.QINNAN_TODAY:
        return []
    try:
        date.fromisoformat(settings.QINNAN_TODAY)
    except ValueError:
        return [Error("QINNAN_TODAY 应写成 2026-09-30 这样的日期。", id="qinnan.E002")]
    return []


def _production() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.SECRET_KEY.startswith("django-insecure-") or len(settings.SECRET_KEY) < 50:
        found.append(
            Error("SECRET_KEY 太短或是示例值，请换成 50 位以上的随机字符。", id="qinnan.E003")
        )
    if EMBEDDED:
        return found
    if not env.str("SECRET_KEY", default=""):
        found.append(
            Error("正式部署（DATABASE_URL）须设置 SECRET_KEY，各主机保持一致。", id="qinnan.E004")
        )
    if not env.str("REDIS_URL", default=""):
        found.append(Error("正式部署（DATABASE_URL）须设置 REDIS_URL。", id="qinnan.E005"))
    if settings.DEMO:
        found.append(Warning("正式部署不应设置 DEMO=1。", id="qinnan.W001"))
    return found + _addresses()


def _addresses() -> list[CheckMessage]:
    """What others follow from outside: codes on documents, links in reminders, the redirect."""
    found: list[CheckMessage] = []
    if urlsplit(settings.SITE_URL).hostname in {None, "127.0.0.1", "localhost"}:
        words = "SITE_URL 不是对外网址：公文上的核验二维码和提醒里的链接，别人打不开。"
        found.append(Warning(words, id="qinnan.W002"))
    if settings.HTTPS and not settings.TRUSTED_PROXY_COUNT:
        words = "HTTPS=1 而 TRUSTED_PROXY_COUNT=0：代理转来的请求会一直跳转，请写明前面有几层代理。"
        found.append(Warning(words, id="qinnan.W003"))
    return found
