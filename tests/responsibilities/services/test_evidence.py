"""Proof: taken once, good for several tasks, bound by the review, given up but never deleted."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from common.blobs import blob_path
from common.errors import DomainError, NotAllowed, StaleVersion
from common.tracked import save_with_history
from responsibilities.enums import ReportKind, TaskState
from responsibilities.models import Evidence, ProgressReport, ReportEvidence
from responsibilities.services.evidence import FOLDER, void_evidence
from responsibilities.services.progress import ReportContent
from tests.builders import (
    NOW,
    pdf_file,
    rights,
)
from tests.responsibilities.town import Town

pytestmark = pytest.mark.django_db


def test_a_file_lies_whole_on_the_disk_under_its_hash(town: Town) -> None:
    evidence = town.take()

    stored = Path(default_storage.path(blob_path(FOLDER, evidence.sha256)))
    assert stored.read_bytes() == pdf_file().read()
    assert [path.name for path in stored.parent.iterdir() if path.name.startswith(".")] == []
    assert (evidence.received_at, evidence.received_by) == (NOW, town.liaison)


def test_the_same_file_is_one_evidence_and_proves_several_tasks(town: Town) -> None:
    first, again = town.take(), town.take()

    town.close(town.first, first, token="a")
    town.close(town.second, again, token="b")

    assert first == again
    assert [link.report.task for link in first.report_links.order_by("pk")] == [
        town.first,
        town.second,
    ]


def test_units_keep_their_files_apart(town: Town) -> None:
    mine = town.take()
    theirs = town.take(who=town.stranger, unit=town.jtj)

    assert mine != theirs
    assert mine.sha256 == theirs.sha256
    assert list(Evidence.objects.visible_to(rights(town.stranger))) == [theirs]
    with pytest.raises(NotAllowed):
        town.take(who=town.stranger)
    with pytest.raises(DomainError, match="已经作废"):
        town.close(town.first, town.take("2", who=town.stranger, unit=town.jtj))


def test_a_file_alone_is_proof_enough_to_close(town: Town) -> None:
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


def test_a_review_binds_to_the_files_too(town: Town) -> None:
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


def test_giving_up_needs_a_reason_and_keeps_everything(town: Town) -> None:
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
def test_what_came_and_when_is_the_servers(town: Town, column: str) -> None:
    evidence = town.take()
    other = {"received_at": NOW - timedelta(days=9), "sha256": "0" * 64, "size": 1}
    setattr(evidence, column, other[column])

    with pytest.raises(ValidationError, match="不能改"):
        save_with_history(evidence, actor=town.liaison, reason="改", at=NOW)


def test_every_tie_between_report_and_file_has_its_history(town: Town) -> None:
    town.close(town.first, town.take())

    assert ReportEvidence.history.get().history_user == town.liaison


def test_a_file_alone_counts_as_proof_until_it_is_given_up(town: Town) -> None:
    evidence = town.take()
    report = town.close(town.first, evidence)
    town.review(report, report.current_sha256)
    mine = ProgressReport.objects.filter(task=town.first)
    assert list(mine.proving()) == [report]

    void_evidence(evidence, reason="传错了。", actor=town.liaison, at=NOW)

    assert list(mine.proving()) == []
