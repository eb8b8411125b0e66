"""One delay is charged once, in the period where it fell due, and again only while it lasts."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from assessments.models import UnitScore
from assessments.rules.canonical import fingerprint
from assessments.rules.facts import EDITION, UnitFacts
from assessments.rules.mending import mends
from assessments.rules.scoring import score_all
from assessments.services import computing
from assessments.services.computing import compute_assessment, reread
from assessments.services.publishing import (
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from assessments.services.verifying import verify_assessments
from organizations.enums import AssessmentClass
from responsibilities.enums import ReviewDecision
from tests.assessments.world import AFTER, SHANGHAI, District, decide, make_district, send
from tests.assessments.worlds import default_scheme, due, snapshot

NEW_YEAR = datetime(2020, 1, 8, 9, 0, tzinfo=SHANGHAI)
ON_TIME = "限时任务按期办结"
TOWN = UnitFacts(
    "shabu",
    "沙埠镇",
    1,
    AssessmentClass.TOWNSHIP,
    tasks=(
        due("03-01", date(2019, 6, 20), date(2019, 7, 5)),
        due("03-02", date(2019, 5, 31), None),
        due("03-03", date(2019, 8, 31), date(2019, 8, 30)),
        due("03-04", date(2019, 6, 25), date(2019, 10, 3)),
    ),
    hazards=(
        due("隐患1", date(2019, 6, 30), date(2019, 7, 1)),
        due("隐患2", date(2019, 7, 31), None),
    ),
)


def losses(edition, title=ON_TIME, *, year=False):
    (result,) = score_all(replace(snapshot(TOWN, year=year), edition=edition))
    return [(line.cause, -line.points) for line in result.lines if line.title == title]


def test_a_quarter_answers_for_what_fell_due_in_it_and_for_what_is_still_open_when_it_ends():
    """Q3: 03-01 was done in it and is charged in Q2 alone. Three count: 03-02 is open, 15/3 = 5;
    03-03 was in time; 03-04 was open when the quarter ended and done later, 15/3/2 = 2.5."""
    assert losses(EDITION) == [
        ("另有 1 件以前到期、本期办成，迟办在到期的考核期计，本期不再扣", -15),
        ("任务03-02：以前到期，本期仍未办结，逾期 122 天", Decimal(5)),
        ("任务03-04：迟 100 天办结", Decimal("2.50")),
    ]
    assert losses(EDITION, "隐患按期整改销号") == [
        ("另有 1 件以前到期、本期办成，迟办在到期的考核期计，本期不再扣", -15),
        ("任务隐患2：逾期 61 天未销号", Decimal(15)),
    ]


def test_a_year_holds_all_four_and_charges_each_once():
    """Of four, two were late and one is open: 15/4/2 = 1.875, 15/4 = 3.75 and 1.875 once more;
    the running totals 1.875, 5.625 and 7.5 round to 1.88, 5.63 and 7.50."""
    assert losses(EDITION, year=True) == [
        ("满分", -15),
        ("任务03-01：迟 15 天办结", Decimal("1.88")),
        ("任务03-02：逾期 214 天未办结", Decimal("3.75")),
        ("任务03-04：迟 100 天办结", Decimal("1.87")),
    ]


def test_the_second_edition_of_the_rules_goes_on_charging_as_it_did():
    assert losses(2)[0] == ("满分", -15)
    assert [cause for cause, _ in losses(2)[1:]] == [
        "任务03-01：迟 15 天办结",
        "任务03-02：逾期 122 天未办结",
        "任务03-04：迟 100 天办结",
    ]


def test_what_is_owed_from_before_gains_its_whole_share_when_it_is_done_in_time():
    """Done within the quarter 03-02 no longer counts: of two tasks one is late, 15/2/2 = 3.75
    instead of 7.5 lost. What applies in the middle of September: 15 任务, 15 隐患, 3 + 3 returns
    and extensions, 10 + 20 accidents: 66, so 3.75 × 100/66 = 5.68."""
    facts = replace(snapshot(TOWN), edition=EDITION, due_until=date(2019, 9, 15))
    scheme = default_scheme(AssessmentClass.TOWNSHIP)

    found = {mend.words: mend.gain for mend in mends(TOWN, scheme, facts, today=date(2019, 9, 16))}

    assert found["任务03-02：现在办结，本期不再扣"] == Decimal("5.68")
    assert "任务隐患2：现在销号，按迟办计" in found


@pytest.fixture
def district(db) -> District:
    return make_district()


def lost(district: District, period: str, at: datetime) -> list[tuple[str, Decimal]]:
    computation = compute_assessment(period, actor=district.office, at=at, reason="考核")
    assert fingerprint(reread(computation)) == computation.snapshot_sha256
    score = UnitScore.objects.get(computation=computation, unit=district.own)
    found = score.lines.filter(title=ON_TIME, kind="deduction").order_by("number")
    return [(line.cause, -line.points) for line in found]


def test_a_task_of_september_closed_in_november_costs_points_in_one_quarter_alone(district):
    """Q3 of 15: three tasks, 5 each: one done, one open and closed in November, one left open.
    Q4 holds only what is still open at its end: 15. The year: 15/3/2 = 2.5 and 15/3 = 5."""
    send(district, "02-02", 2019, 9, 20)
    third = lost(district, "2019Q3", AFTER)
    send(district, "02-03", 2019, 11, 4)

    assert third == [
        ("任务02-03：逾期 5 天未办结", Decimal(5)),
        ("任务03-01：到期未办结", Decimal(5)),
    ]
    assert lost(district, "2019Q4", NEW_YEAR) == [
        ("任务03-01：以前到期，本期仍未办结，逾期 92 天", Decimal(15))
    ]
    assert lost(district, "2019", NEW_YEAR) == [
        ("任务02-03：迟 40 天办结", Decimal("2.50")),
        ("任务03-01：逾期 92 天未办结", Decimal(5)),
    ]


def test_what_waited_for_the_office_when_its_quarter_ended_falls_to_the_next_if_it_comes_back(
    district,
):
    """03-01 was sent in on its day and returned on 3 October: Q3, computed on the 8th, leaves it
    out (two tasks, 15/2 = 7.5 each). Q4 alone charges its 12 days, half of one in three."""
    back = send(district, "03-01", 2019, 9, 30, decided=AFTER)
    decide(district, back, ReviewDecision.RETURN, AFTER.replace(day=3))

    assert lost(district, "2019Q3", AFTER) == [
        ("任务02-02：逾期 10 天未办结", Decimal("7.50")),
        ("任务02-03：逾期 5 天未办结", Decimal("7.50")),
    ]

    send(district, "03-01", 2019, 10, 12)
    assert lost(district, "2019Q3", AFTER.replace(day=20))[1:] == [
        ("任务02-03：逾期 5 天未办结", Decimal("7.50")),
    ]
    assert lost(district, "2019Q4", NEW_YEAR)[-1] == ("任务03-01：迟 12 天办结", Decimal("2.50"))


def test_a_quarter_published_by_the_second_edition_is_still_proved_byte_for_byte(
    district, monkeypatch
):
    """Its fourth quarter charged September's delay once more, and goes on saying so."""
    send(district, "02-03", 2019, 11, 4)
    monkeypatch.setattr(computing, "EDITION", 2)
    before = lost(district, "2019Q4", NEW_YEAR)
    who = {"actor": district.office, "at": NEW_YEAR}
    found = open_objections(district.assessment, until=NEW_YEAR.date(), version=1, **who)
    later = {"actor": district.office, "at": NEW_YEAR.replace(day=9)}
    found = finalize_assessment(found, version=2, **later)
    publish_assessment(found, version=3, **later)
    monkeypatch.undo()

    assert ("任务02-03：迟 40 天办结", Decimal("2.50")) in before
    assert [verdict.is_right for verdict in verify_assessments()] == [True, True]
