"""Build jobs: each file once, one failure stops nobody, a killed builder's work is taken up."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from common import clock
from common.errors import DomainError
from documents import tasks
from documents.content import Column, Paragraph, Table
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
from tests.builders import NOW, TODAY, as_, make_unit
from tests.documents.samples import build_probe, sample_markup

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


def test_of_many_files_the_page_names_first_what_failed_and_offers_to_try_again(job, office):
    for pk in job.items.values_list("pk", flat=True):
        build_item(pk)
    page = as_(office).get(job.get_absolute_url()).content.decode()
    told = ["未成 1 个", "重试未成的", "区1局没有可写的情况。", "-区0局", "-区2局"]
    places = [page.index(words) for words in told]
    assert places == sorted(places)


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


def test_a_clock_that_is_set_back_leaves_no_item_waiting_for_hours(job, office):
    first, *others = job.items.values_list("pk", flat=True)
    claim_item(first, actor=office, at=NOW)
    before = NOW - timedelta(hours=2)
    assert open_items(at=before, quiet=timedelta(minutes=1)) == [first, *others]
    assert claim_item(first, actor=office, at=before).attempts == 2
    assert open_items(at=NOW + timedelta(seconds=30), quiet=timedelta(minutes=1)) == [first]


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


def test_a_document_that_exhausts_the_memory_fails_with_the_reason_and_the_others_are_built(
    office, monkeypatch
):
    """The limit is set a little above what a short document takes, so that the test is quick."""
    with Renderer() as plain:
        plain.render(sample_markup(annexes=()))
        status = Path(f"/proc/{plain.pid}/status").read_text()
    taken = int(status.partition("VmPeak:")[2].split()[0]) // 1024
    limit = taken * 10 // 9 + 20
    monkeypatch.setattr(tasks, "Renderer", partial(Renderer, memory_mb=limit))
    monkeypatch.setattr(tasks, "_held", threading.local())
    rows = tuple((str(number), "甲" * 40) for number in range(1500))
    big = (Table((Column("序", 1), Column("文", 9)), rows),)

    def build(subject):
        return replace(build_probe(subject), tables=big if subject.unit.code == "u1" else ())

    units = [make_unit(f"u{number}", f"区{number}局") for number in range(3)]
    register(DocumentKind("each", "试件", Audience.UNIT, build, str, lambda *_: units))
    documents = [draft_document("each", "2019Q3", u, actor=office, at=NOW) for u in units]
    pdf = [FileFormat.PDF]
    job = request_build(documents, pdf, title="试件", actor=office, at=NOW, as_of=TODAY)

    sweep_builds()

    assert states(job) == ["done", "failed", "done"]
    reason = job.items.get(state="failed").reason
    assert reason == (
        f"排版所用内存超过 {limit} MB 的限制，已停止，请减少表格行数或另附电子表格后重试。"
    )
    assert DocumentFile.objects.count() == 2


WORKER = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from documents.services import files
from documents.tasks import build_item
from documents.typesetting.renderer import Renderer
from tests.documents.samples import register_probe
item, settings.MEDIA_ROOT, moment = int(sys.argv[1]), sys.argv[2], sys.argv[3]
register_probe()
def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
def die_while_it_is_set(self, process, line):
    process.stdin.write(line)
    process.stdin.flush()
    print(process.pid, flush=True)
    die()
if moment == "while it is set":
    Renderer._exchange = die_while_it_is_set
else:
    files.save_with_history = die
build_item(item)
"""


def is_soon_gone(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    deadline = time.monotonic() + 30
    while status.exists() and "(zombie)" not in status.read_text():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["while it is set", "when the file is written, off record"])
def test_what_a_killed_worker_left_is_taken_up_and_there_is_one_file(office, monkeypatch, moment):
    """A process of its own builds the item and is killed by signal 9; the sweeper finds it."""
    document = draft_document("probe", "2019Q3", None, actor=office, at=NOW)
    pdf = [FileFormat.PDF]
    job = request_build([document], pdf, title="试件", actor=office, at=NOW, as_of=TODAY)
    base = os.environ["TEST_DATABASE_URL"].rpartition("/")[0]
    killed = subprocess.run(
        [sys.executable, "-c", WORKER, str(job.items.get().pk), str(settings.MEDIA_ROOT), moment],
        env={**os.environ, "TEST_DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    if killed.stdout:  # what was setting the document dies with the worker
        assert is_soon_gone(int(killed.stdout))
    item = job.items.get()
    assert (item.state, item.attempts) == ("running", 1)
    lease = item.lease_until
    monkeypatch.setattr(clock, "now", lambda: lease - timedelta(seconds=1))
    assert sweep_builds() == 0  # it may still be at work
    monkeypatch.setattr(clock, "now", lambda: lease + timedelta(seconds=1))
    assert sweep_builds() == 1
    item.refresh_from_db()
    assert (item.state, item.attempts) == ("done", 2)
    assert DocumentFile.objects.count() == 1
    assert sum(path.is_file() for path in Path(settings.MEDIA_ROOT).rglob("*")) == 1
    assert sweep_builds() == 0
