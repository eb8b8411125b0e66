"""Fifty scorecards and the bulletin in one job, beside WeasyPrint's bare time for the same text.

    python -m benchmarks.documents [--units 50]

The job runs in the fenced child as in production. The bare time is one call of WeasyPrint in a
process of its own for the same markup, fonts and style sheet kept warm, without fence or database.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qinnan_safety.settings")

import django

django.setup()

from documents.content import Column, Content, Paragraph, Table
from documents.typesetting.fonts import font_environment
from documents.typesetting.markup import Proof, make_markup
from documents.typesetting.renderer import Markup, Renderer

STAMP = "2019-10-08T09:00:00+08:00"
BARE = """
import base64, json, sys, time
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
print(json.dumps(seconds))
"""


def scorecard(number: int) -> Content:
    """A scorecard of two pages: twelve indicators and twenty deductions."""
    items = tuple(
        (str(n), f"指标{n}按期完成并报送佐证材料", "4", "3", "8", "2", "6") for n in range(12)
    )
    losses = tuple(
        (f"指标{n % 12}", f"第{n}项任务逾期{n + 3}天", f"{n:02d}-0{n % 9} 办理件", "-0.5")
        for n in range(20)
    )
    labels = ("序号", "指标", "应做", "已做", "满分", "扣分", "得分")
    return Content(
        title="2019年三季度安全生产工作考核成绩单",
        mark="钦州市钦南区安全生产委员会办公室",
        number_prefix="钦南安委办",
        year=2019,
        number=number,
        issuer="钦州市钦南区安全生产委员会办公室",
        addressees=f"第{number}单位",
        paragraphs=(Paragraph("按照考核办法，你单位得分和扣分如下，每一分都列明原因。" * 3),),
        tables=(
            Table(tuple(Column(label) for label in labels), items, caption="一、各项得分"),
            Table(
                (Column("指标", 20), Column("原因", 40), Column("记录", 30), Column("分值", 10)),
                losses,
                caption="二、扣分明细",
            ),
        ),
        dated="2019年10月8日",
        printed_by="钦州市钦南区安全生产委员会办公室",
        printed_on="2019年10月8日",
    )


def markups(units: int) -> list[Markup]:
    proof = Proof("0123456789ABCDEF", "http://127.0.0.1:8000/verify/0123456789ABCDEF")
    return [make_markup(scorecard(n), stamped=STAMP, proof=proof) for n in range(1, units + 1)]


def fenced(asked: list[Markup]) -> tuple[list[float], int]:
    """Return the seconds of each document in the product's renderer, and its peak in KB."""
    seconds = []
    with Renderer() as renderer:
        for markup in asked:
            begun = time.perf_counter()
            renderer.render(markup)
            seconds.append(time.perf_counter() - begun)
        return seconds, renderer.peak_kb


def bare(asked: list[Markup]) -> list[float]:
    lines = "\n".join(markup.request(0) for markup in asked)
    environment = {**os.environ, **font_environment(), "PYTHONPATH": str(Path.cwd())}
    found = subprocess.run(  # noqa: S603
        [sys.executable, "-c", BARE],
        input=lines,
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    seconds: list[float] = json.loads(found.stdout)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=50)
    asked = markups(parser.parse_args().units)
    plain, (ours, peak) = bare(asked), fenced(asked)
    print(
        f"WeasyPrint alone: {sum(plain):.1f} s, warm {sum(plain[1:]) / len(plain[1:]):.3f} s each"
    )
    print(f"in the fence:     {sum(ours):.1f} s, warm {sum(ours[1:]) / len(ours[1:]):.3f} s each")
    print(f"ratio (warm):     {sum(ours[1:]) / sum(plain[1:]):.2f}")
    print(f"peak memory:      {peak / 1024:.0f} MB in the child")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"                  {own / 1024:.0f} MB in the process that asks")


if __name__ == "__main__":
    main()
