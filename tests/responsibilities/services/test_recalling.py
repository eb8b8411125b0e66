"""Nothing that is over waits for anybody, and nothing counts that was taken back."""

from dataclasses import replace
from datetime import date

import pytest

from common.errors import DomainError, NotAllowed
from common.tracked import save_with_history
from notices.models import Notice
from organizations.enums import PostKind, UnitKind
from organizations.models import User
from organizations.services.people import get_system_user
from responsibilities.enums import (
    CoordinationState,
    EventKind,
    ExtensionState,
    ReportKind,
    ReportState,
    ReviewDecision,
    TaskState,
)
from responsibilities.models import ProgressReport, Task
from responsibilities.pages.coordination import asked_for_help
from responsibilities.services.assigning import void_open_tasks
from responsibilities.services.coordination import raise_matter
from responsibilities.services.events import Happening, register_event
from responsibilities.services.extensions import (
    decide_extension,
    request_extension,
    withdraw_extension,
)
from responsibilities.services.progress import (
    ReportContent,
    review_report,
    submit_report,
    withdraw_report,
)
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
WORDS = ReportContent(ReportKind.PROGRESS, "已印发方案。")
CLOSING = ReportContent(ReportKind.CLOSING, "已办结。", document_no="钦南安〔2019〕1号")


@pytest.fixture
def people() -> dict[str, User]:
    office = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    unit = make_unit("zjj", "区住建局")
    return {
        "clerk": make_user("clerk", (office, PostKind.OFFICE)),
        "liaison": make_user("liaison", (unit, PostKind.LIAISON)),
        "head": make_user("head", (unit, PostKind.HEAD)),
    }


@pytest.fixture
def task(people: dict[str, User]) -> Task:
    plan = make_plan()
    unit = people["head"].appointments.get().post.unit
    dispatch(plan, make_row(plan, "02-02", leads=[unit], due_on=date(2019, 12, 31)))
    return Task.objects.get()


def report(task: Task, people: dict[str, User], token: str, content=WORDS) -> ProgressReport:
    return submit_report(task, content, token=token, actor=people["liaison"], at=NOW)


def review(found: ProgressReport, people: dict[str, User], decision: ReviewDecision) -> None:
    review_report(
        found,
        decision,
        seen_sha256=found.current_sha256,
        actor=people["clerk"],
        at=NOW,
        reason="补",
    )


def test_a_voided_task_leaves_nothing_to_answer(task, people) -> None:
    asked = ask(task, people)
    matter = raise_matter(task, matter="用地。", actor=people["clerk"], at=NOW)
    report(task, people, "a")
    task.refresh_from_db()

    void_open_tasks(task.obligation, [task], actor=people["clerk"], at=NOW, reason="并入 02-03")

    assert not ProgressReport.objects.awaiting_review().exists()
    assert ProgressReport.objects.get().state == ReportState.WITHDRAWN
    asked.refresh_from_db()
    matter.refresh_from_db()
    assert (asked.state, asked.decided_by) == (ExtensionState.REFUSED, people["clerk"])
    assert asked.decision_note == "任务已撤销：并入 02-03"
    assert matter.state == CoordinationState.WITHDRAWN
    assert matter.history.first().history_change_reason == "并入 02-03"


def test_a_later_word_that_was_taken_back_hides_no_call_for_help(task, people) -> None:
    asking = report(task, people, "a", replace(WORDS, coordination="请协调用地。"))
    review(asking, people, ReviewDecision.PASS)
    withdraw_report(report(task, people, "b"), actor=people["liaison"], at=NOW)

    assert list(asked_for_help()) == [asking]


def test_a_withdrawn_submission_is_not_acknowledged_again(task, people) -> None:
    withdraw_report(report(task, people, "a"), actor=people["liaison"], at=NOW)

    with pytest.raises(DomainError, match="这一页报过的进展已撤回"):
        report(task, people, "a")

    assert report(task, people, "b").state == ReportState.SUBMITTED


