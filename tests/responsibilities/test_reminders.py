"""Which tasks the ledger hands to the reminders."""

from datetime import date, timedelta

import pytest

from common.clock import morning_of
from notices.models import Notice
from notices.services.delivering import deliver_notices
from notices.services.planning import plan_notices
from organizations.enums import PostKind
from organizations.services.people import get_system_user
from responsibilities import long_term_reminders, reminders
from responsibilities.enums import DeadlineKind, Frequency, ReportKind, ReviewDecision
from responsibilities.models import Task
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.events import register_event
from responsibilities.services.progress import ReportContent, review_report, submit_report
from responsibilities.services.signing import set_reporting_rule
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


def test_what_waits_for_the_heads_signature_is_asked_of_the_head(zjj):
    liaison = make_user("liaison-1", (zjj, PostKind.LIAISON))
    head = make_user("head-1", (zjj, PostKind.HEAD))
    set_reporting_rule(zjj, head_signs=True, actor=head, at=NOW)
    plan = make_plan()
    due_on = date(2019, 9, 24)
    dispatch(plan, make_row(plan, "02-02", leads=[zjj], due_on=due_on, title="建平台"))
    content = ReportContent(kind=ReportKind.PROGRESS, summary="已完成。")
    submit_report(Task.objects.get(), content, token="t", actor=liaison, at=NOW)

    # 到期前不再提醒联络员；9月24日到期，下一个工作日先催负责人。
    assert remind(TODAY, date(2019, 9, 25)) == [
        (date(2019, 9, 25), "head-1", "rung-3", "2019-09-24"),
    ]
    notice = head.notices.get(posted_by=None)
    assert notice.text == "【区安委办】区住建局02-02 建平台已逾期 1 天，联络员已填好，请您签发。"
    assert notice.url == "/signing/"


def test_long_term_work_that_waits_for_the_signature_is_asked_of_the_head_too(zjj):
    liaison = make_user("liaison-1", (zjj, PostKind.LIAISON))
    head = make_user("head-1", (zjj, PostKind.HEAD))
    set_reporting_rule(zjj, head_signs=True, actor=head, at=NOW)
    plan = make_plan()
    row = make_row(plan, "02-03", leads=[zjj])
    lasting = Deadline(DeadlineKind.CONTINUOUS, "测试依据", frequency=Frequency.CONTINUOUS)
    system = get_system_user()
    row = set_deadline(
        row, lasting, version=row.version, actor=system, at=NOW, today=TODAY, reason="测试"
    )
    dispatch(plan, row, today=date(2019, 7, 1))
    content = ReportContent(kind=ReportKind.PROGRESS, summary="已通报。")
    submit_report(Task.objects.get(), content, token="t", actor=liaison, at=NOW)

    # 7 月 1 日起 90 天到 9 月 29 日。
    assert remind(TODAY, date(2019, 9, 30)) == [
        (date(2019, 9, 30), "head-1", "rung-3", "2019-09-29"),
    ]


def test_a_message_leads_to_the_row(zjj):
    liaison = make_user("liaison-1", (zjj, PostKind.LIAISON))
    plan = make_plan()
    dispatch(plan, make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 9, 12), title="建平台"))

    plan_notices(at=NOW, today=TODAY)

    notice = liaison.notices.get(posted_by=None)
    assert notice.url == Task.objects.get().get_absolute_url()
    assert notice.text == "【区安委办】02-02 建平台已逾期 6 天，请报进展或申请延期。"


def test_what_an_event_opened_follows_the_schedule_of_events(zjj):
    from tests.responsibilities.happenings import accident, event_row

    office = make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))
    row = event_row(make_plan(), "02-02", zjj)
    register_event(row.plan, accident(), {row: date(2019, 10, 18)}, actor=office, at=NOW)

    assert keys() == {"02-02": "task-event"}


