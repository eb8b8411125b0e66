"""全区情况: the numbers with their denominators, late rows with their units, no ranking."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from common.tracked import save_with_history
from inspections.enums import HazardGrade
from inspections.models import Inspection
from inspections.services.listing import list_hazard
from organizations.access import access_of
from organizations.enums import PostKind
from organizations.models import Unit
from organizations.services.people import get_system_user
from qinnan_safety.overview_page import late_lamp, overview
from responsibilities.enums import ReportKind, ReviewDecision
from responsibilities.models import Task
from responsibilities.services.progress import (
    ReportContent,
    receive_task,
    review_report,
    submit_report,
)
from tests.builders import NOW, TODAY, make_user
from tests.inspections.conftest import department
from tests.inspections.worlds import Steps

__all__ = ["department"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "status"),
    [("office", 200), ("auditor", 200), ("leader", 200), ("liaison", 403), ("nobody", 403)],
)
def test_the_district_page_is_for_those_who_see_the_district(client, district, who, status):
    client.force_login(getattr(district, who))

    assert client.get("/overview/").status_code == status


def test_a_leader_starts_on_the_page(client, district):
    client.force_login(district.leader)

    page = client.get("/").content.decode()

    assert "1 项逾期</a>，涉及 1 个单位" in page
    assert "区住建局" in page


def test_units_stand_in_official_order_with_what_has_begun(district):
    page = overview(access_of(district.leader, today=TODAY), TODAY)

    # 第四季度的检查还没开始,不计入应办。
    assert [(unit.name, unit.total, unit.closed, unit.overdue) for unit in page.units] == [
        ("区住建局", 2, 0, 1),
        ("区交通局", 2, 0, 0),
    ]
    assert (page.clean_units, page.late_units) == (1, 1)


def test_a_unit_that_is_gone_is_no_unit_without_lateness_but_its_work_still_counts(
    client, district
):
    district.jtj.valid_to = date(2019, 9, 17)
    save_with_history(district.jtj, actor=get_system_user(), reason="机构改革", at=NOW)
    client.force_login(district.leader)

    page = overview(access_of(district.leader, today=TODAY), TODAY)

    assert [unit.name for unit in page.standing] == ["区住建局"]
    assert (page.clean_units, page.gone_closed, page.gone_total) == (0, 0, 2)
    assert "机构改革前各单位" in client.get("/overview/").content.decode()


def test_late_rows_name_the_units_that_owe_them(district):
    (late,) = overview(access_of(district.leader, today=TODAY), TODAY).late

    assert (late.code, late.lamp.text, late.units) == ("02-02", "逾期 18 天", "区住建局")


def test_the_days_of_a_row_that_several_units_owe_are_called_the_most():
    assert late_lamp(171, ["区民政局", "区消防大队"]).text == "最长逾期 171 天"


def test_work_made_up_late_does_not_count_as_on_time(district):
    task = Task.objects.get(obligation=district.rows[1])
    receive_task(task, actor=district.liaison, at=NOW)
    content = ReportContent(kind=ReportKind.CLOSING, summary="平台已建成。", document_no="文号1")
    report = submit_report(task, content, token="t1", actor=district.liaison, at=NOW)
    review_report(
        report,
        ReviewDecision.PASS,
        seen_sha256=report.content_sha256,
        actor=district.office,
        at=NOW,
        reason="",
    )

    page = overview(access_of(district.leader, today=TODAY), TODAY)

    assert (page.rows.closed, page.overdue) == (1, 0)
    assert (page.due, page.on_time) == (1, 0)


def test_the_vein_has_a_bar_for_every_row_in_the_order_of_the_text(district):
    sections = overview(access_of(district.leader, today=TODAY), TODAY).rows.sections

    assert [(s.label, [bar["kind"] for bar in s.bars]) for s in sections] == [
        ("二、落实责任", ["due_soon", "overdue", "due_soon"]),
    ]


def test_leaders_read_of_the_quarters_inspections_and_of_major_hazards(
    client, department, django_assert_max_num_queries
):
    """Q2 owed nothing more than Q3: 区住建局 alone, which has not sent anything for either."""
    steps = Steps(department)
    hazard = steps.registered(HazardGrade.MAJOR)
    leader = make_user("leader", (Unit.objects.get(code="awb"), PostKind.LEADER))
    access = access_of(leader, today=TODAY)

    def field(day=TODAY):
        return overview(access, day).field

    assert (field().quarter, field().owing, field().not_filed) == ("2019年第三季度", 1, 1)
    assert (field().missing, field().major, field().major_late) == (1, 1, 0)
    assert field(date(2019, 9, 26)).major_late == 1
    department.sent()
    assert (field().awaiting, field().not_filed) == (1, 0)
    department.confirm(Inspection.objects.get())
    list_hazard(hazard, steps.stamp("office"), document_no="挂〔2019〕1号", due_on=TODAY, version=2)
    assert (field().confirmed, field().listed) == (1, 1)

    client.force_login(leader)
    page = BeautifulSoup(client.get("/overview/").content, "html.parser")
    told = [" ".join(li.text.split()) for li in page.select("section[aria-label=检查和隐患] li")]
    assert told == [
        "2019年第三季度带队检查 应查 1 个单位，已确认 1 个；上季度缺 1 个",
        "重大隐患 未销号 1 处，挂牌督办 1 处",
    ]
    with django_assert_max_num_queries(8):
        overview(access, TODAY)


def test_the_office_reads_on_its_own_page_who_has_not_confirmed_this_quarters_inspection(
    client, department
):
    client.force_login(make_user("clerk", (Unit.objects.get(code="awb"), PostKind.OFFICE)))

    def told():
        page = BeautifulSoup(client.get("/").content, "html.parser")
        rail = page.select_one("section[aria-labelledby=field-h]")
        return page.h1.text, [" ".join(item.text.split()) for item in rail.select("a.end, li")]

    heading, lines = told()
    assert "1 个部门还没确认本季带队检查" in heading
    assert lines == ["0 / 1", "已确认0 个", "未填报1 个", "上季度缺1 个"]

    department.sent()
    department.confirm(Inspection.objects.get())

    heading, lines = told()
    assert "带队检查" not in heading
    assert lines == ["1 / 1", "已确认1 个", "上季度缺1 个"]
