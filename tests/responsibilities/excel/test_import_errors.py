"""Mistakes in cells: each is named by row, column and one sentence, and keeps the table out."""

from datetime import date, datetime

import pytest

from common.tracked import save_with_history
from organizations.enums import UnitKind
from organizations.services.people import get_system_user
from responsibilities.excel.parsing import code_in
from responsibilities.excel.reading import Cell
from responsibilities.services.breakdown import void_obligation
from tests.builders import NOW, make_unit
from tests.responsibilities.excel.world import (
    HEADER,
    PLACES,
    exported,
    place_of,
    preview,
    saved,
    upload,
)

pytestmark = pytest.mark.django_db


def errors_after(client, edits):
    """Edit cells of the table. Returns: (heading, sentence) of each error of the preview."""
    book = exported(client)
    for (code, key), value in edits.items():
        place_of(book, code, key).value = value
    found = preview(client, book)
    assert not found.is_ready
    return [(error.heading, error.message) for error in found.errors]


@pytest.mark.parametrize(
    ("key", "value", "heading", "words"),
    [
        ("title", None, "重点任务", "“重点任务”不能空着"),
        ("title", "长" * 61, "重点任务", "最多 60 字，现在 61 字"),
        ("note", "长" * 301, "备注", "最多 300 字，现在 301 字"),
        ("title", "=1+1", "重点任务", "这一格是公式"),
        ("lead", "区应急局、天上宫阙", "牵头单位", "没有叫“区应急局”的单位或条文称谓"),
        ("lead", "区应急管理局、区交通运输局", "牵头单位", "只能有一个牵头单位"),
        ("assist", "区应急管理局", "配合单位", "区应急管理局已列在“牵头单位”"),
        ("mode", "一起办", "落实方式", "可以填：共同完成、分别落实"),
        ("mode", None, "落实方式", "“落实方式”不能空着"),
        ("deadline_kind", "尽快", "时限类型", "没有“尽快”这一项"),
        ("deadline_kind", None, "时限类型", "“时限类型”不能空着"),
        ("deadline_kind", "周期", "时限类型", "只有固定日期或年（季、月）底前的时限才填写到期日"),
        ("due_on", "2020年年底前", "到期日", "“2020年年底前”不是具体日期"),
        ("due_on", "2020-02-30", "到期日", "没有“2020-02-30”这一天"),
        ("due_on", "0020-12-31", "到期日", "年份不对"),
        ("due_on", None, "时限类型", "要填写到期日"),
        ("frequency", "每周", "周期", "没有“每周”这一项"),
        ("frequency", "每季度", "周期", "“周期”只用于按期重复的任务"),
        ("times", 0, "每期次数", "请写 1 到 366 之间的整数"),
        ("times", 1.5, "每期次数", "请写 1 到 366 之间的整数"),
        ("times", "0000019999999", "每期次数", "请写 1 到 366 之间的整数"),
        ("basis", None, "时限决定依据", "请写明时限的依据"),
        ("basis", "条文原文", "时限决定依据", "条文没有写明 2020-12-31 这个日期"),
        ("due_on", "2020-06-30", "时限决定依据", "依据还是原来的“测试依据”，请写明这次是谁定的"),
    ],
)
def test_names_the_column_and_what_to_do(client, key, value, heading, words):
    [(column, message)] = errors_after(client, {("02-02", key): value})

    assert column == heading
    assert words in message
    assert message.endswith("。")


def test_lists_every_mistake_at_once_in_the_order_of_the_sheet(client):
    book = exported(client)
    place_of(book, "03-01", "due_on").value = "尽快"
    place_of(book, "03-01", "frequency").value = "常常"
    place_of(book, "01-01", "lead").value = "某某局"

    found = preview(client, book)

    assert [(error.number, error.heading) for error in found.errors] == [
        (5, "牵头单位"),
        (9, "到期日"),
        (9, "周期"),
    ]


def test_a_row_without_a_code_says_how_rows_are_made(client):
    [(column, message)] = errors_after(client, {("02-02", "code"): None})

    assert column == "编号"
    assert "表里不能加新任务" in message
    assert "选句立项" in message


def test_an_unknown_code_is_an_error(client):
    [(column, message)] = errors_after(client, {("02-02", "code"): "09-09"})

    assert column == "编号"
    assert "台账里没有编号“09-09”" in message


