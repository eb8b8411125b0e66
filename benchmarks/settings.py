"""Settings of a measurement: the product's own, on plain HTTP with a fixed business date."""

from qinnan_safety.settings import *  # noqa: F403

DEBUG = False
HTTPS = SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "qinnan_session", "qinnan_csrf"
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
QINNAN_TODAY = "2019-09-18"
ROOT_URLCONF = "benchmarks.urls"
