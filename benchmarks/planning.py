"""Measure a day's planning of reminders: statements, time, and memory that must not grow.

    python -m benchmarks.planning [--tasks 330000]

Without ``--tasks`` on the database as it is, for instance as ``benchmarks.pages`` left it.  Each
run is a process of its own, so that its peak of memory is its own.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from django.db import connection

from benchmarks.seed import NOW, TODAY, open_account
from notices.models import Notice
from notices.services.planning import plan_notices
from organizations.enums import PostKind
from organizations.models import Appointment, Unit
from responsibilities.models import Task

STATEMENTS_A_CHUNK = 9  # 读一批、看已发、写入、看取消、数新增、续约，加上事务的开始和结束
MEMORY_MB = 64


def main() -> int:
    parser = argparse.ArgumentParser(description="提醒安排的测量")
    parser.add_argument("--tasks", type=int, help="先清空数据库，备好这么多件办理件")
    parser.add_argument("--measure", action="store_true", help="只测一遍（由本程序自己调用）")
    options = parser.parse_args()
    if options.measure:
        return measure()
    if options.tasks:
        from benchmarks.pages import _fill

        _fill(options.tasks)
    _appoint_liaisons()
    print(f"### 安排一天的提醒，{Task.objects.count():,} 件办理件\n", flush=True)
    print("| | 新增提醒 | 语句 | 秒 | 内存增加 MB |\n|---|---|---|---|---|", flush=True)
    command = [sys.executable, "-m", "benchmarks.planning", "--measure"]
    return max(subprocess.run(command, check=False).returncode for _ in range(2))  # noqa: S603


def _appoint_liaisons() -> None:
    """Give every unit somebody to remind."""
    held = Appointment.objects.filter(post__kind=PostKind.LIAISON).values("post__unit")
    for unit in Unit.objects.on(TODAY).exclude(pk__in=held):
        open_account(f"liaison-{unit.code}", unit.code, PostKind.LIAISON)


def measure() -> int:
    """Plan once and say what it cost; fails when it costs more than its chunks explain."""
    counted = {"statements": 0, "chunks": 0}

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        counted["statements"] += 1
        return execute(sql, params, many, context)

    def next_chunk() -> None:
        counted["chunks"] += 1

    before, began = _peak(), time.perf_counter()
    with connection.execute_wrapper(count):
        added = plan_notices(at=NOW, today=TODAY, after_chunk=next_chunk)
    took, grown = time.perf_counter() - began, _peak() - before
    name = "第一遍" if added else "再看一遍"
    print(
        f"| {name} | {added:,} | {counted['statements']} | {took:.1f} | {grown:.0f} |", flush=True
    )
    allowed = 10 + STATEMENTS_A_CHUNK * counted["chunks"]
    good = counted["statements"] <= allowed and grown <= MEMORY_MB and Notice.objects.exists()
    return 0 if good else 1


def _peak() -> float:
    """The most memory that this process held at once; its parent's does not count."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.exit(main())
