"""Which tasks the ledger hands to the reminders."""

from datetime import date

import pytest

from notices.services.planning import plan_notices
from organizations.enums import PostKind
from responsibilities import reminders
from responsibilities.enums import Frequency, ReportKind
from responsibilities.models import Task
from responsibilities.services.events import register_event
from responsibilities.services.progress import ReportContent, submit_report
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def zjj(db):
    return make_unit("zjj", "区住建局")


def keys(today: date = TODAY, lead_days: int = 30) -> dict[str, str]:
    return {
        subject.label: subject.kind
        for chunk in reminders.owed(today, lead_days)
        for subject in chunk
    }


def test_tasks_that_began_or_are_near_are_owed_the_rest_is_not(zjj, monkeypatch):
    plan = make_plan()
    rows = [
        make_row(plan, "02-01", leads=[zjj], frequency=Frequency.QUARTERLY),
        make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 10, 18)),
        make_row(plan, "02-03", leads=[zjj], due_on=date(2019, 10, 19)),
    ]
    dispatch(plan, *rows)
    monkeypatch.setattr(reminders, "CHUNK", 1)

    assert keys() == {"02-01": "task-quarter", "02-02": "task-once"}
    found = [each for chunk in reminders.owed(TODAY, 30) for each in chunk]
    assert [(each.starts_on, each.due_on) for each in found] == [
        (date(2019, 7, 1), date(2019, 9, 30)),
        (None, date(2019, 10, 18)),
    ]


@pytest.mark.parametrize(
    ("period", "kind"),
    [("", "task-once"), ("E12", "task-event"), ("2019-09", "task-month"), ("2019", "task-year")],
)
def test_the_period_tells_the_kind(period, kind):
    assert reminders._kind_of(period) == kind


def test_what_waits_for_review_is_not_chased(zjj):
    liaison = make_user("liaison-1", (zjj, PostKind.LIAISON))
    plan = make_plan()
    dispatch(plan, make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 9, 12)))
    task = Task.objects.get()
    assert plan_notices(at=NOW, today=TODAY) == 1

    content = ReportContent(kind=ReportKind.PROGRESS, summary="已完成。")
    submit_report(task, content, token="t", actor=liaison, at=NOW)

    assert reminders.standing([f"task:{task.pk}"]) == {}
    assert keys() == {}


def test_a_message_leads_to_the_row(zjj):
    liaison = make_user("liaison-1", (zjj, PostKind.LIAISON))
    plan = make_plan()
    dispatch(plan, make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 9, 12), title="建平台"))

    plan_notices(at=NOW, today=TODAY)

    notice = liaison.notices.get()
    assert notice.url == Task.objects.get().get_absolute_url()
    assert notice.text == "【区安委办】02-02 建平台已逾期 6 天，请报进展或申请延期。"


def test_what_an_event_opened_follows_the_schedule_of_events(zjj):
    from tests.responsibilities.services.test_events import accident, event_row

    office = make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))
    row = event_row(make_plan(), "02-02", zjj)
    register_event(row.plan, accident(), {row: date(2019, 10, 18)}, actor=office, at=NOW)

    assert keys() == {"02-02": "task-event"}
