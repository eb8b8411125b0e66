"""``scripts/drill.sh``: are reminders ever lost, doubled, or sent for a period not reached?

300 duties are due and 300 more belong to a period that is not reached.  Three schedulers and two
workers run; every message is sent twice; one of them is killed every second or two; the queue is
emptied once; the clock is moved −2 h, +2 h, +1 day, +95 days and back.  Then everything is left in
peace, and the drill waits until the 300 reminders are there: exactly those, within 90 seconds.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from benchmarks.drill_world import Counted

DUTIES, UNITS = 300, 30
CHAOS, RECOVERY, QUIET = 75.0, 90.0, 45.0
HOUR, DAY = 3600, 86400
# 第几秒：时钟拨到哪里。
MOVES = ((12.0, -2 * HOUR), (24.0, 2 * HOUR), (36.0, DAY), (48.0, 95 * DAY), (66.0, 0))
EMPTIED_AT = 30.0


def say(text: str) -> None:
    sys.stdout.write(f"【演练】{text}\n")
    sys.stdout.flush()


@dataclass
class Player:
    """A process that is started again a second after it was killed."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    kills: int = 0

    def keep_up(self, moment: float) -> None:
        if self.process is not None and self.process.poll() is not None:
            self.process, self.start_at = None, moment + 1.0
        if self.process is None and moment >= self.start_at:
            log = Path(os.environ["QINNAN_VAR"]) / f"{self.name}.log"
            with log.open("ab") as file:
                self.process = subprocess.Popen(  # noqa: S603 - our own commands
                    self.command, stdout=file, stderr=file, process_group=0
                )

    def kill(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.kills += 1


@dataclass
class Stage:
    """The processes, the clock, and what was done to them."""

    clock: Path
    empty_queue: Callable[[], None]
    players: list[Player] = field(default_factory=list)

    def play(self, dice: random.Random) -> None:
        """A bit more than a minute of everything at once."""
        began, moves, emptied = time.monotonic(), list(MOVES), False
        next_kill = began + 2.0
        while (passed := time.monotonic() - began) < CHAOS:
            if moves and passed >= moves[0][0]:
                self.clock.write_text(str(moves[0][1]))
                say(f"第 {passed:.0f} 秒：时钟拨到 {moves.pop(0)[1]:+d} 秒")
            if not emptied and passed >= EMPTIED_AT:
                self.empty_queue()
                emptied = True
                say(f"第 {passed:.0f} 秒：清空队列")
            if time.monotonic() >= next_kill:
                dice.choice(self.players).kill()
                next_kill = time.monotonic() + dice.uniform(1.0, 2.5)
            self.keep_up()
            time.sleep(0.1)

    def keep_up(self) -> None:
        for player in self.players:
            player.keep_up(time.monotonic())

    def end(self) -> None:
        for player in self.players:
            player.kill()


def main() -> int:
    """Run the drill once on the database and the queue of the environment."""
    work = Path(os.environ["QINNAN_VAR"])
    clock = work / "clock"
    clock.write_text("0")
    os.environ.update(DRILL_CLOCK=str(clock), DJANGO_SETTINGS_MODULE="benchmarks.drill_settings")
    django.setup()
    from benchmarks.drill_world import count, make_world, planner_has_read_the_clock
    from qinnan_safety.heartbeat import queue_client

    def empty_queue() -> None:
        with queue_client() as client:
            client.flushall()

    queue = start_queue()
    stage = Stage(clock, empty_queue, players(work))
    try:
        make_world(units=UNITS, duties=0)
        wait_for(stage, planner_has_read_the_clock, 90)
        today = make_world(units=UNITS, duties=DUTIES)
        stage.play(dice())
        began = time.monotonic()
        kills = sum(player.kills for player in stage.players)
        say(f"混乱中发出 {count(today).sent} 条，杀死进程 {kills} 次")
        wait_for(stage, lambda: count(today).sent >= DUTIES, RECOVERY)
        took = time.monotonic() - began
        end = time.monotonic() + QUIET
        wait_for(stage, lambda: time.monotonic() > end, QUIET + 5)
        return verdict(count(today), took)
    finally:
        stage.end()
        if queue is not None:
            queue.terminate()


def dice() -> random.Random:
    """The same kills again for the same seed, as far as the machine allows."""
    seed = int(os.environ.get("DRILL_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
    say(f"随机数种子 {seed}")
    return random.Random(seed)


def wait_for(stage: Stage, done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not done():
        stage.keep_up()
        time.sleep(0.5)


def players(work: Path) -> list[Player]:
    from qinnan_safety.supervisor import BEAT_OPTIONS

    program = [sys.executable, "-m", "celery", "--quiet", "-A"]
    celery = [*program, "qinnan_safety.celery"]
    beat = [*program, "qinnan_safety.beat_app", "beat", *BEAT_OPTIONS]
    beats = [Player(f"beat{n}", [*beat, "-s", str(work / f"beat{n}")]) for n in range(3)]
    workers = [
        Player(
            f"worker{n}",
            [*celery, "worker", "--concurrency", "2", "--loglevel", "WARNING", "-n", f"w{n}@%h",
             "--without-gossip", "--without-mingle", "--without-heartbeat"],
        )
        for n in range(2)
    ]  # fmt: skip
    return beats + workers


def start_queue() -> "subprocess.Popen[bytes] | None":
    """Start the embedded queue, unless a Redis was named."""
    if os.environ.get("REDIS_URL"):
        return None
    from qinnan_safety.environment import private_dir, queue_socket
    from qinnan_safety.management.commands.serve import queue_program
    from qinnan_safety.supervisor import _queue_options

    socket = queue_socket()
    private_dir(socket.parent)
    store = private_dir(Path(tempfile.mkdtemp(dir=os.environ["QINNAN_VAR"])))
    command = [queue_program(), *_queue_options(socket, store)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603


def verdict(found: "Counted", took: float) -> int:
    say(f"恢复后 {took:.0f} 秒发齐；共 {found.rows} 条，已发 {found.sent} 条，"
        f"不同事项 {found.subjects} 件，未到期次的 {found.early} 条")  # fmt: skip
    good = (
        found.rows == found.sent == found.subjects == DUTIES
        and found.early == 0
        and took <= RECOVERY
    )
    say("通过" if good else "未通过")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
