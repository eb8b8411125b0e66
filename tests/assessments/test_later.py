"""What was entered since a result was computed is told to the office, and so are likely vetoes."""

from datetime import date, timedelta

import pytest

from assessments.enums import FactKind, VetoEffect, VetoReason
from assessments.models import EnteredFact
from assessments.services.entering import (
    FactContent,
    VetoContent,
    enter_fact,
    enter_veto,
    void_fact,
)
from assessments.services.publishing import correct_assessment
from tests.assessments.world import AFTER, District, make_district, published
from tests.builders import as_

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(hours=3)
PAPER = "钦南安委〔2019〕9号"
HEADING = "结果还没有反映的登记"


@pytest.fixture
def district(settings) -> District:
    settings.QINNAN_TODAY = AFTER.date().isoformat()
    return make_district()


def told(district: District) -> str:
    return as_(district.office).get("/scores/2019Q3/").content.decode()


def enter(district, kind, *, at=LATER, day=date(2019, 9, 12), **more) -> EnteredFact:
    content = FactContent(kind, day, kind.label, PAPER, **more)
    return enter_fact(district.own, content, actor=district.office, at=at)


def test_a_fact_entered_after_publication_stands_on_the_page_until_it_is_corrected(district):
    found = published(district)
    assert HEADING not in told(district)

    fact = enter(district, FactKind.CRITICISM)
    enter(district, FactKind.MEETING, day=date(2019, 10, 2))

    page = told(district)
    assert f'<a href="/scores/facts/{fact.pk}/">区住建局：通报批评，通报批评</a>' in page
    assert "研究安全生产的会议" not in page.split(HEADING)[1].split("</section>")[0]
    assert HEADING not in as_(district.leader).get("/scores/2019Q3/").content.decode()
    correct_assessment(
        found, reason="补计通报", version=found.version, actor=district.office, at=LATER
    )
    assert HEADING not in told(district)


def test_a_fact_that_was_voided_since_is_said_to_count_still(district):
    fact = enter(district, FactKind.CRITICISM, at=AFTER - timedelta(days=1))
    district.compute()
    both = enter(district, FactKind.ACCIDENT, count=0)
    for one in (fact, both):
        void_fact(one, actor=district.office, at=LATER, reason="登记错")

    page = told(district)

    assert "区住建局：通报批评，通报批评</a>（已作废，结果还计着）" in page
    assert "区住建局：责任事故" not in page


def test_three_dead_or_more_than_the_limit_ask_for_a_look_at_the_veto(district):
    """Three died in one accident and none was allowed; a decision about the unit settles both."""
    before = AFTER - timedelta(days=1)
    enter(district, FactKind.DEATH_LIMIT, at=before, count=0)
    enter(district, FactKind.ACCIDENT, at=before, count=3)
    district.compute()

    page = told(district)
    decision = VetoContent(
        "2019Q3", AFTER.date(), VetoReason.MAJOR_ACCIDENT, VetoEffect.FAIL, PAPER
    )
    enter_veto(district.own, decision, actor=district.office, at=LATER)

    assert "请核对是否一票否决" in page
    assert "区住建局：责任事故，死亡 3 人，属较大以上事故" in page
    assert "区住建局：死亡 3 人，控制指标只余 0 人" in page
    assert "请核对是否一票否决" not in told(district)


def test_two_dead_within_the_limit_ask_for_nothing(district):
    before = AFTER - timedelta(days=1)
    enter(district, FactKind.DEATH_LIMIT, at=before, count=2)
    enter(district, FactKind.ACCIDENT, at=before, count=2)
    district.compute()

    assert "请核对是否一票否决" not in told(district)
