"""Settings of the tests: nothing of the developer's environment, nothing that leaves the process.

``TEST_DATABASE_URL`` puts the suite on PostgreSQL, ``TEST_REDIS_URL`` adds the tests that need a
real queue; ``scripts/test.sh`` sets both.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_var = Path(tempfile.mkdtemp(prefix="qinnan-test-"))
atexit.register(shutil.rmtree, _var, ignore_errors=True)

for _name in ("DATABASE_URL", "REDIS_URL", "DEBUG", "ALLOWED_HOSTS", "TRUSTED_PROXY_COUNT"):
    os.environ.pop(_name, None)
os.environ.update(
    QINNAN_ENV_FILE=os.devnull,
    QINNAN_VAR=str(_var),
    QINNAN_TODAY="2019-09-18",
    SECRET_KEY="tests-only-" + "0123456789" * 5,
    DEMO="0",
    HTTPS="0",
)
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
if "TEST_REDIS_URL" in os.environ:
    os.environ["REDIS_URL"] = os.environ["TEST_REDIS_URL"]

from qinnan_safety.settings import *  # noqa: E402, F403
from qinnan_safety.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

if "TEST_DATABASE_URL" in os.environ:
    # A world that stands for a module keeps its transaction open while other tests run.
    DATABASES["default"]["OPTIONS"]["options"] = "-c lock_timeout=3s"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = False
AXES_ENABLED = False  # the tests of the lock-out turn it on
POSTS_PER_MINUTE = 1_000_000  # the tests of the pace lower it
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
