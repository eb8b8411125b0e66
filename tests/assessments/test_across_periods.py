"""What was decided for one period counts in it, and in the year that holds it, whenever it was."""

from datetime import datetime
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from assessments.enums import VetoEffect, VetoReason
from assessments.models import Assessment, ScoreLine, UnitScore, VetoDecision
from assessments.services import computing
from assessments.services.computing import compute_assessment
from assessments.services.entering import VetoContent, enter_veto, void_veto
from assessments.services.objections import answer_objection, submit_objection
from assessments.services.publishing import (
    correct_assessment,
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from assessments.services.verifying import verify_assessments
from common.errors import DomainError
from tests.assessments.world import AFTER, SHANGHAI, make_district, published, send

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2019, 11, 5, 10, 0, tzinfo=SHANGHAI)
NEW_YEAR = datetime(2020, 1, 8, 9, 0, tzinfo=SHANGHAI)
PAPER = "钦南安委〔2019〕15号"
PASSED = "已办妥，证明在此。"


@pytest.fixture
def district():
    return make_district()


def compute(district, period, at=NEW_YEAR):
    return compute_assessment(period, actor=district.office, at=at, reason="考核")


def grade(district, period):
    found = Assessment.objects.get(period=period).current()
    return UnitScore.objects.get(computation=found, unit=district.own).get_grade_display()


def veto_lines(district, period):
    found = Assessment.objects.get(period=period).current()
    lines = ScoreLine.objects.filter(score__computation=found, score__unit=district.own)
    return list(lines.filter(kind="veto").values_list("cause", flat=True))


def decide(district, period="2019Q3"):
    day = NOVEMBER.date()
    content = VetoContent(period, day, VetoReason.CONCEALMENT, VetoEffect.FAIL, PAPER)
    return enter_veto(district.own, content, actor=district.office, at=NOVEMBER)


def test_a_decision_made_after_its_quarter_was_published_corrects_it_and_counts_in_no_other(
    district,
):
    """瞒报 of the third quarter comes out in November: the third quarter and the year say so."""
    published(district)
    client = Client()
    client.force_login(district.office)
    typed = {
        "unit": "own",
        "period": "2019Q3",
        "decided_on": "2019-09-18",
        "reason": "concealment",
        "effect": "fail",
        "document_no": PAPER,
        "note": "",
    }

    answer = client.post("/scores/vetoes/new/", typed, follow=True)

    shown = answer.content.decode()
    assert "一票否决已登记，计入2019年第三季度和全年考核。" in shown
    assert "结果已经发布，还没有计入：请到考核页写明原因办理更正，另编号" in shown
    assert "结果还没有反映的登记" in client.get("/scores/2019Q3/").content.decode()
    assert veto_lines(district, "2019Q3") == []

    correct_assessment(
        Assessment.objects.get(),
        reason="查实瞒报",
        version=4,
        actor=district.office,
        at=NOVEMBER,
    )
    for period in ("2019Q4", "2019"):
        compute(district, period)

    said = f"瞒报谎报事故，直接定为不合格（{PAPER}）"
    assert [veto_lines(district, period) for period in ("2019Q3", "2019Q4", "2019")] == [
        [said],
        [],
        [said],
    ]
    assert grade(district, "2019Q3") == "不合格"
    assert "结果还没有反映的登记" not in client.get("/scores/2019Q3/").content.decode()
    assert "已经计入" in client.get(VetoDecision.objects.get().get_absolute_url()).content.decode()

    happened = {"unit": "own", "kind": "criticism", "happened_on": "2019-09-10", "title": "通报"}
    answer = client.post("/scores/facts/new/", happened | {"document_no": PAPER}, follow=True)
    assert "已登记，但2019年第三季度考核已经发布" in answer.content.decode()

    void_veto(VetoDecision.objects.get(), actor=district.office, at=NEW_YEAR, reason="决定撤销")
    assert "结果还计着" in client.get("/scores/2019Q3/").content.decode()


def test_a_decision_for_the_year_spares_its_quarters_and_none_comes_before_its_period(district):
    decide(district, "2019")
    compute(district, "2019Q3")
    compute(district, "2019")

    assert (veto_lines(district, "2019Q3"), len(veto_lines(district, "2019"))) == ([], 1)
    with pytest.raises(DomainError, match="2020年第一季度在决定日期时还没有开始"):
        decide(district, "2020Q1")
    with pytest.raises(DomainError, match="考核期应形如"):
        decide(district, "2019-11")


