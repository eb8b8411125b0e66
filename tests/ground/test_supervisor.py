"""The supervisor starts, restarts and ends its parts; tried with real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qinnan_safety.environment import BASE_DIR, queue_socket
from qinnan_safety.supervisor import FIRST_PAUSE, LONGEST_PAUSE, STEADY_AFTER, Part

pytestmark = pytest.mark.sqlite  # independent of the database: one round is enough

PATIENCE = 30  # seconds; less than the parts would sleep by themselves
PROGRAM = """
import sys
from qinnan_safety.supervisor import Part, Supervisor, say
child = "import os, sys, time; print('pid', os.getpid(), flush=True); time.sleep(60)"
parts = [Part("甲", [sys.executable, "-c", child]), Part("乙", [sys.executable, "-c", child])]
Supervisor(parts, say=say).run(lambda: None)
"""


class Running:
    """A supervisor with two sleeping parts and its output."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=BASE_DIR,
            stdout=subprocess.PIPE,
            text=True,
        )

    def line(self, word: str) -> str:
        """Return the next line that contains ``word``."""
        for line in self.process.stdout:
            if word in line:
                return line
        raise AssertionError(f"The output ended without {word}.")

    def child(self) -> int:
        return int(self.line("pid").split()[-1])


@pytest.fixture
def running():
    supervisor = Running()
    yield supervisor
    supervisor.process.kill()
    supervisor.process.wait()
    supervisor.process.stdout.close()


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def soon_gone(*pids: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while any(map(lives, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(lives, pids))


def test_starts_a_killed_part_again(running):
    first, _second = running.child(), running.child()

    os.kill(first, signal.SIGKILL)

    assert "意外停止（信号 9）" in running.line("停止")
    assert lives(running.child())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ends_every_part_when_told_to_stop(running, number):
    children = running.child(), running.child()

    running.process.send_signal(number)

    assert "已停止" in running.line("已停止")
    assert running.process.wait(PATIENCE) == 0
    assert soon_gone(*children)


def test_parts_end_even_when_the_supervisor_is_killed(running):
    children = running.child(), running.child()

    running.process.kill()

    assert soon_gone(*children)


def ended_part(*, after: float, pause: float) -> Part:
    """A part that began at the hundredth second and ended ``after`` seconds later."""
    part = Part("甲", [sys.executable, "-c", "pass"], pause=pause)
    part.start(100.0).close()
    part.process.wait()
    assert part.has_ended(100.0 + after) == 0
    return part


def test_waits_longer_after_each_early_end():
    assert ended_part(after=1, pause=4).start_at == 105
    assert ended_part(after=1, pause=4).pause == 8
    assert ended_part(after=1, pause=LONGEST_PAUSE).pause == LONGEST_PAUSE


def test_a_part_that_ran_steadily_comes_back_at_once():
    part = ended_part(after=STEADY_AFTER, pause=16)

    assert part.start_at == 100 + STEADY_AFTER + FIRST_PAUSE


def test_the_queue_lies_in_the_data_directory():
    assert queue_socket(Path("/srv/qinnan")) == Path("/srv/qinnan/run/queue.sock")


def test_a_deep_data_directory_gets_a_short_socket_of_its_own():
    deep, other = Path("/srv" + "/安全生产" * 12), Path("/srv" + "/安全生产" * 13)

    assert len(os.fsencode(queue_socket(deep))) <= 100
    assert queue_socket(deep) != queue_socket(other)
