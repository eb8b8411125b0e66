"""Who is told what, and the result as a workbook."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from assessments.enums import FactKind
from assessments.models import ScoreLine
from assessments.services.objections import answer_objection, submit_objection
from assessments.services.publishing import open_objections
from notices.models import Notice
from tests.assessments.world import AFTER, make_district

pytestmark = pytest.mark.django_db
LATER = AFTER + timedelta(hours=2)


@pytest.fixture
def district():
    found = make_district()
    found.enter(FactKind.CRITICISM)
    found.compute()
    open_objections(
        found.assessment, until=date(2019, 10, 16), version=1, actor=found.office, at=AFTER
    )
    return found


def told(person):
    return [(item.text, item.url) for item in Notice.objects.filter(recipient=person, kind="score")]


def test_the_head_and_the_liaison_are_told_when_their_scorecard_is_shown(district):
    words = (
        "【区安委办】2019年第三季度考核已公示，10月16日以前（含当日）可申诉。",
        "/scores/2019Q3/units/own/",
    )

    assert told(district.head) == [words]
    assert told(district.liaison) == [words]
    assert told(district.leader) == []


def test_the_office_is_told_of_an_objection_and_its_author_of_the_answer(district):
    line = ScoreLine.objects.filter(cause__contains="任务02-02", points__lt=0).latest("pk")
    objection = submit_objection(
        line, reason="当时已报。", document_no="", actor=district.head, at=LATER
    )
    answer_objection(
        objection, is_upheld=False, answer="没有佐证。", actor=district.office, at=LATER
    )

    page = f"/scores/objections/{objection.pk}/"
    assert told(district.office) == [("区住建局对2019年第三季度考核的一笔扣分提出申诉。", page)]
    answered = ("【区安委办】2019年第三季度考核的申诉已答复：不采纳。", page)
    assert answered in told(district.head)


def test_the_workbook_holds_places_and_every_line_and_adds_up(district):
    client = Client()
    client.force_login(district.leader)

    answer = client.get("/scores/2019Q3/export/")
    book = load_workbook(BytesIO(b"".join(answer)))

    assert book.sheetnames == ["一类（监管）", "得分明细"]
    places = list(book["一类（监管）"].iter_rows(min_row=3, values_only=True))
    assert [row[1] for row in places] == ["区交通局", "区住建局"]
    lines = list(book["得分明细"].iter_rows(min_row=3, values_only=True))
    own = sum(row[5] for row in lines if row[1] == "区住建局" and row[3] != "折算")
    assert own == -(6 + 15 + 3 + 2)


def test_a_unit_is_not_given_the_workbook_of_all(district):
    client = Client()
    client.force_login(district.head)

    assert client.get("/scores/2019Q3/export/").status_code == 404