def test_decisions_stored_without_a_period_judged_the_quarter_of_their_day(district):
    veto = decide(district)
    for rows in (VetoDecision._base_manager, VetoDecision.history):
        rows.filter(id=veto.pk).update(period="x")

    import_module("assessments.migrations.0004_veto_period").name_the_quarter(apps, None)

    found = [*VetoDecision.objects.all(), *VetoDecision.history.all()]
    assert [row.period for row in found] == ["2019Q4", "2019Q4"]


def shown(district, period, at):
    """Show a period to the units, who may object until the end of the day."""
    compute(district, period, at)
    assessment = Assessment.objects.get(period=period)
    return open_objections(
        assessment,
        until=at.date(),
        version=assessment.version,
        actor=district.office,
        at=at,
    )


def object_to(district, period, words, at, *, is_upheld):
    lines = ScoreLine.objects.filter(
        score__computation=Assessment.objects.get(period=period).current(),
        score__unit=district.own,
    )
    objection = submit_objection(
        lines.get(cause__contains=words),
        reason=PASSED,
        document_no="",
        actor=district.head,
        at=at,
    )
    answer_objection(objection, is_upheld=is_upheld, answer=PASSED, actor=district.office, at=at)


def on_time(district, period="2019"):
    found = Assessment.objects.get(period=period).current()
    lines = ScoreLine.objects.filter(score__computation=found, score__unit=district.own)
    kept = lines.filter(title="限时任务按期办结", kind="deduction").order_by("number")
    return [(line.cause, -line.points) for line in kept]


def test_what_a_quarters_objection_took_back_stays_so_in_the_year(district, monkeypatch):
    """Three tasks of 15, 5 each: 02-02 was late and taken back, 02-03 and 03-01 are open."""
    shown(district, "2019Q3", AFTER)
    object_to(district, "2019Q3", "任务02-02", AFTER, is_upheld=True)
    send(district, "02-02", 2019, 11, 4)

    monkeypatch.setattr(computing, "EDITION", 3)
    compute(district, "2019")
    assert on_time(district)[0] == ("任务02-02：迟 45 天办结", Decimal("2.50"))
    monkeypatch.undo()
    compute(district, "2019")

    assert on_time(district) == [
        ("任务02-02：迟 45 天办结（申诉采纳，不扣）", Decimal(0)),
        ("任务02-03：逾期 97 天未办结", Decimal(5)),
        ("任务03-01：逾期 92 天未办结", Decimal(5)),
    ]


def test_of_two_answers_about_one_record_the_newest_holds_in_the_year(district):
    """Refused for the third quarter, taken back for the fourth, in which it is still open."""
    shown(district, "2019Q3", AFTER)
    object_to(district, "2019Q3", "任务02-02", AFTER, is_upheld=False)
    shown(district, "2019Q4", NEW_YEAR)
    object_to(district, "2019Q4", "任务02-02", NEW_YEAR.replace(hour=11), is_upheld=True)
    compute(district, "2019", NEW_YEAR.replace(hour=12))
    assert on_time(district)[0] == ("任务02-02：逾期 102 天未办结（申诉采纳，不扣）", Decimal(0))
    compute(district, "2019Q4", NEW_YEAR.replace(hour=13))
    assert on_time(district, "2019Q4")[0][1] == Decimal(0)


def test_a_year_published_by_the_third_edition_is_still_proved_byte_for_byte(district, monkeypatch):
    """It charged once more what the quarter had taken back, and goes on saying so."""
    shown(district, "2019Q3", AFTER)
    object_to(district, "2019Q3", "任务02-02", AFTER, is_upheld=True)
    decide(district)
    monkeypatch.setattr(computing, "EDITION", 3)
    found = shown(district, "2019", NEW_YEAR)
    later = {"actor": district.office, "at": NEW_YEAR.replace(day=9)}
    found = finalize_assessment(found, version=2, **later)
    publish_assessment(found, version=3, **later)
    monkeypatch.undo()

    assert on_time(district)[0] == ("任务02-02：逾期 102 天未办结", Decimal(5))
    assert [verdict.is_right for verdict in verify_assessments()] == [True, True]
