"""Measure pages beside the bare view: statements, CPU and wall time per request.

    python -m benchmarks.pages [--tasks 3000,330000] [--requests 60] [--out FILE]

Needs ``DATABASE_URL`` of an empty PostgreSQL database that may be filled (``make bench`` makes a
throw-away one).  Requests of the bare view and of every page alternate in one process, so that a
busy machine slows both alike; compare the ratios first, then CPU, then wall time.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.seed import seed
from organizations.models import User
from responsibilities.models import Task

PAGES = {
    "台账（50 行）": "/tasks/",
    "台账按灯筛选": "/tasks/?lamp=overdue",
    "台账搜索": "/tasks/?q=应急",
    "方案条文": "/plan/qinnan-2018/",
    "工作台": "/",
    "全区情况": "/overview/",
    "任务": "/tasks/qinnan-2018/21-02a/",
    "导出任务分解表": "/tasks/export/",
}
FLOORS = {
    "裸视图（50 行，1 条语句）": "/bare/",
    "裸视图（50 个模型对象）": "/bare/instances/",
    "裸视图（按单位、按条款计数）": "/bare/dashboard/",
}
# 汇总的页与汇总的裸视图比，其余与第一个比。
DASHBOARDS = {"工作台", "全区情况"}


@dataclass
class Figures:
    """What was measured of one page: statements, size, and seconds of CPU and wall per request."""

    name: str
    statements: int
    size: int
    cpu: list[float]
    wall: list[float]

    @property
    def cpu_ms(self) -> float:
        return statistics.median(self.cpu) * 1000

    @property
    def lowest_ms(self) -> float:
        return min(self.cpu) * 1000

    def ratio_to(self, floor: "Figures") -> float:
        """How much more CPU it takes than ``floor``, by the lowest of each: load only adds."""
        return self.lowest_ms / floor.lowest_ms

    @property
    def wall_ms(self) -> float:
        return statistics.median(self.wall) * 1000


def _backend_cpu(pid: int) -> float:
    """Return the CPU seconds that the database process of our connection has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _get(client: Client, url: str) -> int:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return len(b"".join(response.streaming_content) if response.streaming else response.content)


def _count(client: Client, url: str) -> tuple[int, int]:
    _get(client, url)
    with CaptureQueriesContext(connection) as queries:
        size = _get(client, url)
    return len(queries), size


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def measure(client: Client, requests: int) -> Iterator[Figures]:
    """Yield the figures of the bare view and of every page, measured in turns."""
    urls = {**FLOORS, **PAGES}
    found = {name: Figures(name, *_count(client, url), [], []) for name, url in urls.items()}
    for _ in range(requests):
        for name, url in urls.items():
            heavy = found[name].wall and found[name].wall[0] > 1
            if heavy and len(found[name].wall) >= 3:
                continue
            cpu, wall = _timed(lambda url=url: _get(client, url))
            found[name].cpu.append(cpu)
            found[name].wall.append(wall)
    yield from found.values()


def report(tasks: int, requests: int) -> list[str]:
    """Return the lines of one table."""
    client = Client()
    client.force_login(User.objects.get(username="bench-office"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    database = _backend_cpu(backend)
    figures = list(measure(client, requests))
    database = _backend_cpu(backend) - database
    plain, _, counted = figures[: len(FLOORS)]
    lines = [
        f"### {tasks:,} 件办理件（每页最多 {requests} 次，交替测量）",
        "",
        "| 页面 | 语句 | 大小 KB | CPU 毫秒 | 最低 | 与裸视图之比 | 墙钟毫秒 |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {f.name} | {f.statements} | {f.size / 1024:.0f} | {f.cpu_ms:.1f} |"
        f" {f.lowest_ms:.1f} | {f.ratio_to(counted if f.name in DASHBOARDS else plain):.1f} |"
        f" {f.wall_ms:.1f} |"
        for f in figures
    ]
    lines += ["", f"全部请求期间数据库进程用 CPU {database:.1f} 秒。", ""]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description="页面性能测量")
    parser.add_argument("--tasks", default="3000,330000", help="办理件数，逗号分隔，从小到大")
    parser.add_argument("--requests", type=int, default=40, help="每页请求次数")
    parser.add_argument("--out", type=Path, help="另存为文件")
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        sys.exit("请用 DATABASE_URL 指定一个可以写入的空 PostgreSQL 数据库,或运行 make bench。")
    lines: list[str] = []
    for tasks in [int(part) for part in options.tasks.split(",")]:
        started = time.perf_counter()
        _fill(tasks)
        print(f"已备好 {tasks:,} 件，用时 {time.perf_counter() - started:.0f} 秒", flush=True)
        lines += report(tasks, options.requests)
        print("\n".join(lines[-(len(FLOORS) + len(PAGES) + 6) :]), flush=True)
    if options.out:
        options.out.write_text("\n".join(lines), encoding="utf-8")


def _fill(tasks: int) -> None:
    """Start from an empty database for each size."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    if Task.objects.exists() or User.objects.exists():
        call_command("flush", interactive=False, verbosity=0)
    seed(tasks)


if __name__ == "__main__":
    main()