def remind(first: date, last: date) -> list[tuple[date, str, str, str]]:
    """Run the scheduler on every day of a stretch; what it added: day, who, rule, window."""
    day = first
    while day <= last:
        plan_notices(at=morning_of(day), today=day)
        deliver_notices(at=morning_of(day), today=day)
        day += timedelta(days=1)
    found = Notice.objects.filter(planned_on__gte=first, posted_by=None).order_by(
        "planned_on", "pk"
    )
    return list(found.values_list("planned_on", "recipient__username", "rule", "window"))


def test_long_term_work_is_called_to_mind_for_each_report_that_falls_due(zjj):
    liaison = make_user("liaison-1", (zjj, PostKind.LIAISON))
    make_user("deputy-1", (zjj, PostKind.DEPUTY))
    make_user("head-1", (zjj, PostKind.HEAD))
    office = make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))
    plan = make_plan()
    row = make_row(plan, "02-03", leads=[zjj], title="定期通报情况")
    lasting = Deadline(DeadlineKind.CONTINUOUS, "测试依据", frequency=Frequency.CONTINUOUS)
    system = get_system_user()
    row = set_deadline(
        row, lasting, version=row.version, actor=system, at=NOW, today=TODAY, reason="测试"
    )
    dispatch(plan, row, today=date(2019, 7, 1))

    # 7 月 1 日起 90 天到 9 月 29 日（星期日，调休上班）；再往后只催到分管负责人。
    window = "2019-09-29"
    assert remind(TODAY, date(2019, 12, 31)) == [
        (date(2019, 9, 18), "liaison-1", "days-15", window),
        (date(2019, 9, 25), "liaison-1", "workdays-3", window),
        (date(2019, 9, 30), "liaison-1", "rung-1", window),
        (date(2019, 10, 17), "deputy-1", "rung-2", window),
    ]
    texts = list(
        Notice.objects.filter(posted_by=None).order_by("pk").values_list("text", flat=True)
    )
    asks = "请报进展，没有变化的报“无变化”。"
    assert texts[:3:2] == [
        f"【区安委办】02-03 定期通报情况，9月29日前，{asks}",
        f"【区安委办】02-03 定期通报情况已迟报 1 天，{asks}",
    ]
    assert texts[3] == "【区安委办】区住建局02-03 定期通报情况已迟报 18 天，联络员未办，请您督促。"

    # 2020 年 1 月 6 日报了，通过后从那天另起 90 天，到 4 月 5 日。
    content = ReportContent(kind=ReportKind.PROGRESS, summary="已通报。")
    at = morning_of(date(2020, 1, 6))
    task = Task.objects.get()
    report = submit_report(task, content, token="t", actor=liaison, at=at)
    assert list(long_term_reminders.owed(date(2020, 1, 7), 30)) == []  # 待核验的在安委办手里
    review_report(
        report, ReviewDecision.PASS, seen_sha256=report.content_sha256, actor=office, at=at
    )
    told = remind(date(2020, 1, 7), date(2020, 4, 6))
    assert told == [
        (date(2020, 3, 21), "liaison-1", "days-15", "2020-04-05"),
        (date(2020, 4, 1), "liaison-1", "workdays-3", "2020-04-05"),
    ]


def test_every_open_task_reminds_in_one_way_with_or_without_a_date(zjj):
    plan = make_plan()
    lasting = Deadline(DeadlineKind.CONTINUOUS, "测试依据", frequency=Frequency.CONTINUOUS)
    rows = [
        make_row(plan, "02-01", leads=[zjj], frequency=Frequency.QUARTERLY),
        make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 10, 18)),
        make_row(plan, "02-03", leads=[zjj]),
    ]
    system = get_system_user()
    rows[2] = set_deadline(
        rows[2], lasting, version=rows[2].version, actor=system, at=NOW, today=TODAY, reason="测试"
    )
    dispatch(plan, *rows)
    far = date(2020, 12, 31)
    sources = (reminders.SOURCE, long_term_reminders.SOURCE)
    told = [each for s in sources for chunk in s.owed(far, 400) for each in chunk]

    pks = sorted(int(each.key.partition(":")[2]) for each in told)
    assert pks == sorted(Task.objects.open().values_list("pk", flat=True))
    mine = [each for s in sources for each in s.of_units([zjj.pk], far)]
    assert len(mine) == len(told)
