"""What the office types about facts: numbers that cannot be forgotten, nothing counted twice."""

import pytest

from assessments.enums import FactKind
from assessments.models import EnteredFact
from tests.assessments.world import AFTER, District, make_district
from tests.builders import as_

pytestmark = pytest.mark.django_db
FORM = "/scores/facts/new/"
TYPED = {
    "unit": "own",
    "happened_on": "2019-09-20",
    "title": "工地坍塌",
    "document_no": "钦南安委〔2019〕9号",
}


@pytest.fixture
def district(settings) -> District:
    settings.QINNAN_TODAY = AFTER.date().isoformat()
    return make_district()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("accident", "责任事故要填数量，没有的填 0。"),
        ("accident_base", "上年同期事故起数要填数量，没有的填 0。"),
        ("death_limit", "死亡人数控制指标要填数量，没有的填 0。"),
    ],
)
def test_a_number_left_out_is_asked_for_instead_of_taken_for_nought(district, kind, words):
    """A limit left out would put every death above it, at five points each."""
    sent = TYPED | {"kind": kind, "period": "2019Q3"}
    client = as_(district.office)

    refused = client.post(FORM, sent)
    kept = client.post(FORM, sent | {"count": "0"}, follow=True).content.decode()

    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert "<dd>0</dd>" in kept
    assert EnteredFact.objects.get().count == 0


def test_what_the_kind_does_not_ask_for_is_not_kept(district):
    more = {"count": "3", "category": "honour", "level": "city", "topic": "创建"}

    as_(district.office).post(FORM, TYPED | more | {"kind": "meeting"})

    fact = EnteredFact.objects.get()
    assert (fact.count, fact.category, fact.level, fact.topic) == (0, "", "", "")


def test_the_same_accident_sent_twice_is_charged_once_and_another_one_of_that_paper_too(district):
    client = as_(district.office)
    sent = TYPED | {"kind": FactKind.ACCIDENT, "count": "1"}

    client.post(FORM, sent)
    again = client.post(FORM, sent)
    client.post(FORM, sent | {"title": "同日另一处坠落"})

    assert again.status_code == 422
    said = "区住建局9月20日的“工地坍塌”已经凭钦南安委〔2019〕9号登记过"
    assert said in again.content.decode()
    assert sorted(EnteredFact.objects.values_list("title", flat=True)) == [
        "同日另一处坠落",
        "工地坍塌",
    ]


def test_what_was_voided_can_be_entered_again(district):
    client = as_(district.office)
    sent = TYPED | {"kind": "criticism"}

    first = client.post(FORM, sent)["Location"]
    client.post(f"{first}void/", {"reason": "登记错"})
    client.post(FORM, sent)

    assert EnteredFact.objects.valid().count() == 1


def test_one_paper_about_several_units_is_typed_once(district):
    """The next form has the paper filled in; the unit and the number are asked for anew."""
    client = as_(district.office)
    sent = TYPED | {"kind": "accident", "count": "2", "another": "1"}

    next_form = client.post(FORM, sent, follow=True)
    client.post(FORM, sent | {"unit": "other", "count": "0"})

    form = next_form.context["form"]
    kept = {name: form[name].value() for name in ("kind", "happened_on", "title", "document_no")}
    assert kept == {"kind": "accident"} | {k: v for k, v in TYPED.items() if k != "unit"}
    assert (form["unit"].value(), form["count"].value()) == (None, None)
    assert "已登记，2019年第三季度和全年考核下一次测算时计入。" in next_form.content.decode()
    assert list(EnteredFact.objects.order_by("pk").values_list("unit__code", "count")) == [
        ("own", 2),
        ("other", 0),
    ]
