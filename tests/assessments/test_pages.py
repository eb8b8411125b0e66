"""The pages of the assessment as each kind of person sees them."""

from copy import deepcopy
from datetime import date

import pytest
from django.test import Client

from assessments.enums import FactKind
from assessments.models import Assessment
from assessments.services.entering import FactContent, enter_fact
from assessments.services.publishing import open_objections
from responsibilities.enums import ReviewDecision
from tests.assessments.world import AFTER, make_district, published
from tests.builders import as_
from tests.standing import built_once

pytestmark = pytest.mark.django_db


whole = built_once(make_district)


@pytest.fixture
def district(db, whole):
    return deepcopy(whole)


def page(user, url):
    client = Client()
    client.force_login(user)
    return client.get(url)


def text(user, url):
    return page(user, url).content.decode()


def show(district):
    open_objections(
        district.assessment, until=date(2019, 10, 16), version=1, actor=district.office, at=AFTER
    )


def test_the_office_computes_a_quarter_and_is_shown_the_ranking_of_one_class(district):
    client = Client()
    client.force_login(district.office)

    answer = client.post("/scores/compute/", {"period": "2019Q3", "reason": "季度考核"})

    assert answer["Location"] == "/scores/2019Q3/"
    shown = client.get("/scores/2019Q3/").content.decode()
    assert "一类（监管）" in shown
    assert "区住建局" in shown
    assert "区法院" not in shown
    assert Assessment.objects.get().computations.count() == 1


def test_the_office_narrows_the_facts_to_a_unit_and_a_kind(district):
    district.enter(FactKind.MEETING)
    district.enter(FactKind.DRILL)
    content = FactContent(FactKind.DRILL, date(2019, 9, 20), "联合演练", "钦南发〔2019〕3号")
    enter_fact(district.other, content, actor=district.office, at=AFTER)

    shown = page(district.office, "/scores/facts/?unit=own&kind=drill").context["facts"]
    assert [(fact.unit.code, fact.kind) for fact in shown] == [("own", "drill")]
    nothing = text(district.office, "/scores/facts/?unit=other&kind=meeting")
    assert "没有符合条件的事实" in nothing
    assert page(district.liaison, "/scores/facts/?unit=other").context["facts"].paginator.count == 2


def test_a_unit_sees_its_scorecard_only_after_it_was_shown_to_units(district):
    district.compute()
    assert page(district.liaison, "/scores/2019Q3/units/own/").status_code == 404
    assert "还没有公示的考核" in text(district.liaison, "/scores/")

    show(district)

    assert page(district.liaison, "/scores/2019Q3/")["Location"] == "/scores/2019Q3/units/own/"
    assert "区住建局2019年第三季度考核成绩单" in text(district.liaison, "/scores/2019Q3/units/own/")
    assert page(district.liaison, "/scores/2019Q3/units/other/").status_code == 404


def test_a_units_home_shows_its_newest_score_and_no_other(district):
    district.compute()
    assert "看扣在哪儿" not in text(district.head, "/")

    show(district)

    shown = text(district.head, "/")
    assert "/scores/2019Q3/units/own/" in shown
    assert "/scores/2019Q3/units/other/" not in shown


def test_every_deduction_leads_to_its_record(district):
    """Three open tasks, 15/3 each, with their rows behind them."""
    district.enter(FactKind.MEETING)
    district.compute()
    show(district)

    shown = text(district.head, "/scores/2019Q3/units/own/")

    for code in ("02-02", "02-03", "03-01"):
        assert f'href="/tasks/sample/{code}/"' in shown
    assert "任务02-02：逾期 10 天未办结" in shown
    assert "−5" in shown


def test_a_step_taken_on_a_page_that_is_out_of_date_is_refused(district):
    district.compute()
    client = Client()
    client.force_login(district.office)
    step = {"version": 9, "step": "objections", "until": "2019-10-16"}

    shown = client.post("/scores/2019Q3/step/", step, follow=True).content.decode()

    assert "考核在您打开之后有变动" in shown
    assert Assessment.objects.get().state == "preliminary"


def test_a_recomputation_without_a_reason_is_refused_with_words(district):
    district.compute()
    client = Client()
    client.force_login(district.office)

    answer = client.post("/scores/2019Q3/again/", {"reason": " "})

    assert answer.status_code == 422
    assert "请写明为什么重新测算。" in answer.content.decode()


def test_what_is_shown_to_units_is_computed_anew_when_the_records_have_moved(district, settings):
    """On 19 September nothing was due; on 8 October two of three are open, 15/3 each."""
    settings.QINNAN_TODAY = "2019-10-08"
    district.compute(AFTER.replace(month=9, day=19))
    district.close("02-02", 20, decision=ReviewDecision.PASS)
    client = Client()
    client.force_login(district.office)
    step = {"version": 1, "step": "objections", "until": "2019-10-16"}

    shown = client.post("/scores/2019Q3/step/", step, follow=True).content.decode()

    assert "上次测算以后台账有变动，公示前已按此刻的事实重新测算。" in shown
    assert "公示前按此刻的事实重算" in shown
    card = text(district.head, "/scores/2019Q3/units/own/")
    assert "任务02-03：逾期 5 天未办结" in card
    assert "任务02-02：" not in card


def test_no_button_is_offered_that_the_calendar_refuses(district, settings):
    """On 30 September the quarter still runs; from 8 October objections run until the 16th."""
    settings.QINNAN_TODAY = "2019-09-30"
    district.compute(AFTER.replace(month=9, day=30))
    running = text(district.office, "/scores/2019Q3/")
    settings.QINNAN_TODAY = "2019-10-08"
    over = text(district.office, "/scores/2019Q3/")
    show(district)
    objecting = text(district.office, "/scores/2019Q3/")
    settings.QINNAN_TODAY = "2019-10-17"

    for said, button, words in (
        (running, False, "考核期到9月30日才结束，期满以后才能公示"),
        (over, True, "公示，受理申诉</button>"),
        (objecting, False, "单位可以申诉到10月16日，截止以后才能终评。"),
        (text(district.office, "/scores/2019Q3/"), True, "终评</button>"),
    ):
        assert ('action="/scores/2019Q3/step/"' in said) == button
        assert words in said


def test_points_stand_below_one_another_in_a_column_and_are_plain_in_a_sentence(district):
    """Three of 15/3 are open, and papers of two kinds are missing, 6 and 3: 24 in all."""
    district.compute()
    show(district)

    card = text(district.head, "/scores/2019Q3/units/own/")

    assert "<b>−5.00</b></td><td>任务02-02" in card
    assert '<b>0.00</b> <span class="mut of">/ 15</span>' in card
    assert "5 笔，共 24 分" in card


def test_what_is_published_is_not_offered_to_be_computed_again(district, settings):
    """In October 2019 the third quarter is over and published: the second is offered first."""
    settings.QINNAN_TODAY = "2019-10-08"
    published(district)

    form = page(district.office, "/scores/").context["form"]
    sent = {"period": "2019Q3", "reason": "季度考核"}
    refused = as_(district.office).post("/scores/compute/", sent)

    offered = [code for code, _ in form.fields["period"].choices]
    assert offered[:2] == ["2019Q4", "2019Q2"]
    assert form["period"].value() == "2019Q2"
    assert refused.status_code == 422
    assert "已经发布的不再测算，按更正办理" in refused.content.decode()
