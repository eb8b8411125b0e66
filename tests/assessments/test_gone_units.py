"""A unit that was there to the end of the quarter is scored, and its heir speaks for it."""

from datetime import date, timedelta

import pytest

from assessments.enums import FactKind
from assessments.models import EnteredFact, Objection, ScoreLine, SelfScore
from assessments.services.entering import FactContent, enter_fact
from assessments.services.publishing import open_objections
from common.errors import DomainError
from organizations.enums import PostKind
from organizations.models import User
from organizations.services.units import Validity, set_validity
from organizations.services.versions import version_of
from tests.assessments.world import AFTER, SHOWN, District, make_district
from tests.builders import NOW, as_, make_unit, make_user

pytestmark = pytest.mark.django_db
CARD = "/scores/2019Q3/units/own/"


@pytest.fixture
def district(settings) -> District:
    """区住建局 went to 区交通局 after the last day of September."""
    settings.QINNAN_TODAY = SHOWN.date().isoformat()
    made = make_district()
    dates = Validity(valid_to=date(2019, 9, 30), successor=made.other)
    seen = version_of(made.own)
    set_validity(made.own, dates, seen=seen, actor=made.office, at=NOW, reason="机构改革")
    return made


@pytest.fixture
def heir(district) -> User:
    return make_user("heir", (district.other, PostKind.LIAISON))


def show(district: District, until: date) -> None:
    district.compute(SHOWN)
    open_objections(district.assessment, until=until, version=1, actor=district.office, at=SHOWN)


def test_the_heir_reads_the_card_of_the_unit_that_is_gone_scores_it_and_objects(district, heir):
    show(district, SHOWN.date())
    client = as_(heir)
    line = ScoreLine.objects.get(score__unit=district.own, cause__contains="任务02-02")
    place = line.indicator

    card = client.get(CARD)
    listed = client.get("/scores/").content.decode()
    client.post(f"{CARD}self/", {f"points_{place}": "15"})
    client.post(f"/scores/lines/{line.pk}/objection/", {"reason": "已移交，请核实。"})

    assert f'href="/scores/lines/{line.pk}/objection/"' in card.content.decode()
    assert CARD in listed
    assert f"{CARD}self/" in listed
    assert (SelfScore.objects.get().unit, Objection.objects.get().unit) == (district.own,) * 2
    assert client.get("/scores/2019Q3/")["Location"] == "/scores/2019Q3/units/other/"


def test_whoever_took_nothing_over_does_not_see_the_card(district, heir):
    third = make_unit("third", "区水利局", order=13, assessment_class="class1")
    show(district, SHOWN.date())
    stranger = make_user("stranger", (third, PostKind.HEAD))

    assert [as_(user).get(CARD).status_code for user in (heir, stranger)] == [200, 404]


def test_the_office_still_enters_what_the_unit_did_while_it_was_there(district):
    client = as_(district.office)
    typed = {
        "unit": "own",
        "kind": "meeting",
        "happened_on": "2019-09-10",
        "title": "专题会",
        "document_no": "钦南发〔2019〕3号",
    }

    form = client.get("/scores/facts/new/").content.decode()
    answer = client.post("/scores/facts/new/", typed, follow=True).content.decode()

    assert "区住建局（2019年9月30日撤销）" in form
    assert "已登记，2019年第三季度考核下一次测算时计入。" in answer
    assert EnteredFact.objects.get().unit == district.own


def test_a_year_mistyped_is_refused_before_it_holds_the_result_up(district):
    with pytest.raises(DomainError, match="申诉截止日最迟定在2019年12月6日"):
        show(district, SHOWN.date() + timedelta(days=61))
    paper = FactContent(FactKind.MEETING, date(1019, 9, 10), "专题会", "钦南发〔2019〕3号")
    with pytest.raises(DomainError, match="日期不能早于2000年"):
        enter_fact(district.own, paper, actor=district.office, at=AFTER)


def test_what_is_entered_for_a_unit_that_is_gone_says_where_it_counts_and_that_its_heir_is_free(
    district,
):
    """It was there on the last day of the third quarter, not on that of the year."""
    client = as_(district.office)
    typed = {"unit": "own", "title": "通报", "kind": "criticism", "document_no": "1号"}

    form = client.get("/scores/facts/new/").content.decode()
    september = client.post("/scores/facts/new/", typed | {"happened_on": "2019-09-10"})
    page = client.get(september["Location"]).content.decode()

    assert "已撤销的单位只计入它在的考核期，不转给承接单位" in form
    assert "已登记，2019年第三季度考核下一次测算时计入。" in page
    gone = "区住建局2019年9月30日撤销，不参加2019年考核，这一条也不计入承接单位区交通局；"
    assert f"{gone}文件写明由承接单位承担的，登记在承接单位名下。" in page


def test_what_counts_in_no_assessment_is_not_said_to_count(district, settings):
    """A paper of October about a unit that went in September; so with a decision about it."""
    settings.QINNAN_TODAY = "2019-10-12"
    client = as_(district.office)
    paper = {"unit": "own", "document_no": "1号"}
    fact = {"title": "通报", "kind": "criticism", "happened_on": "2019-10-09"}
    veto = {"period": "2019", "decided_on": "2019-10-09", "reason": "fraud", "effect": "fail"}

    told = client.post("/scores/facts/new/", paper | fact, follow=True).content.decode()
    decided = client.post("/scores/vetoes/new/", paper | veto, follow=True).content.decode()

    assert "已登记。区住建局2019年9月30日撤销，不参加2019年第四季度和全年考核" in told
    assert "一票否决已登记。区住建局2019年9月30日撤销，不参加2019年考核" in decided


def test_the_heir_is_not_charged_for_what_happened_before_it_took_over(district):
    """Two accidents of 区住建局 in September: its own card is charged, 区交通局's is not."""
    for day in (5, 6):
        district.enter(FactKind.ACCIDENT, date(2019, 9, day), count=0)

    computation = district.compute(SHOWN)

    charged = ScoreLine.objects.filter(score__computation=computation, title="责任事故起数")
    lost = charged.filter(points__lt=0).values_list("score__unit__code", flat=True)
    assert list(lost) == ["own", "own"]
