"""History as sentences, and the ledger of a past day."""

from datetime import date, timedelta

import pytest

from organizations.enums import PostKind
from organizations.services.people import get_system_user
from responsibilities.as_of import ledger_as_of
from responsibilities.enums import DeadlineKind, Frequency, FulfilmentMode, LampKind
from responsibilities.pages.timeline import obligation_acts
from responsibilities.services.breakdown import Wording, revise_obligation
from responsibilities.services.deadlines import Deadline, set_deadline
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


@pytest.fixture
def office():
    return make_user("office", (make_unit("awb", "区安委办"), PostKind.OFFICE), name="陆科员")


def test_a_changed_date_reads_as_a_sentence_with_actor_and_reason(office) -> None:
    row = make_row(
        make_plan(), "02-02", leads=[make_unit("zjj", "区住建局")], due_on=date(2019, 10, 15)
    )
    later = Deadline(
        kind=DeadlineKind.FIXED, basis="会议纪要〔2019〕3号", due_on=date(2019, 12, 20)
    )

    set_deadline(
        row,
        later,
        version=row.version,
        actor=office,
        at=NOW + timedelta(hours=1),
        today=TODAY,
        reason="雨季停工顺延",
    )

    newest = obligation_acts(row, rights(office))[0]
    assert (newest.actor, newest.reason) == ("陆科员", "雨季停工顺延")
    assert newest.lines == (
        "任务：到期日由“2019年10月15日”改为“2019年12月20日”，时限决定依据由“测试依据”改为“会议纪要〔2019〕3号”",
    )


def test_many_new_tasks_of_one_act_are_counted_not_listed(office) -> None:
    plan = make_plan()
    units = [make_unit(f"u{n}", f"单位{n}", order=n) for n in range(6)]
    row = make_row(
        plan, "02-01", leads=units, mode=FulfilmentMode.SEPARATE, frequency=Frequency.YEARLY
    )

    dispatch(plan, row)

    lines = [line for act in obligation_acts(row, rights(office)) for line in act.lines]
    assert "新增办理件 6 项" in lines


def test_a_unit_does_not_read_the_history_of_another_units_tasks() -> None:
    plan = make_plan()
    mine, theirs = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    row = make_row(
        plan,
        "02-01",
        leads=[mine, theirs],
        mode=FulfilmentMode.SEPARATE,
        frequency=Frequency.YEARLY,
    )
    dispatch(plan, row)
    liaison = make_user("liaison", (mine, PostKind.LIAISON))

    lines = [line for act in obligation_acts(row, rights(liaison)) for line in act.lines]

    assert "新增办理件 区住建局 2019年" in lines
    assert not any("办理件 区交通局" in line for line in lines)


def test_the_ledger_of_a_past_day_shows_old_words_units_and_lamp(office) -> None:
    plan = make_plan()
    unit = make_unit("zjj", "区住建局")
    row = make_row(plan, "02-02", leads=[unit], due_on=date(2019, 9, 10), title="旧题")
    dispatch(plan, row)
    row.refresh_from_db()
    revise_obligation(
        row,
        Wording("新题"),
        version=row.version,
        actor=get_system_user(),
        at=NOW + timedelta(days=2),
        reason="改名",
    )

    (then,) = ledger_as_of(plan, TODAY, rights(office))
    (now,) = ledger_as_of(plan, TODAY + timedelta(days=2), rights(office))

    assert (then.obligation.title, now.obligation.title) == ("旧题", "新题")
    assert then.leads == [unit]
    # 9 月 10 日到期，9 月 18 日看逾期 8 天。
    assert (then.lamp_on(TODAY).kind, then.lamp_on(TODAY).text) == (LampKind.OVERDUE, "逾期 8 天")
    assert ledger_as_of(plan, TODAY - timedelta(days=1), rights(office)) == []
