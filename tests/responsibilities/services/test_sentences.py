"""Acts on one sentence: whole or not at all, and never on a sentence that changed meanwhile."""

from datetime import date

import pytest

from clauses.enums import Disposition
from clauses.models import Plan
from common.errors import DomainError, StaleVersion
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, Frequency, FulfilmentMode
from responsibilities.models import Obligation, ObligationSource
from responsibilities.services.assigning import UnitRoles
from responsibilities.services.breakdown import TextWords, Wording
from responsibilities.services.deadlines import Deadline
from responsibilities.services.sentences import (
    Draft,
    decline_sentence,
    join_row,
    leave_row,
    make_row,
    reopen_sentence,
    sentence_stamp,
)
from tests.builders import NOW, TODAY, make_plan, make_unit, sentence

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    return make_plan()


def make(plan: Plan, code: str, draft: Draft, seen: str | None = None) -> Obligation:
    provision = sentence(plan, code)
    return make_row(
        provision,
        draft,
        seen=sentence_stamp(provision) if seen is None else seen,
        actor=get_system_user(),
        at=NOW,
        today=TODAY,
    )


def decline(plan: Plan, code: str, seen: str):
    return decline_sentence(
        sentence(plan, code),
        disposition=Disposition.PRINCIPLE,
        reason="原则要求。",
        seen=seen,
        actor=get_system_user(),
        at=NOW,
    )


def leave(source: ObligationSource, *, seen: str, reason: str) -> None:
    leave_row(source, seen=seen, actor=get_system_user(), at=NOW, reason=reason)


def test_a_row_comes_with_its_units_and_deadline(plan: Plan) -> None:
    unit = make_unit("ajj", "区安监局")
    draft = Draft(
        Wording("建立信息平台"),
        words=TextWords(bearers=("区安监局",)),
        roles=UnitRoles(FulfilmentMode.JOINT, [(unit, None)]),
        deadline=Deadline(DeadlineKind.FIXED, "会议纪要", due_on=date(2020, 12, 31)),
    )

    row = make(plan, "02-02", draft)

    row.refresh_from_db()
    assert (row.code, row.bearers, row.due_on) == ("02-02", ["区安监局"], date(2020, 12, 31))
    assert row.assignments.get().is_sole_lead


def test_a_refused_deadline_leaves_no_row_behind(plan: Plan) -> None:
    draft = Draft(Wording("检查"), deadline=Deadline(DeadlineKind.FIXED, "会议纪要"))

    with pytest.raises(DomainError, match="要填写到期日"):
        make(plan, "02-01", draft)

    assert not Obligation.objects.exists()
    assert sentence(plan, "02-01").disposition == Disposition.OPEN


def test_a_regular_duty_without_an_interval_stays_undecided(plan: Plan) -> None:
    deadline = Deadline(DeadlineKind.UNDECIDED, "", frequency=Frequency.PERIODIC_UNSPECIFIED)

    row = make(
        plan,
        "02-03",
        Draft(Wording("通报"), TextWords(frequency_text="定期"), None, None, deadline),
    )

    assert (row.deadline_kind, row.frequency, row.frequency_text) == (
        DeadlineKind.UNDECIDED,
        Frequency.PERIODIC_UNSPECIFIED,
        "定期",
    )


def test_words_that_the_text_does_not_say_are_refused(plan: Plan) -> None:
    with pytest.raises(DomainError, match="“区应急局”不在本条原文里"):
        make(plan, "02-02", Draft(Wording("平台"), TextWords(bearers=("区应急局",))))


def test_a_sentence_that_somebody_declined_meanwhile_is_not_made_a_row(plan: Plan) -> None:
    seen = sentence_stamp(sentence(plan, "01-01"))
    decline(plan, "01-01", seen)

    with pytest.raises(StaleVersion, match="01-01 句刚刚被别人处理过"):
        make(plan, "01-01", Draft(Wording("目标")), seen)


def test_a_second_row_from_the_same_old_page_is_refused(plan: Plan) -> None:
    seen = sentence_stamp(sentence(plan, "03-01"))
    make(plan, "03-01", Draft(Wording("实施方案")), seen)

    with pytest.raises(StaleVersion):
        make(plan, "03-01", Draft(Wording("明确责任人")), seen)

    assert make(plan, "03-01", Draft(Wording("明确责任人"))).code == "03-01b"


def test_joining_and_leaving_go_by_what_was_seen(plan: Plan) -> None:
    row = make(plan, "02-02", Draft(Wording("平台")))
    other = sentence(plan, "02-03")
    source = join_row(row, other, seen=sentence_stamp(other), actor=get_system_user(), at=NOW)

    with pytest.raises(StaleVersion):
        leave(source, seen="旧的", reason="并错了")
    with pytest.raises(DomainError, match="撤下这一句要写明理由"):
        leave(source, seen=sentence_stamp(sentence(plan, "02-03")), reason=" ")
    leave(source, seen=sentence_stamp(sentence(plan, "02-03")), reason="并错了")

    assert sentence(plan, "02-03").disposition == Disposition.OPEN


def test_a_carried_sentence_is_not_simply_reopened(plan: Plan) -> None:
    make(plan, "02-02", Draft(Wording("平台")))
    provision = sentence(plan, "02-02")

    with pytest.raises(DomainError, match="请先从任务中撤下这一句"):
        reopen_sentence(
            provision,
            reason="试试",
            seen=sentence_stamp(provision),
            actor=get_system_user(),
            at=NOW,
        )


def test_a_declined_sentence_is_reopened(plan: Plan) -> None:
    decline(plan, "01-01", sentence_stamp(sentence(plan, "01-01")))
    provision = sentence(plan, "01-01")

    reopen_sentence(
        provision,
        reason="上级要求",
        seen=sentence_stamp(provision),
        actor=get_system_user(),
        at=NOW,
    )

    assert sentence(plan, "01-01").disposition == Disposition.OPEN
