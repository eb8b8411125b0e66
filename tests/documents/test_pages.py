"""The office's way from a draft to an issued document in the browser, and who may read what."""

from datetime import timedelta
from hashlib import sha256
from urllib.parse import unquote

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from documents.enums import Audience, BuildState, DocumentState, FileFormat, Match
from documents.kinds import DocumentKind, register
from documents.models import BuildJob, Document, DocumentFile
from documents.pages import issued_file
from documents.services.drafting import draft_document
from documents.services.verifying import match
from documents.tasks import build_item
from organizations.enums import PostKind
from organizations.models import Unit
from organizations.services.units import Validity, set_validity
from organizations.services.versions import version_of
from tests.builders import NOW, as_, make_unit, make_user, rights
from tests.documents.samples import build_probe

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(office) -> Document:
    return draft_document("probe", "2019Q3", None, actor=office, at=NOW)


@pytest.fixture
def desk(office) -> Client:
    client = Client()
    client.force_login(office)
    return client


def build_all() -> None:
    for pk in BuildJob.objects.first().items.values_list("pk", flat=True):
        build_item(pk)


def seen(desk: Client, document: Document) -> str:
    """What the page of the document shows, as it sends it back on issue."""
    return desk.get(f"/documents/{document.pk}/").context["issue"]["seen"].value()


def issue(desk: Client, document: Document, number: int = 5):
    told = {"seen": seen(desk, document), "number": number, "dated": "2019-09-18"}
    return desk.post(f"/documents/{document.pk}/issue/", told)


def test_the_office_drafts_and_is_led_to_the_draft(desk):
    answer = desk.post("/documents/draft/", {"kind": "probe", "period": "2019q3"})
    document = Document.objects.get()
    assert answer.url == f"/documents/{document.pk}/"
    page = desk.get(answer.url).content.decode()
    assert "钦南安委办〔2019〕　号" in page
    assert '<span class="fig">9月18日</span>' in page


def test_a_body_is_typed_in_one_field_and_keeps_its_figures(desk, draft):
    url = f"/documents/{draft.pk}/wording/"
    assert "截至【截止日】，办结【办结】项。" in desk.get(url).content.decode()
    typed = "一、情况\n到【截止日】止。\n\n（一）分项\n1.第一项"
    assert desk.post(url, {"version": 1, "body": typed}).status_code == 302
    draft.refresh_from_db()
    assert [(line["level"], line["text"]) for line in draft.wording] == [
        (1, "一、情况"),
        (0, "到【截止日】止。"),
        (2, "（一）分项"),
        (3, "1.第一项"),
    ]


def test_a_body_typed_over_a_newer_one_is_kept_on_the_page(desk, draft):
    url = f"/documents/{draft.pk}/wording/"
    desk.post(url, {"version": 1, "body": "先存的。"})
    answer = desk.post(url, {"version": 1, "body": "后存的。"})
    assert answer.status_code == 409
    assert "后存的。" in answer.content.decode()
    assert desk.post(url, {"version": 2, "body": "后存的。"}).status_code == 302


