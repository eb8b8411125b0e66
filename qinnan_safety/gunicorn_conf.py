"""Configuration of the web server, embedded and in production: ``gunicorn -c <this file>``."""

from pathlib import Path
from typing import Any

from qinnan_safety.environment import VAR_DIR, env
from qinnan_safety.processes import die_with_parent

wsgi_app = "qinnan_safety.wsgi:application"
bind = f"{env.str('HOST', default='127.0.0.1')}:{env.int('PORT', default=8000)}"
workers = env.int("WEB_WORKERS", default=2)
threads = env.int("WEB_THREADS", default=4)
worker_class = "gthread"
preload_app = True  # the workers share the memory of what the master loaded
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else str(VAR_DIR)  # noqa: S108
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
loglevel = "warning"
control_socket_disable = True
proc_name = "qinnan-web"


def post_fork(server: Any, worker: Any) -> None:
    """A worker never outlives the master, however the master ends."""
    die_with_parent()
