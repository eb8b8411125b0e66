"""The story of a row: exchanged units, long texts, counts, and what a unit may read."""

from datetime import date, timedelta

import pytest

from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import Frequency, FulfilmentMode
from responsibilities.models import Obligation
from responsibilities.pages.timeline import clause_acts, obligation_acts, recent_acts
from responsibilities.services.assigning import UnitRoles, assign_units, change_lead
from responsibilities.services.breakdown import Wording, revise_obligation
from tests.builders import (
    NOW,
    TODAY,
    dispatch,
    make_plan,
    make_row,
    make_unit,
    make_user,
    rights,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office() -> User:
    return make_user("office", (make_unit("awb", "区安委办"), PostKind.OFFICE), name="陆科员")


@pytest.fixture
def units() -> list[Unit]:
    return [make_unit("zjj", "区住建局", order=11), make_unit("jtj", "区交通局", order=12)]


@pytest.fixture
def row(units: list[Unit]) -> Obligation:
    return make_row(make_plan(), "02-02", leads=units[:1], due_on=date(2019, 10, 15))


def test_a_lead_that_gives_way_to_another_is_one_sentence(
    row: Obligation, units: list[Unit], office: User
) -> None:
    change_lead(row, units[1], actor=office, at=LATER, today=TODAY, reason="职责调整")

    newest = obligation_acts(row, rights(office))[0]

    assert newest.lines == ("任务：牵头单位由“区住建局”改为“区交通局”",)
    assert (newest.actor, newest.reason) == ("陆科员", "职责调整")


def test_a_unit_that_changes_its_role_is_one_sentence(
    row: Obligation, units: list[Unit], office: User
) -> None:
    roles = UnitRoles(FulfilmentMode.JOINT, [(units[1], None)], [(units[0], None)])
    assign_units(
        row, roles, version=row.version, actor=office, at=LATER, today=TODAY, reason="调整"
    )

    newest = obligation_acts(row, rights(office))[0]

    assert newest.lines == (
        "责任单位 区住建局：角色由“牵头”改为“配合”",
        "新增责任单位 牵头 区交通局",
    )


def test_a_long_text_stands_before_and_after_beside_the_sentence(
    row: Obligation, office: User
) -> None:
    long = (
        "建立覆盖全区的信息平台，归集企业基本情况、隐患台账、执法记录，并与镇街和重点企业联网运行。"
    )
    revise_obligation(
        row, Wording(row.title, long), version=row.version, actor=office, at=LATER, reason="写细"
    )

    newest = obligation_acts(row, rights(office))[0]

    assert newest.lines == ("任务：改写具体措施，清空成果形式（原为“文件”）",)
    assert [(text.before, text.after) for text in newest.texts] == [("具体措施。", long)]


def test_a_unit_reads_of_itself_and_of_who_leads_and_of_nobody_else(
    units: list[Unit],
) -> None:
    lead, third = units[0], make_unit("nyj", "区农业局", order=13)
    row = make_row(make_plan(), "02-02", leads=[lead], assists=[units[1], third])
    liaison = make_user("liaison", (units[1], PostKind.LIAISON))

    told = " ".join(line for act in obligation_acts(row, rights(liaison)) for line in act.lines)

    assert "牵头 区住建局" in told
    assert "配合 区交通局" in told
    assert "区农业局" not in told


def test_the_newest_acts_cost_two_queries_however_many_tasks(
    office: User, django_assert_num_queries
) -> None:
    plan = make_plan()
    leads = [make_unit(f"u{n}", f"单位{n}", order=20 + n) for n in range(6)]
    row = make_row(
        plan, "02-01", leads=leads, mode=FulfilmentMode.SEPARATE, frequency=Frequency.QUARTERLY
    )
    dispatch(plan, row)
    access = rights(office)
    known = {unit.pk: unit for unit in leads}
    assert access.sees_all

    with django_assert_num_queries(2):
        recent = recent_acts(row, access, known)

    # 测试里的各次办理用同一时刻同一人，合为一次：立项、6 个单位、下发 6×2 件（三、四季度）。
    (act,) = recent.acts
    assert "新增办理件 12 项" in act.lines
    assert "新增责任单位 6 项" in act.lines


def test_who_decided_the_deadline_is_the_last_act_that_touched_it(
    row: Obligation, office: User
) -> None:
    revise_obligation(
        row, Wording("新题"), version=row.version, actor=office, at=LATER, reason="只改题目"
    )

    deadline = recent_acts(row, rights(office), {}).deadline

    assert deadline is not None
    assert (deadline.actor, deadline.at) == ("系统", NOW)


def test_the_acts_on_a_clause_hide_rows_of_other_units(row: Obligation, units: list[Unit]) -> None:
    stranger = make_user("stranger", (units[1], PostKind.LIAISON))
    system = get_system_user()
    office_user = make_user("office2", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))
    assert system.pk != stranger.pk

    seen = " ".join(line for act in clause_acts(row.clause, rights(stranger)) for line in act.lines)
    whole = " ".join(
        line for act in clause_acts(row.clause, rights(office_user)) for line in act.lines
    )

    assert "02-02：处置由“未定”改为“已立项”" in seen
    assert "任务02-02" not in seen
    assert "任务02-02" in whole