@pytest.mark.parametrize("typed", ["03-03A", "０３－０３ａ", " 03-03a "])
def test_a_code_counts_however_its_letter_is_written(typed):
    assert code_in(Cell(typed)) == "03-03a"


def test_a_code_turned_into_a_date_is_explained(client):
    [(_, message)] = errors_after(client, {("02-02", "code"): datetime(2019, 2, 2)})  # noqa: DTZ001

    assert "编号被 Excel 改成了日期" in message


def test_a_code_on_two_rows_is_an_error_on_both(client):
    found = errors_after(client, {("02-02", "code"): "03-01"})

    assert found == [("编号", "编号“03-01”在表里出现了 2 次，请只留一行。")] * 2


def test_a_void_row_takes_no_change(client, world):
    book = exported(client)
    row = world.rows["03-01"]
    void_obligation(row, actor=world.office, at=NOW, reason="重复")
    place_of(book, "03-01", "title").value = "还想改"
    place_of(book, "03-01", "version").value = row.version + 1

    found = preview(client, book)

    assert "03-01 已撤销，不能再改" in found.errors[0].message


def test_a_row_changed_since_matters_only_if_the_table_changes_it(client):
    book = exported(client)
    place_of(book, "02-02", "version").value = 1

    assert preview(client, book).errors == []

    place_of(book, "02-02", "title").value = "建成信息平台"
    assert [error.heading for error in preview(client, book).errors] == ["版本"]


def test_a_unit_that_is_gone_names_its_successor(client, world):
    heir = world.units["yjj"]
    old = make_unit("ajj", "区安监局", kind=UnitKind.DEPARTMENT, order=9)
    old.valid_to, old.successor = date(2019, 3, 1), heir
    save_with_history(old, actor=get_system_user(), reason="机构改革", at=NOW)

    [(_, message)] = errors_after(client, {("02-02", "lead"): "区安监局"})

    assert message == "“区安监局”已撤销或尚未设立，由区应急管理局承接，请改填承接单位。"


def test_changes_in_columns_that_are_not_taken_in_are_said(client):
    book = exported(client)
    place_of(book, "02-02", "sources").value = "改写的原文"
    place_of(book, "02-02", "state").value = "已撤销"

    found = preview(client, book)

    assert [item.heading for item in found.ignored] == ["条款原文摘句", "下发状态"]
    assert (found.diffs, found.errors) == ([], [])


def test_another_spelling_of_the_same_changes_nothing(client):
    book = exported(client)
    place_of(book, "02-02", "lead").value = " 区应急管理局 "
    place_of(book, "02-02", "due_on").value = "2020/12/31"
    place_of(book, "02-01", "lead").value = "那丽镇；沙埠镇"
    place_of(book, "02-01", "times").value = "１"

    found = preview(client, book)

    assert (found.diffs, found.errors) == ([], [])


def test_extra_columns_and_left_out_rows_do_no_harm(client):
    book = exported(client)
    sheet = book.worksheets[0]
    sheet.cell(HEADER, len(PLACES) + 1).value = "经办人"
    sheet.delete_rows(place_of(book, "03-01", "code").row)

    found = preview(client, book)

    assert (found.read, found.unknown, found.errors) == (3, ["经办人"], [])


def test_a_date_that_lost_its_format_is_asked_for_again(client):
    book = exported(client)
    cell = place_of(book, "02-02", "due_on")
    cell.value, cell.number_format = 44197, "General"

    [error] = preview(client, book).errors

    assert "“44197”不是日期，请把这一格设成日期格式" in error.message


def test_the_table_names_its_plan(client):
    book = exported(client)
    book.worksheets[0]["A2"].value = "方案代码：elsewhere"

    response = upload(client, saved(book))

    assert response.status_code == 422
    assert "台账里没有代码为“elsewhere”的方案" in response.content.decode()


def test_a_table_without_a_plan_belongs_to_the_current_one(client):
    book = exported(client)
    book.worksheets[0]["A2"].value = None

    assert preview(client, book).plan.code == "sample"


def test_more_changes_than_one_import_takes_are_to_be_split(client, monkeypatch):
    monkeypatch.setattr("responsibilities.excel.comparing.MAX_CHANGES", 1)
    book = exported(client)
    place_of(book, "02-01", "title").value = "改一"
    place_of(book, "03-01", "title").value = "改二"

    [error] = preview(client, book).errors

    assert error.number == place_of(book, "03-01", "code").row
    assert "改动超过一次导入的上限 1 项" in error.message
