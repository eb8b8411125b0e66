"""The homes before anything is handed out, and before there is a plan."""

import pytest

from organizations.access import access_of
from qinnan_safety.home_pages import staff_home
from tests.builders import TODAY, as_, make_plan, make_row

pytestmark = pytest.mark.django_db


def test_before_dispatch_the_office_sees_what_is_left_to_do(people):
    plan = make_plan()
    make_row(plan, "02-03", leads=[people.zjj], title="定期通报")

    home = staff_home(access_of(people.office, today=TODAY), TODAY)

    assert (home.coverage.total, home.coverage.open, home.drafts) == (6, 5, 1)
    assert [row.code for row in home.undecided.rows] == ["02-03"]
    page = as_(people.office).get("/").content.decode()
    assert "1 项任务</a>都还没有下发" in page
    assert "5 句还没有处理" in page
    assert "/plan/sample/breakdown/" in page
    assert "/plan/sample/dispatch/" in page


def test_the_auditor_reads_the_same_page_without_the_offices_work(people):
    make_row(make_plan(), "02-03", leads=[people.zjj])

    page = as_(people.auditor).get("/").content.decode()

    assert "待分解" in page
    assert "/plan/sample/breakdown/" not in page
    assert "/plan/sample/dispatch/" not in page


def test_without_a_plan_everybody_is_told_so(people):
    assert "还没有载入方案" in as_(people.office).get("/").content.decode()
    assert "还没有下发任务" in as_(people.leader).get("/").content.decode()
    assert "三季度要办的都办完了" in as_(people.liaison).get("/").content.decode()
