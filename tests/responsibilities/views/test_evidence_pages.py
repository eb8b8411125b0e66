"""Proof in the browser's terms: what a form keeps, what a page shows, how a file is served."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from responsibilities.models import Evidence, ProgressReport
from tests.builders import as_, pdf_file
from tests.counting import statements_of
from tests.responsibilities.town import Town

pytestmark = pytest.mark.django_db


def url(name: str, pk: int) -> str:
    return reverse(f"responsibilities:{name}", args=[pk])


def report(town: Town, *files: SimpleUploadedFile, **fields: Any) -> Any:
    typed = {"token": "page-1", "kind": "closing", "summary": "已办结。", "uploads": list(files)}
    return as_(town.liaison).post(url("task_report", town.first.pk), typed | fields)


def test_a_report_takes_its_files_along(town: Town) -> None:
    answer = report(town, pdf_file("月报.pdf"), happened_on="2019-09-12")

    assert answer.status_code == 302
    evidence = Evidence.objects.get(report_links__report=ProgressReport.objects.get())
    assert (evidence.name, str(evidence.happened_on)) == ("月报.pdf", "2019-09-12")


def test_a_refused_file_costs_neither_words_nor_good_files(town: Town) -> None:
    bad = SimpleUploadedFile("装机清单.exe", b"MZ\x90\x00")
    answer = report(town, pdf_file("月报.pdf"), bad, summary="全部完成。")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“装机清单.exe”是程序" in page
    assert "全部完成。" in page
    taken = Evidence.objects.get()
    box = f'name="evidence" value="{taken.pk}" id="id_evidence_0" checked'
    assert box in page
    assert report(town, evidence=[taken.pk]).status_code == 302
    assert [file.pk for file in ProgressReport.objects.get().evidence] == [taken.pk]


def test_the_same_page_sent_twice_is_one_report(town: Town) -> None:
    report(town, pdf_file())
    report(town, pdf_file())

    assert ProgressReport.objects.count() == Evidence.objects.count() == 1


def test_files_that_are_there_are_offered_with_what_they_prove(town: Town) -> None:
    town.close(town.first, town.take())

    page = as_(town.liaison).get(url("task_report", town.second.pk)).content.decode()

    assert "报告.pdf" in page
    assert "已用于 02-02" in page


def test_too_many_files_at_once_are_told_so(town: Town) -> None:
    answer = report(town, *(pdf_file(words=str(n)) for n in range(11)))

    assert answer.status_code == 422
    assert "一次最多传 10 个文件" in answer.content.decode()
    assert Evidence.objects.count() == 10


def test_a_file_beyond_the_limit_is_not_stored(town: Town, settings: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 20
    answer = report(town, pdf_file())

    assert "超过 0 MB" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_file_is_served_as_dead_matter(town: Town) -> None:
    evidence = town.take()
    answer = as_(town.liaison).get(url("evidence_file", evidence.pk))

    assert b"".join(answer.streaming_content) == pdf_file().read()
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert as_(town.stranger).get(url("evidence_file", evidence.pk)).status_code == 404


def test_the_reviewer_sees_the_files_and_later_changes_are_marked(town: Town) -> None:
    evidence = town.take()
    passed = town.close(town.first, evidence)
    office = as_(town.office)
    assert "报告.pdf" in office.get(url("report_review", passed.pk)).content.decode()
    town.review(passed, passed.current_sha256)

    answer = as_(town.liaison).post(url("evidence_void", evidence.pk), {"reason": "传错了。"})

    assert answer.status_code == 302
    assert "审核后有变动" in office.get(url("report_review", passed.pk)).content.decode()
    row = office.get(town.first.get_absolute_url()).content.decode()
    assert "审核后有变动" in row
    assert "已作废" in row


def test_progress_with_files_costs_the_page_of_a_task_nine_statements_at_most(town: Town) -> None:
    passed = town.close(town.first, town.take("1"), town.take("2"))
    town.review(passed, passed.current_sha256)
    office, page = as_(town.office), town.first.get_absolute_url()

    assert office.get(page).content.decode().count("报告.pdf") == 2
    assert statements_of(office, page) <= 9


def test_the_page_of_a_file_tells_its_three_dates(town: Town) -> None:
    report(town, pdf_file(), happened_on="2019-09-12")
    page = as_(town.office).get(url("evidence_detail", Evidence.objects.get().pk)).content.decode()

    assert "<dd>9月12日</dd>" in page
    assert "不分期" in page
    assert "今天 " in page
    assert "02-02" in page
    assert "作废…" not in page


def test_whoever_sees_a_unit_finds_its_proof_from_its_sheet_and_from_the_ledger(
    town: Town,
) -> None:
    sheet = as_(town.office).get("/units/zjj/").content.decode()

    assert 'href="/evidence/?unit=zjj"' in sheet
    assert 'href="/evidence/"' in as_(town.office).get("/tasks/").content.decode()
    assert "/evidence/" not in as_(town.stranger).get("/units/zjj/").content.decode()
