"""The leader: one page on one sheet, and a decision that comes back to the unit."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from documents.kinds import Subject, kind_of
from documents.typesetting.markup import make_markup
from documents.typesetting.renderer import Renderer
from responsibilities.models import Task
from responsibilities.services.coordination import raise_matter
from tests.builders import NOW, TODAY
from tests.documents.pdf import run
from tests.journeys.conftest import Visit
from tests.journeys.site import Site

pytestmark = pytest.mark.browser


def told_by(tool: str, sheet: Path) -> str:
    """What ``pdfinfo`` says of a PDF, or ``pdftotext`` of each word and where it stands."""
    asked = [str(sheet)] if tool == "pdfinfo" else ["-bbox", str(sheet), "-"]
    command = [shutil.which(tool) or tool, *asked]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_page_with_matters_to_decide_prints_on_one_sheet(
    site: Site, visit: Visit, tmp_path: Path
) -> None:
    owed = Task.objects.open().filter(coordinations=None).order_by("pk")[:2]
    for task in owed:
        raise_matter(
            task,
            matter="三个部门意见不一，会签三次未果。",
            proposal="召集一次专题会。",
            actor=site.people["office"],
            at=NOW,
        )
    page = visit("leader")
    page.goto("/")
    sheet = tmp_path / "page.pdf"
    page.pdf(path=sheet, prefer_css_page_size=True, format="A4")

    assert re.search(r"Pages:\s+1\n", told_by("pdfinfo", sheet))
    # 标题 15 磅，四个字就是 60 磅宽；浏览器为了放得下而缩小的，宽度跟着变小。
    words = re.search(r'xMin="([\d.]+)".* xMax="([\d.]+)".*>项任务中', told_by("pdftotext", sheet))
    assert words is not None
    assert float(words[2]) - float(words[1]) == pytest.approx(60, abs=0.5)

    # 单位多出一半，协调事项满四项，也还是一页。
    page.evaluate(
        """() => {
            const fill = (list, count) => {
                for (let at = 0; list.children.length < count; at++)
                    list.append(list.children[at].cloneNode(true));
            };
            const units = document.querySelector(".tally");
            fill(units, Math.ceil(units.children.length * 1.5));
            fill(document.querySelector(".matters"), 4);
        }"""
    )
    page.pdf(path=sheet, prefer_css_page_size=True, format="A4")
    assert re.search(r"Pages:\s+1\n", told_by("pdfinfo", sheet))


def test_the_sheet_about_the_whole_plan_is_one_page_too(site: Site) -> None:
    content = kind_of("one-page").build(Subject("2019Q3", None, TODAY)).filled()
    with Renderer() as renderer:
        pdf = renderer.render(make_markup(content, stamped=NOW.isoformat()))

    total = site.plan.obligations.count()
    assert total > 200
    assert content.figures["任务总数"] == str(total)
    assert re.search(rb"Pages:\s+1\n", run(pdf, "pdfinfo", "-"))


def test_a_decision_is_two_presses_from_the_home(site: Site, visit: Visit) -> None:
    task = Task.objects.open().filter(coordinations=None).order_by("-pk").first()
    assert task is not None
    said = "请区领导协调用地指标。"
    raise_matter(task, matter=said, actor=site.people["office"], at=NOW)
    page = visit("leader")
    page.goto("/")
    page.get_by_role("listitem").filter(has_text=said).get_by_role("link", name="决定").click()
    page.get_by_label("决定", exact=True).fill("国土分局 10 月底前调剂到位。")
    page.get_by_role("button", name="登记决定").click()

    expect(page.get_by_text("国土分局 10 月底前调剂到位。")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text(said)).to_have_count(0)
