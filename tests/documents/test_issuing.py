"""From a draft with live figures to an issued document that never changes, and its editions."""

from datetime import date

import pytest

from common.errors import DomainError, NotAllowed, StaleVersion
from documents.content import Content, Paragraph
from documents.enums import DocumentState, FileFormat, Match, Verdict
from documents.models import Document, DocumentFile
from documents.services import drafting
from documents.services.drafting import (
    content_of,
    draft_document,
    revise_document,
    word_document,
)
from documents.services.files import build_file, current_file
from documents.services.issuing import Signature, next_number, void_document
from documents.services.verifying import find, match
from documents.typesetting.renderer import Renderer
from organizations.enums import PostKind
from organizations.models import Unit
from tests.builders import NOW, TODAY, issue_as_seen, make_user

pytestmark = pytest.mark.django_db
SIGNED = Signature(5, TODAY, copies_to="区委办公室。")


@pytest.fixture
def draft(office) -> Document:
    return draft_document("probe", "2019Q3", None, actor=office, at=NOW)


def issue(document: Document, office, signature: Signature = SIGNED) -> Document:
    document.refresh_from_db()
    return issue_as_seen(document, signature, actor=office, at=NOW)


def body(document: Document, day: date = TODAY) -> str:
    return content_of(document, today=day).paragraphs[0].text


def build(document: Document, office) -> DocumentFile:
    with Renderer() as renderer:
        return build_file(
            document, FileFormat.PDF, today=TODAY, renderer=renderer, actor=office, at=NOW
        )


def test_a_draft_has_live_figures_and_no_number(draft):
    assert body(draft) == "截至9月18日，办结3项。"
    assert body(draft, date(2019, 9, 19)) == "截至9月19日，办结3项。"
    assert draft.number_text == "钦南安委办〔2019〕　号"
    assert len(draft.code) == 16


def test_drafting_again_opens_what_is_there(draft, office):
    assert draft_document("probe", "2019Q3", None, actor=office, at=NOW) == draft


def test_two_who_draft_the_same_paper_at_one_instant_share_one_draft(draft, office, monkeypatch):
    """The second looked before the first was kept, and is refused by the database alone."""
    editions, looks = drafting._editions, []

    def too_early(*about):
        looks.append(about)
        return editions(*about) if len(looks) > 1 else Document.objects.none()

    monkeypatch.setattr(drafting, "_editions", too_early)
    assert draft_document("probe", "2019Q3", None, actor=office, at=NOW) == draft
    assert Document.objects.count() == 1


def test_the_office_words_a_draft_and_its_figures_stay_live(draft, office):
    word_document(draft, [Paragraph("到【截止日】止，情况良好。")], version=1, actor=office, at=NOW)
    draft.refresh_from_db()
    assert body(draft, date(2019, 9, 30)) == "到9月30日止，情况良好。"
    with pytest.raises(StaleVersion):
        word_document(draft, [Paragraph("晚了一步。")], version=1, actor=office, at=NOW)


def test_issuing_freezes_number_date_words_and_figures(draft, office):
    issued = issue(draft, office)
    assert issued.state == DocumentState.ISSUED
    content = Content.from_dict(issued.content)
    assert (content.number, content.dated) == (5, "2019年9月18日")
    assert content.copies_to == "区委办公室"
    assert body(issued, date(2020, 1, 1)) == "截至9月18日，办结3项。"
    assert issued.content_sha256 == content.sha256
    with pytest.raises(DomainError, match="已签发的文件不能改动"):
        word_document(issued, [Paragraph("改。")], version=issued.version, actor=office, at=NOW)


def test_a_name_without_a_figure_stops_the_issue(draft, office):
    word_document(draft, [Paragraph("共【没有的数】项。")], version=1, actor=office, at=NOW)
    with pytest.raises(DomainError, match="【没有的数】平台不能代填"):
        issue(draft, office)
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_number_is_given_once(draft, office):
    issue(draft, office)
    other = draft_document("probe", "2019Q2", None, actor=office, at=NOW)
    assert next_number("钦南安委办", 2019) == 6
    with pytest.raises(DomainError, match="〔2019〕5号 已经用过"):
        issue(other, office)


