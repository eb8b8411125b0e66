"""A quarter's end: its papers draft and build themselves, once, and the office is told."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from assessments.services.drafting import draft_ended
from common.clock import day_of
from common.errors import DomainError
from documents import kinds
from documents.content import Paragraph
from documents.kinds import kind_of, register
from documents.models import BuildJob, Document, DocumentFile
from documents.services.drafting import draft_document, word_document
from documents.services.issuing import Signature, void_document
from notices.models import Notice
from organizations.services.people import get_system_user
from qinnan_safety.period_end import build_ended_periods
from qinnan_safety.tasks import build_ended
from tests.assessments.world import AFTER, make_district
from tests.builders import issue_as_seen

pytestmark = pytest.mark.django_db
OVER = day_of(AFTER).isoformat()


@pytest.fixture(autouse=True)
def _own_kinds_and_files(monkeypatch, tmp_path):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    with override_settings(MEDIA_ROOT=tmp_path / "media", QINNAN_TODAY=OVER):
        yield


@pytest.fixture
def district():
    return make_district()


def counts() -> tuple[int, ...]:
    papers = tuple(model.objects.count() for model in (BuildJob, Document, DocumentFile))
    return (*papers, _told().count())


def _told():
    return Notice.objects.filter(kind="document")


def test_the_papers_of_the_quarter_are_built_once_whoever_asks_again(district, client):
    """One unit's records are broken, the bulletin has been worded by the office already."""
    plain = kind_of("scorecard")

    def broken(subject):
        if subject.unit == district.other:
            raise KeyError("x")
        return plain.build(subject)

    register(replace(plain, build=broken))
    before = AFTER - timedelta(days=10)
    bulletin = draft_document("bulletin", "2019Q3", None, actor=district.office, at=before)
    own = [Paragraph("逾期【逾期】项，请抓紧。")]
    word_document(bulletin, own, version=1, actor=district.office, at=before)

    # Scorecards and the leaders' edition wait for the computation, the public one for publication.
    assert build_ended() == ["2019年第三季度季度通报", "2019年第三季度领导一页纸"]
    draft_ended(actor=get_system_user(), at=AFTER)
    assert build_ended() == [
        "2019年第三季度单位考核成绩单（1 份）",
        "2019年第三季度全区考核报告（领导版）",
    ]

    made = counts()
    assert made == (4, 4, 7, 2)  # PDF and Word of three papers, PDF of the scorecard
    for _ in range(3):
        assert build_ended() == []
    assert counts() == made
    bulletin.refresh_from_db()
    assert (bulletin.version, bulletin.wording[0]["text"]) == (2, "逾期【逾期】项，请抓紧。")

    told = Notice.objects.get(recipient=district.office, text__contains="成绩单")
    assert told.text == (
        "2019年第三季度单位考核成绩单（1 份）等 2 种公文期满自动起草，"
        "共 2 份，1 份未能起草，请核对后签发。"
    )
    client.force_login(district.office)
    job = BuildJob.objects.get(key="2019Q3:scorecard")
    assert job.get_absolute_url() in client.get(told.url).content.decode()
    page = client.get(job.get_absolute_url()).content.decode()
    assert "共 1 个文件，已生成 1 个" in page
    assert "区交通局" in page
    assert "起草时出错，系统已记录，请联系管理员。" in page


def test_what_a_person_voided_or_issued_is_left_alone_and_a_draft_is_built_as_it_is(district):
    draft_ended(actor=get_system_user(), at=AFTER)
    who = {"actor": district.office, "at": AFTER}
    bulletin = draft_document("bulletin", "2019Q3", None, **who)
    issue_as_seen(bulletin, Signature(1, day_of(AFTER)), **who)
    given_up = draft_document("scorecard", "2019Q3", district.own, **who)
    void_document(given_up, reason="不发", **who)
    kept = draft_document("scorecard", "2019Q3", district.other, **who)
    build_ended()
    job = BuildJob.objects.get(key="2019Q3:scorecard")
    assert [item.document for item in job.items.all()] == [kept]
    assert Document.objects.filter(kind="scorecard").count() == 2
    assert not BuildJob.objects.filter(key="2019Q3:bulletin").exists()


def test_what_was_decided_before_the_end_is_written_anew_when_the_quarter_is_over(district):
    """The bulletin was refused, then voided; the leaders' page was issued in mid-quarter."""
    who = {"actor": district.office, "at": AFTER - timedelta(days=10)}
    early = Signature(1, day_of(who["at"]))
    bulletin = draft_document("bulletin", "2019Q3", None, **who)
    with pytest.raises(DomainError, match="第三季度到2019年9月30日才结束，通报可以先起草、核稿"):
        issue_as_seen(bulletin, early, **who)
    void_document(bulletin, reason="不发", **who)
    page = issue_as_seen(draft_document("one-page", "2019Q3", None, **who), early, **who)

    assert build_ended() == ["2019年第三季度季度通报", "2019年第三季度领导一页纸"]
    drafts = {one.kind: one for one in Document.objects.filter(edition=2)}
    assert {kind: (one.state, one.replaces) for kind, one in drafts.items()} == {
        "bulletin": ("draft", None),
        "one-page": ("draft", page),
    }
    assert drafts["one-page"].history.get().history_change_reason == (
        "修订：期满，按期末的情况另起一版"
    )
    issue_as_seen(drafts["bulletin"], Signature(2, day_of(AFTER)), actor=district.office, at=AFTER)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_six_schedulers_at_the_same_moment_make_one_set(district):
    draft_ended(actor=get_system_user(), at=AFTER)
    who = {"actor": get_system_user(), "at": AFTER, "today": day_of(AFTER)}
    bell = threading.Barrier(6)

    def tick(_: int) -> list[str]:
        try:
            bell.wait(timeout=30)
            return [job.key for job in build_ended_periods(**who)]
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        made = sorted(key for keys in pool.map(tick, range(6)) for key in keys)
    kinds_made = ("bulletin", "one-page", "scorecard", "standings")
    assert made == [f"2019Q3:{slug}" for slug in kinds_made]
    assert (BuildJob.objects.count(), Document.objects.count(), _told().count()) == (4, 5, 1)


def test_a_key_that_another_scheduler_took_a_moment_earlier_is_no_failure(district, monkeypatch):
    """Whoever found no job is stopped by the key when it writes, and leaves nothing behind."""
    who = {"actor": get_system_user(), "at": AFTER, "today": day_of(AFTER)}
    build_ended_periods(**who)
    made, plain = counts(), BuildJob.objects.filter
    answers = [plain(key="none")]
    monkeypatch.setattr(
        BuildJob.objects, "filter", lambda **asked: answers.pop() if answers else plain(**asked)
    )
    assert build_ended_periods(**who) == []
    assert answers == []
    assert counts() == made


def test_the_command_does_by_hand_what_the_schedule_does(district, capsys):
    call_command("build_ended", "--date", "2019-09-30")
    assert "没有要生成的" in capsys.readouterr().out
    call_command("build_ended", "--date", OVER)
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "测算初评 1 期。",
        "2019年第三季度季度通报：生成 2 个文件。",
        "2019年第三季度单位考核成绩单（2 份）：生成 2 个文件。",
        "2019年第三季度领导一页纸：生成 2 个文件。",
        "2019年第三季度全区考核报告（领导版）：生成 2 个文件。",
    ]
    call_command("build_ended", "--date", OVER)
    assert "没有要生成的，或者已经生成过。" in capsys.readouterr().out
