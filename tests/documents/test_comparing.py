"""A worded draft beside what the system would write by now, and an issue bound to what was seen."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from common.errors import DomainError, StaleVersion
from documents.content import Paragraph
from documents.exceptions import ContentMoved
from documents.kinds import DocumentKind, Subject, kind_of, register
from documents.models import Document
from documents.services.drafting import (
    draft_content,
    draft_document,
    places_to_settle,
    settle_place,
    system_content,
    word_document,
)
from documents.services.issuing import Signature, issue_document
from tests.builders import NOW, TODAY, issue_as_seen
from tests.documents.samples import build_probe

pytestmark = pytest.mark.django_db

OPENING = "截至【截止日】，办结【办结】项。"
NONE_LATE, LATE = "没有逾期任务。", "逾期【逾期】项。"
STEADY = "请按期推进。"


class Records:
    """What the system would write: the tests let it move."""

    def __init__(self) -> None:
        self.texts = [OPENING, NONE_LATE, STEADY]
        self.figures = {"截止日": "9月18日", "办结": "3", "逾期": "1"}

    def build(self, subject: Subject):
        paragraphs = tuple(map(Paragraph, self.texts))
        return replace(build_probe(subject), paragraphs=paragraphs, figures=dict(self.figures))


@pytest.fixture
def records() -> Records:
    records = Records()
    register(DocumentKind("moving", "试件", "district", records.build, lambda code: code))
    return records


@pytest.fixture
def draft(office, records) -> Document:
    return draft_document("moving", "2019Q3", None, actor=office, at=NOW)


def word(document: Document, office, *texts: str, **more) -> None:
    document.refresh_from_db()
    words, version = list(map(Paragraph, texts)), document.version
    word_document(document, words, version=version, actor=office, at=NOW, **more)
    document.refresh_from_db()


def open_places(document: Document) -> list[tuple[list[str], list[str]]]:
    document.refresh_from_db()
    found = places_to_settle(document, system_content(document, today=TODAY))
    return [([p.text for p in one.own], [p.text for p in one.system]) for one in found]


def settle(document: Document, office, *, takes_over: bool) -> None:
    place = places_to_settle(document, system_content(document, today=TODAY))[0]
    settle_place(document, place.key, takes_over=takes_over, actor=office, at=NOW)


def texts(document: Document) -> list[str]:
    document.refresh_from_db()
    return [line["text"] for line in document.wording]


def test_a_sentence_that_became_untrue_and_a_new_one_are_seen_before_the_issue(
    draft, office, records
):
    word(draft, office, "到【截止日】止办结【办结】项。", NONE_LATE, STEADY)
    records.figures |= {"办结": "5"}
    assert open_places(draft) == []  # named figures move by themselves
    records.texts[1:2] = [LATE, "逾期的请书面说明。"]
    assert open_places(draft) == [([NONE_LATE], [LATE, "逾期的请书面说明。"])]
    with pytest.raises(DomainError, match="系统拟的文字有 1 处变化，请在公文页上逐处对照"):
        issue_as_seen(draft, Signature(5, TODAY), actor=office, at=NOW)
    settle(draft, office, takes_over=True)
    assert texts(draft) == [
        "到【截止日】止办结【办结】项。",
        LATE,
        "逾期的请书面说明。",
        STEADY,
    ]
    records.texts[1:3] = []  # and now no word about them: what was taken over is missed again
    assert open_places(draft) == [([LATE, "逾期的请书面说明。"], [])]
    settle(draft, office, takes_over=False)
    assert open_places(draft) == []
    assert LATE in texts(draft)
    issue_as_seen(draft, Signature(5, TODAY), actor=office, at=NOW)


def test_a_figure_that_was_written_out_is_looked_at_again_when_it_moves(draft, office, records):
    word(draft, office, "共办结三项。", NONE_LATE, STEADY)
    assert open_places(draft) == []
    records.figures["办结"] = "4"
    assert open_places(draft) == [(["共办结三项。"], [OPENING])]
    stale = places_to_settle(draft, system_content(draft, today=TODAY))[0].key
    records.figures["办结"] = "5"
    with pytest.raises(StaleVersion, match="刚刚又有变化"):
        settle_place(draft, stale, takes_over=False, actor=office, at=NOW)
    settle(draft, office, takes_over=False)
    assert open_places(draft) == []
    records.figures["办结"] = "6"
    assert len(open_places(draft)) == 1


def test_an_edit_settles_nothing_that_was_not_on_the_page(draft, office, records):
    shown = list(map(Paragraph, records.texts))
    records.texts[1] = LATE  # while the office types
    word(draft, office, "开头。", NONE_LATE, STEADY, written=shown)
    assert open_places(draft) == [([NONE_LATE], [LATE])]  # the new beginning was its own choice
    word(draft, office, "开头。", NONE_LATE, "请抓紧。")
    assert open_places(draft) == [([NONE_LATE], [LATE])]
    word(draft, office, "开头。", "有一项逾期。", STEADY)
    assert open_places(draft) == [(["有一项逾期。"], [LATE])]


def test_both_sides_stand_on_the_page_and_one_press_decides(draft, office, records):
    word(draft, office, OPENING, NONE_LATE, "请抓紧。")
    records.texts[1] = LATE
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(office)
    url = f"/documents/{draft.pk}/"
    page = desk.get(url)
    shown = page.content.decode()
    assert "系统现在会写的文字有 1 处和改稿时不同" in shown
    assert '逾期<span class="fig">1</span>项。' in shown
    assert "登记签发" not in shown
    row = re.search(r'<form[^>]*settle/">.*?</form>', shown)[0]
    told = dict(re.findall(r'name="(csrfmiddlewaretoken|key)" value="(\w+)"', row))
    assert "没有选定" in desk.post(f"{url}settle/", told, follow=True).content.decode()
    after = desk.post(f"{url}settle/", told | {"choice": "system"}, follow=True)
    assert "已采用系统现拟的文字。" in after.content.decode()
    assert "登记签发" in after.content.decode()
    assert texts(draft) == [OPENING, LATE, "请抓紧。"]
    assert draft.history.latest().history_change_reason == "对照：采用系统现拟的文字"


def test_an_issue_is_bound_to_every_word_and_figure_that_was_seen(draft, office, records):
    desk = Client()
    desk.force_login(office)
    url = f"/documents/{draft.pk}/"
    seen = desk.get(url).context["issue"]["seen"].value()
    records.figures |= {"办结": "4", "逾期": "9"}  # the text does not name the second
    told = {"seen": seen, "number": 5, "dated": "2019-09-18", "copies_to": "区委办公室"}
    answer = desk.post(f"{url}issue/", told)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "您核稿以后内容又有变化：【办结】原为 3，现为 4。请对照最新的内容再核一遍" in shown
    assert 'value="区委办公室"' in shown
    assert '<span class="fig">4</span>' in shown
    again = answer.context["form"]["seen"].value()
    assert desk.post(f"{url}issue/", told | {"seen": again}).status_code == 302
    draft.refresh_from_db()
    assert draft.content["paragraphs"][0]["text"] == "截至9月18日，办结4项。"
    assert desk.post(f"{url}issue/", told | {"seen": "3"}).status_code == 422


def test_what_moved_is_named_whatever_it_is(draft, office, records):
    seen = draft_content(draft, today=TODAY).parts()
    records.texts.append("另有一段【逾期】。")
    plain = records.build
    records.build = lambda subject: replace(plain(subject), title="另一个题目")
    register(replace(kind_of("moving"), build=records.build))
    with pytest.raises(ContentMoved) as said:
        issue_document(draft, Signature(5, TODAY), seen=seen, actor=office, at=NOW)
    assert said.value.message.startswith(
        "您核稿以后内容又有变化：标题原为 关于全区的试件，现为 另一个题目；正文；【逾期】多出。"
    )
