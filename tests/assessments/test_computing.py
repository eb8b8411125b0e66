"""An assessment computed from a district's own records."""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

import pytest

from assessments.enums import AssessmentState, FactKind, Stage, VetoEffect, VetoReason
from assessments.evidence import address_of
from assessments.models import EnteredFact, ScoreLine, UnitScore
from assessments.rules.canonical import fingerprint
from assessments.services.computing import compute_assessment, recompute, reread
from assessments.services.entering import VetoContent, enter_veto, void_fact
from assessments.services.publishing import (
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from assessments.services.scorecards import scorecard_of
from common.errors import DomainError, NotAllowed, StaleVersion, TransitionNotAllowed
from common.tracked import save_with_history
from inspections.services.hazards import Settled, raise_hazard, register_hazard
from responsibilities.enums import Frequency, FulfilledBy, ReviewDecision
from responsibilities.services.extensions import decide_extension, request_extension
from tests.assessments.world import AFTER, SHOWN, make_district
from tests.builders import NOW, dispatch, make_hazard_content, make_row
from tests.standing import built_once

pytestmark = pytest.mark.django_db

PASS, RETURN = ReviewDecision.PASS, ReviewDecision.RETURN


whole = built_once(make_district)


@pytest.fixture
def district(db, whole):
    return deepcopy(whole)


def losses(district):
    """Return (indicator, cause, points) of what the own unit lost."""
    score = UnitScore.objects.filter(unit=district.own).latest("pk")
    return [
        (line.title, line.cause, line.points)
        for line in score.lines.filter(kind="deduction").order_by("number")
    ]


def test_tasks_are_scored_by_the_day_on_which_they_were_sent_in(district):
    """Three due: one in time, one five days late (15/3/2 = 2.5), one never (15/3 = 5)."""
    district.close("02-02", 25, decision=PASS)
    district.close("02-03", 25, decision=PASS)

    district.compute()

    assert [loss for loss in losses(district) if loss[0] == "限时任务按期办结"] == [
        ("限时任务按期办结", "任务02-02：迟 5 天办结", Decimal("-2.50")),
        ("限时任务按期办结", "任务03-01：到期未办结", Decimal("-5.00")),
    ]


def test_what_waits_for_the_office_in_time_costs_the_unit_nothing(district):
    district.close("02-02", 19, decision=PASS)
    district.close("02-03", 24, decision=PASS)
    district.close("03-01", 30)

    district.compute()

    card = scorecard_of(district.assessment, district.own)
    item = next(item for item in card.items if item.title == "限时任务按期办结")
    assert (item.expected, item.performed, item.lost) == (2, 2, 0)
    assert item.note == "另有 1 件已报办结、等核验，暂不计"


def test_a_return_and_an_extension_are_counted_once_each_with_their_record(district):
    district.close("02-02", 19, decision=RETURN)
    asked = request_extension(
        district.task("02-03"),
        asked_due_on=date(2019, 12, 31),
        reason="招标流标。",
        actor=district.head,
        at=AFTER - timedelta(days=18),
    )
    decide_extension(
        asked,
        granted_due_on=date(2019, 12, 31),
        note="同意",
        actor=district.office,
        at=AFTER - timedelta(days=17),
    )

    district.compute()

    found = [loss for loss in losses(district) if loss[0] in {"核验一次通过", "不延期"}]
    assert found == [
        ("核验一次通过", "任务02-02：退回补正，缺少盖章", Decimal("-1.00")),
        ("不延期", "任务02-03：延期至2019年12月31日", Decimal("-0.50")),
    ]
    lines = ScoreLine.objects.filter(title="核验一次通过", points__lt=0)
    assert [line.refs for line in lines] == [
        [{"kind": "task", "key": "sample/02-02", "label": "02-02"}]
    ]


def test_lines_add_up_to_the_stored_total_of_every_unit(district):
    district.close("02-02", 25, decision=PASS)
    district.enter(FactKind.ACCIDENT, count=1)
    computation = district.compute()

    assert computation.scores.count() == 2
    for score in computation.scores.all():
        assert sum(line.points for line in score.lines.all()) == score.total


def test_a_record_entered_or_voided_later_does_not_reach_back(district):
    """The same instant gives the same snapshot, whatever has been written since."""
    district.enter(FactKind.ACCIDENT, count=2)
    computation = district.compute()
    void_fact(
        EnteredFact.objects.get(),
        actor=district.office,
        at=AFTER + timedelta(days=1),
        reason="重复登记",
    )

    assert fingerprint(reread(computation)) == computation.snapshot_sha256
    computation.refresh_from_db()
    assert recompute(computation) == computation.result_sha256
    assert district.compute(AFTER + timedelta(days=2)).result_sha256 != computation.result_sha256


def test_only_days_that_are_over_prove_something_missing(district):
    """On the morning of 26 September only the 20th and the 25th have passed."""
    computation = district.compute(AFTER.replace(month=9, day=26))

    card = scorecard_of(computation.assessment, district.own)
    item = next(item for item in card.items if item.title == "限时任务按期办结")
    assert (item.expected, item.performed) == (2, 0)


def test_bodies_that_are_only_linked_are_never_scored(district):
    computation = district.compute()

    assert set(computation.scores.values_list("unit__code", flat=True)) == {"own", "other"}


def test_a_veto_is_applied_with_its_document(district):
    """Of 55 points that apply the meeting (6) and the education (3) are missing: 46/55, 83.64."""
    content = VetoContent(
        "2019Q3", date(2019, 9, 25), VetoReason.FRAUD, VetoEffect.DOWNGRADE, "钦南安委〔2019〕9号"
    )
    for code, day in (("02-02", 20), ("02-03", 25), ("03-01", 30)):
        district.close(code, day, decision=PASS)
    before = district.compute().scores.get(unit=district.own).grade
    enter_veto(district.own, content, actor=district.office, at=AFTER)
    computation = district.compute(AFTER + timedelta(hours=1))

    score = computation.scores.get(unit=district.own)
    assert (before, score.grade) == ("good", "pass")
    assert score.lines.get(kind="veto").cause == "弄虚作假，降一等（钦南安委〔2019〕9号）"


def test_publishing_freezes_the_result(district):
    district.compute(SHOWN)
    found = open_objections(
        district.assessment, until=SHOWN.date(), version=1, actor=district.office, at=SHOWN
    )
    found = finalize_assessment(found, version=2, actor=district.office, at=AFTER)
    with pytest.raises(StaleVersion):
        publish_assessment(found, version=2, actor=district.office, at=AFTER)
    found = publish_assessment(found, version=3, actor=district.office, at=AFTER)

    assert found.state == AssessmentState.PUBLISHED
    assert [c.stage for c in found.computations.all()] == [Stage.PRELIMINARY, Stage.FINAL]
    with pytest.raises(DomainError, match="已经发布，结果不再变动"):
        district.compute(AFTER + timedelta(days=1))


def test_steps_cannot_be_skipped(district):
    district.compute()

    with pytest.raises(TransitionNotAllowed):
        publish_assessment(district.assessment, version=1, actor=district.office, at=AFTER)


def test_a_period_that_is_not_over_gets_no_further_than_computed(district):
    """The quarter ends with 30 September: its last evening is too early, the next day is not."""
    last_evening = AFTER.replace(month=9, day=30, hour=20)
    district.compute(last_evening)
    who = {"until": date(2019, 10, 16), "version": 1, "actor": district.office}

    with pytest.raises(DomainError, match="2019年第三季度到9月30日才结束，现在只能初评"):
        open_objections(district.assessment, at=last_evening, **who)

    next_day = last_evening + timedelta(hours=5)
    assert open_objections(district.assessment, at=next_day, **who).state == "objections"


@pytest.mark.parametrize("period", ["2019-09", "2019H1", "九月", "1019Q1", ""])
def test_only_quarters_and_years_are_assessed(district, period):
    with pytest.raises(DomainError, match="考核期应形如"):
        compute_assessment(period, actor=district.office, at=AFTER, reason="季度考核")


def test_a_period_that_has_not_begun_cannot_be_assessed(district):
    with pytest.raises(DomainError, match="还没有满一天"):
        compute_assessment("2019Q4", actor=district.office, at=AFTER.replace(day=1), reason="试")


def test_only_the_office_computes(district):
    with pytest.raises(NotAllowed):
        compute_assessment("2019Q3", actor=district.leader, at=AFTER, reason="季度考核")


def test_the_quarters_inspection_is_scored_by_itself_and_not_among_the_tasks(district):
    """10 points: nothing confirmed by the end of the quarter takes them all; 15 for three tasks
    stay 15 for three."""
    row = make_row(district.plan, "01-01", leads=[district.own], frequency=Frequency.QUARTERLY)
    row.fulfilled_by = FulfilledBy.INSPECTION
    save_with_history(row, actor=district.office, reason="测试", at=NOW)
    dispatch(district.plan, row)

    district.compute()

    card = scorecard_of(district.assessment, district.own)
    items = {item.title: item for item in card.items}
    inspection = items["主要负责人带队检查"]
    assert (inspection.expected, inspection.performed, inspection.lost) == (1, 0, 10)
    assert inspection.losses[0].cause == "任务01-01：没有主要负责人带队检查"
    assert items["限时任务按期办结"].expected == 3


def test_a_hazard_that_is_not_closed_by_its_date_is_found_with_its_record(district):
    """One hazard due on the 25th and still open takes all 15 points; without a date, none yet."""
    who = {"actor": district.liaison, "at": NOW}
    hazard = raise_hazard(district.own, make_hazard_content(), token="a", **who)
    settled = Settled(measures="清空通道。", responsible="站长", due_on=date(2019, 9, 25))
    register_hazard(hazard, settled, version=1, **who)
    raise_hazard(district.own, make_hazard_content(), token="b", **who)

    district.compute()

    card = scorecard_of(district.assessment, district.own)
    item = next(item for item in card.items if item.title == "隐患按期整改销号")
    assert (item.expected, item.performed, item.lost) == (1, 0, 15)
    (line,) = item.losses
    assert line.cause.endswith("：逾期 5 天未销号")
    assert [(ref.kind, ref.key) for ref in line.evidence] == [("hazard", str(hazard.pk))]
    assert address_of("hazard", str(hazard.pk)) == hazard.get_absolute_url()
