"""Settings: production-safe defaults, everything variable comes from the environment.

``.env.example`` lists the variables.  Embedded mode (no ``DATABASE_URL``) keeps all data under
``QINNAN_VAR``; production names its database and queue by ``DATABASE_URL`` and ``REDIS_URL``.
"""

import sqlite3
from datetime import timedelta
from typing import Any

from csp.constants import NONE, SELF

from qinnan_safety.environment import (
    BASE_DIR,
    EMBEDDED,
    VAR_DIR,
    env,
    kept_secret,
    private_dir,
    queue_socket,
    run_dir,
)

private_dir(VAR_DIR)
private_dir(run_dir())

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=EMBEDDED)
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- 应用 ---------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "template_partials",
    "simple_history",
    "qinnan_safety",
    "assessments",
    "inspections",
    "responsibilities",
    "clauses",
    "documents",
    "notices",
    "organizations",
    "common",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "qinnan_safety.middleware.private_answers_middleware",
    "qinnan_safety.middleware.text_only_middleware",
    "qinnan_safety.pacing.pace_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "qinnan_safety.middleware.kept_forms_middleware",
    "qinnan_safety.middleware.session_limits_middleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "organizations.middleware.access_middleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "qinnan_safety.urls"
WSGI_APPLICATION = "qinnan_safety.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qinnan_safety.shell.shell",
            ],
        },
    }
]

# --- 数据库 -------------------------------------------------------------
# Write-ahead logging only where SQLite's fault of 3.7.0–3.51.2 (lost resets) is mended.
_journal = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "DELETE"
DATABASES: dict[str, dict[str, Any]]
if EMBEDDED:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "qinnan.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    f"PRAGMA journal_mode={_journal};PRAGMA synchronous=FULL;"
                    "PRAGMA foreign_keys=ON;"
                ),
            },
        }
    }
else:
    DATABASES = {"default": env.db("DATABASE_URL")}
    DATABASES["default"].update(CONN_MAX_AGE=600, CONN_HEALTH_CHECKS=True)
    # 网页上的语句都短，编译它们比执行还慢。
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c lock_timeout=3s -c idle_in_transaction_session_timeout=60s -c jit=off"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- 登录与会话 ---------------------------------------------------------
AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "qinnan_safety.accounts.AccountBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "qinnan_safety.passwords.LengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "qinnan_safety.passwords.KindsValidator"},
    {"NAME": "qinnan_safety.passwords.ContextWordsValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 30 * 60  # idle; renewed by qinnan_safety.middleware
SESSION_RENEW_EVERY = 60
SESSION_ABSOLUTE_AGE = 12 * 60 * 60
# Confirming an inspection asks for the password again when it was entered longer ago.
CONFIRM_PASSWORD_MINUTES = env.int("CONFIRM_PASSWORD_MINUTES", default=15)
# Townships follow the quarterly inspection by choice: shown in the matrix, never counted missing.
TOWNSHIP_INSPECTIONS = env.bool("TOWNSHIP_INSPECTIONS", default=True)
PASSWORD_RESET_TIMEOUT = 60 * 60

# Five wrong passwords of one account from one address: fifteen minutes' rest.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "qinnan_safety.errors.locked_out"
AXES_CLIENT_IP_CALLABLE = "qinnan_safety.client_address.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
POSTS_PER_MINUTE = 120  # of one address, to what needs no signing in; an office may share one

# --- 传输与页面安全 -----------------------------------------------------
HTTPS = env.bool("HTTPS", default=not EMBEDDED)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "qinnan_session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "qinnan_csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "qinnan_safety.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- 语言与时间 ---------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
QINNAN_TODAY = env.str("QINNAN_TODAY", default="")

# --- 静态文件与上传文件 -------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.is_dir()]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "qinnan_safety.static_files.HashedStaticFiles"},
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists()
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = ["qinnan_safety.upload_limit.LimitedUploadHandler"]
MAX_UPLOAD_BYTES = 50 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
HISTORY_ANCHOR = env.str("HISTORY_ANCHOR", default=str(VAR_DIR / "anchor" / "history.jsonl"))
FIXTURES_DIR = BASE_DIR / "fixtures"

# --- 公文 ---
# 印在公文上供核验的网址，没有设时是本机启动的那个端口
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}")
DOCUMENT_ISSUER = env.str("DOCUMENT_ISSUER", default="钦州市钦南区安全生产委员会办公室")
DOCUMENT_NUMBER_PREFIX = env.str("DOCUMENT_NUMBER_PREFIX", default="钦南安委办")
SIGN_CERTIFICATE = env.str("SIGN_CERTIFICATE", default="")  # 签发件用的证书（PKCS#12），可不设
SIGN_PASSWORD = env.str("SIGN_PASSWORD", default="")
DOCUMENT_FONTS_DIR = VAR_DIR / "fonts"  # 单位自有的公文字体放在这里

# --- 队列 ---------------------------------------------------------------
_redis_url = env.str("REDIS_URL", default="")
QUEUE_URL = _redis_url or f"unix://{queue_socket()}"
CELERY_BROKER_URL = _redis_url or f"redis+socket://{queue_socket()}"
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "qinnan"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,  # three times the hard limit, so no running task starts twice
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "qinnan_safety.beat:Scheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 10
CELERY_BEAT_SCHEDULE_FILENAME = str(run_dir() / "celerybeat-schedule")

# --- 提醒的渠道 -------------------------------------------------------
NOTICE_EMAIL = bool(env.str("EMAIL_URL", default=""))
if NOTICE_EMAIL:
    globals().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="qinnan-safety@localhost")
NOTICE_APPRISE_URLS = env.list("NOTICE_APPRISE_URLS", default=[])
NOTICE_SMS_URL = env.str("NOTICE_SMS_URL", default="")
NOTICE_WEBHOOK_URL = env.str("NOTICE_WEBHOOK_URL", default="")
NOTICE_WEBHOOK_SECRET = env.str("NOTICE_WEBHOOK_SECRET", default="")

# --- 日志 ---------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django": {"handlers": [], "level": env.str("LOG_LEVEL", default="WARNING")},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
