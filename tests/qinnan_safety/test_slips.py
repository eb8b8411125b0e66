"""Slips in three colours and notices of talks, their days worked out by hand."""

from datetime import date, timedelta

import pytest

from clauses.models import Plan
from common.clock import morning_of
from common.errors import DomainError
from common.tracked import save_with_history
from common.workdays import is_working_day
from documents.content import Content
from documents.kinds import Subject, kind_of
from documents.models import Document
from documents.services.drafting import draft_document
from documents.services.issuing import Signature
from documents.typesetting.markup import make_markup
from documents.typesetting.renderer import Renderer
from inspections.services.hazards import Settled, raise_hazard, register_hazard
from notices.models import Notice
from notices.services.delivering import deliver_notices
from notices.services.ordering import draft_orders
from notices.services.planning import plan_notices
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit
from organizations.services.people import get_system_user
from qinnan_safety.papers.slips import draft_slip, talked_units, urgent_units
from responsibilities.enums import TaskState
from responsibilities.models import Task
from tests.builders import (
    NOW,
    TODAY,
    dispatch,
    issue_as_seen,
    make_hazard_content,
    make_plan,
    make_row,
    make_unit,
    make_user,
)
from tests.documents.pdf import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """On Wednesday 18 September 2019: late by 109 days, due in 5 working days, in 15 days, later.

    Five working days after the 18th end on Wednesday the 25th; fifteen days on 3 October.
    """
    plan = make_plan()
    make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    own, soon, calm = (
        make_unit(code, f"区{code}局", order=order)
        for order, code in enumerate(("own", "soon", "calm"), 10)
    )
    dispatch(
        plan,
        make_row(plan, "02-02", leads=[own], due_on=date(2019, 6, 1), title="迟了的"),
        make_row(plan, "02-03", leads=[own], due_on=date(2019, 9, 25), title="五个工作日内的"),
        make_row(plan, "03-01", leads=[soon], due_on=date(2019, 10, 3), title="十五天内的"),
        make_row(plan, "01-01", leads=[calm], due_on=date(2019, 10, 4), title="还早的"),
    )


def drafted(kind: str, code: str) -> Content:
    unit = Unit.objects.get(code=code)
    return kind_of(kind).build(Subject("2019Q3", unit, TODAY))


def test_a_slip_takes_the_colour_of_the_most_urgent_task(world):
    red, blue = drafted("slip", "own"), drafted("slip", "soon")
    assert (red.colour, blue.colour) == ("red", "blue")
    assert red.title == "安全生产领域改革发展任务红色督办单"
    assert [row[4] for row in red.tables[0].rows] == ["红 逾期109天", "黄 还有7天"]
    assert [red.figures[name] for name in ("逾期", "即将到期", "临近到期")] == ["1", "1", "0"]
    assert blue.tables[0].rows[0][4] == "蓝 还有15天"
    # 9 月 25 日是第五个工作日；9 月 29 日星期日调休上班，不影响。
    assert red.figures["回复期限"] == "9月25日"


def test_a_task_due_on_the_day_itself_says_so(world):
    plan = Plan.objects.get()
    unit = make_unit("last", "区末日局", order=13)
    row = make_row(plan, "02-01", leads=[unit], due_on=TODAY, title="今天到期的")
    dispatch(plan, row)
    assert drafted("slip", "last").tables[0].rows[0][3:] == ("2019-09-18", "黄 当日到期")


def test_who_has_time_gets_no_slip(world):
    with pytest.raises(DomainError, match="不用发督办单"):
        drafted("slip", "calm")
    assert [unit.code for unit in urgent_units("2019Q3", TODAY)] == ["own", "soon"]


def test_a_slip_drafted_after_its_quarter_speaks_of_the_day_itself(world):
    """On Monday 14 October the task of June is done since, that of 25 September is 19 days late;
    the one that had time left in September is 10 days late."""
    done = Task.objects.get(obligation__title="迟了的")
    at, office = morning_of(date(2019, 10, 8)), get_system_user()
    done.state, done.closed_on = TaskState.CLOSED, date(2019, 10, 8)
    done.closed_at, done.closed_by = at, office
    save_with_history(done, actor=office, reason="办结", at=at)
    content = kind_of("slip").build(Subject("2019Q3", done.unit, date(2019, 10, 14)))

    assert [row[2:] for row in content.tables[0].rows] == [
        ("五个工作日内的", "2019-09-25", "红 逾期19天")
    ]
    assert content.filled().paragraphs[0].text == (
        "截至10月14日，你单位承担的任务逾期1件（见下表）。"
    )
    assert content.figures["回复期限"] == "10月21日"
    assert [u.code for u in urgent_units("2019Q3", date(2019, 10, 14))] == ["own", "soon", "calm"]
    assert talked_units("2019Q3", date(2019, 10, 14)) == []
    with pytest.raises(DomainError, match="还没有开始"):
        kind_of("slip").build(Subject("2020Q1", done.unit, date(2019, 10, 14)))