def test_issuing_builds_both_files_and_hands_them_out(desk, draft, office):
    assert issue(desk, draft).status_code == 302
    build_all()
    draft.refresh_from_db()
    assert draft.state == DocumentState.ISSUED
    files = {file.format: file for file in DocumentFile.objects.all()}
    assert set(files) == {FileFormat.PDF, FileFormat.DOCX}
    listed = desk.get("/documents/").content.decode()
    pdf, word = (f"/documents/files/{files[form].pk}/" for form in ("pdf", "docx"))
    assert 0 < listed.index(pdf) < listed.index(word)
    answer = desk.get(f"/documents/files/{files['pdf'].pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_number_that_is_taken_is_said_on_the_page(desk, draft, office):
    issue(desk, draft)
    other = draft_document("probe", "2019Q2", None, actor=office, at=NOW)
    answer = issue(desk, other)
    assert answer.status_code == 422
    assert "已经用过，请换一个顺序号" in answer.content.decode()


def test_a_draft_is_the_offices_alone_and_an_issued_one_is_for_the_district(desk, draft, office):
    own = make_unit("own", "区住建局")
    reader, leader = Client(), Client()
    reader.force_login(make_user("reader", (own, PostKind.LIAISON)))
    leader.force_login(make_user("boss", (Unit.objects.get(code="awb"), PostKind.LEADER)))
    for client in (reader, leader):
        assert client.get(f"/documents/{draft.pk}/").status_code == 404
    issue(desk, draft)
    for client in (reader, leader):
        assert client.get(f"/documents/{draft.pk}/").status_code == 200


def test_a_leader_downloads_from_the_first_page(desk, draft, office):
    issue(desk, draft)
    build_all()
    leader = Client()
    leader.force_login(make_user("boss", (Unit.objects.get(code="awb"), PostKind.LEADER)))
    pdf = DocumentFile.objects.get(format="pdf")
    assert f'href="/documents/files/{pdf.pk}/"' in leader.get("/").content.decode()


def test_a_download_is_named_by_its_paper_and_the_unit_to_which_it_went(desk, office):
    zjj = make_unit("zjj", "区住建局")
    register_card(zjj)
    issue(desk, draft_document("card", "2019Q3", zjj, actor=office, at=NOW))
    build_all()
    leader = as_(make_user("boss", (Unit.objects.get(code="awb"), PostKind.LEADER)))
    for page in (leader.get("/"), leader.get("/documents/")):
        assert '<span class="vh">：关于区住建局的试件-区住建局</span>' in page.content.decode()


def test_a_job_shows_its_progress_and_packs_its_files(desk, draft):
    answer = desk.post(f"/documents/{draft.pk}/build/")
    assert "已生成 0 个" in desk.get(answer.url).content.decode()
    assert desk.get(f"{answer.url}files.zip").status_code == 404
    build_all()
    assert "已生成 2 个" in desk.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    archive = desk.get(f"{answer.url}files.zip")
    assert b"".join(archive.streaming_content).startswith(b"PK")
    assert BuildJob.objects.get().items.filter(state=BuildState.DONE).count() == 2


def test_a_file_that_the_store_has_lost_is_named_and_can_be_made_again(desk, draft):
    job = desk.post(f"/documents/{draft.pk}/build/").url
    build_all()
    lost = DocumentFile.objects.get(format=FileFormat.PDF)
    default_storage.delete(lost.path)

    for asked, page in (
        (f"{job}files.zip", job),
        (f"/documents/files/{lost.pk}/", draft.get_absolute_url()),
    ):
        answer = desk.get(asked, follow=True)
        assert answer.redirect_chain == [(page, 302)]
        assert "试件（草稿）.pdf”在存档里找不到了。由区安委办在这份公文" in answer.content.decode()
    assert "下载 PDF" not in answer.content.decode()

    desk.post(f"/documents/{draft.pk}/build/")
    build_all()
    again = b"".join(desk.get(f"/documents/files/{lost.pk}/").streaming_content)
    assert sha256(again).hexdigest() == lost.sha256
    assert DocumentFile.objects.count() == 2


def test_what_cannot_be_made_again_to_the_byte_is_not_put_in_place_of_what_was_issued(
    desk, draft, monkeypatch
):
    issue(desk, draft)
    build_all()
    lost = DocumentFile.objects.get(format=FileFormat.DOCX)
    default_storage.delete(lost.path)
    desk.post(f"/documents/{draft.pk}/build/")
    monkeypatch.setattr("documents.services.files.render_file", lambda *_, **__: b"another")
    build_all()
    page = desk.get(f"/documents/{draft.pk}/").content.decode()
    assert "上次没有生成 Word：存档里的文件找不到了" in page
    assert DocumentFile.objects.get(pk=lost.pk).sha256 == lost.sha256


def test_a_draft_saved_after_the_issue_is_still_called_a_draft(desk, draft):
    desk.post(f"/documents/{draft.pk}/build/")
    build_all()
    issue(desk, draft)
    file = DocumentFile.objects.get(format=FileFormat.PDF)
    answer = desk.get(f"/documents/files/{file.pk}/")
    assert unquote(answer["Content-Disposition"]).endswith("试件（草稿）.pdf")
    answer.close()


def test_a_page_without_its_file_says_why_it_could_not_be_built(desk, draft):
    body = "联系人覃\ue000。"
    desk.post(f"/documents/{draft.pk}/wording/", {"version": 1, "body": body})
    desk.post(f"/documents/{draft.pk}/build/")
    build_all()
    job = BuildJob.objects.get()
    page = desk.get(f"/documents/{draft.pk}/").content.decode()
    assert "上次没有生成 PDF：现有字体里没有" in page
    assert "U+E000" in page
    assert f'href="{job.get_absolute_url()}">看这次生成' in page

    desk.post(f"/documents/{draft.pk}/wording/", {"version": 2, "body": "联系人覃勇。"})
    desk.post(f"/documents/{draft.pk}/build/")
    assert "上次没有生成" not in desk.get(f"/documents/{draft.pk}/").content.decode()
    build_all()
    assert "上次没有生成" not in desk.get(f"/documents/{draft.pk}/").content.decode()


def test_revising_keeps_the_old_edition_and_voiding_asks_for_a_reason(desk, draft):
    issue(desk, draft)
    desk.post(f"/documents/{draft.pk}/void/", {"reason": ""})
    draft.refresh_from_db()
    assert draft.state == DocumentState.ISSUED
    desk.post(f"/documents/{draft.pk}/revise/", {"reason": "数字有误"})
    second = Document.objects.get(edition=2)
    assert second.is_draft
    issue(desk, second, number=6)
    draft.refresh_from_db()
    assert draft.state == DocumentState.SUPERSEDED


def test_anybody_checks_a_file_without_signing_in(desk, draft, tmp_path):
    issue(desk, draft)
    build_all()
    pdf = DocumentFile.objects.get(format="pdf")
    data = b"".join(desk.get(f"/documents/files/{pdf.pk}/").streaming_content)
    for content, words in [(data, "一致：您手上的文件"), (data[:-1] + b"x", "不一致：")]:
        (tmp_path / "it.pdf").write_bytes(content)
        with (tmp_path / "it.pdf").open("rb") as file:
            answer = Client().post(f"/verify/{draft.code}", {"file": file})
        assert words in answer.content.decode()
    asked = Client().get("/verify/", {"code": draft.grouped_code.lower()})
    assert asked.url == f"/verify/{draft.code}"


def test_a_draft_is_told_from_a_changed_file_but_not_to_who_holds_another_paper(
    desk, draft, office
):
    card = make_unit("zjj", "区住建局")
    register_card(card)
    other = draft_document("card", "2019Q3", card, actor=office, at=NOW)
    desk.post(f"/documents/{draft.pk}/build/")
    build_all()
    file = DocumentFile.objects.get(format=FileFormat.PDF)
    issue(desk, draft)
    issue(desk, other, 6)
    assert match(draft, file.sha256) == Match.DRAFT
    assert match(other, file.sha256) == Match.DIFFERENT
    with default_storage.open(file.path) as held:
        page = Client().post(f"/verify/{draft.code}", {"file": held}).content.decode()
    assert "您手上的不是这份签发件" in page
    assert "不是签发件：您手上的是这份文件签发以前的草稿。" in page


def register_card(unit: Unit) -> None:
    """Make a kind known that each unit has of its own."""
    card = DocumentKind(
        "card", "试卡", Audience.UNIT, build_probe, lambda code: f"{code}期", lambda *_: [unit]
    )
    register(card)


def test_the_paper_in_force_of_a_unit_is_there_for_who_may_read_it(desk, office):
    zjj, jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局")
    register_card(zjj)
    card = draft_document("card", "2019Q3", zjj, actor=office, at=NOW)
    own = rights(make_user("own", (zjj, PostKind.HEAD)))
    wanted = {"kind": "card", "period": "2019Q3", "unit": zjj}
    assert issued_file(own, **wanted) is None
    issue(desk, card)
    build_all()
    found = issued_file(own, **wanted)
    assert (found.document, found.format) == (card, FileFormat.PDF)
    assert issued_file(rights(make_user("other", (jtj, PostKind.HEAD))), **wanted) is None


def test_the_heir_of_a_unit_that_is_gone_downloads_its_paper_and_nobody_elses(desk, office):
    zjj, jtj, slj = make_unit("zjj", "局甲"), make_unit("jtj", "局乙"), make_unit("slj", "局丙")
    register_card(zjj)
    card = draft_document("card", "2019Q3", zjj, actor=office, at=NOW)
    issue(desk, card)
    build_all()
    file = f"/documents/files/{DocumentFile.objects.get(format=FileFormat.PDF).pk}/"
    heir = as_(make_user("heir", (jtj, PostKind.LIAISON)))
    stranger = as_(make_user("stranger", (slj, PostKind.LIAISON)))
    assert heir.get(file).status_code == 404

    gone = Validity(valid_to=NOW.date() - timedelta(days=1), successor=jtj)
    set_validity(zjj, gone, seen=version_of(zjj), actor=office, at=NOW, reason="机构改革")

    assert b"".join(heir.get(file).streaming_content).startswith(b"%PDF")
    assert f'href="{file}"' in heir.get("/documents/").content.decode()
    assert [stranger.get(url).status_code for url in (file, f"/documents/{card.pk}/")] == [404, 404]


def test_a_list_of_many_papers_is_narrowed_to_a_kind_and_a_period(desk, office):
    zjj = make_unit("zjj", "区住建局")
    register_card(zjj)
    for kind, period, unit in (
        ("probe", "2019Q3", None),
        ("card", "2019Q2", zjj),
        ("card", "2019Q3", zjj),
    ):
        draft_document(kind, period, unit, actor=office, at=NOW)
    page = desk.get("/documents/").content.decode()
    assert '<a href="?kind=card">试卡 <span class="n">2</span></a>' in page
    assert "共 1 份" in desk.get("/documents/?kind=probe").content.decode()
    narrowed = desk.get("/documents/?kind=card&period=2019Q2").content.decode()
    assert "共 1 份" in narrowed
    assert '<option value="2019Q2" selected>2019Q2期</option>' in narrowed
    assert "共 3 份" in desk.get("/documents/?kind=unknown&period=2018Q1").content.decode()
