"""还能怎么提高: every promise is worked out by hand, and what is promised is what is given.

区住建局 closed 02-02 in time, has 02-03 and 03-01 open, and no 会议 and no 宣传教育: what applies
comes to 55 points, of which 10 + 6 + 3 are lost, so 36 × 100 ÷ 55 = 65.45.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from assessments.enums import FactKind
from assessments.models import ScoreLine, UnitScore
from assessments.services.objections import submit_objection
from assessments.services.publishing import (
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from organizations.models import User
from responsibilities.enums import ReviewDecision
from tests.assessments.world import AFTER, District, make_district

pytestmark = pytest.mark.django_db
CLOSED = AFTER + timedelta(days=9)
CARD = "/scores/2019Q3/units/own/"


@pytest.fixture
def district(settings) -> District:
    settings.QINNAN_TODAY = "2019-10-08"
    made = make_district()
    made.close("02-02", 19, decision=ReviewDecision.PASS)
    made.compute(AFTER - timedelta(hours=1))
    open_objections(
        made.assessment, until=date(2019, 10, 16), version=1, actor=made.office, at=AFTER
    )
    return made


def page(district: District, reader: User | None = None) -> str:
    client = Client()
    client.force_login(reader or district.liaison)
    return client.get(CARD).content.decode()


def total(district: District) -> Decimal:
    computation = district.assessment.current()
    return UnitScore.objects.get(computation=computation, unit=district.own).total


def test_each_thing_that_can_still_be_done_is_named_with_what_it_would_bring(district):
    shown = page(district)

    assert total(district) == Decimal("65.45")
    # 42 ÷ 55 = 76.36；39 ÷ 55 = 70.91；迟办扣半份，38.5 ÷ 55 = 70.00。
    for words, gain in (
        ("2019年7至9月有“研究安全生产的会议”文件的，把文号报区安委办登记", "10.91"),
        ("2019年7至9月有“宣传教育”文件的，把文号报区安委办登记", "5.46"),
        ("任务02-03：现在办结，按迟办计", "4.55"),
        ("任务03-01：现在办结，按迟办计", "4.55"),
    ):
        _, found, rest = shown.partition(words)
        assert found, words
        assert f"可多得 {gain} 分" in rest[:80]
    assert "有 4 笔扣分、共 19 分没有申诉过；" in shown
    assert "与事实不符的，10月16日以前（含当日）可以逐笔申诉" in shown


def test_what_was_promised_is_what_the_final_computation_gives(district):
    district.enter(FactKind.MEETING)
    assert "按今天的台账重新测算是 76.36 分" in page(district)

    finalize_assessment(district.assessment, version=2, actor=district.office, at=CLOSED)

    assert total(district) == Decimal("76.36")


def test_an_objection_once_made_is_not_offered_again(district):
    line = ScoreLine.objects.get(score__unit=district.own, title="宣传教育", points__lt=0)
    submit_objection(line, reason="已办。", document_no="", actor=district.head, at=AFTER)

    assert "有 3 笔扣分、共 16 分没有申诉过" in page(district)


def test_a_published_result_promises_nothing(district):
    who = {"actor": district.office, "at": CLOSED}
    found = finalize_assessment(district.assessment, version=2, **who)
    publish_assessment(found, version=3, **who)

    assert "还能怎么提高" not in page(district)


def test_open_tasks_that_are_not_due_yet_are_listed_while_the_period_runs(settings):
    settings.QINNAN_TODAY = "2019-09-20"
    made = make_district()
    early = AFTER - timedelta(days=18)
    made.compute(early)

    shown = page(made, made.office)

    assert "9月30日前到期、还没办结的任务 3 件，按期办结不扣分" in shown
    assert "9月20日到期" in shown
    assert "现在办结" not in shown
