"""People of the office, the units and the clock at one instant: what is final is what was seen."""

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from assessments.enums import FactKind, ObjectionState
from assessments.models import Assessment, Computation, Objection, ScoreLine
from assessments.services.computing import COMPUTED_MEANWHILE, compute_assessment
from assessments.services.entering import FactContent, enter_fact
from assessments.services.objections import answer_objection, submit_objection
from assessments.services.publishing import (
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from assessments.services.verifying import verify_assessments
from common.errors import DomainError, StaleVersion
from tests.assessments.world import AFTER, SHOWN, District, make_district

SECOND = timedelta(seconds=1)


def objected(district: District) -> Objection:
    """Show the scorecards on the eve and object to one of three losses of 15/3."""
    district.compute(SHOWN)
    who = {"actor": district.office, "at": SHOWN}
    open_objections(district.assessment, until=SHOWN.date(), version=1, **who)
    lines = ScoreLine.objects.filter(score__unit=district.own, cause__contains="任务02-02")
    return submit_objection(
        lines.get(), reason="已办。", document_no="", actor=district.head, at=SHOWN
    )


def uphold(district: District, objection: Objection, at=AFTER) -> None:
    answer_objection(objection, is_upheld=True, answer="属实。", actor=district.office, at=at)


def lost(computation: Computation) -> str:
    """The points of the loss that was objected to."""
    lines = ScoreLine.objects.filter(score__computation=computation, cause__contains="任务02-02")
    return str(lines.get().points)


@pytest.mark.django_db
def test_a_final_result_that_waited_its_turn_does_not_miss_an_answer_given_meanwhile():
    """Pressed a second before the answer and let in after it: computed as of the press, the upheld
    loss would be charged for good."""
    district = make_district()
    uphold(district, objected(district), AFTER)
    who = {"version": 2, "actor": district.office}

    with pytest.raises(DomainError, match="刚刚有申诉答复"):
        finalize_assessment(district.assessment, at=AFTER - SECOND, **who)
    found = finalize_assessment(district.assessment, at=AFTER, **who)

    assert lost(found.current()) == "0.00"


@pytest.mark.django_db
def test_of_two_computations_the_older_facts_never_come_last():
    district = make_district()
    newest = district.compute(AFTER)

    with pytest.raises(DomainError, match="刚刚有人测算过"):
        district.compute(AFTER - SECOND)

    assert district.assessment.current() == newest


@pytest.mark.django_db
def test_a_clock_that_was_set_back_keeps_nobody_from_computing():
    district = make_district()
    district.compute(AFTER)

    assert district.compute(AFTER - timedelta(hours=8)) == district.assessment.current()


@pytest.mark.django_db
def test_only_the_computation_on_the_page_is_published():
    district = make_district()
    uphold(district, objected(district), AFTER)
    found = finalize_assessment(district.assessment, version=2, actor=district.office, at=AFTER)
    district.compute(AFTER + SECOND)
    who = {"version": 3, "actor": district.office, "at": AFTER + 2 * SECOND}

    with pytest.raises(StaleVersion, match="刚刚重新测算过"):
        publish_assessment(found, seen=2, **who)
    publish_assessment(found, seen=3, **who)

    assert district.assessment.is_published


@pytest.mark.django_db
def test_what_was_being_saved_while_it_was_computed_keeps_a_result_from_being_published():
    """A paper entered a second before the computation and stored after it: the history would show
    it for good, the result never had it."""
    district = make_district()
    uphold(district, objected(district), AFTER)
    finalize_assessment(district.assessment, version=2, actor=district.office, at=AFTER)
    paper = FactContent(FactKind.MEETING, date(2019, 9, 10), "专题会", "钦南发〔2019〕8号")
    enter_fact(district.own, paper, actor=district.office, at=AFTER - SECOND)
    who = {"version": 3, "actor": district.office, "at": AFTER + 2 * SECOND}

    with pytest.raises(DomainError, match="有登记或台账正在保存，没有计入；请重新测算再发布"):
        publish_assessment(district.assessment, **who)
    district.compute(AFTER + SECOND)
    publish_assessment(district.assessment, **who)

    newest = list(verify_assessments())[-1]
    assert newest.is_right


class Rival(threading.Thread):
    """One person at one page, with a connection of their own."""

    def __init__(self, act: Callable[[], Any], bell: threading.Barrier | None = None) -> None:
        super().__init__(daemon=True)
        self.act, self.bell, self.outcome = act, bell, ""

    def run(self) -> None:
        try:
            if self.bell:
                self.bell.wait(timeout=60)
            self.act()
            self.outcome = "done"
        except DomainError as error:
            self.outcome = error.message
        except Exception as error:  # noqa: BLE001
            self.outcome = repr(error)
        finally:
            connection.close()


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Do acts at one instant; return how each ended."""
    bell = threading.Barrier(len(acts))
    rivals = [Rival(act, bell) for act in acts]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join(timeout=60)
    return [rival.outcome for rival in rivals]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_begin_a_period_at_once_begin_it_once():
    district = make_district()
    who = {"actor": district.office, "reason": "季度考核"}

    outcomes = at_once(
        lambda: compute_assessment("2019Q3", at=AFTER, **who),
        lambda: compute_assessment("2019Q3", at=AFTER, **who),
    )

    assert "done" in outcomes
    assert set(outcomes) <= {"done", COMPUTED_MEANWHILE}
    assert Assessment.objects.count() == 1
    numbers = list(Computation.objects.values_list("number", flat=True))
    assert numbers == list(range(1, outcomes.count("done") + 1))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_press_that_waits_for_the_assessment_sees_the_answer_that_came_first():
    """The final press stands in the queue behind a computation; the answer needs no turn there."""
    district = make_district()
    objection, seen = objected(district), []
    who = {"version": 2, "actor": district.office, "at": AFTER}
    final = Rival(lambda: seen.append(finalize_assessment(district.assessment, **who)))

    with transaction.atomic():
        Assessment.objects.select_for_update().get()
        final.start()
        wait_until_somebody_waits()
        answer = Rival(lambda: uphold(district, objection, AFTER + SECOND))
        answer.start()
        answer.join(timeout=60)
    final.join(timeout=60)

    assert answer.outcome == "done"
    assert final.outcome == "刚刚有申诉答复，请看过答复再按一次“终评”。"
    assert district.assessment.state == "objections"
    again = finalize_assessment(
        district.assessment, version=2, actor=district.office, at=AFTER + 2 * SECOND
    )
    assert lost(again.current()) == "0.00"


def wait_until_somebody_waits() -> None:
    """Return when a backend stands in the queue for a lock."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waited for the assessment.")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_result_is_published_or_computed_anew_and_never_published_unseen():
    district = make_district()
    who = {"actor": district.office, "reason": "季度考核"}
    for period in ("2018Q4", "2019Q1", "2019Q2", "2019Q3"):
        compute_assessment(period, at=SHOWN, **who)
        own = Assessment.objects.get(period=period)
        stamp = {"actor": district.office, "at": SHOWN}
        open_objections(own, until=SHOWN.date(), version=1, **stamp)
        finalize_assessment(own, version=2, actor=district.office, at=AFTER)

        outcomes = at_once(
            lambda own=own: publish_assessment(
                own, version=3, seen=2, actor=district.office, at=AFTER + 2 * SECOND
            ),
            lambda period=period: compute_assessment(period, at=AFTER + SECOND, **who),
        )

        own.refresh_from_db()
        assert outcomes.count("done") == 1, outcomes
        assert own.is_published == (own.current().number == 2)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_answer_one_objection_at_once_leave_one_answer():
    district = make_district()
    objection = objected(district)

    def answer(*, is_upheld: bool) -> None:
        who = {"actor": district.office, "at": AFTER}
        answer_objection(objection, is_upheld=is_upheld, answer="已核对。", **who)

    outcomes = at_once(lambda: answer(is_upheld=True), lambda: answer(is_upheld=False))

    assert sorted(outcomes) == sorted(["done", "这件申诉已经答复，请刷新页面查看结果。"])
    upheld = outcomes[0] == "done"
    state = ObjectionState.UPHELD if upheld else ObjectionState.REJECTED
    assert Objection.objects.get().state == state
