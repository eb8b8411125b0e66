"""Fifty scorecards and the bulletin with its annexes in one job, beside WeasyPrint's bare time.

    python -m benchmarks.documents [--demo]

``--demo`` empties the database and loads the demonstration first; without it the database is
measured as it is.  A real job is built twice by real builders, each a process of its own: rows,
claims, the fenced renderer, files on the disk, history.  One builder is compared with the bare
time: one call of WeasyPrint for the same markup in the same run, fonts and style sheet kept warm,
without fence, attachment or database.  Two builders show the time of a job: one like the first,
since each job takes every second scorecard from either of the last two published quarters.
Computing time is told beside the time on the clock, which other work on the machine lengthens.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from assessments.models import Assessment
from benchmarks.seed import NOW, TODAY
from documents import tasks
from documents.enums import FileFormat
from documents.models import BuildItem, BuildJob, Document
from documents.services.drafting import content_of, draft_document
from documents.services.files import proof_of
from documents.services.jobs import progress_of, request_build
from documents.services.sets import draft_set
from documents.typesetting.fonts import font_environment
from documents.typesetting.markup import make_markup
from documents.typesetting.renderer import Markup, Renderer
from organizations.services.people import get_system_user

SCORECARDS = 50
RATIO, JOB_SECONDS, PROCESS_MB = 1.3, 20, 250  # 目标
BARE = """
import json, sys, time
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from documents.typesetting.child import make_fetcher
fonts, sheets, seconds = FontConfiguration(), {}, []
for line in sys.stdin:
    asked = json.loads(line)
    begun = time.perf_counter()
    if asked["css"] not in sheets:
        sheets[asked["css"]] = CSS(string=asked["css"], font_config=fonts)
    HTML(string=asked["html"], url_fetcher=make_fetcher(asked["resources"])).write_pdf(
        stylesheets=[sheets[asked["css"]]], font_config=fonts, pdf_variant="pdf/a-3a"
    )
    seconds.append(time.perf_counter() - begun)
print(json.dumps({"seconds": seconds, "cpu": time.process_time()}))
"""


@dataclass
class Spent:
    """Seconds of each document by the clock, seconds of all, and computing time of all."""

    each: list[float]
    whole: float
    cpu: float
    peaks: dict[str, int] = field(default_factory=dict)


def main() -> int:
    parser = argparse.ArgumentParser(description="公文生成的测量")
    parser.add_argument("--demo", action="store_true", help="先清空数据库，载入演示数据")
    parser.add_argument("--build", type=int, help="生成这个作业（由本程序自己调用）")
    options = parser.parse_args()
    if options.build:
        return build(options.build)
    if options.demo:
        load_demo()
    ended = Assessment.objects.filter(period__contains="Q", state="published").order_by("-period")
    newest, before = (assessment.period for assessment in ended[:2])
    alone, both = ask(newest, before), ask(before, newest)
    asked = [markups(job) for job in (alone, both)]
    plain, ours = bare(asked[0]), run(alone, builders=1)
    print(f"### 公文：一个作业 {len(ours.each)} 份（{SCORECARDS} 份成绩单和通报）\n")
    compare(plain, ours)
    lengths = [sum(len(markup.html) for markup in made) // 1000 for made in asked]
    print(f"\n一个生成进程：{len(asked[0])} 份、{lengths[0]} 千字符，", end="")
    print(f"全部 {ours.whole:.1f} 秒；内存 {_mb(ours.peaks)}")
    two = run(both, builders=2)
    print(f"两个生成进程：{len(asked[1])} 份、{lengths[1]} 千字符，", end="")
    print(f"全部 {two.whole:.1f} 秒（目标 {JOB_SECONDS}）；内存 {_mb(two.peaks)}")
    return 0


def load_demo() -> None:
    """Start from an empty database; the demonstration is told that it is one."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    command = [sys.executable, "manage.py", "load_demo", "--today", str(TODAY)]
    environment = {**os.environ, "DEMO": "1"}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603


