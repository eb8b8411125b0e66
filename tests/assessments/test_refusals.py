"""What is refused says why on the page that was sent, and what was typed is still there."""

from datetime import date, timedelta

import pytest

from assessments.enums import SchemeState
from assessments.models import Scheme, ScoreLine, SelfScore
from assessments.services.objections import answer_objection, submit_objection
from assessments.services.publishing import finalize_assessment, open_objections
from assessments.services.schemes import copy_scheme
from tests.assessments.world import AFTER, SHOWN, District, make_district, published
from tests.builders import as_

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(settings) -> District:
    settings.QINNAN_TODAY = AFTER.date().isoformat()
    return make_district()


def shown_to_units(district: District, until: date) -> None:
    district.compute(SHOWN)
    open_objections(district.assessment, until=until, version=1, actor=district.office, at=SHOWN)


def objection(district: District):
    lines = ScoreLine.objects.filter(score__unit=district.own, cause__contains="任务02-02")
    return submit_objection(
        lines.get(), reason="已办。", document_no="", actor=district.head, at=SHOWN
    )


def test_a_correction_that_changes_nothing_keeps_the_reason_and_can_be_sent_again(district):
    version = published(district).version
    client = as_(district.office)
    typed = {"version": version - 1, "reason": "查实漏报，补计通报"}

    stale = client.post("/scores/2019Q3/correct/", typed)
    again = client.post("/scores/2019Q3/correct/", typed | {"version": version})

    assert [answer.status_code for answer in (stale, again)] == [422, 422]
    assert "考核在您打开之后有变动" in stale.content.decode()
    assert f'name="version" value="{version}"' in stale.content.decode()
    assert "没有需要更正的" in again.content.decode()
    assert 'value="查实漏报，补计通报"' in again.content.decode()


def test_a_day_for_objections_that_is_over_stays_to_be_put_right(district):
    district.compute()
    sent = {"version": 1, "step": "objections", "until": "2019-10-01"}

    answer = as_(district.office).post("/scores/2019Q3/step/", sent)

    assert answer.status_code == 422
    assert "申诉截止日不能早于今天" in answer.content.decode()
    assert 'value="2019-10-01"' in answer.content.decode()


def test_while_an_objection_waits_the_office_is_sent_to_it_and_offered_no_final_result(district):
    shown_to_units(district, SHOWN.date())
    objection(district)
    client = as_(district.office)

    page = client.get("/scores/2019Q3/").content.decode()
    answer = client.post("/scores/2019Q3/step/", {"version": 2, "step": "final"})

    assert '<a href="/scores/objections/">1 件申诉</a>没有答复' in page
    assert ">终评</button>" not in page
    assert answer.status_code == 422
    assert f'value="{AFTER.date() + timedelta(days=8)}"' in answer.content.decode()


def _card_once_answered(district, *, is_upheld):
    """Answer an objection and finish: the objection, and the card that its unit then reads."""
    shown_to_units(district, SHOWN.date())
    made = objection(district)
    answer_objection(made, is_upheld=is_upheld, answer="已核对。", actor=district.office, at=SHOWN)
    finalize_assessment(district.assessment, version=2, actor=district.office, at=AFTER)
    return made, as_(district.liaison).get("/scores/2019Q3/units/own/").content.decode()


def test_what_was_taken_back_is_still_listed_with_the_answer(district):
    made, page = _card_once_answered(district, is_upheld=True)

    listed = page.split("列出不扣的")[1].split("</ul>")[0]
    assert "任务02-02：逾期 10 天未办结（申诉采纳，不扣）" in listed
    assert f'href="{made.get_absolute_url()}"' in listed
    assert "任务02-03" not in listed


def test_what_was_not_taken_back_says_so_beside_the_loss_in_the_final_result(district):
    made, page = _card_once_answered(district, is_upheld=False)

    row = page.split("任务02-02：逾期 10 天未办结")[1].split("</tr>")[0]
    assert f'<a href="{made.get_absolute_url()}">不采纳</a>' in row
    assert "列出不扣的" not in page


def test_nobody_is_shown_a_column_of_objections_that_is_empty(district):
    published(district)

    page = as_(district.liaison).get("/scores/2019Q3/units/own/").content.decode()

    assert "扣分明细" in page
    assert 'class="no-print">申诉</th>' not in page


def test_words_about_an_indicator_without_points_are_not_lost(district):
    district.compute()
    client = as_(district.head)
    place = ScoreLine.objects.get(
        score__unit=district.own, title="限时任务按期办结", kind="full"
    ).indicator

    answer = client.post("/scores/2019Q3/units/own/self/", {f"note_{place}": "都已办结"})

    assert answer.status_code == 422
    assert "写了说明的一项要填自评分" in answer.content.decode()
    assert 'value="都已办结"' in answer.content.decode()
    assert not SelfScore.objects.exists()


def test_a_draft_says_which_line_is_wrong_and_only_once(district):
    scheme = Scheme.objects.get(assessment_class="class1")
    draft = copy_scheme(scheme, actor=district.office, at=AFTER)
    client = as_(district.office)
    form = client.get(f"/scores/schemes/{draft.pk}/edit/").context
    sent = {item.html_name: item.value() for item in form["form"]}
    sent |= {item.html_name: item.value() for line in form["lines"] for item in line}
    sent |= {item.html_name: item.value() for item in form["lines"].management_form}
    kept = {name: value for name, value in sent.items() if value is not None}

    answer = client.post(
        f"/scores/schemes/{draft.pk}/edit/", kept | {"form-2-points": "-1"}
    ).content.decode()

    assert "第 3 项有 1 处要改" in answer
    assert answer.count("“分值”不能小于 0。") == 2
    assert "分值要大于 0" not in answer


def test_trying_rules_of_a_class_that_nobody_is_in_says_so(district):
    district.compute()
    towns = Scheme.objects.get(assessment_class="township", state=SchemeState.IN_FORCE)

    page = as_(district.office).get(f"/scores/schemes/{towns.pk}/what-if/").content.decode()

    assert "这一期没有这一类单位" in page


def test_whoever_speaks_to_a_loss_has_its_record_and_the_rule_before_their_eyes(district):
    """The unit objects and the office answers beside a link to the task; a self-score says how the
    points come about, and what was given."""
    shown_to_units(district, SHOWN.date())
    line = ScoreLine.objects.get(score__unit=district.own, cause__contains="任务02-02")
    unit, office = as_(district.head), as_(district.office)
    made = objection(district)

    asking = unit.get(f"/scores/lines/{line.pk}/objection/").content.decode()
    answering = office.get(made.get_absolute_url()).content.decode()
    scoring = unit.get("/scores/2019Q3/units/own/self/").content.decode()

    for page in (asking, answering):
        assert "扣分来自" in page
        assert 'href="/tasks/sample/02-02/"' in page
    assert "缺 1 件扣 1 份，迟的扣半份；初评 0 分。" in scoring
