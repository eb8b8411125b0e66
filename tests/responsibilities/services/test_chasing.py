"""催办: counted, taken back in time or sent once, and never to a unit that has reported."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from common.errors import DomainError, NotAllowed
from notices.models import Notice
from organizations.enums import PostKind
from organizations.models import User
from responsibilities.chasing import chaseable, preview
from responsibilities.enums import ChaseAudience, ReportKind
from responsibilities.models import Chase, Task
from responsibilities.models.chase import ChaseQuerySet
from responsibilities.services.chasing import (
    UNDO_SECONDS,
    chase_tasks,
    send_chases,
    undo_chases,
)
from responsibilities.services.progress import ReportContent, submit_report
from responsibilities.services.signing import set_reporting_rule
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
SENT = NOW + timedelta(seconds=UNDO_SECONDS)


@pytest.fixture
def people() -> dict[str, User]:
    zjj, awb = make_unit("zjj", "区住建局"), make_unit("awb", "区安委办", order=1)
    return {
        "liaison": make_user("liaison", (zjj, PostKind.LIAISON), name="李科员"),
        "head": make_user("head", (zjj, PostKind.HEAD), name="覃局长"),
        "office": make_user("office", (awb, PostKind.OFFICE)),
    }


@pytest.fixture
def task(people: dict[str, User]) -> Task:
    plan = make_plan()
    unit = people["liaison"].appointments.get().post.unit
    row = make_row(plan, "02-02", leads=[unit], due_on=date(2019, 9, 12), title="建立信息平台")
    dispatch(plan, row)
    return Task.objects.get()


def chase(task: Task, people: dict[str, User], audience: ChaseAudience = ChaseAudience.LIAISON):
    return chase_tasks([task], audience, actor=people["office"], at=NOW)


def test_the_preview_says_who_gets_what(task: Task, people: dict[str, User]) -> None:
    (line,) = preview([task], ChaseAudience.LIAISON, "", today=TODAY)

    # 9月12日到期，9月18日是逾期 6 天。
    assert line.words == "【区安委办】02-02 建立信息平台，逾期 6 天，请尽快办理并报进展。"
    assert [str(person) for person in line.people] == ["李科员"]
    assert line.is_ticked


def test_a_chase_goes_out_once_after_its_moment(task: Task, people: dict[str, User]) -> None:
    chase(task, people)

    assert send_chases(at=SENT - timedelta(seconds=1)) == 0
    assert send_chases(at=SENT) == 1
    assert send_chases(at=SENT) == 0

    notice = Notice.objects.get(kind="chase")
    assert (notice.recipient, notice.text) == (people["liaison"], Chase.objects.get().words)
    assert Chase.objects.get().told == ["李科员"]


def test_the_command_sends_what_was_due_by_the_end_of_a_day(
    task: Task, people: dict[str, User]
) -> None:
    chase(task, people)

    def told(day: str) -> str:
        out = StringIO()
        call_command("send_chases", date=date.fromisoformat(day), stdout=out)
        return out.getvalue().strip()

    assert [told("2019-09-17"), told("2019-09-18"), told("2019-09-18")] == [
        "发出催办 0 件。",
        "发出催办 1 件。",
        "发出催办 0 件。",
    ]


def test_the_heads_chase_goes_to_the_head(task: Task, people: dict[str, User]) -> None:
    chase(task, people, ChaseAudience.HEAD)
    send_chases(at=SENT)

    assert Notice.objects.get(kind="chase").recipient == people["head"]


def test_what_waits_for_the_heads_signature_is_asked_of_the_head_at_once(
    task: Task, people: dict[str, User]
) -> None:
    set_reporting_rule(task.unit, head_signs=True, actor=people["head"], at=NOW)
    content = ReportContent(kind=ReportKind.PROGRESS, summary="已招标。")
    submit_report(task, content, token="t", actor=people["liaison"], at=NOW)

    (line,) = preview(chaseable(TODAY), ChaseAudience.LIAISON, "", today=TODAY)
    assert line.words == "【区安委办】02-02 建立信息平台，逾期 6 天，联络员已填好，请您签发。"
    assert [str(person) for person in line.people] == ["覃局长"]
    chase(task, people)
    send_chases(at=SENT)

    notice = Notice.objects.get(kind="chase")
    assert (notice.recipient, notice.text) == (people["head"], line.words)
    assert notice.url == "/signing/"


def test_what_is_taken_back_in_time_reaches_nobody(task: Task, people: dict[str, User]) -> None:
    batch = chase(task, people)

    assert undo_chases(batch.code, actor=people["office"], at=NOW) == 1
    send_chases(at=SENT)

    assert not Notice.objects.filter(kind="chase").exists()
    assert not task.chases.standing().exists()


def test_the_time_for_taking_back_ends_even_if_nothing_has_gone_out(
    task: Task, people: dict[str, User]
) -> None:
    batch = chase(task, people)

    with pytest.raises(DomainError, match="15 秒的撤回时间已过，这批催办正在发出"):
        undo_chases(batch.code, actor=people["office"], at=SENT + timedelta(seconds=6))
    assert undo_chases(batch.code, actor=people["office"], at=SENT + timedelta(seconds=4)) == 1


def test_what_has_gone_out_cannot_be_taken_back(task: Task, people: dict[str, User]) -> None:
    batch = chase(task, people)
    send_chases(at=SENT)

    with pytest.raises(DomainError, match="已经发出"):
        undo_chases(batch.code, actor=people["office"], at=SENT)


def test_a_unit_that_reports_meanwhile_is_left_in_peace(
    task: Task, people: dict[str, User]
) -> None:
    chase(task, people)
    content = ReportContent(ReportKind.PROGRESS, "已完成招标。")
    submit_report(task, content, token="t", actor=people["liaison"], at=NOW)

    assert send_chases(at=SENT) == 0
    assert not Notice.objects.filter(kind="chase").exists()
    with pytest.raises(DomainError, match="不用催"):
        chase(task, people)


def test_two_presses_are_one_chase(task: Task, people: dict[str, User]) -> None:
    chase(task, people)

    with pytest.raises(DomainError, match="刚刚有人催过"):
        chase(task, people)


def test_of_two_presses_at_one_moment_the_second_is_told_so(
    task: Task, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    chase(task, people)
    monkeypatch.setattr(ChaseQuerySet, "waiting", ChaseQuerySet.none)  # it looked a moment before

    with pytest.raises(ValidationError, match="刚刚有人催过，正在发出"):
        chase(task, people)


def test_a_task_chased_lately_is_counted_and_not_ticked(
    task: Task, people: dict[str, User]
) -> None:
    chase(task, people)
    send_chases(at=SENT)

    (line,) = preview([task], ChaseAudience.LIAISON, "", today=date(2019, 9, 20))
    assert (line.count, line.is_ticked) == (1, False)
    (line,) = preview([task], ChaseAudience.LIAISON, "", today=date(2019, 9, 21))
    assert line.is_ticked


def test_only_the_office_chases(task: Task, people: dict[str, User]) -> None:
    with pytest.raises(NotAllowed):
        chase_tasks([task], ChaseAudience.LIAISON, actor=people["liaison"], at=NOW)
