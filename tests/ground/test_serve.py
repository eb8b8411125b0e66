"""One command runs the whole platform; tried for real on a free port."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from qinnan_safety.environment import BASE_DIR

pytestmark = pytest.mark.sqlite  # independent of the database: one round is enough


class Platform:
    """A running platform in a data directory of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.environment = {**os.environ, "QINNAN_VAR": str(folder), "PORT": str(port)}
        for name in ("DATABASE_URL", "REDIS_URL"):
            self.environment.pop(name, None)
        self.environment["DJANGO_SETTINGS_MODULE"] = "qinnan_safety.settings"
        self.log = folder.with_suffix(".log").open("w+")
        self.process = self.start(stdout=self.log, stderr=subprocess.STDOUT)

    def start(self, **options) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=BASE_DIR,
            env=self.environment,
            text=True,
            **options,
        )

    def readiness(self) -> dict[str, object]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            return json.load(refusal)
        except OSError:
            return {}

    def becomes_ready(self, within: float = 120) -> bool:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if self.readiness().get("status") == "ok":
                return True
            time.sleep(0.1)
        return False

    def children(self) -> dict[str, int]:
        """Return the numbers of the supervisor's own children by what they run."""
        pids = (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        )
        kinds = {}
        for pid in pids:
            command = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
            kinds[re.search(r"valkey-server|redis-server|worker|beat|gunicorn", command)[0]] = int(
                pid
            )
        return kinds


@pytest.fixture
def platform(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = Platform(tmp_path / "var", port)
    yield running
    running.process.kill()
    running.process.wait()
    running.log.close()


def test_the_platform_runs_recovers_and_stops(platform):
    assert platform.becomes_ready(), Path(platform.log.name).read_text()
    before = platform.children()

    second = platform.start(stderr=subprocess.PIPE)
    assert "平台已经在运行" in second.communicate()[1]

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    assert platform.becomes_ready(), Path(platform.log.name).read_text()
    assert platform.children().keys() == before.keys()
    assert not set(platform.children().values()) & set(before.values())

    platform.process.send_signal(signal.SIGINT)
    assert platform.process.wait(60) == 0
    assert platform.readiness() == {}


def test_a_busy_port_is_named_in_one_sentence(platform, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        platform.environment.update(
            PORT=str(other.getsockname()[1]), QINNAN_VAR=str(tmp_path / "other")
        )
        refused = platform.start(stderr=subprocess.PIPE)

        assert "可能被其他程序占用" in refused.communicate()[1]
        assert refused.returncode == 1