def test_a_late_hazard_makes_a_slip_red_and_is_listed_beside_the_tasks(world):
    calm = Unit.objects.get(code="calm")
    liaison = make_user("liaison-1", (calm, PostKind.LIAISON))
    hazard = raise_hazard(calm, make_hazard_content(), token="h", actor=liaison, at=NOW)
    settled = Settled(measures="清空通道。", responsible="站长", due_on=date(2019, 9, 15))
    register_hazard(hazard, settled, version=1, actor=liaison, at=NOW)

    content = drafted("slip", "calm")

    assert content.colour == "red"
    assert [item.text for item in content.filled().paragraphs] == [
        "截至9月18日，你单位督促整改的隐患逾期未销号1处（见下表）。",
        "请抓紧办理，并于9月25日前填写回执，说明进展、原因和办结时限。",
    ]
    assert content.tables[0].rows == [
        ("1", hazard.number, "某汽车客运站东侧疏散通道堵塞", "2019-09-15", "一般隐患 逾期3天")
    ]
    assert [unit.code for unit in urgent_units("2019Q3", TODAY)] == ["own", "soon", "calm"]


def remind(day: date) -> int:
    """Do what the scheduler does on a working day; how many drafts it wrote."""
    at = morning_of(day)
    plan_notices(at=at, today=day)
    deliver_notices(at=at, today=day)
    return draft_orders(lambda: at, actor=get_system_user())


def test_the_end_of_the_ladder_is_one_draft_for_the_unit_and_the_quarter(world):
    office = make_user("office", (Unit.objects.get(code="awb"), PostKind.OFFICE))
    days = [TODAY + timedelta(days=n) for n in range(30)]
    written = {day: count for day in days if is_working_day(day) and (count := remind(day))}

    # 6 月 1 日到期的，9 月 18 日起从第一级催起，隔 3、3、3、5 个工作日各上一级：23 日、26 日、
    # 30 日（29 日星期日调休上班），过了国庆 8 日至 11 日，12 日星期六调休上班，满五级。
    assert written == {date(2019, 10, 12): 1}
    draft = Document.objects.get()
    assert (draft.kind, draft.period, draft.unit.code) == ("slip", "2019Q4", "own")
    assert (draft.is_draft, draft.drafted_by) == (True, get_system_user())
    told = Notice.objects.get(kind="order")
    assert (told.recipient, told.url) == (office, draft.get_absolute_url())
    assert told.text == "【区安委办】区own局2019年第四季度督办单已拟草稿，请核对后签发。"


def test_the_office_writes_no_slip_to_itself(world):
    office, plan = Unit.objects.get(code="awb"), Plan.objects.get()
    dispatch(plan, make_row(plan, "02-01", leads=[office], due_on=date(2019, 6, 1)))
    assert [unit.code for unit in urgent_units("2019Q3", TODAY)] == ["own", "soon"]
    assert [unit.code for unit in talked_units("2019Q3", TODAY)] == ["own"]
    for kind in ("slip", "talk"):
        with pytest.raises(DomainError, match="不发给区安委办自己"):
            drafted(kind, "awb")
    assert draft_slip(office, "2019Q3", get_system_user(), NOW) is None
    assert not Document.objects.exists()


def test_heads_are_talked_to_after_a_quarter_of_lateness(world):
    assert [unit.code for unit in talked_units("2019Q3", TODAY)] == ["own"]
    assert drafted("talk", "own").figures == {"件数": "1", "最长天数": "109"}
    with pytest.raises(DomainError, match="不到约谈条件"):
        drafted("talk", "soon")


def test_a_talk_is_not_issued_before_its_time_and_place_are_written_in(world):
    office = make_user("office", (Unit.objects.get(code="awb"), PostKind.OFFICE))
    unit = Unit.objects.get(code="own")
    draft = draft_document("talk", "2019Q3", unit, actor=office, at=NOW)
    with pytest.raises(DomainError, match="【约谈时间】平台不能代填"):
        issue_as_seen(draft, Signature(1, TODAY), actor=office, at=NOW)


def test_the_slip_carries_its_reply_in_the_pdf(world):
    content = drafted("slip", "own").filled()
    with Renderer() as renderer:
        shown = text(renderer.render(make_markup(content, stamped=NOW.isoformat())))
    assert "回执" in shown
    assert "主要负责人（签字）" in shown
    assert "任务逾期1件" in shown


def test_the_page_of_a_slip_shows_its_colour_and_its_reply_as_the_paper_does(world, client):
    office = make_user("office", (Unit.objects.get(code="awb"), PostKind.OFFICE))
    unit = Unit.objects.get(code="soon")
    document = draft_document("slip", "2019Q3", unit, actor=office, at=NOW)
    client.force_login(office)

    page = client.get(document.get_absolute_url()).content.decode()
    assert '<div class="band band-blue"></div>' in page
    assert "回执" in page
    assert "主要负责人（签字）" in page
