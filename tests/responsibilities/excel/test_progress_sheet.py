"""Progress by spreadsheet: out, filled in, back; looked at before it is sent, all or nothing."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from openpyxl import load_workbook

from responsibilities.models import Obligation, ProgressReport
from responsibilities.services.progress import receive_task
from tests.builders import NOW, as_
from tests.responsibilities.town import Town

pytestmark = pytest.mark.django_db
EXPORT, IMPORT = "/round/export/", "/round/import/"


class Sheet:
    """The table of 区住建局 as exported, to be filled in by heading."""

    def __init__(self, client: Client) -> None:
        body = b"".join(client.get(EXPORT).streaming_content)
        self.book = load_workbook(io.BytesIO(body))
        self.sheet = self.book.active
        headings = [cell.value for cell in self.sheet[3]]
        self.columns = {heading: place for place, heading in enumerate(headings, 1)}

    def fill(self, row: int, **words: str) -> "Sheet":
        named = {"unchanged": "无变化（填“是”）", "summary": "进展情况", "document_no": "佐证文号"}
        for name, text in words.items():
            self.sheet.cell(row, self.columns[named.get(name, name)], text).data_type = "s"
        return self

    def reckon(self, row: int, heading: str, formula: str) -> "Sheet":
        self.sheet.cell(row, self.columns[heading], formula)
        return self

    def file(self) -> SimpleUploadedFile:
        out = io.BytesIO()
        self.book.save(out)
        return SimpleUploadedFile("填报表.xlsx", out.getvalue())


def upload(client: Client, sheet: Sheet) -> Any:
    return client.post(IMPORT, {"file": sheet.file()})


def confirm(client: Client, answer: Any) -> Any:
    token, seen = answer.context["token"], answer.context["checked"].fingerprint
    return client.post(f"{IMPORT}{token}/", {"seen": seen})


def test_what_is_filled_in_is_reported_after_a_look(town: Town) -> None:
    client = as_(town.liaison)
    sheet = Sheet(client).fill(4, summary="=已起草", document_no="文号〔2019〕1号")
    looked = upload(client, sheet.fill(5, unchanged="是"))
    assert looked.status_code == 200
    assert not ProgressReport.objects.exists()

    sent = confirm(client, looked)

    assert sent.status_code == 302
    first, second = town.first.reports.get(), town.second.reports.get()
    assert (first.summary, first.document_no) == ("=已起草", "文号〔2019〕1号")
    assert second.is_unchanged


def test_one_fault_stops_the_whole_table(town: Town) -> None:
    client = as_(town.liaison)
    sheet = Sheet(client).fill(4, summary="已起草。").fill(5, document_no="文号〔2019〕1号")

    looked = upload(client, sheet)

    assert looked.status_code == 422
    assert "第 5 行（02-03）“进展情况”：要写一句" in looked.content.decode()
    assert confirm(client, looked).status_code == 422
    assert not ProgressReport.objects.exists()


def test_a_formula_is_refused_by_its_cell_not_reported_as_words(town: Town) -> None:
    client = as_(town.liaison)
    sheet = Sheet(client).fill(4, summary="已起草。").reckon(5, "进展情况", '="已办"&B5')

    looked = upload(client, sheet.reckon(5, "佐证文号", "=A1"))

    assert looked.status_code == 422
    assert looked.context["checked"].faults == [
        "第 5 行（02-03）“进展情况”：这一格是公式，请复制后“粘贴为数值”。",
        "第 5 行（02-03）“佐证文号”：这一格是公式，请复制后“粘贴为数值”。",
    ]


def test_the_look_shows_all_that_would_be_reported(town: Town) -> None:
    client = as_(town.liaison)
    told = {"存在问题": "资金没有到位。", "需协调事项": "请财政落实。", "下一步打算": "十月开工。"}

    page = upload(client, Sheet(client).fill(4, summary="已起草。", **told)).content.decode()

    for heading, words in told.items():
        assert f"{heading}：{words}" in page


def test_a_table_that_is_no_longer_true_is_refused_by_row(town: Town) -> None:
    client = as_(town.liaison)
    sheet = Sheet(client).fill(4, summary="已起草。")
    receive_task(town.first, actor=town.liaison, at=NOW)

    looked = upload(client, sheet)

    assert "第 4 行（02-02）：导出之后有变动，现在是“办理中”" in looked.content.decode()


def test_what_changes_between_look_and_press_is_looked_at_again(town: Town) -> None:
    client = as_(town.liaison)
    looked = upload(client, Sheet(client).fill(4, summary="已起草。"))
    receive_task(town.first, actor=town.liaison, at=NOW)

    answer = confirm(client, looked)

    assert answer.status_code == 422
    assert "重新核对" in answer.content.decode()
    assert not ProgressReport.objects.exists()


def test_a_row_that_slipped_is_not_reported_under_another_tasks_key(town: Town) -> None:
    client = as_(town.liaison)
    sheet = Sheet(client).fill(4, summary="信息平台已建成。")
    first, second = (sheet.sheet.cell(row, sheet.columns["办理件号"]) for row in (4, 5))
    first.value, second.value = second.value, first.value

    looked = upload(client, sheet)

    shown = looked.content.decode()
    assert looked.status_code == 422
    assert "第 4 行：办理件号是 02-03“" in shown
    assert "与这一行的编号、任务、期次对不上" in shown
    assert confirm(client, looked).status_code == 422
    assert not ProgressReport.objects.exists()


def test_another_units_task_is_not_taken_from_a_table(town: Town) -> None:
    sheet = Sheet(as_(town.liaison)).fill(4, summary="抢报。")

    looked = upload(as_(town.stranger), sheet)

    assert "不是本单位的任务" in looked.content.decode()


def test_the_press_repeated_reports_nothing_twice(town: Town) -> None:
    client = as_(town.liaison)
    looked = upload(client, Sheet(client).fill(4, summary="已起草。"))
    confirm(client, looked)

    assert "重新上传" in confirm(client, looked).wsgi_request._messages._queued_messages[0].message
    assert ProgressReport.objects.count() == 1


def test_no_cell_of_the_table_is_a_formula(town: Town) -> None:
    QuerySet(Obligation).update(title='=HYPERLINK("http://x")')
    sheet = Sheet(as_(town.liaison)).sheet

    assert sheet.cell(4, 2).value == """'=HYPERLINK("http://x")"""
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04"])
def test_what_is_no_such_table_is_refused(town: Town, content: bytes) -> None:
    answer = as_(town.liaison).post(IMPORT, {"file": SimpleUploadedFile("x.xlsx", content)})

    assert answer.status_code == 422


def test_a_unit_with_more_tasks_than_a_page_holds_is_told_and_its_table_has_them_all(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_(town.liaison)
    monkeypatch.setattr("responsibilities.views.round.MOST_LINES", 1)
    page = client.get("/round/").content.decode()

    assert page.count("<textarea") == 1
    assert "共 2 件，这里是最先到期的 1 件" in page
    assert [row[0].value for row in Sheet(client).sheet.iter_rows(4, 5)] == ["02-02", "02-03"]

    monkeypatch.undo()
    page = client.get("/round/").content.decode()
    assert page.count("<textarea") == 2
    assert "最先到期" not in page
