"""检查和隐患 on the pages of the leaders and of the office."""

from datetime import date

import pytest
from bs4 import BeautifulSoup

from inspections.enums import HazardGrade
from inspections.models import Inspection
from inspections.services.listing import list_hazard
from organizations.access import access_of
from organizations.enums import PostKind
from organizations.models import Unit
from qinnan_safety.overview_page import overview
from tests.builders import TODAY, make_user
from tests.inspections.worlds import Department, Steps, make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def department() -> Department:
    return make_department()


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
