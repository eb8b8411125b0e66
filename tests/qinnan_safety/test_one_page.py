"""领导一页纸: its figures by hand, and one sheet of A4 however long the names are."""

import re
from datetime import date
from types import SimpleNamespace

import pytest

from clauses.models import Plan
from documents.content import Content
from documents.kinds import Subject, kind_of
from documents.typesetting.markup import Proof, make_markup
from documents.typesetting.renderer import Renderer
from inspections.enums import HazardGrade
from inspections.services.hazards import raise_hazard
from organizations.access import access_of
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from qinnan_safety.overview_page import overview
from responsibilities.enums import FulfilmentMode
from responsibilities.models import Task
from responsibilities.services.coordination import decide_matter, raise_matter
from tests.builders import (
    NOW,
    TODAY,
    dispatch,
    make_hazard_content,
    make_plan,
    make_row,
    make_unit,
    make_user,
)
from tests.documents.pdf import ink, picture, run, text, words

pytestmark = pytest.mark.django_db
PROOF = Proof("0123456789ABCDEF", "http://127.0.0.1:8000/verify/0123456789ABCDEF")
LINES = {
    "title": "推进安全生产领域改革发展工作任务名称写得很长很长的一项任务",
    "unit": "钦南区某某某某某某某某事务服务中心",
    "matter": "三个部门对监管边界意见不一，会签三次未果，请区领导召集专题会研究明确。",
}


@pytest.fixture
def world(db) -> SimpleNamespace:
    """One row late by 79 days with a matter to decide, one late by 17, one due in December."""
    plan = make_plan()
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    own, other = make_unit("own", "区住建局", order=10), make_unit("other", "区交通局", order=11)
    office = make_user("office", (awb, PostKind.OFFICE))
    liaison = make_user("liaison", (own, PostKind.LIAISON))
    dispatch(
        plan,
        make_row(plan, "02-03", leads=[other], due_on=date(2019, 9, 1), title="通报情况"),
        make_row(plan, "03-01", leads=[own], due_on=date(2019, 7, 1), title="实施方案"),
        make_row(plan, "01-01", leads=[own], due_on=date(2019, 12, 31), title="事故下降"),
    )
    return SimpleNamespace(plan=plan, own=own, other=other, office=office, liaison=liaison)


def drafted(day: date = TODAY) -> Content:
    return kind_of("one-page").build(Subject("2019Q3", None, day)).filled()


def raise_one(task: Task, office: User, matter: str = "用地指标没有落实。", proposal: str = ""):
    return raise_matter(task, matter=matter, proposal=proposal, actor=office, at=NOW)


def tables(content: Content) -> dict[str, list[tuple[str, ...]]]:
    return {table.caption: list(table.rows) for table in content.tables}


def said(content: Content) -> str:
    return "".join(paragraph.text for paragraph in content.paragraphs)


def test_the_sheet_says_what_the_district_page_says(world):
    raise_one(Task.objects.get(obligation__code="03-01"), world.office, proposal="开一次会。")
    make_user("leader", (Unit.objects.get(code="awb"), PostKind.LEADER))
    page = overview(access_of(User.objects.get(username="leader"), today=TODAY), TODAY)

    content = drafted()

    strip = dict(
        zip([c.label for c in content.tables[0].columns], content.tables[0].rows[0], strict=True)
    )
    assert strip["任务总数"] == str(page.rows.total) == "3"
    assert strip["逾期"] == str(page.overdue) == "2"
    assert strip["本季按期办结率"] == "0.0%"
    shown = tables(content)
    assert shown["逾期任务（2项）"] == [
        ("03-01", "实施方案", "区住建局", "79"),
        ("02-03", "通报情况", "区交通局", "17"),
    ]
    assert [row[0] for row in shown["逾期任务（2项）"]] == [row.code for row in page.late]
    assert shown["需区领导决定（1件）"] == [
        ("区住建局", "用地指标没有落实。", "开一次会。", "2019-09-18")
    ]
    assert "截至9月18日，逾期2项，涉及2个单位；本季度到期办理件2件，按期办结0件" in said(content)
    assert "还没有测算。" in said(content)


