"""The table as it leaves the platform."""

import csv
import io
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.enums import PostKind
from responsibilities.excel.columns import COLUMNS, TASK_COLUMNS
from tests.builders import dispatch, make_row, make_user
from tests.responsibilities.excel.world import (
    HEADER,
    content_of,
    exported,
    lines_of,
    place_of,
    signed_in,
)

pytestmark = pytest.mark.django_db
URL = "responsibilities:obligation_export"


def test_carries_the_columns_of_the_office_in_their_order(client):
    sheet = exported(client).worksheets[0]

    assert [cell.value for cell in sheet[HEADER]] == [column.heading for column in COLUMNS]
    assert sheet["A1"].value == "样例区安全生产实施方案任务分解表"
    assert "方案代码：sample" in sheet["A2"].value
    assert "2019年9月18日" in sheet["A2"].value


def test_writes_what_each_row_says(client):
    row = lines_of(exported(client))["02-02"]

    assert row["clause"] == "（二）部门责任"
    assert row["sources"] == "区安监局要建立信息平台。"
    assert (row["lead"], row["assist"], row["supervise"]) == ("区应急管理局", "区交通运输局", None)
    assert (row["mode"], row["deadline_kind"]) == ("共同完成", "固定日期")
    assert row["due_on"] == datetime(2020, 12, 31)  # noqa: DTZ001 - cells carry no zone
    assert (row["basis"], row["times"], row["state"]) == ("测试依据", 1, "未下发")
    assert row["lamp"] == "○ 未下发"


def test_names_units_by_the_phrase_that_stands_for_them_all(client):
    row = lines_of(exported(client))["02-01"]

    assert row["lead"] == "各镇(场、街道)"
    assert (row["mode"], row["frequency"]) == ("分别落实", "每季度")


def test_puts_rows_in_the_order_of_the_plan_under_its_sections(client):
    sheet = exported(client, "sort=far&group=lamp").worksheets[0]

    first = [cell.value for cell in sheet["A"]][HEADER:]
    assert first == ["一、总体要求", "01-01", "二、落实责任", "02-01", "02-02", "03-01"]


def test_prints_on_landscape_paper_with_a_repeated_header_and_drop_downs(client):
    sheet = exported(client).worksheets[0]

    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
    assert sheet.freeze_panes == f"B{HEADER + 1}"
    lists = [v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert '"共同完成,分别落实"' in lists
    assert any("每季度" in choices for choices in lists)


def test_explains_itself_on_a_second_sheet(client):
    book = exported(client)

    assert book.sheetnames == ["任务分解表", "说明"]
    words = [value for row in book["说明"].values for value in row if value]
    assert "怎样导回" in words
    assert "牵头单位" in words


def test_follows_the_filters_of_the_ledger(client):
    assert lines_of(exported(client, "deadline=periodic")).keys() == {"02-01"}
    assert "时限类型：周期" in exported(client, "deadline=periodic").worksheets[0]["A2"].value


def test_no_cell_is_ever_a_formula(client, world):
    for start in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"):
        make_row(world.plan, "02-03", leads=[], title=f"{start}1+1")

    kinds = {cell.data_type for row in exported(client).worksheets[0].rows for cell in row}

    assert "f" not in kinds
    assert place_of(exported(client), "03-01", "title").value == "'=HYPERLINK(1)"


def test_names_the_file_in_chinese_with_the_day(client):
    response = client.get(reverse(URL))

    assert (
        "%E4%BB%BB%E5%8A%A1%E5%88%86%E8%A7%A3%E8%A1%A8_2019-09-18.xlsx"
        in response.headers["Content-Disposition"]
    )
    assert content_of(response).startswith(b"PK")


def test_gives_quoted_and_guarded_csv_with_a_byte_order_mark(client):
    content = content_of(client.get(reverse(URL), {"format": "csv"}))

    assert content.startswith(b'\xef\xbb\xbf"')
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [row["编号"] for row in rows] == ["01-01", "02-01", "02-02", "03-01"]
    assert rows[3]["重点任务"] == "'=HYPERLINK(1)"
    assert rows[2]["到期日"] == "2020-12-31"


def test_lists_tasks_of_units_on_their_own_level(client, world):
    dispatch(world.plan, world.rows["02-01"])

    sheet = exported(client, "level=task").worksheets[0]

    assert [cell.value for cell in sheet[HEADER]] == [column.heading for column in TASK_COLUMNS]
    # 2019 年第三、四季度,两个镇:四件
    units = [(row[3], row[4]) for row in sheet.iter_rows(min_row=HEADER + 1, values_only=True)]
    assert units == [
        ("沙埠镇", "2019年第三季度"),
        ("那丽镇", "2019年第三季度"),
        ("沙埠镇", "2019年第四季度"),
        ("那丽镇", "2019年第四季度"),
    ]


def test_a_unit_gets_its_own_rows_and_never_the_counts_of_others(world):
    dispatch(world.plan, world.rows["02-01"], world.rows["02-02"])
    town = signed_in(make_user("liaison", (world.units["shabu"], PostKind.LIAISON)))

    rows = lines_of(exported(town))
    tasks = exported(town, "level=task&unit=nali").worksheets[0]

    assert rows.keys() == {"02-01"}
    assert rows["02-01"]["progress"] == "0/1"  # 区里看到的是 0/2
    assert {row[3] for row in tasks.iter_rows(min_row=HEADER + 1, values_only=True)} == {"沙埠镇"}


def test_another_units_words_are_nowhere_in_a_units_files(world):
    canary = make_row(world.plan, "02-03", leads=[world.units["jtj"]], title="金丝雀任务")
    rows = [world.rows["02-01"], world.rows["02-02"]]
    dispatch(world.plan, *rows)
    town = signed_in(make_user("liaison", (world.units["nali"], PostKind.LIAISON)))

    for query in ("", "level=task", "format=csv", "level=task&format=csv", "q=金丝雀"):
        response = town.get(f"{reverse(URL)}?{query}")
        book = content_of(response)
        text = book.decode("utf-8-sig") if "csv" in query else str(list(_values(book)))
        assert "金丝雀" not in text.replace("搜索：金丝雀", "")
        assert canary.code not in text


def _values(content):
    import openpyxl

    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        yield from sheet.values


def test_the_number_of_statements_does_not_grow_with_rows(client, world):
    content_of(client.get(reverse(URL)))  # the first request of a session also stamps it
    with CaptureQueriesContext(connection) as few:
        content_of(client.get(reverse(URL)))
    for number in range(18):
        make_row(world.plan, "02-03", leads=[world.units["yjj"]], title=f"任务{number}")
    with CaptureQueriesContext(connection) as many:
        assert len(lines_of(exported(client))) == 22

    assert len(many) == len(few)
    assert len(few) <= 13


def test_refuses_politely_beyond_what_a_request_may_carry(client, monkeypatch):
    monkeypatch.setattr("responsibilities.views.excel.MAX_REQUEST_ROWS", 3)

    response = client.get(reverse(URL), {"deadline": "undecided", "state": "draft"})
    assert response.status_code == 200
    content_of(response)

    response = client.get(reverse(URL), {"sort": "code"}, follow=True)
    assert response.redirect_chain[0][0] == "/tasks/?sort=code"
    assert "要导出的超过 3 行" in response.content.decode()


def test_sends_a_stranger_to_the_door(db):
    from django.test import Client

    assert Client().get(reverse(URL)).status_code == 302
