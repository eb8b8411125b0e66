"""Run the parts of the platform as one tree: queue, worker, scheduler and web site.

``manage.py serve`` prepares the data and then becomes this program, which knows nothing of Django
and therefore stays small.  Parts that end are started again, later and later; parts end with the
supervisor, however it ends; Ctrl-C stops the web site first and the queue last.
"""

import argparse
import os
import selectors
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from qinnan_safety.processes import die_with_parent

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between an end and the next start
STEADY_AFTER = 30.0  # seconds after which a part counts as steady again
STOP_WITHIN = 12.0  # seconds a part gets to end by itself
TICK = 0.2
WORKER_OPTIONS = (
    *("--loglevel", "WARNING", "-n", "qinnan@%h"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)
BEAT_OPTIONS = ("--loglevel", "WARNING", "--pidfile=")


@dataclass
class Part:
    """One program of the platform."""

    label: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0  # seconds that it leaves the processors to the parts before it
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause: float = FIRST_PAUSE
    unfinished_line: bytes = b""

    @property
    def runs(self) -> bool:
        return self.process is not None

    def start(self, moment: float) -> IO[bytes]:
        """Start the program and return its output.

        It gets a process group of its own, so that Ctrl-C reaches the supervisor alone.
        """
        reading, writing = os.pipe()
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            env={**os.environ, **self.environment},
            process_group=0,
            preexec_fn=die_with_parent,  # safe: this program has one thread
        )
        os.close(writing)
        self.started_at = moment
        return os.fdopen(reading, "rb", buffering=0)

    def has_ended(self, moment: float) -> int | None:
        """Return the exit status of a program that ended, and set when to start it again."""
        if self.process is None or (status := self.process.poll()) is None:
            return None
        if moment - self.started_at >= STEADY_AFTER:
            self.pause = FIRST_PAUSE
        self.process = None
        self.start_at = moment + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        return status


class Supervisor:
    """Keep the parts running until told to stop."""

    def __init__(self, parts: Sequence[Part], *, say: Callable[[str, str], None]) -> None:
        self.parts = list(parts)
        self.say = say
        self.asked_to_stop = 0
        self._selector = selectors.DefaultSelector()

    def run(self, while_running: Callable[[], None]) -> None:
        """Start and restart parts; call ``while_running`` at every tick; return after the stop."""
        for part in self.parts:
            part.start_at = time.monotonic() + part.delay
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_stop)
        while not self.asked_to_stop:
            self._start_due()
            self._copy_output(TICK)
            self._note_ends()
            while_running()
        self._stop_all()

    def _note_stop(self, _number: int, _frame: object) -> None:
        self.asked_to_stop += 1

    def _start_due(self) -> None:
        moment = time.monotonic()
        for part in self.parts:
            if not part.runs and moment >= part.start_at:
                output = part.start(moment)
                self._selector.register(output, selectors.EVENT_READ, part)

    def _note_ends(self) -> None:
        moment = time.monotonic()
        for part in self.parts:
            status = part.has_ended(moment)
            if status is not None:
                wait = part.start_at - moment
                self.say(
                    "平台", f"{part.label}意外停止（{_reason(status)}），{wait:g} 秒后重新启动。"
                )

    def _copy_output(self, timeout: float) -> None:
        for key, _events in self._selector.select(timeout):
            part: Part = key.data
            chunk = os.read(key.fd, 65536)
            if not chunk:
                self._selector.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]
            *lines, part.unfinished_line = (part.unfinished_line + chunk).split(b"\n")
            for line in lines:
                self.say(part.label, line.decode(errors="replace").rstrip())

    def _stop_all(self) -> None:
        """Stop the parts in reverse order of their start; a second signal ends them at once."""
        self.say("平台", "正在停止……")
        for part in reversed(self.parts):
            self._stop(part)
        self.say("平台", "已停止，数据已保存。")

    def _stop(self, part: Part) -> None:
        if part.process is None:
            return
        part.process.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        while part.process.poll() is None:
            if time.monotonic() > deadline or self.asked_to_stop > 1:
                os.killpg(part.process.pid, signal.SIGKILL)
                part.process.wait()
            if self._selector.get_map():
                self._copy_output(0.05)
            else:
                time.sleep(0.05)


def _reason(status: int) -> str:
    return f"信号 {-status}" if status < 0 else f"退出码 {status}"


def say(label: str, line: str) -> None:
    """Print one line of the log, with the part it comes from."""
    if line:
        sys.stdout.write(f"【{label}】{line}\n")
        sys.stdout.flush()


def platform_parts(
    *, queue: Path | None, queue_program: str, store: Path, concurrency: int
) -> list[Part]:
    """Return the parts, the last to be stopped first; without ``queue``, Redis runs elsewhere."""
    python = sys.executable
    celery = [python, "-m", "celery", "--quiet", "-A"]
    worker = [*celery, "qinnan_safety.celery", "worker", "--concurrency", str(concurrency)]
    parts = []
    if queue is not None:
        parts.append(Part("队列", [queue_program, *_queue_options(queue, store)]))
    return [
        *parts,
        Part(
            "后台",
            [*worker, *WORKER_OPTIONS],
            {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"},
            delay=1.5,
        ),
        Part("定时", [*celery, "qinnan_safety.beat_app", "beat", *BEAT_OPTIONS], delay=3.0),
        Part("网站", [python, "-m", "gunicorn", "-c", "python:qinnan_safety.gunicorn_conf"]),
    ]


def _queue_options(socket: Path, store: Path) -> list[str]:
    return [
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(store), "--logfile", str(store / "queue.log")),
        *("--appendonly", "yes", "--appendfsync", "everysec"),
        *("--save", "", "--maxmemory-policy", "noeviction", "--databases", "1"),
        *("--loglevel", "warning", "--daemonize", "no"),
    ]


class Welcome:
    """Print the address once the site answers."""

    def __init__(self, url: str, text: str) -> None:
        self.url, self.text, self.is_done = url, text, False
        self.began, self.next_try = time.monotonic(), 0.0

    def __call__(self) -> None:
        moment = time.monotonic()
        if self.is_done or moment < self.next_try:
            return
        self.next_try = moment + 0.3
        try:
            with urllib.request.urlopen(f"{self.url}healthz", timeout=1):  # noqa: S310 - own site
                pass
        except (urllib.error.URLError, OSError):
            return
        self.is_done = True
        say("平台", f"已启动（用时 {moment - self.began:.1f} 秒），请用浏览器打开 {self.url}")
        for line in self.text.splitlines():
            say("平台", line)
        say("平台", "按 Ctrl-C 停止。")


def main() -> None:
    """Run until stopped; the caller holds the lock of the data directory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--queue", type=Path)
    parser.add_argument("--queue-program", default="valkey-server")
    parser.add_argument("--queue-store", type=Path, default=Path())
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--url", required=True)
    parser.add_argument("--welcome", type=Path)
    options = parser.parse_args()
    text = options.welcome.read_text() if options.welcome else ""
    parts = platform_parts(
        queue=options.queue,
        queue_program=options.queue_program,
        store=options.queue_store,
        concurrency=options.concurrency,
    )
    Supervisor(parts, say=say).run(Welcome(options.url, text))


if __name__ == "__main__":
    main()
