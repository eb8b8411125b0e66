"""Proof: taken once, good for several tasks, bound by the review, given up but never deleted."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from common.blobs import blob_path
from common.errors import DomainError, NotAllowed, StaleVersion
from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.models import Unit, User
from responsibilities.enums import ReportKind, ReviewDecision, TaskState
from responsibilities.models import Evidence, ProgressReport, ReportEvidence, Task
from responsibilities.services.evidence import FOLDER, Proof, take_evidence, void_evidence
from responsibilities.services.progress import ReportContent, review_report, submit_report
from tests.builders import (
    NOW,
    dispatch,
    make_plan,
    make_row,
    make_unit,
    make_user,
    pdf_file,
    rights,
)

pytestmark = pytest.mark.django_db


class Office:
    """区住建局 with two tasks, its neighbour, and the office."""

    def __init__(self) -> None:
        self.zjj, self.jtj = make_unit("zjj", "区住建局"), make_unit("jtj", "区交通局", order=11)
        awb = make_unit("awb", "区安委办", order=1)
        self.liaison = make_user("liaison", (self.zjj, PostKind.LIAISON))
        self.stranger = make_user("stranger", (self.jtj, PostKind.LIAISON))
        self.office = make_user("office", (awb, PostKind.OFFICE))
        plan = make_plan()
        rows = [
            make_row(plan, code, leads=[self.zjj], due_on=date(2019, 9, 20))
            for code in ("02-02", "02-03")
        ]
        dispatch(plan, *rows)
        self.first, self.second = Task.objects.order_by("obligation__code")

    def take(
        self, words: str = "1", *, who: User | None = None, unit: Unit | None = None
    ) -> Evidence:
        taken, _ = take_evidence(
            unit or self.zjj,
            pdf_file(words=words),
            proof=Proof(),
            actor=who or self.liaison,
            at=NOW,
        )
        return taken

    def close(self, task: Task, *files: Evidence, token: str = "t") -> ProgressReport:  # noqa: S107
        hashes = tuple(sorted(file.sha256 for file in files))
        content = ReportContent(kind=ReportKind.CLOSING, summary="已办结。", evidence=hashes)
        return submit_report(task, content, token=token, actor=self.liaison, at=NOW)

    def review(self, report: ProgressReport, seen: str) -> None:
        review_report(report, ReviewDecision.PASS, seen_sha256=seen, actor=self.office, at=NOW)


@pytest.fixture
def town() -> Office:
    return Office()


def test_a_file_lies_whole_on_the_disk_under_its_hash(town: Office) -> None:
    evidence = town.take()

    stored = Path(default_storage.path(blob_path(FOLDER, evidence.sha256)))
    assert stored.read_bytes() == pdf_file().read()
    assert [path.name for path in stored.parent.iterdir() if path.name.startswith(".")] == []
    assert (evidence.received_at, evidence.received_by) == (NOW, town.liaison)


def test_the_same_file_is_one_evidence_and_proves_several_tasks(town: Office) -> None:
    first, again = town.take(), town.take()

    town.close(town.first, first, token="a")
    town.close(town.second, again, token="b")

    assert first == again
    assert [link.report.task for link in first.report_links.order_by("pk")] == [
        town.first,
        town.second,
    ]


def test_units_keep_their_files_apart(town: Office) -> None:
    mine = town.take()
    theirs = town.take(who=town.stranger, unit=town.jtj)

    assert mine != theirs
    assert mine.sha256 == theirs.sha256
    assert list(Evidence.objects.visible_to(rights(town.stranger))) == [theirs]
    with pytest.raises(NotAllowed):
        town.take(who=town.stranger)
    with pytest.raises(DomainError, match="已经作废"):
        town.close(town.first, town.take("2", who=town.stranger, unit=town.jtj))


def test_a_file_alone_is_proof_enough_to_close(town: Office) -> None:
    report = town.close(town.first, town.take())
    town.review(report, report.current_sha256)

    town.first.refresh_from_db()
    assert town.first.state == TaskState.CLOSED
    with pytest.raises(DomainError, match="文号或上传材料，有一样就行"):
        town.close(town.second, token="other")


def test_reports_without_files_keep_the_fingerprint_they_had() -> None:
    """Worked out with the formula of the first version, before there were files."""
    content = ReportContent(kind=ReportKind.PROGRESS, summary="已起草初稿。")

    assert content.sha256 == "d5fd257f0796af63b4f95fabe57c01bfa9a53b558807f216781f8a1bd43bc1c8"


def test_a_review_binds_to_the_files_too(town: Office) -> None:
    kept, given_up = town.take("1"), town.take("2")
    report = town.close(town.first, kept, given_up)
    seen = report.current_sha256
    assert seen == report.content_sha256

    void_evidence(given_up, reason="传错了。", actor=town.liaison, at=NOW)

    with pytest.raises(StaleVersion):
        town.review(report, seen)
    town.review(report, ProgressReport.objects.get().current_sha256)
    assert not ProgressReport.objects.get().is_changed_since_review

    void_evidence(kept, reason="也传错了。", actor=town.liaison, at=NOW)
    assert ProgressReport.objects.get().is_changed_since_review


def test_giving_up_needs_a_reason_and_keeps_everything(town: Office) -> None:
    evidence = town.take()
    with pytest.raises(DomainError, match="写明理由"):
        void_evidence(evidence, reason=" ", actor=town.liaison, at=NOW)
    with pytest.raises(NotAllowed):
        void_evidence(evidence, reason="不该有", actor=town.office, at=NOW)

    void_evidence(evidence, reason="传错了。", actor=town.liaison, at=NOW)

    with pytest.raises(DomainError, match="不用重复办理"):
        void_evidence(evidence, reason="再来", actor=town.liaison, at=NOW)
    assert default_storage.exists(blob_path(FOLDER, evidence.sha256))
    assert evidence.history.first().history_change_reason == "作废：传错了。"
    assert town.take() != evidence


@pytest.mark.parametrize("column", ["received_at", "sha256", "size"])
def test_what_came_and_when_is_the_servers(town: Office, column: str) -> None:
    evidence = town.take()
    other = {"received_at": NOW - timedelta(days=9), "sha256": "0" * 64, "size": 1}
    setattr(evidence, column, other[column])

    with pytest.raises(ValidationError, match="不能改"):
        save_with_history(evidence, actor=town.liaison, reason="改", at=NOW)


def test_every_tie_between_report_and_file_has_its_history(town: Office) -> None:
    town.close(town.first, town.take())

    assert ReportEvidence.history.get().history_user == town.liaison


def test_a_file_alone_counts_as_proof_until_it_is_given_up(town: Office) -> None:
    evidence = town.take()
    report = town.close(town.first, evidence)
    town.review(report, report.current_sha256)
    mine = ProgressReport.objects.filter(task=town.first)
    assert list(mine.proving()) == [report]

    void_evidence(evidence, reason="传错了。", actor=town.liaison, at=NOW)

    assert list(mine.proving()) == []
