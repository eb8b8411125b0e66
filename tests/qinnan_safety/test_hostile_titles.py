"""Titles and measures of tasks that try to be something else, in every paper that prints them."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document as open_docx

from common.tracked import save_with_history
from documents.content import Content
from documents.kinds import Subject, kind_of
from documents.typesetting.markup import make_markup
from documents.typesetting.renderer import Renderer
from documents.typesetting.word import make_docx
from organizations.models import Unit
from organizations.services.people import get_system_user
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit
from tests.documents.pdf import run, text

pytestmark = pytest.mark.django_db
TITLES = (
    "<img src=file:///etc/passwd><svg onload=x>&lt;【逾期】{{x}}",
    "<style>@import 'http://127.0.0.1:9/a.css';</style>",
    "=cmd|'/c calc'!A1</td></table>{% include 'x' %}",
    "W" * 60,
)
MEASURE = "<link rel=attachment href=file:///etc/hostname>" + "无" * 4900 + "尾"


@pytest.fixture
def unit() -> Unit:
    """One unit that is 109 days late with all of them on 18 September 2019."""
    plan, unit = make_plan(), make_unit("own", "区<b>局", order=10)
    rows = []
    for code, title in zip(("01-01", "02-02", "02-03", "03-01"), TITLES, strict=True):
        row = make_row(plan, code, leads=[unit], due_on=date(2019, 6, 1), title=title)
        row.measure, row.expected_result = MEASURE, title
        save_with_history(row, actor=get_system_user(), reason="测试", at=NOW)
        rows.append(row)
    dispatch(plan, *rows)
    return unit


def drafted(kind: str, unit: Unit) -> Content:
    made = kind_of(kind)
    return made.build(Subject("2019Q3", unit if made.is_per_unit else None, TODAY)).filled()


@pytest.mark.parametrize("kind", ["bulletin", "slip", "talk", "breakdown"])
def test_what_a_task_is_called_is_printed_as_it_was_typed(unit, kind):
    content = drafted(kind, unit)
    with Renderer() as renderer:
        pdf = renderer.render(make_markup(content, stamped=NOW.isoformat()))
    shown = text(pdf)
    word = open_docx(BytesIO(make_docx(content, stamped=NOW.isoformat())))
    cells = "".join(c.text for table in word.tables for row in table.rows for c in row.cells)

    for title in TITLES:
        assert title.replace(" ", "") in shown
        assert title in cells
    assert "root:" not in shown
    assert b"/JavaScript" not in pdf
    if kind == "breakdown":
        assert (shown.count("无") >= 4 * 4900, shown.count("尾")) == (True, 4)
        assert "rel=attachmenthref=file:///etc/hostname" in shown


def test_nothing_but_the_papers_own_data_is_attached(unit, tmp_path):
    with Renderer() as renderer:
        pdf = renderer.render(make_markup(drafted("breakdown", unit), stamped=NOW.isoformat()))
    (tmp_path / "it.pdf").write_bytes(pdf)
    listed = run(b"", "pdfdetach", "-list", str(tmp_path / "it.pdf")).decode()
    assert listed.startswith("1 embedded files")
    assert "data.json" in listed
