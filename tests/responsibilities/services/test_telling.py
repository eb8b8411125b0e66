"""What the office does that concerns a unit rings its bell: once for an act, with one link."""

from datetime import date

import pytest

from common.tracked import save_with_history
from notices.models import Notice
from organizations.enums import PostKind, UnitKind
from organizations.models import User
from responsibilities.enums import DeadlineKind, Frequency, ReportKind, ReviewDecision
from responsibilities.models import Obligation, Task
from responsibilities.services.assigning import change_lead
from responsibilities.services.breakdown import void_obligation
from responsibilities.services.bulk import LeadChange, change_many
from responsibilities.services.coordination import decide_matter, raise_matter
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.events import register_event, void_event
from responsibilities.services.expected import top_up_tasks
from responsibilities.services.extensions import decide_extension, request_extension
from responsibilities.services.progress import (
    ReportContent,
    receive_task,
    review_report,
    submit_report,
)
from responsibilities.services.succession import hand_over_to_successors
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user
from tests.responsibilities.happenings import accident, event_row
from tests.responsibilities.town import Town

pytestmark = pytest.mark.django_db


def told(*kinds: str) -> list[tuple[str, str, str]]:
    """The notices as (whom, what, where to)."""
    notices = Notice.objects.filter(kind__in=kinds).order_by("pk").select_related("recipient")
    return [(notice.recipient.username, notice.text, notice.url) for notice in notices]


def test_a_dispatch_of_many_rows_is_one_notice_for_each_unit_and_none_for_linked_bodies() -> None:
    zjj, jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    congress = make_unit("rd", "区人大办", kind=UnitKind.SUPERVISORY_BODY, order=12)
    for unit, kind in ((zjj, PostKind.LIAISON), (jtj, PostKind.HEAD), (congress, PostKind.LIAISON)):
        make_user(f"{unit.code}-1", (unit, kind))
    plan = make_plan()
    quarterly = make_row(plan, "02-01", leads=[zjj], frequency=Frequency.QUARTERLY)
    rows = [
        make_row(plan, code, leads=[unit], due_on=date(2020, 12, 31))
        for code, unit in (("02-02", zjj), ("02-03", zjj), ("03-01", jtj), ("01-01", congress))
    ]

    dispatch(plan, quarterly, *rows)

    # 区住建局 3 项共 4 件：季度任务展开为三、四季度两件；区交通局没有联络员，由主要负责人接。
    assert Task.objects.filter(unit=zjj).count() == 4
    assert told("dispatch") == [
        ("zjj-1", "【区安委办】《样例区安全生产实施方案》下发 3 项任务，请签收。", "/"),
        ("jtj-1", "【区安委办】《样例区安全生产实施方案》下发 1 项任务，请签收。", "/"),
    ]
    assert Notice.objects.count() == 2


def test_a_dispatch_ahead_of_its_day_says_when_the_work_begins() -> None:
    zjj = make_unit("zjj", "区住建局")
    make_user("zjj-1", (zjj, PostKind.LIAISON))
    plan = make_plan()

    dispatch(
        plan,
        make_row(plan, "02-02", leads=[zjj], due_on=date(2020, 12, 31)),
        starts_on=date(2020, 1, 1),
    )

    ((_, text, _),) = told("dispatch")
    assert text.endswith("下发 1 项任务，2020年1月1日起办理，届时请签收。")


def test_every_decision_reaches_the_liaison_and_an_extension_the_head_who_asked() -> None:
    town = Town()
    head = make_user("head", (town.zjj, PostKind.HEAD))
    first, second = town.first, town.second
    page, other = first.get_absolute_url(), second.get_absolute_url()
    words = ReportContent(ReportKind.PROGRESS, "推进中。")
    report = submit_report(first, words, token="a", actor=town.liaison, at=NOW)

    review_report(
        report,
        ReviewDecision.RETURN,
        seen_sha256=report.current_sha256,
        actor=town.office,
        at=NOW,
        reason="没有附上验收报告，\n" + "请补" * 40,
    )
    for task, granted, note in ((first, date(2020, 1, 10), ""), (second, None, "已经延过。")):
        asked = request_extension(
            task, asked_due_on=date(2020, 1, 31), reason="流标。", actor=head, at=NOW
        )
        decide_extension(asked, granted_due_on=granted, note=note, actor=town.office, at=NOW)
    matter = raise_matter(second, matter="用地未落实。", actor=town.office, at=NOW)
    leader = make_user("leader", (make_unit("awh", "区安委会", order=2), PostKind.LEADER))
    decide_matter(matter, decision="国土分局 10 月底前落实用地。", actor=leader, at=NOW)

    ((who, text, url),) = told("return")
    assert (who, len(text), url) == ("liaison", 60, page)
    assert text.startswith("【退回补正】02-02：没有附上验收报告， 请补请补")
    assert text.endswith("…")
    granted_text = "【同意延期】02-02 任务02-02，改为2020年1月10日前。"
    assert told("extension") == [
        ("liaison", granted_text, page),
        ("head", granted_text, page),
        ("liaison", "【不同意延期】02-03：已经延过。", other),
        ("head", "【不同意延期】02-03：已经延过。", other),
    ]
    decided = "【领导决定】02-03：国土分局 10 月底前落实用地。"
    assert told("decision") == [("liaison", decided, other)]


