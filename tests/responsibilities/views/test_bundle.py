"""The proof of a unit in a quarter as one zip that can be checked without the platform."""

import hashlib
import io
from datetime import timedelta
from urllib.parse import quote
from zipfile import ZipFile

import pytest

from organizations.models import User
from responsibilities.enums import Frequency, ReportKind
from responsibilities.models import Task
from responsibilities.services.evidence import void_evidence
from responsibilities.services.progress import ReportContent, submit_report
from tests.builders import NOW, as_, dispatch, make_row, pdf_file
from tests.responsibilities.town import Town

pytestmark = pytest.mark.django_db


def bundle(who: User, quarter: str = "2019Q3", unit: str = "zjj") -> ZipFile | None:
    answer = as_(who).get(f"/evidence/bundle/?unit={unit}&quarter={quarter}")
    if answer.status_code == 404:
        return None
    return ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_the_bundle_holds_each_file_once_with_its_hash(town: Town) -> None:
    evidence = town.take()
    town.close(town.first, evidence, token="a")
    town.close(town.second, evidence, token="b")

    made = bundle(town.liaison)

    digest = hashlib.sha256(pdf_file().read()).hexdigest()
    path = f"材料/{digest[:8]}_报告.pdf"
    assert sorted(made.namelist()) == sorted(["目录.html", "SHA256SUMS.txt", path])
    assert made.read(path) == pdf_file().read()
    assert made.read("SHA256SUMS.txt").decode() == f"{digest}  {path}\n"
    index = made.read("目录.html").decode()
    assert "2 次进展，1 份材料" in index
    assert f'href="{quote(path)}"' in index


def test_a_file_that_was_given_up_is_named_but_not_enclosed(town: Town) -> None:
    evidence = town.take()
    town.close(town.first, evidence)
    void_evidence(evidence, reason="传错了。", actor=town.liaison, at=NOW)

    made = bundle(town.office)

    assert sorted(made.namelist()) == ["SHA256SUMS.txt", "目录.html"]
    assert "已作废：传错了。" in made.read("目录.html").decode()


def test_hostile_words_stay_words_in_their_order_in_the_index(town: Town) -> None:
    evidence = town.take()
    town.close(town.first, evidence)
    reason = "</p><script>x</script>付\u202e元百\u202c款"
    void_evidence(evidence, reason=reason, actor=town.liaison, at=NOW)

    index = bundle(town.office).read("目录.html").decode()

    assert "&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;付元百款" in index
    assert "<script" not in index


def test_another_quarter_holds_nothing_and_another_unit_is_not_there(town: Town) -> None:
    town.close(town.first, town.take())

    assert "没有报送进展" in bundle(town.liaison, "2019Q2").read("目录.html").decode()
    assert bundle(town.stranger) is None
    assert bundle(town.liaison, "0000Q1") is None
    assert bundle(town.liaison, "x") is None


def test_what_was_told_of_a_quarter_after_its_end_is_in_the_bundle_of_that_quarter(
    town: Town,
) -> None:
    """Both were told on 8 October: one of the third quarter, one of work that has no periods."""
    plan = town.first.obligation.plan
    row = make_row(plan, "02-01", leads=[town.zjj], frequency=Frequency.QUARTERLY, title="按季查")
    dispatch(plan, row)
    for task in (Task.objects.get(obligation=row, period="2019Q3"), town.first):
        told = ReportContent(ReportKind.PROGRESS, "十月初报来。", next_steps="接着办。")
        at = NOW + timedelta(days=20)
        submit_report(task, told, token=f"t{task.pk}", actor=town.liaison, at=at)

    third = bundle(town.liaison, "2019Q3").read("目录.html").decode()
    fourth = bundle(town.liaison, "2019Q4").read("目录.html").decode()

    assert "1 次进展" in third
    assert "按季查" in third
    assert "1 次进展" in fourth
    assert town.first.obligation.title in fourth
    assert "下一步打算：接着办。" in fourth


def test_the_list_shows_a_units_files_and_its_quarters(town: Town) -> None:
    town.close(town.first, town.take())

    page = as_(town.liaison).get("/evidence/").content.decode()

    assert "报告.pdf" in page
    assert "quarter=2019Q3" in page
    assert as_(town.liaison).get("/evidence/?unit=jtj").status_code == 404
    assert "报告.pdf" not in as_(town.stranger).get("/evidence/").content.decode()
    assert "报告.pdf" in as_(town.office).get("/evidence/?unit=zjj").content.decode()
