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
from inspections.services.reopening import reopen_hazard
from tests.builders import as_
from tests.inspections.worlds import Department, Steps

GOOD = {
    "隐患": "配电箱无防护",
    "部位": "二号楼一层",
    "责任企业（单位）": "某建筑公司",
    "等级": "一般隐患",
    "发现日期": date(2019, 9, 16),
    "排查人": "李科员",
}
SETTLED = {"措施": "加装防护门。", "责任人": "张经理", "时限": date(2019, 9, 30)}


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

    sheet = sheet_of(as_(department.people["office"]), "state=closed")

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

    assert sheet_of(as_(department.people["liaison"])).max_row == 4
    assert sheet_of(as_(department.people["stranger"]))["A4"].value is None


def test_new_rows_come_in_after_a_check(department: Department) -> None:
    Steps(department).raised()
    liaison = as_(department.people["liaison"])
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


def test_the_same_file_twice_is_told_that_it_is_in(department: Department) -> None:
    liaison = as_(department.people["liaison"])
    content = filled(liaison, GOOD).read()
    checked = liaison.post("/hazards/import/", {"file": SimpleUploadedFile("x.xlsx", content)})
    liaison.post(checked["Location"], {"go": "1"})

    for who in ("liaison", "head"):
        file = SimpleUploadedFile("x.xlsx", content)
        answer = as_(department.people[who]).post("/hazards/import/", {"file": file})
        assert answer.status_code == 422
        number = Hazard.objects.get().number
        assert f"表里的 1 处隐患都已导入，没有新的：{number}。" in answer.content.decode()


def test_a_table_with_more_rows_takes_in_those_alone(department: Department) -> None:
    """The same hazard in other spacing, the same row twice, and one that is new."""
    liaison = as_(department.people["liaison"])
    for file in (
        filled(liaison, GOOD),
        filled(
            liaison,
            GOOD | {"隐患": "配电箱 无防护"},
            GOOD | {"部位": "三号楼"},
            GOOD | {"部位": "三号楼"},
        ),
    ):
        checked = liaison.post("/hazards/import/", {"file": file})
        shown = liaison.get(checked["Location"]).content.decode()
        liaison.post(checked["Location"], {"go": "1"})

    assert "将导入 1 处隐患" in shown
    assert "2 行已导入，不再记" in shown
    first, second = Hazard.objects.order_by("pk")
    assert f">{first.number}</a>（待登记）" in shown
    assert "和第 5 行相同" in shown
    assert (first.place, second.place) == ("二号楼一层", "三号楼")


def test_two_people_who_confirm_the_same_rows_make_nothing_twice(department: Department) -> None:
    both = [as_(department.people[who]) for who in ("liaison", "head")]
    content = filled(both[0], GOOD).read()
    pages = [
        client.post("/hazards/import/", {"file": SimpleUploadedFile("x.xlsx", content)})["Location"]
        for client in both
    ]

    answers = [
        client.post(page, {"go": "1"}, follow=True).content.decode()
        for client, page in zip(both, pages, strict=True)
    ]

    assert Hazard.objects.count() == 1
    assert "已导入 1 处隐患" in answers[0]
    assert "这张表里的隐患都已导入，没有再记一遍" in answers[1]


def test_the_ledger_says_how_often_a_hazard_came_back_and_its_first_date(
    department: Department,
) -> None:
    steps = Steps(department)
    reopen_hazard(steps.closed(), steps.stamp("office"), due_on=date(2019, 10, 31), version=6)

    sheet = sheet_of(as_(department.people["office"]))

    row = dict(zip([c.value for c in sheet[3]], [c.value for c in sheet[4]], strict=True))
    assert (row["重开次数"], row["原时限"].date(), row["时限"].date()) == (
        1,
        date(2019, 9, 25),
        date(2019, 10, 31),
    )


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
    liaison = as_(department.people["liaison"])
    file = filled(liaison, GOOD | {"排查人": "王科员"}, GOOD | wrong)

    answer = liaison.post("/hazards/import/", {"file": file})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Hazard.objects.exists()


def test_what_is_no_ledger_is_refused_in_words(department: Department) -> None:
    liaison = as_(department.people["liaison"])
    out = io.BytesIO()
    Workbook().save(out)

    for content, words in ((b"x", "xlsx"), (out.getvalue(), "没有找到隐患台账")):
        file = SimpleUploadedFile("x.xlsx", content)
        answer = liaison.post("/hazards/import/", {"file": file})
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_another_person_cannot_confirm_an_upload(department: Department) -> None:
    liaison = as_(department.people["liaison"])
    checked = liaison.post("/hazards/import/", {"file": filled(liaison, GOOD)})

    answer = as_(department.people["head"]).post(checked["Location"], {"go": "1"})

    assert answer["Location"] == "/hazards/import/"
    assert not Hazard.objects.exists()