def test_what_is_withdrawn_leaves_the_task_as_it_was(task, people) -> None:
    withdraw_report(report(task, people, "a"), actor=people["liaison"], at=NOW)
    task.refresh_from_db()
    assert (task.state, task.last_reported_on) == (TaskState.IN_PROGRESS, None)

    review(report(task, people, "b"), people, ReviewDecision.RETURN)
    withdraw_report(report(task, people, "c"), actor=people["liaison"], at=NOW)
    task.refresh_from_db()
    assert (task.state, task.last_reported_on) == (TaskState.RETURNED, date(2019, 9, 18))


def ask(task: Task, people: dict[str, User]):
    day = date(2020, 1, 10)
    return request_extension(task, asked_due_on=day, reason="延", actor=people["head"], at=NOW)


def grant(asked, people: dict[str, User], day: date) -> None:
    decide_extension(asked, granted_due_on=day, note="", actor=people["clerk"], at=NOW)


def test_more_time_is_never_less_than_what_holds_now(task, people) -> None:
    asked = ask(task, people)
    task.due_on = date(2020, 6, 30)
    save_with_history(task, actor=get_system_user(), reason="改时限", at=NOW, fields=["due_on"])

    with pytest.raises(DomainError, match=r"要晚于现在的到期日（2020-06-30）"):
        grant(asked, people, date(2020, 1, 10))
    with pytest.raises(DomainError, match="请核对年份"):
        grant(asked, people, date(2999, 1, 10))


def test_a_task_closed_in_time_asks_for_no_more_time(task, people) -> None:
    asked = ask(task, people)
    review(report(task, people, "a", CLOSING), people, ReviewDecision.PASS)

    asked.refresh_from_db()
    assert (asked.state, asked.decision_note) == (
        ExtensionState.WITHDRAWN,
        "任务已办结，不用再延期",
    )
    assert not Notice.objects.filter(kind="extension").exists()
    with pytest.raises(DomainError, match="已经撤回"):
        grant(asked, people, date(2020, 3, 31))


def test_a_late_closing_waits_for_the_decision_on_more_time(task, people) -> None:
    asked, late = ask(task, people), NOW.replace(year=2020, month=1, day=5)
    closing = submit_report(task, CLOSING, token="a", actor=people["liaison"], at=late)

    with pytest.raises(DomainError, match="先批延期，再通过办结"):
        review(closing, people, ReviewDecision.PASS)
    grant(asked, people, date(2020, 1, 10))
    review(closing, people, ReviewDecision.PASS)

    task.refresh_from_db()
    assert (task.state, task.closed_on) == (TaskState.CLOSED, date(2020, 1, 5))
    assert not task.is_late


def test_the_head_takes_a_request_back_and_asks_anew(task, people) -> None:
    asked = ask(task, people)
    with pytest.raises(NotAllowed, match="主要负责人撤回"):
        withdraw_extension(asked, actor=people["liaison"], at=NOW)

    withdraw_extension(asked, actor=people["head"], at=NOW)

    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (ExtensionState.WITHDRAWN, people["head"])
    with pytest.raises(DomainError, match="已经撤回"):
        withdraw_extension(asked, actor=people["head"], at=NOW)
    grant(ask(task, people), people, date(2020, 1, 10))
    task.refresh_from_db()
    assert task.due_on == date(2020, 1, 10)


def test_an_event_is_registered_once(task, people) -> None:
    plan = task.obligation.plan
    happening = Happening(EventKind.ACCIDENT, "9·12 坍塌事故", date(2019, 9, 12), "快报1号")
    register_event(plan, happening, {}, actor=people["clerk"], at=NOW)

    with pytest.raises(DomainError, match="已经登记，是第 1 件"):
        register_event(plan, happening, {}, actor=people["clerk"], at=NOW)

    other = replace(happening, title="9·12 另一起坍塌事故")
    assert register_event(plan, other, {}, actor=people["clerk"], at=NOW).number == 2
