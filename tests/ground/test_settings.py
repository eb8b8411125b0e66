"""Settings that protect by default, and words when they contradict each other."""

import os
import stat

import pytest
from django.core.exceptions import ValidationError

from qinnan_safety import checks
from qinnan_safety.environment import kept_secret, private_dir
from qinnan_safety.passwords import ContextWordsValidator, KindsValidator


def ids(settings):
    return [message.id for message in checks.check_settings()]


SITE = "https://anquan.example.gov.cn"


def test_the_test_settings_pass_the_checks(settings):
    settings.SITE_URL = SITE

    assert ids(settings) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TIME_ZONE", "UTC", "qinnan.E001"),
        ("QINNAN_TODAY", "2026年9月30日", "qinnan.E002"),
        ("SECRET_KEY", "short", "qinnan.E003"),
        ("SECRET_KEY", "django-insecure-" + "x" * 50, "qinnan.E003"),
    ],
)
def test_a_contradiction_is_named(settings, name, value, expected):
    settings.SITE_URL = SITE
    setattr(settings, name, value)

    assert ids(settings) == [expected]


def test_production_needs_its_own_key_and_queue(settings, monkeypatch):
    monkeypatch.setattr(checks, "EMBEDDED", False)
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    settings.DEMO = True
    settings.SITE_URL = SITE

    assert ids(settings) == ["qinnan.E004", "qinnan.E005", "qinnan.W001"]


def test_production_is_warned_of_addresses_that_others_cannot_follow(settings, monkeypatch):
    monkeypatch.setattr(checks, "EMBEDDED", False)
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1/0")
    settings.DEMO, settings.HTTPS = False, True
    settings.SITE_URL, settings.TRUSTED_PROXY_COUNT = "http://127.0.0.1:8000", 0

    assert ids(settings) == ["qinnan.W002", "qinnan.W003"]

    settings.SITE_URL, settings.TRUSTED_PROXY_COUNT = "https://anquan.example.gov.cn", 1

    assert ids(settings) == []


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    first = kept_secret(tmp_path / "secret_key")

    assert kept_secret(tmp_path / "secret_key") == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret_key"]  # noqa: PTH208 - hidden files count too


def test_the_data_directory_is_closed_to_others(tmp_path):
    (tmp_path / "var").mkdir(mode=0o755)

    private_dir(tmp_path / "var")

    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


@pytest.mark.parametrize("password", ["correct-horse-7", "Correcthorse7", "CORRECT horse"])
def test_three_kinds_of_characters_are_enough(password):
    KindsValidator().validate(password)


@pytest.mark.parametrize("password", ["correcthorse7", "CORRECT-HORSE", "一二三四五六七八九十"])
def test_two_kinds_of_characters_are_too_few(password):
    with pytest.raises(ValidationError, match="至少三类"):
        KindsValidator().validate(password)


@pytest.mark.parametrize("password", ["QinNan-2026-x", "我在钦南Ab1", "xxAQSC2026!"])
def test_words_of_the_district_are_refused(password):
    with pytest.raises(ValidationError, match="容易猜到的词"):
        ContextWordsValidator().validate(password)
