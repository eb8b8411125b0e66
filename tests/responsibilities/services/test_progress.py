"""Receive, report, review, close: the loop and each of its refusals."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest

from common.errors import DomainError, NotAllowed, StaleVersion, TransitionNotAllowed
from organizations.enums import PostKind
from organizations.models import User
from organizations.services.people import appoint, get_system_user
from responsibilities.enums import ReportKind, ReviewDecision, TaskState
from responsibilities.models import ProgressReport, Task
from responsibilities.services.extensions import decide_extension, request_extension
from responsibilities.services.progress import (
    ReportContent,
    receive_task,
    review_report,
    submit_report,
    withdraw_report,
)
from responsibilities.services.signing import set_reporting_rule, sign_report
from tests.builders import NOW, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db

PROGRESS = ReportContent(kind=ReportKind.PROGRESS, summary="已起草初稿。")
CLOSING = ReportContent(
    kind=ReportKind.CLOSING, summary="已印发。", document_no="钦南应急〔2019〕8号"
)


@pytest.fixture
def people() -> dict[str, User]:
    zjj, jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
    office = make_unit("awb", "区安委办", order=1)
    return {
        "liaison": make_user("liaison", (zjj, PostKind.LIAISON)),
        "head": make_user("head", (zjj, PostKind.HEAD)),
        "stranger": make_user("stranger", (jtj, PostKind.LIAISON)),
        "office": make_user("office", (office, PostKind.OFFICE)),
    }


@pytest.fixture
def task(people: dict[str, User]) -> Task:
    plan = make_plan()
    unit = people["liaison"].appointments.get().post.unit
    row = make_row(plan, "02-02", leads=[unit], due_on=date(2019, 9, 20))
    dispatch(plan, row)
    return Task.objects.get()


def submit(task: Task, who: User, content: ReportContent = PROGRESS, *, token="t1", at=NOW):  # noqa: S107
    return submit_report(task, content, token=token, actor=who, at=at)


def review(report: ProgressReport, who: User, decision=ReviewDecision.PASS, **kwargs):
    seen = kwargs.pop("seen_sha256", report.content_sha256)
    return review_report(report, decision, seen_sha256=seen, actor=who, at=NOW, **kwargs)


def test_receipt_is_stamped_once(task: Task, people: dict[str, User]) -> None:
    received = receive_task(task, actor=people["liaison"], at=NOW)

    assert (received.state, received.received_by) == (TaskState.IN_PROGRESS, people["liaison"])
    with pytest.raises(TransitionNotAllowed, match="现在已经是“办理中”"):
        receive_task(task, actor=people["head"], at=NOW)


@pytest.mark.parametrize("who", ["stranger", "office"])
def test_nobody_else_receives_or_reports_for_a_unit(
    task: Task, people: dict[str, User], who: str
) -> None:
    with pytest.raises(NotAllowed):
        receive_task(task, actor=people[who], at=NOW)
    with pytest.raises(NotAllowed):
        submit(task, people[who])


def test_pressing_submit_twice_is_one_report(task: Task, people: dict[str, User]) -> None:
    first = submit(task, people["liaison"])
    second = submit(task, people["liaison"])

    assert first == second
    assert ProgressReport.objects.count() == 1


def test_the_same_page_with_other_words_is_refused(task: Task, people: dict[str, User]) -> None:
    submit(task, people["liaison"])

    with pytest.raises(DomainError, match="已经提交过别的内容"):
        submit(task, people["liaison"], replace(PROGRESS, summary="改了。"))


def test_progress_goes_back_to_work_and_closing_closes(task: Task, people: dict[str, User]) -> None:
    review(submit(task, people["liaison"]), people["office"])
    task.refresh_from_db()
    assert task.state == TaskState.IN_PROGRESS

    review(submit(task, people["liaison"], CLOSING, token="t2"), people["office"])

    task.refresh_from_db()
    assert (task.state, task.closed_on, task.is_late) == (
        TaskState.CLOSED,
        date(2019, 9, 18),
        False,
    )
    task.obligation.refresh_from_db()
    assert (task.obligation.open_count, task.obligation.open_due_on) == (0, None)


def test_work_closed_after_its_date_stays_marked_late(task: Task, people: dict[str, User]) -> None:
    late = submit(task, people["liaison"], CLOSING, at=NOW + timedelta(days=3))

    review(late, people["office"])

    task.refresh_from_db()
    assert (task.closed_on, task.is_late) == (date(2019, 9, 21), True)


def test_a_return_needs_a_reason_and_opens_the_next_round(
    task: Task, people: dict[str, User]
) -> None:
    report = submit(task, people["liaison"])

    with pytest.raises(DomainError, match="退回补正要写明理由"):
        review(report, people["office"], ReviewDecision.RETURN)
    review(report, people["office"], ReviewDecision.RETURN, reason="缺桩号")

    again = submit(task, people["liaison"], replace(PROGRESS, summary="已补桩号。"), token="t2")
    assert again.round == 2


def test_a_review_binds_to_the_content_seen(task: Task, people: dict[str, User]) -> None:
    report = submit(task, people["liaison"])

    with pytest.raises(StaleVersion, match="在您打开之后有变动"):
        review(report, people["office"], seen_sha256="0" * 64)

    task.refresh_from_db()
    assert task.state == TaskState.UNDER_REVIEW


def test_nobody_reviews_what_they_wrote(task: Task, people: dict[str, User]) -> None:
    both = people["liaison"]
    office_post = people["office"].appointments.get().post
    appoint(both, office_post, starts_on=date(2019, 1, 1), actor=get_system_user(), at=NOW)
    report = submit(task, both)

    with pytest.raises(NotAllowed):
        review(report, both)


def test_nobody_reviews_what_they_signed(task: Task, people: dict[str, User]) -> None:
    head, unit = people["head"], task.unit
    office_post = people["office"].appointments.get().post
    appoint(head, office_post, starts_on=date(2019, 1, 1), actor=get_system_user(), at=NOW)
    set_reporting_rule(unit, head_signs=True, actor=head, at=NOW)
    report = submit(task, people["liaison"])
    signed = sign_report(report, seen_sha256=report.content_sha256, actor=head, at=NOW)

    with pytest.raises(NotAllowed):
        review(signed, head)

    assert review(signed, people["office"]).reviewer == people["office"]


def test_a_round_is_a_return_and_starts_again_after_a_pass(
    task: Task, people: dict[str, User]
) -> None:
    rounds, days = [], count()

    def report(content: ReportContent = PROGRESS) -> ProgressReport:
        day = next(days)
        made = submit(
            task, people["liaison"], content, token=f"t{day}", at=NOW + timedelta(days=day)
        )
        rounds.append(made.round)
        return made

    def send_back(report: ProgressReport) -> None:
        review(report, people["office"], ReviewDecision.RETURN, reason="请补。")

    review(report(), people["office"])  # 1: an ordinary report, passed
    withdraw_report(report(), actor=people["liaison"], at=NOW)  # 1: taken back, nobody answered
    send_back(report(CLOSING))  # 1: the first closing
    send_back(report(CLOSING))  # 2: after one return
    withdraw_report(report(CLOSING), actor=people["liaison"], at=NOW)  # 3
    task.refresh_from_db()
    assert task.state == TaskState.RETURNED
    review(report(), people["office"])  # 3: still after two returns; passed
    report(CLOSING)  # 1

    assert rounds == [1, 1, 1, 2, 3, 3, 1]


def test_a_report_can_be_taken_back_until_it_is_reviewed(
    task: Task, people: dict[str, User]
) -> None:
    report = submit(task, people["liaison"])
    withdraw_report(report, actor=people["liaison"], at=NOW)
    task.refresh_from_db()
    assert task.state == TaskState.IN_PROGRESS

    second = submit(task, people["liaison"], token="t2")
    review(second, people["office"])
    with pytest.raises(DomainError, match="不能撤回"):
        withdraw_report(second, actor=people["liaison"], at=NOW)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (replace(PROGRESS, summary=" "), "要写一句话"),
        (replace(PROGRESS, happened_on=date(2019, 9, 19)), "不能晚于今天（9月18日）"),
        (replace(CLOSING, document_no=""), "要有佐证"),
    ],
)
def test_a_report_that_lacks_something_is_told_what(
    task: Task, people: dict[str, User], content: ReportContent, problem: str
) -> None:
    with pytest.raises(DomainError, match=problem.replace("(", r"\(").replace(")", r"\)")):
        submit(task, people["liaison"], content)


def test_more_time_is_asked_by_the_head_before_the_date_and_granted_with_a_date(
    task: Task, people: dict[str, User]
) -> None:
    ask = {"asked_due_on": date(2019, 10, 20), "reason": "雨季停工"}
    with pytest.raises(NotAllowed, match="主要负责人提出"):
        request_extension(task, actor=people["liaison"], at=NOW, **ask)
    extension = request_extension(task, actor=people["head"], at=NOW, **ask)

    decide_extension(
        extension, granted_due_on=date(2019, 10, 15), note="从紧", actor=people["office"], at=NOW
    )

    task.refresh_from_db()
    assert (task.due_on, task.original_due_on, task.is_extended) == (
        date(2019, 10, 15),
        date(2019, 9, 20),
        True,
    )
    assert task.obligation.open_due_on == date(2019, 10, 15)
    assert task.history.first().history_change_reason == "同意延期：从紧"


def test_more_time_cannot_be_asked_after_the_date(task: Task, people: dict[str, User]) -> None:
    with pytest.raises(DomainError, match="已于9月20日到期，延期要在到期前提出"):
        request_extension(
            task,
            asked_due_on=date(2019, 10, 20),
            reason="晚了",
            actor=people["head"],
            at=NOW + timedelta(days=3),
        )
