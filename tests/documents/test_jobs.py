"""Build jobs: each file once, one failure stops nobody, a killed builder's work is taken up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from common.errors import DomainError
from documents.content import Paragraph
from documents.enums import Audience, BuildState, FileFormat
from documents.kinds import DocumentKind, register
from documents.models import BuildItem, BuildJob, DocumentFile
from documents.services import jobs
from documents.services.drafting import draft_document
from documents.services.jobs import (
    cancel_job,
    claim_item,
    open_items,
    progress_of,
    request_build,
    retry_job,
    run_item,
)
from documents.tasks import build_item, sweep_builds
from documents.typesetting.renderer import Renderer
from organizations.models import Unit
from tests.builders import NOW, TODAY, make_unit
from tests.documents.samples import build_probe

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(office) -> BuildJob:
    """Three units' documents, of which the records of the second do not suffice."""
    broken = set()

    def build(subject):
        if subject.unit.code in broken:
            raise DomainError(f"{subject.unit.name}没有可写的情况。")
        return replace(build_probe(subject), paragraphs=(Paragraph("一切正常。"),))

    units = [make_unit(f"u{number}", f"区{number}局") for number in range(3)]
    register(DocumentKind("each", "试件", Audience.UNIT, build, str, lambda *_: units))
    documents = [draft_document("each", "2019Q3", u, actor=office, at=NOW) for u in units]
    broken.add("u1")
    return request_build(
        documents, [FileFormat.PDF], title="试件", actor=office, at=NOW, as_of=TODAY
    )


def states(job: BuildJob) -> list[str]:
    return list(job.items.values_list("state", flat=True))


def test_one_bad_unit_is_named_and_stops_nobody(job):
    for pk in job.items.values_list("pk", flat=True):
        build_item(pk)
    assert states(job) == ["done", "failed", "done"]
    assert job.items.get(document__unit__code="u1").reason == "区1局没有可写的情况。"
    assert progress_of(job).per_cent == 100
    assert DocumentFile.objects.count() == 2


def test_a_second_message_builds_nothing(job, office):
    first = job.items.first()
    build_item(first.pk)
    made = BuildItem.objects.get(pk=first.pk)
    build_item(first.pk)
    assert BuildItem.objects.get(pk=first.pk).attempts == made.attempts == 1
    assert DocumentFile.objects.count() == 1


def test_an_item_in_hand_is_nobody_elses_until_its_lease_ends(job, office):
    pk = job.items.first().pk
    assert claim_item(pk, actor=office, at=NOW) is not None
    assert claim_item(pk, actor=office, at=NOW + timedelta(minutes=4)) is None
    assert pk not in open_items(at=NOW + timedelta(minutes=4))
    later = NOW + timedelta(minutes=6)
    assert pk in open_items(at=later)
    assert claim_item(pk, actor=office, at=later).attempts == 2


def test_an_item_whose_builder_is_killed_again_and_again_fails_with_a_reason(job, office):
    pk = job.items.first().pk
    for round_ in range(4):
        claim_item(pk, actor=office, at=NOW + timedelta(minutes=6 * round_))
    item = BuildItem.objects.get(pk=pk)
    assert item.state == BuildState.FAILED
    assert "多次中断" in item.reason


def test_who_lost_the_lease_settles_nothing(job, office, monkeypatch):
    pk = job.items.first().pk
    plain = jobs.build_file

    def slow(*args, **kwargs):
        claim_item(pk, actor=office, at=NOW + timedelta(minutes=6))
        return plain(*args, **kwargs)

    monkeypatch.setattr(jobs, "build_file", slow)
    with Renderer() as renderer:
        assert run_item(pk, renderer=renderer, actor=office, at=NOW) is None
    assert BuildItem.objects.get(pk=pk).state == BuildState.RUNNING


def test_what_has_not_begun_can_be_cancelled_and_tried_again(job, office):
    first = job.items.first()
    build_item(first.pk)
    assert cancel_job(job, actor=office, at=NOW) == 2
    assert states(job) == ["done", "cancelled", "cancelled"]
    with pytest.raises(DomainError, match="不用取消"):
        cancel_job(job, actor=office, at=NOW)
    assert len(retry_job(job, actor=office, at=NOW)) == 2
    assert states(job) == ["done", "waiting", "waiting"]


def test_the_sweeper_rings_for_what_no_message_reached(job):
    assert sweep_builds() == 3
    assert states(job) == ["done", "failed", "done"]
    assert Unit.objects.filter(code="u0").exists()
