"""Which assessment counts as the newest."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from assessments.leaders import newest_assessment, newest_scores
from assessments.models import Assessment
from assessments.services.computing import compute_assessment
from assessments.services.publishing import (
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from organizations.access import access_of
from qinnan_safety.publication.publishing import prepare
from tests.assessments.world import AFTER, SHANGHAI, make_district, published

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2020, 1, 8, 9, 0, tzinfo=SHANGHAI)


def test_the_year_is_newer_than_its_quarters_and_older_than_the_quarter_that_follows():
    district = make_district()
    for code in ("2019Q3", "2019", "2019Q4"):
        compute_assessment(code, actor=district.office, at=NEW_YEAR, reason="考核")
        open_objections(
            Assessment.objects.get(period=code),
            until=date(2020, 1, 15),
            version=1,
            actor=district.office,
            at=NEW_YEAR,
        )
    unit, leader = (
        access_of(who, today=date(2020, 1, 8)) for who in (district.head, district.leader)
    )

    assert [score.computation.assessment.label for score in newest_scores(unit)] == ["2019年"]
    assert newest_assessment(leader).label == "2019年"
    client = Client()
    client.force_login(district.office)
    listed = [found.period for found, _ in client.get("/scores/").context["assessments"]]
    assert listed == ["2019", "2019Q4", "2019Q3"]

    later = datetime(2020, 4, 8, 9, 0, tzinfo=SHANGHAI)
    compute_assessment("2020Q1", actor=district.office, at=later, reason="考核")
    assert newest_assessment(leader).label == "2020年第一季度"


def test_the_public_grades_are_of_the_newest_period_however_late_another_was_published():
    district = make_district()
    published(district)
    who = {"actor": district.office, "at": AFTER}
    late = compute_assessment("2019Q2", reason="补评", **who).assessment
    late = open_objections(late, until=AFTER.date(), version=1, **who)
    who["at"] += timedelta(days=1)
    publish_assessment(finalize_assessment(late, version=2, **who), version=3, **who)

    content, _ = prepare(district.office, today=AFTER.date())

    assert {row["period"] for row in content["tables"]["grades"]} == {"2019年第三季度"}
