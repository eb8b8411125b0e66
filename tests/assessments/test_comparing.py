"""Other rules on the same facts, past periods by the rules of now, and results proved again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import QuerySet
from django.test import Client

from assessments.enums import FactKind
from assessments.models import Assessment, Computation, Scheme
from assessments.rules.comparing import trend, what_if
from assessments.rules.facts import UnitFacts
from assessments.services.computing import compute_assessment
from assessments.services.drafting import draft_ended, ended_spans
from organizations.enums import AssessmentClass
from organizations.services.people import get_system_user
from tests.assessments.world import AFTER, SHANGHAI, make_district, published
from tests.assessments.worlds import default_scheme, due, event, record, snapshot


def two_units():
    """甲 leaves one of two tasks open; 乙 is returned twice."""
    done = due("01-01", date(2019, 8, 1), date(2019, 8, 1))
    papers = (
        record(FactKind.MEETING, date(2019, 8, 1), 1),
        record(FactKind.EDUCATION, date(2019, 8, 1), 2),
    )
    base = UnitFacts("a", "甲局", 1, AssessmentClass.CLASS3, tasks=(done,), entered=papers)
    late = replace(base, tasks=(done, due("01-02", date(2019, 8, 1), None)))
    returned = replace(
        base,
        code="b",
        name="乙局",
        order=2,
        returns=(event("01-01", date(2019, 7, 2)), event("01-01", date(2019, 7, 9))),
    )
    return snapshot(late, returned)


def heavier_returns():
    """The rules of 三类 with returns that cost 7 points a time instead of 1, so both take all 7."""
    scheme = default_scheme(AssessmentClass.CLASS3)
    items = tuple(
        replace(item, points=Decimal(37), rate=Decimal(37))
        if item.rule == "returns"
        else replace(item, points=Decimal(6))
        if item.rule == "on_time"
        else item
        for item in scheme.indicators
    )
    return replace(scheme, indicators=items, version=2)


def test_what_if_says_who_moves_and_by_which_items():
    """Applicable 66: 研究 12, 限时 36, 一次通过 7, 不延期 7, 宣教 4. 甲 loses 18: 48/66, 72.73; 乙
    loses 2: 64/66, 96.97. By the others 限时 is worth 6 and 一次通过 37: 甲 loses 3: 63/66,
    95.45; 乙 37: 29/66, 43.94. They change places."""
    moves = {move.code: move for move in what_if(two_units(), heavier_returns())}

    told = {
        code: (move.before, move.after, move.rank_before, move.rank_after, move.climbed)
        for code, move in moves.items()
    }
    assert told == {
        "a": (Decimal("72.73"), Decimal("95.45"), 2, 1, 1),
        "b": (Decimal("96.97"), Decimal("43.94"), 1, 2, -1),
    }
    assert moves["b"].grade_after == "fail"
    first = moves["b"].changes[0]
    assert (first.title, first.moved) == ("限时任务按期办结", Decimal(-30))


def test_the_named_changes_add_up_to_the_difference():
    for move in what_if(two_units(), heavier_returns(), most=100):
        assert sum(change.moved for change in move.changes) == move.after - move.before


def test_the_same_rules_move_nobody():
    moves = what_if(two_units(), default_scheme(AssessmentClass.CLASS3))

    assert [(move.climbed, move.changes) for move in moves] == [(0, ()), (0, ())]


def test_a_trend_scores_the_past_by_the_rules_of_now():
    past = [two_units(), two_units()]

    assert trend(past, heavier_returns(), "b") == [Decimal("43.94"), Decimal("43.94")]
    assert trend(past, default_scheme(AssessmentClass.CLASS1), "b") == [None, None]


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (date(2019, 9, 30), ["2019Q2", "2018"]),
        (date(2019, 10, 1), ["2019Q3", "2018"]),
        (date(2020, 1, 1), ["2019Q4", "2019"]),
    ],
)
def test_the_newest_period_that_is_over(today, codes):
    assert [span.code for span in ended_spans(today)] == codes


@pytest.mark.django_db
def test_quarters_end_drafts_itself_once_and_catches_up_missed_days():
    district = make_district()
    system = get_system_user()

    halfway = AFTER.replace(month=9, day=30)
    assert draft_ended(actor=system, at=halfway) == []
    compute_assessment("2019Q3", actor=district.office, at=halfway, reason="先看一看")
    assert draft_ended(actor=system, at=AFTER + timedelta(days=9)) == ["2019Q3"]
    assert draft_ended(actor=system, at=AFTER + timedelta(days=10)) == []
    assert district.assessment.state == "preliminary"


@pytest.mark.django_db
def test_the_command_proves_published_results_and_finds_a_changed_one():
    published(make_district())
    out = StringIO()
    call_command("verify_assessments", stdout=out)
    assert out.getvalue().splitlines()[-1] == "核对 2 次测算，0 次不一致。"

    last = Computation.objects.latest("number")
    changed = last.snapshot.replace("任务02-02", "任务02-03")
    QuerySet(Computation).filter(pk=last.pk).update(snapshot=changed)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_assessments", "--period", "2019Q3", stdout=out)

    assert "2019年第三季度考核 第2次测算：从留痕重读的事实一致，重算的结果不一致" in out.getvalue()


@pytest.mark.django_db
def test_the_pages_show_the_trend_the_trial_and_the_leaders_line():
    district = make_district()
    published(district)
    at = datetime(2020, 1, 8, 9, 0, tzinfo=SHANGHAI)
    compute_assessment("2019Q4", actor=district.office, at=at, reason="季度考核")
    leader, office = Client(), Client()
    leader.force_login(district.leader)
    office.force_login(district.office)
    scheme = Scheme.objects.get(assessment_class="class1")

    card = leader.get("/scores/2019Q4/units/own/")
    trial = office.get(f"/scores/schemes/{scheme.pk}/what-if/?period=2019Q3")

    assert [point.label for point in card.context["trend"]] == ["2019年第三季度", "2019年第四季度"]
    assert trial.context["moved"] == 0
    assert "2 个单位中 0 个的名次或等次有变动" in trial.content.decode()
    assert Assessment.objects.count() == 2
    assert "2019年第三季度考核" in leader.get("/").content.decode()
