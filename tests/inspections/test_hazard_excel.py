"""The ledger of hazards as a spreadsheet: what goes out comes back, and nothing wrong comes in."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from inspections.enums import HazardStage
from inspections.models import Hazard
from tests.inspections.test_hazards import Steps
from tests.inspections.worlds import Department

GOOD = {
    "隐患": "配电箱无防护",
    "部位": "二号楼一层",
    "责任企业（单位）": "某建筑公司",
    "等级": "一般隐患",
    "发现日期": date(2019, 9, 16),
    "排查人": "李科员",
}
SETTLED = {"措施": "加装防护门。", "责任人": "张经理", "时限": date(2019, 9, 30)}


def as_(department: Department, who: str) -> Client:
    client = Client()
    client.force_login(department.people[who])
    return client


def sheet_of(client: Client, query: str = "state=all") -> Any:
    answer = client.get(f"/hazards/export/?{query}")
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]


def filled(client: Client, *rows: dict[str, Any]) -> SimpleUploadedFile:
    """Fill rows into the exported workbook, below what is there, as a person would."""
    answer = client.get("/hazards/export/?state=all")
    book: Workbook = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[3]}
    for number, row in enumerate(rows, sheet.max_row + 1):
        for heading, value in row.items():
            sheet.cell(number, places[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("隐患台账.xlsx", out.getvalue())


def test_the_ledger_goes_out_under_the_lists_filters(department: Department) -> None:
    steps = Steps(department)
    closed = steps.closed()
    steps.raised(token="second")

    sheet = sheet_of(as_(department, "office"), "state=closed")

    heads = [cell.value for cell in sheet[3]]
    row = dict(zip(heads, (cell.value for cell in sheet[4]), strict=True))
    assert sheet.max_row == 4
    assert (row["编号"], row["已办到"], row["灯"], row["复查人"]) == (
        closed.number,
        "销号",
        "✓ 已销号",
        "覃局长",
    )
    assert row["时限"].date() == date(2019, 9, 25)


def test_a_unit_takes_out_its_own_only(department: Department) -> None:
    Steps(department).raised()

    assert sheet_of(as_(department, "liaison")).max_row == 4
    assert sheet_of(as_(department, "stranger"))["A4"].value is None


def test_new_rows_come_in_after_a_check(department: Department) -> None:
    Steps(department).raised()
    liaison = as_(department, "liaison")
    file = filled(liaison, GOOD | SETTLED, GOOD | {"隐患": "灭火器过期"})

    checked = liaison.post("/hazards/import/", {"file": file})
    assert Hazard.objects.count() == 1
    shown = liaison.get(checked["Location"]).content.decode()
    assert "将导入 2 处隐患" in shown
    assert "已有编号的 1 行不改" in shown
    liaison.post(checked["Location"], {"go": "1"})

    made = Hazard.objects.order_by("pk")[1:]
    assert [(h.title, h.stage, h.unit) for h in made] == [
        ("配电箱无防护", HazardStage.REGISTERED, department.unit),
        ("灭火器过期", HazardStage.FOUND, department.unit),
    ]
    assert liaison.get(checked["Location"])["Location"] == "/hazards/import/"


def test_the_same_file_twice_makes_nothing_twice(department: Department) -> None:
    liaison = as_(department, "liaison")
    content = filled(liaison, GOOD).read()

    for _ in range(2):
        file = SimpleUploadedFile("x.xlsx", content)
        checked = liaison.post("/hazards/import/", {"file": file})
        liaison.post(checked["Location"], {"go": "1"})

    assert Hazard.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"隐患": ""}, "第 5 行：隐患：要填写。"),
        ({"等级": "特大"}, "没有“特大”这一项"),
        ({"发现日期": "九月中旬"}, "不是具体日期"),
        ({"发现日期": date(2019, 9, 19)}, "不能晚于今天（9月18日）"),
        ({"部位": "=1+1"}, "这一格是公式"),
        ({"措施": "加装防护门。"}, "要么都填，要么都留空"),
        (SETTLED | {"等级": "重大隐患"}, "资金和预案也要填"),
        (SETTLED | {"时限": date(2019, 9, 1)}, "时限不能早于发现日期"),
    ],
)
def test_one_mistake_keeps_the_whole_table_out(
    department: Department, wrong: dict[str, Any], words: str
) -> None:
    liaison = as_(department, "liaison")
    file = filled(liaison, GOOD | {"排查人": "王科员"}, GOOD | wrong)

    answer = liaison.post("/hazards/import/", {"file": file})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Hazard.objects.exists()


def test_what_is_no_ledger_is_refused_in_words(department: Department) -> None:
    liaison = as_(department, "liaison")
    out = io.BytesIO()
    Workbook().save(out)

    for content, words in ((b"x", "xlsx"), (out.getvalue(), "没有找到隐患台账")):
        file = SimpleUploadedFile("x.xlsx", content)
        answer = liaison.post("/hazards/import/", {"file": file})
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_another_person_cannot_confirm_an_upload(department: Department) -> None:
    liaison = as_(department, "liaison")
    checked = liaison.post("/hazards/import/", {"file": filled(liaison, GOOD)})

    answer = as_(department, "head").post(checked["Location"], {"go": "1"})

    assert answer["Location"] == "/hazards/import/"
    assert not Hazard.objects.exists()