def ask(period: str, other: str) -> BuildJob:
    """Ask for the bulletin of a quarter, and for scorecards of it and of another by turns.

    The bulletin, the longest, comes first. The quarters say more or less of each unit: asked the
    other way round, the same quarters give another job of the same length.
    """
    who: dict[str, Any] = {"actor": get_system_user(), "at": NOW}
    sets = [draft_set("scorecard", name, **who).documents[:SCORECARDS] for name in (period, other)]
    documents = [draft_document("bulletin", period, None, **who)]
    documents += [sets[place % 2][place] for place in range(SCORECARDS)]
    fresh = [document for document in documents if not document.files.exists()]
    return request_build(fresh, [FileFormat.PDF], title="测量", as_of=TODAY, **who)


def markups(job: BuildJob) -> list[Markup]:
    return [_markup(item.document) for item in job.items.select_related("document__unit")]


def _markup(document: Document) -> Markup:
    content = content_of(document, today=TODAY)
    stamped = (document.issued_at or NOW).isoformat()
    return make_markup(content, stamped=stamped, proof=proof_of(document))


def bare(asked: list[Markup]) -> Spent:
    """Set the documents in WeasyPrint alone."""
    environment = {**os.environ, **font_environment(), "PYTHONPATH": str(Path.cwd())}
    found = subprocess.run(  # noqa: S603
        [sys.executable, "-c", BARE],
        input="\n".join(markup.request(0) for markup in asked),
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    said = json.loads(found.stdout)
    return Spent(said["seconds"], sum(said["seconds"]), said["cpu"])


def run(job: BuildJob, *, builders: int) -> Spent:
    """Let builders build a job."""
    command = [sys.executable, "-m", "benchmarks.documents", "--build", str(job.pk)]
    begun = time.perf_counter()
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(builders)
    ]
    told = [json.loads(process.communicate()[0]) for process in running]
    whole = time.perf_counter() - begun
    progress = progress_of(job)
    if progress.done != progress.total:
        raise SystemExit(f"有 {progress.failed} 份未能生成：{_reasons(job)}")
    spent: dict[int, float] = {}
    for said in told:
        spent |= {int(pk): seconds for pk, seconds in said["seconds"].items()}
    peaks = {name: max(said[name] for said in told) for name in ("child_kb", "builder_kb")}
    cpu = sum(said["cpu"] for said in told)
    return Spent([spent[pk] for pk in sorted(spent)], whole, cpu, peaks)


def build(pk: int) -> int:
    """Build what is open of a job, as the queue's worker does, and tell how long each took."""
    renderer = Renderer()
    tasks._held.renderer = renderer
    seconds, computed = {}, time.process_time()
    for item in BuildItem.objects.filter(job=pk).order_by("pk").values_list("pk", flat=True):
        begun = time.perf_counter()
        tasks.build_item(item)
        seconds[item] = time.perf_counter() - begun
    renderer.close()
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        "seconds": seconds,
        "cpu": time.process_time() - computed + child.ru_utime + child.ru_stime,
        "child_kb": renderer.peak_kb,
        "builder_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }
    print(json.dumps(told))
    return 0


def compare(plain: Spent, ours: Spent) -> None:
    """Print what the bulletin, a scorecard and all of them took, beside the bare figures."""
    cards = len(plain.each) - 1
    rows = [
        ("通报（第一份，含启动）", plain.each[0], ours.each[0]),
        ("成绩单，每份", sum(plain.each[1:]) / cards, sum(ours.each[1:]) / cards),
        ("每份平均，计算用时", plain.cpu / (cards + 1), ours.cpu / (cards + 1)),
    ]
    print("| | WeasyPrint 秒 | 作业 秒 | 倍数 |\n|---|---|---|---|")
    for label, before, after in rows:
        print(f"| {label} | {before:.3f} | {after:.3f} | {after / before:.2f} |")
    print(f"\n目标：每份不超过 {RATIO} 倍。")


def _mb(peaks: dict[str, int]) -> str:
    child, builder = peaks["child_kb"] // 1024, peaks["builder_kb"] // 1024
    return f"排版 {child} MB，生成 {builder} MB（目标各 {PROCESS_MB}）"


def _reasons(job: BuildJob) -> Iterable[str]:
    return list(job.items.exclude(reason="").values_list("reason", flat=True)[:3])


if __name__ == "__main__":
    sys.exit(main())
