"""What units say to their scores, what the office answers, and what a correction may change."""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from assessments.enums import FactKind, ObjectionState, Stage
from assessments.models import EnteredFact, Scheme, ScoreLine, SelfScore
from assessments.rules.canonical import fingerprint
from assessments.rules.facts import FIRST_EDITION
from assessments.services import computing
from assessments.services.computing import recompute, reread
from assessments.services.entering import void_fact
from assessments.services.objections import answer_objection, score_oneself, submit_objection
from assessments.services.publishing import (
    correct_assessment,
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from assessments.services.schemes import (
    EDITABLE,
    copy_scheme,
    edit_scheme,
    enforce_scheme,
)
from assessments.services.scorecards import scorecard_of
from assessments.services.verifying import verify_assessments
from common.errors import DomainError, NotAllowed
from responsibilities.enums import ReviewDecision
from tests.assessments.world import AFTER, make_district
from tests.standing import built_once

pytestmark = pytest.mark.django_db

LATER = AFTER + timedelta(hours=2)
CLOSED = AFTER + timedelta(days=1)


def make_shown_district():
    """Shown to units: three tasks of 区住建局 open, 15/3 each, and a criticism of two points."""
    found = make_district()
    found.enter(FactKind.CRITICISM)
    found.compute()
    open_objections(found.assessment, until=AFTER.date(), version=1, actor=found.office, at=AFTER)
    return found


whole = built_once(make_shown_district)


@pytest.fixture
def district(db, whole):
    return deepcopy(whole)


def line_of(district, words):
    return ScoreLine.objects.filter(cause__contains=words, score__unit=district.own).latest("pk")


def object_to(district, words, at=LATER):
    return submit_objection(
        line_of(district, words), reason="当时已报。", document_no="", actor=district.head, at=at
    )


def answer(district, objection, *, is_upheld, at=LATER):
    return answer_objection(
        objection, is_upheld=is_upheld, answer="已核实。", actor=district.office, at=at
    )


def finalize(district, at=CLOSED):
    return finalize_assessment(district.assessment, version=2, actor=district.office, at=at)


def publish(district):
    finalize(district)
    at = CLOSED + timedelta(hours=1)
    return publish_assessment(district.assessment, version=3, actor=district.office, at=at)


def lost_on_time(district):
    card = scorecard_of(district.assessment, district.own)
    return next(item for item in card.items if item.title == "限时任务按期办结").lost


def test_an_upheld_objection_takes_its_own_loss_back_and_no_other(district):
    """15 lost for three; with 02-02 taken back 10 are left, and the line says why."""
    assert lost_on_time(district) == 15
    answer(district, object_to(district, "任务02-02"), is_upheld=True)

    finalize(district)

    assert lost_on_time(district) == 10
    line = line_of(district, "任务02-02")
    assert (line.points, line.cause) == (0, "任务02-02：逾期 10 天未办结（申诉采纳，不扣）")
    assert [ref["kind"] for ref in line.refs] == ["task", "objection"]


def missing(district, title):
    """What the newest computation takes off an indicator of the district's department."""
    (line,) = ScoreLine.objects.filter(
        score__computation=district.assessment.current(),
        score__unit=district.own,
        title=title,
        kind="deduction",
    )
    return line


def uphold_the_meeting(district):
    line = missing(district, "研究安全生产工作")
    words = {"reason": "会议纪要在此。", "document_no": ""}
    objection = submit_objection(line, **words, actor=district.head, at=LATER)
    answer(district, objection, is_upheld=True)


def test_an_upheld_missing_record_is_not_taken_for_another_missing_in_the_same_months(district):
    """Meetings (6) and education (3) both lack a paper of July to September: one is upheld."""
    assert missing(district, "研究安全生产工作").mark == missing(district, "宣传教育").mark
    uphold_the_meeting(district)

    finalize(district)

    assert missing(district, "研究安全生产工作").points == 0
    assert missing(district, "宣传教育").points == -3


def test_what_the_first_edition_of_the_rules_stored_is_still_proved_byte_for_byte(
    district, monkeypatch
):
    """It waived by the months alone: its results stay as they were published."""
    monkeypatch.setattr(computing, "EDITION", FIRST_EDITION)
    uphold_the_meeting(district)
    publish(district)
    monkeypatch.undo()

    assert missing(district, "宣传教育").points == 0
    assert '"edition"' not in district.assessment.computations.latest("number").snapshot
    assert [verdict.is_right for verdict in verify_assessments()] == [True, True]


def test_a_rejected_objection_changes_nothing(district):
    answer(district, object_to(district, "任务02-02"), is_upheld=False)

    finalize(district)

    assert lost_on_time(district) == 15


def test_nothing_is_final_while_an_objection_waits(district):
    object_to(district, "任务02-02")

    with pytest.raises(DomainError, match="还有 1 件申诉没有答复"):
        finalize(district)


def test_nothing_is_final_before_the_last_day_for_objections_is_over(district):
    """Told the 8th, units may object until it ends; in the first hour of the 9th it is over."""
    end = LATER.replace(hour=23, minute=59)
    with pytest.raises(DomainError, match="申诉到10月8日截止，单位还可以申诉"):
        finalize(district, at=end)

    assert finalize(district, at=end + timedelta(minutes=2)).state == "final"


def test_what_a_unit_was_not_shown_is_neither_final_nor_published_until_it_was_shown(
    district, settings
):
    """A second criticism (2 points) entered after the showing; shown again, it counts."""
    total = district.assessment.current().scores.get(unit=district.own).total
    district.enter(FactKind.CRITICISM, date(2019, 9, 21))
    with pytest.raises(DomainError, match="还没有看到：区住建局。请先重新公示"):
        finalize(district)
    assert district.assessment.state == "objections"
    settings.QINNAN_TODAY = "2019-10-09"
    client = Client()
    client.force_login(district.office)
    assert "重新公示</button>" in client.get("/scores/2019Q3/").content.decode()
    who = {"actor": district.office, "at": CLOSED}
    until = CLOSED.date() + timedelta(days=7)
    found = open_objections(district.assessment, until=until, version=2, **who)
    with pytest.raises(DomainError, match="已告知单位可以申诉到10月16日"):
        open_objections(found, until=CLOSED.date(), version=3, **who)
    assert "已重新公示" in district.head.notices.latest("pk").text

    over = CLOSED + timedelta(days=8)
    found = finalize_assessment(found, version=3, actor=district.office, at=over)

    assert district.assessment.current().scores.get(unit=district.own).total == total - 2
    publish_assessment(found, version=4, actor=district.office, at=over)


def test_a_charge_computed_after_the_final_result_goes_back_to_the_units(district):
    finalize(district)
    district.enter(FactKind.CRITICISM, date(2019, 9, 21))
    later = CLOSED + timedelta(hours=1)
    district.compute(later)
    who = {"actor": district.office, "at": later}

    with pytest.raises(DomainError, match="区住建局"):
        publish_assessment(district.assessment, version=3, **who)

    found = open_objections(district.assessment, until=later.date(), version=3, **who)
    assert found.state == "objections"
    over = later + timedelta(days=1)
    finalize_assessment(found, version=4, actor=district.office, at=over)


def test_a_loss_is_objected_to_once_even_after_it_was_computed_again(district):
    object_to(district, "任务02-02")
    district.compute(LATER + timedelta(minutes=30))

    with pytest.raises(DomainError, match="这笔扣分已经申诉过"):
        object_to(district, "任务02-02", at=LATER + timedelta(hours=1))


def test_objections_end_with_their_day(district):
    with pytest.raises(DomainError, match="申诉已于10月8日截止"):
        object_to(district, "任务02-02", at=AFTER + timedelta(days=9))


def test_only_the_unit_itself_objects_and_only_the_office_answers(district):
    with pytest.raises(NotAllowed):
        submit_objection(
            line_of(district, "任务02-02"),
            reason="不服。",
            document_no="",
            actor=district.office,
            at=LATER,
        )
    objection = object_to(district, "任务02-02")
    with pytest.raises(NotAllowed):
        answer_objection(objection, is_upheld=True, answer="好。", actor=district.head, at=LATER)


def test_a_criticism_is_taken_back_by_voiding_its_record(district):
    objection = object_to(district, "通报批评")
    with pytest.raises(DomainError, match="请先作废相应的通报批评登记"):
        answer(district, objection, is_upheld=True)
    void_fact(EnteredFact.objects.get(), actor=district.office, at=LATER, reason="张冠李戴")

    answer(district, objection, is_upheld=True)

    finalize(district)
    assert not scorecard_of(district.assessment, district.own).lines_of("criticism")


def test_a_unit_scores_itself_within_the_full_marks_until_the_result_is_final(district):
    with pytest.raises(DomainError, match="不能超过满分 15"):
        score_oneself(
            district.assessment,
            district.own,
            {4: (Decimal("15.5"), "")},
            actor=district.liaison,
            at=LATER,
        )
    scores = {4: (Decimal(12), "已报办结")}
    score_oneself(district.assessment, district.own, scores, actor=district.liaison, at=LATER)
    finalize(district)

    assert SelfScore.objects.get().points == 12
    with pytest.raises(DomainError, match="已经终评，不再自评"):
        score_oneself(district.assessment, district.own, scores, actor=district.liaison, at=LATER)


def test_three_scores_stand_side_by_side_on_the_card(district):
    scores = {4: (Decimal(12), "已报办结")}
    score_oneself(district.assessment, district.own, scores, actor=district.liaison, at=LATER)
    answer(district, object_to(district, "任务02-02"), is_upheld=True)
    finalize(district)
    client = Client()
    client.force_login(district.liaison)

    shown = client.get("/scores/2019Q3/units/own/")

    item = next(item for item in shown.context["compared"] if item.number == 4)
    assert (item.own, item.preliminary, item.final) == (12, 0, 5)
    assert "自评、初评、终评" in shown.content.decode()


def test_points_are_added_exactly_whatever_the_database_adds_in(district):
    """15/3/2 = 2.5 for one late of three, and 5 each for two open: 2.5 left, not 2.4999."""
    district.close("02-03", 30, decision=ReviewDecision.PASS)
    district.compute(LATER)
    client = Client()
    client.force_login(district.liaison)

    shown = client.get("/scores/2019Q3/units/own/")

    item = next(item for item in shown.context["compared"] if item.number == 4)
    assert (item.preliminary, item.final) == (Decimal("2.50"), None)


def test_a_correction_stands_beside_the_published_result_and_moves_only_what_was_put_right(
    district,
):
    """The criticism is voided after publication; a task closed since stays as it was found."""
    publish(district)
    before = district.assessment.current()
    total = before.scores.get(unit=district.own).total
    later = AFTER + timedelta(days=3)
    void_fact(EnteredFact.objects.get(), actor=district.office, at=later, reason="撤销通报")
    _replace_scheme(district, later)

    correct_assessment(
        district.assessment,
        reason="通报已撤销",
        version=4,
        actor=district.office,
        at=later + timedelta(hours=1),
    )

    after = district.assessment.current()
    assert (after.stage, after.number) == (Stage.CORRECTION, before.number + 1)
    assert after.scores.get(unit=district.own).total == total + 2
    assert before.scores.get(unit=district.own).total == total
    assert scorecard_of(district.assessment, district.own).corrections == 1


def _replace_scheme(district, at):
    """Put other rules in force: a published result keeps the rules it was made by."""
    office = district.office
    draft = copy_scheme(
        Scheme.objects.in_force().get(assessment_class="class1"), actor=office, at=at
    )
    lines = [{"points": Decimal(100), "rate": Decimal(0), "excess_rate": Decimal(0), "basis": ""}]
    lines[0] |= {"part": "process", "heading": "任务", "title": "任务", "rule": "on_time"}
    lines[0] |= {"record": "", "every_months": 3}
    columns = {name: getattr(draft, name) for name in EDITABLE}
    edit_scheme(draft, columns, lines, edition=1, actor=office, at=at)
    enforce_scheme(draft, edition=2, actor=office, at=at)


def test_a_correction_that_changes_nothing_is_refused(district):
    publish(district)

    with pytest.raises(DomainError, match="没有需要更正的"):
        correct_assessment(
            district.assessment,
            reason="再算一遍",
            version=4,
            actor=district.office,
            at=AFTER + timedelta(days=3),
        )
    assert district.assessment.computations.count() == 2


def test_every_computation_is_read_again_from_the_history_byte_for_byte(district):
    answer(district, object_to(district, "任务02-02"), is_upheld=True)
    publish(district)
    later = AFTER + timedelta(days=3)
    void_fact(EnteredFact.objects.get(), actor=district.office, at=later, reason="撤销通报")
    at = later + timedelta(hours=1)
    correct_assessment(
        district.assessment, reason="通报已撤销", version=4, actor=district.office, at=at
    )
    _replace_scheme(district, later + timedelta(days=1))

    for computation in district.assessment.computations.all():
        assert fingerprint(reread(computation)) == computation.snapshot_sha256
        assert recompute(computation) == computation.result_sha256


def test_a_unit_objects_on_its_page_and_the_office_answers_on_its_own(district):
    unit, office = Client(), Client()
    unit.force_login(district.head)
    office.force_login(district.office)
    line = line_of(district, "任务02-02")

    page = unit.post(
        f"/scores/lines/{line.pk}/objection/", {"reason": "9月18日已报。"}, follow=False
    )
    refused = office.post(page["Location"], {"decision": "upheld", "answer": ""})
    office.post(page["Location"], {"decision": "upheld", "answer": "属实。"})

    assert refused.status_code == 422
    assert "答复申诉要写明理由。" in refused.content.decode()
    assert district.assessment.objections.get().state == ObjectionState.UPHELD
    assert "采纳：属实。" in unit.get("/scores/objections/").content.decode()
