"""全区情况: the numbers with their denominators, late rows with their units, no ranking."""

from datetime import date

import pytest

from common.tracked import save_with_history
from organizations.access import access_of
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
from tests.builders import NOW, TODAY

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