def test_a_matter_that_was_decided_and_a_hazard_that_is_not_major_are_left_out(world):
    matter = raise_one(Task.objects.get(obligation__code="03-01"), world.office)
    leader = make_user("leader", (Unit.objects.get(code="awb"), PostKind.LEADER))
    decide_matter(matter, decision="调剂到位。", basis="", actor=leader, at=NOW)
    for grade in HazardGrade:
        hazard = make_hazard_content(grade=grade, title=f"{grade.label}：通道堵塞")
        raise_hazard(world.own, hazard, token=grade, actor=world.liaison, at=NOW)

    shown = tables(drafted())

    assert not [caption for caption in shown if caption.startswith("需区领导决定")]
    (row,) = shown["未销号的重大隐患（1处）"]
    assert row[1] == "重大隐患：通道堵塞（某汽车客运站）"


@pytest.fixture
def crowded(world) -> None:
    """More of everything than the sheet lists, under the longest names."""
    plan = Plan.objects.get()
    units = [
        make_unit(f"u{place}", f"{LINES['unit']}{place}", order=20 + place) for place in range(6)
    ]
    rows = [
        make_row(
            plan,
            ("02-02", "02-03", "03-01")[place % 3],
            leads=[unit, *(other for other in units if other != unit)],
            mode=FulfilmentMode.SEPARATE,
            due_on=date(2019, 7, 2 + place),
            title=LINES["title"] * 2 + str(place),
        )
        for place, unit in enumerate(units * 2)
    ]
    dispatch(plan, *rows)
    for task in Task.objects.filter(unit__in=units, obligation__in=rows)[:6]:
        raise_one(task, world.office, LINES["matter"] * 9, LINES["matter"] * 9)
    for place in range(5):
        hazard = make_hazard_content(
            grade=HazardGrade.MAJOR, title="隐患" * 40, enterprise="企业" * 40, place="部位" * 60
        )
        raise_hazard(world.own, hazard, token=f"h{place}", actor=world.liaison, at=NOW)


def test_the_longest_names_and_more_rows_than_fit_still_make_one_sheet(crowded, tmp_path):
    content = drafted()
    with Renderer() as renderer:
        pdf = renderer.render(make_markup(content, stamped=NOW.isoformat(), proof=PROOF))

    told = run(pdf, "pdfinfo", "-").decode()
    assert re.search(r"Pages:\s+1\n", told), told
    assert "595.276 x 841.89 pts (A4)" in told
    assert [len(table.rows) for table in content.tables] == [1, 4, 8, 3]
    read = text(pdf)
    order = ["钦州市钦南区", "领导一页纸", "任务总数", "截至9月18日"]
    order += ["需区领导决定（6件", "逾期任务（14项，列最久的8项", "未销号的重大隐患（5处"]
    places = [read.index(part) for part in order]
    assert places == sorted(places)
    box = ink(picture(pdf, 1, tmp_path), 1, 1, 209, 296)
    assert box.left > 18 - 0.3
    assert box.right < 210 - 16 + 0.3
    assert box.bottom < 297 - 13 + 0.3
    heights = [word.bottom - word.top for word in words(pdf, 1) if word.text == "最长逾期天数"]
    assert min(heights) > 8 * 25.4 / 72  # 不小于 8pt
    assert "\ufffd" not in read
    assert all(
        "yes yes yes" in line for line in run(pdf, "pdffonts", "-").decode().splitlines()[2:]
    )


def test_hostile_words_stand_on_the_sheet_as_they_were_typed(world):
    hostile = "<svg onload=x>【逾期】&lt;{{x}}"
    task = Task.objects.get(obligation__code="03-01")
    raise_one(task, world.office, hostile, hostile)
    hazard = make_hazard_content(grade=HazardGrade.MAJOR, title=hostile, enterprise=hostile)
    raise_hazard(world.own, hazard, token="h", actor=world.liaison, at=NOW)

    with Renderer() as renderer:
        pdf = renderer.render(make_markup(drafted(), stamped=NOW.isoformat(), proof=PROOF))

    assert text(pdf).count(hostile.replace(" ", "")) == 3  # 企业名称跟在隐患之后，超长截短