def test_only_the_office_drafts_and_issues(draft):
    own = make_user("own", (Unit.objects.get(), PostKind.LIAISON))
    with pytest.raises(NotAllowed):
        draft_document("probe", "2019Q1", None, actor=own, at=NOW)
    with pytest.raises(NotAllowed):
        issue(draft, own)


def test_a_new_edition_supersedes_the_old_which_stays(draft, office):
    first = issue(draft, office)
    second = revise_document(first, reason="数字有误", actor=office, at=NOW)
    assert find(first.code).verdict == Verdict.GENUINE
    second = issue(second, office, Signature(6, TODAY))
    first.refresh_from_db()
    assert (first.state, second.edition) == (DocumentState.SUPERSEDED, 2)
    assert first.content["number"] == 5
    finding = find(first.code)
    assert (finding.verdict, finding.newer) == (Verdict.NEWER, second)
    assert find(second.code).verdict == Verdict.GENUINE


def test_after_the_new_edition_is_voided_the_paper_can_be_issued_once_more(draft, office, client):
    first = issue(draft, office)
    given_up = revise_document(first, reason="不必", actor=office, at=NOW)
    void_document(given_up, reason="不改了", actor=office, at=NOW)
    assert draft_document("probe", "2019Q3", None, actor=office, at=NOW) == first  # still in force
    second = revise_document(first, reason="数字有误", actor=office, at=NOW)
    second = issue(second, office, Signature(6, TODAY))
    void_document(second, reason="发错", actor=office, at=NOW)
    page = client.get(f"/verify/{first.code}").content.decode()
    assert "这份文件已不在用" in page
    assert "取代它的新版已经作废，目前没有在用的一版" in page
    assert "已有新版" not in page
    fourth = draft_document("probe", "2019Q3", None, actor=office, at=NOW)
    assert (fourth.edition, fourth.is_draft) == (4, True)
    issue(fourth, office, Signature(7, TODAY))
    assert (find(first.code).verdict, find(first.code).newer) == (Verdict.NEWER, fourth)


def test_the_date_lies_between_the_period_and_today_and_gives_the_number_its_year(office):
    draft = draft_document("probe", "2018Q4", None, actor=office, at=NOW)
    for dated, words in (
        (date(2030, 1, 1), "成文日期不能晚于今天（2019年9月18日）"),
        (date(2018, 9, 30), "成文日期不能早于这一期的第一天（2018年10月1日）"),
    ):
        with pytest.raises(DomainError, match=words):
            issue(draft, office, Signature(5, dated))
    issued = issue(draft, office, Signature(5, date(2018, 12, 31)))
    content = Content.from_dict(issued.content)
    assert issued.number_text == "钦南安委办〔2018〕5号"
    assert (content.year, content.dated) == (2018, "2018年12月31日")


def test_codes_of_drafts_and_of_nothing_are_not_there_and_void_ones_say_so(draft, office):
    assert find(draft.code) is None
    assert find("0000-0000-0000-0000") is None
    assert find("x") is None
    issued = issue(draft, office)
    assert find(issued.grouped_code.lower()).document == issued
    void_document(issued, reason="发错", actor=office, at=NOW)
    assert find(issued.code).verdict == Verdict.VOID


def test_a_changed_byte_an_old_edition_and_another_document_are_told_apart(draft, office):
    first = issue(draft, office)
    old = build(first, office)
    second = revise_document(first, reason="更正", actor=office, at=NOW)
    second = issue(second, office, Signature(6, TODAY))
    new = build(second, office)
    other = issue(
        draft_document("probe", "2019Q2", None, actor=office, at=NOW),
        office,
        Signature(7, TODAY),
    )
    assert match(second, new.sha256) == Match.SAME
    assert match(second, old.sha256) == Match.OLDER
    assert match(first, new.sha256) == Match.NEWER_FILE
    assert match(other, new.sha256) == Match.OTHER
    assert match(second, "0" * 64) == Match.DIFFERENT


def test_a_file_is_made_once_for_one_content_and_never_overwritten(draft, office):
    made = build(draft, office)
    assert build(draft, office) == made
    assert current_file(draft, FileFormat.PDF, today=TODAY) == made
    word_document(draft, [Paragraph("另一种写法。")], version=1, actor=office, at=NOW)
    draft.refresh_from_db()
    assert current_file(draft, FileFormat.PDF, today=TODAY) is None
    assert build(draft, office) != made
    assert DocumentFile.objects.filter(pk=made.pk).exists()