def test_what_happened_tells_each_unit_once_of_the_tasks_that_it_opened() -> None:
    zjj, jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    for unit in (zjj, jtj):
        make_user(f"{unit.code}-1", (unit, PostKind.LIAISON))
    office = make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))
    plan = make_plan()
    rows = [
        event_row(plan, code, unit)
        for code, unit in (("02-02", zjj), ("02-03", zjj), ("03-01", jtj))
    ]
    dues = [date(2019, 12, 18), date(2019, 10, 18), date(2020, 9, 1)]

    register_event(plan, accident(), dict(zip(rows, dues, strict=True)), actor=office, at=NOW)

    title = accident().title
    page = Task.objects.get(unit=jtj).get_absolute_url()
    assert told("event") == [
        ("zjj-1", f"【事件触发】{title}：2 项任务，最早 10月18日前办结，请签收。", "/"),
        ("jtj-1", f"【事件触发】{title}：03-01 2020年9月1日前办结，请签收。", page),
    ]


def test_work_that_passes_to_a_unit_or_is_laid_out_for_it_is_one_notice_for_the_act() -> None:
    zjj, jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    heir = make_unit("jy", "区交运局", order=12)
    for unit in (zjj, jtj, heir):
        make_user(f"{unit.code}-1", (unit, PostKind.LIAISON))
    office = make_user("office", (make_unit("awb", "区安委办", order=1), PostKind.OFFICE))
    plan = make_plan()
    quarterly = make_row(plan, "02-01", leads=[zjj], frequency=Frequency.QUARTERLY)
    once = [make_row(plan, c, leads=[zjj], due_on=date(2020, 12, 31)) for c in ("02-02", "02-03")]
    dispatch(plan, quarterly, *once)
    rows = {row.pk: row.version for row in Obligation.objects.all()}
    stamp = {"actor": office, "at": NOW, "today": TODAY, "reason": "会议纪要"}

    change_many(rows, [LeadChange(jtj)], **stamp)

    page = quarterly.get_absolute_url()
    assert told("work") == [
        ("jtj-1", "【新增任务】3 项任务，请签收。", "/"),
        ("zjj-1", "【不再办理】3 项任务，已撤销或改由别的单位牵头，不用再办。", "/"),
    ]
    change_lead(Obligation.objects.get(pk=once[0].pk), zjj, **stamp)
    assert told("work")[2:] == [
        ("zjj-1", "【新增任务】02-02 任务02-02，请签收。", once[0].get_absolute_url()),
        ("jtj-1", "【不再办理】02-02 任务02-02，改由区住建局牵头，不用再办。", "/"),
    ]
    for task in Task.objects.open().filter(unit=jtj):
        receive_task(task, actor=User.objects.get(username="jtj-1"), at=NOW)
    jtj.valid_to, jtj.successor = date(2019, 9, 30), heir
    save_with_history(jtj, actor=office, reason="机构改革", at=NOW)
    reform = {"actor": office, "at": NOW, "today": date(2019, 10, 1)}

    top_up_tasks(**reform)
    hand_over_to_successors(**reform)
    hand_over_to_successors(**reform)
    top_up_tasks(**reform)

    # 十月起展开来年四个季度，仍在原单位名下；随后两项任务连同来年的一并转到承接单位。
    assert told("work")[4:] == [
        ("jtj-1", "【新的期次】02-01 任务02-01，2020年1月1日起办理，届时请签收。", page),
        ("jy-1", "【承接任务】2 项任务，请签收。", "/"),
    ]


def test_work_that_is_taken_from_a_unit_is_said_with_the_reason_and_to_it_alone() -> None:
    town = Town()
    other = make_user("jtj-2", (town.jtj, PostKind.LIAISON))
    row = Obligation.objects.get(code="02-02")
    stamp = {"actor": town.office, "at": NOW, "reason": "重复"}
    quarterly = Deadline(DeadlineKind.PERIODIC, "纪要1期", frequency=Frequency.QUARTERLY)
    set_deadline(row, quarterly, version=row.version, today=TODAY, **stamp)

    # 改成每季度：还在办，只说新增，不说不再办理。
    assert [text[:6] for _, text, _ in told("work")] == ["【新增任务】"]
    void_obligation(Obligation.objects.get(code="02-03"), **stamp)
    assert told("work")[1:] == [
        ("liaison", "【不再办理】02-03 任务02-03，任务已撤销，不用再办。", "/")
    ]
    triggered = event_row(row.plan, "03-01", town.zjj)
    happened = {triggered: date(2019, 12, 18)}
    event = register_event(row.plan, accident(), happened, actor=town.office, at=NOW)
    void_event(event, **stamp)
    assert told("work")[2][1].endswith("，引起它的事件已撤销，不用再办。")
    assert not other.notices.exists()
