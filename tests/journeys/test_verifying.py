"""Anybody who holds a file and its code: altered, older and other files are told apart."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from playwright.sync_api import Page, expect

from common import clock
from documents.enums import FileFormat
from documents.models import Document
from documents.services.drafting import draft_document, revise_document
from documents.services.files import build_file
from documents.services.issuing import Signature, next_number
from documents.typesetting.renderer import Renderer
from organizations.models import User
from tests.builders import issue_as_seen
from tests.journeys.conftest import PHONE, Visit
from tests.journeys.site import Site

pytestmark = pytest.mark.browser
SAME = "一致：您手上的文件与签发件逐字节相同。"
ALTERED = "不一致：您手上的文件与签发件不同，可能被改动过。"
OLDER = "不是这一版：您手上的是这份文件的旧版。"
OTHER = "不是这一份：您手上的是本平台签发的另一份文件。"
DROP = """async ([name, bytes]) => {
  const held = new DataTransfer();
  held.items.add(new File([new Uint8Array(bytes)], name));
  const how = {dataTransfer: held, bubbles: true, cancelable: true};
  document.body.dispatchEvent(new DragEvent("drop", how));
}"""


@pytest.fixture
def papers(site: Site, tmp_path: Path) -> tuple[str, str, dict[str, Path]]:
    """The codes of a document's two editions, and the files that somebody may hold."""
    first = _issued(draft_document("bulletin", "2019Q2", None, **_office()))
    second = _issued(revise_document(first, reason="更正", **_office()))
    other = _issued(draft_document("bulletin", "2019Q1", None, **_office()))
    files = {}
    with Renderer() as renderer:
        for name, document in (("原件", second), ("旧版", first), ("另一份", other)):
            made = build_file(
                document, FileFormat.PDF, today=clock.today(), renderer=renderer, **_office()
            )
            files[name] = tmp_path / f"{name}.pdf"
            with default_storage.open(made.path) as stored:
                files[name].write_bytes(stored.read())
    altered = bytearray(files["原件"].read_bytes())
    altered[len(altered) // 2] ^= 1
    files["改过"] = tmp_path / "改过.pdf"
    files["改过"].write_bytes(altered)
    return first.code, second.code, files


def _office() -> dict[str, Any]:
    return {"actor": User.objects.get(username="office"), "at": clock.now()}


def _issued(document: Document) -> Document:
    signed_on = date(2019, 9, 18)
    number = next_number(document.number_prefix, signed_on.year)
    signature = Signature(number, signed_on)
    return issue_as_seen(document, signature, **_office())


def test_files_are_told_apart_by_choosing_without_scripts_and_by_dropping_with_them(
    visit: Visit, papers: tuple[str, str, dict[str, Path]]
) -> None:
    old, code, files = papers
    told = {"原件": SAME, "改过": ALTERED, "旧版": OLDER, "另一份": OTHER}
    chosen, dropped = visit(size=PHONE, scripts=False), visit()
    for page in (chosen, dropped):
        page.goto("/verify/")
        page.get_by_label("核验码").fill(f" {code[:8].lower()}-{code[8:]}")
        page.get_by_role("button", name="核验").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("这份文件在用")
    for name, words in told.items():
        chosen.get_by_label("要核对的文件").set_input_files(files[name])
        chosen.get_by_role("button", name="核对文件").click()
        dropped.evaluate(DROP, [f"{name}.pdf", list(files[name].read_bytes())])
        for page in (chosen, dropped):
            expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()
            heading = "这份文件在用" if name == "原件" else "您手上的不是这份签发件"
            expect(page.get_by_role("heading", level=1)).to_have_text(heading)
            assert _fits(page)

    chosen.goto(f"/verify/{old}")
    expect(chosen.get_by_role("heading", level=1)).to_have_text("这份文件已有新版")
    chosen.get_by_role("button", name="核对文件").click()
    expect(chosen.get_by_text("请先选择要核对的文件。").first).to_be_visible()
    chosen.goto("/verify/0000-0000-0000-0000")
    expect(chosen.get_by_role("heading", level=1)).to_have_text("查无此件")


def _fits(page: Page) -> bool:
    """No line is wider than the screen; without scripts the page cannot be asked."""
    box = page.locator("dl.sum").bounding_box()
    width = page.viewport_size["width"] if page.viewport_size else 0
    widest = max(
        (
            found["x"] + found["width"]
            for item in page.locator(".code").all()
            if (found := item.bounding_box())
        ),
        default=0,
    )
    return box is not None and box["x"] + box["width"] <= width and widest <= width
