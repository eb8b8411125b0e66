"""Files that are not a table: refused within seconds, in one sentence, leaving nothing behind."""

import io
import time
import zipfile

import openpyxl
import pytest

from responsibilities.excel.reading import MAX_ROWS
from tests.responsibilities.excel.world import (
    HEADER,
    PLACES,
    exported,
    saved,
    upload,
)

pytestmark = pytest.mark.django_db
SECONDS = 5
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def table(client):
    return saved(exported(client))


@pytest.fixture
def refused(client, tmp_path):
    """Upload content and return the one sentence with which it is refused."""

    def sentence(content, name="任务分解表.xlsx"):
        start = time.process_time()
        response = upload(client, content, name)
        assert time.process_time() - start < SECONDS
        assert response.status_code == 422
        assert list(tmp_path.glob("imports/*/*")) == []
        [message] = response.context["form"].errors["file"]
        assert message.endswith("。")
        return message

    return sentence


def repacked(table, changes=None, extra=None):
    """Return the package with members replaced or added; a callable gets the old content."""
    out = io.BytesIO()
    changes = changes or {}
    with zipfile.ZipFile(io.BytesIO(table)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, changes[member](content) if member in changes else content)
        for member, content in (extra or {}).items():
            new.writestr(member, content)
    return out.getvalue()


def sheet_of(rows):
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return head + b"<sheetData>" + rows + b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        ("编号,重点任务\n".encode("gb18030"), "不是 .xlsx 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000), "旧版 .xls 格式"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(999)
            + "EncryptedPackage".encode("utf-16-le"),
            "打开密码",
        ),
        (b"PK\x03\x04" + bytes(200), "文件已损坏"),
        (b"%PDF-1.7", "不是 .xlsx 工作簿"),
    ],
    ids=["empty", "csv", "xls", "password", "torn", "pdf"],
)
def test_refuses_what_is_no_workbook(refused, content, words):
    assert words in refused(content)


def test_refuses_a_workbook_cut_short(refused, table):
    assert "文件已损坏" in refused(table[: len(table) // 2])


def test_refuses_a_workbook_with_a_flipped_byte(refused, table):
    broken = bytearray(table)
    broken[len(table) // 3] ^= 0xFF

    assert "文件已损坏" in refused(bytes(broken))


def test_refuses_a_word_document(refused):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<w/>")

    assert "不是 .xlsx 工作簿" in refused(out.getvalue())


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("xl/vbaProject.bin", "带有宏"),
        ("xl/externalLinks/externalLink1.xml", "引用了别的工作簿"),
        ("xl/embeddings/oleObject1.bin", "嵌有其他文件"),
        ("xl/activeX/activeX1.xml", "嵌有其他文件"),
    ],
)
def test_refuses_what_is_hidden_in_a_workbook(refused, table, member, words):
    assert words in refused(repacked(table, extra={member: b"x"}))


@pytest.mark.parametrize(
    "declared",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    ],
    ids=["entities", "external"],
)
@pytest.mark.parametrize("member", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_refuses_declarations_of_entities(refused, table, member, declared):
    def declare(content):
        start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
        return content[:start] + declared + content[start:]

    assert "不允许的声明" in refused(repacked(table, {member: declare}))


def test_refuses_entities_behind_another_encoding(refused, table):
    text = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'

    assert "不允许的声明" in refused(repacked(table, {SHEET: lambda _: text.encode("utf-16")}))


def test_refuses_a_bomb_by_what_it_unpacks_to(refused, table):
    spaces = b" " * 200_000_000

    assert "不予打开" in refused(repacked(table, extra={"xl/media/image1.png": spaces}))


def test_refuses_a_sheet_of_endless_cells(refused, table):
    row = b"<row>" + b"<c/>" * 50 + b"</row>"

    message = refused(repacked(table, {SHEET: lambda _: sheet_of(row * 30_000)}))

    assert "不予打开" in message


def test_reads_a_dimension_bomb_by_what_is_really_there(client, table):
    def claim(content):
        start, end = (
            content.index(b"<dimension"),
            content.index(b"/>", content.index(b"<dimension")),
        )
        return content[:start] + b'<dimension ref="A1:XFD1048576"' + content[end:]

    start = time.process_time()
    response = upload(client, repacked(table, {SHEET: claim}))

    assert time.process_time() - start < SECONDS
    assert response.context["found"].read == 4


def test_a_row_at_the_end_of_the_world_is_not_waited_for(client, table):
    def far(content):
        row = b'<row r="1048576"><c r="A1048576" t="n"><v>1</v></c></row>'
        return content.replace(b"</sheetData>", row + b"</sheetData>")

    start = time.process_time()
    response = upload(client, repacked(table, {SHEET: far}))

    assert time.process_time() - start < SECONDS
    assert response.context["found"].read == 4


def test_refuses_too_many_rows(refused, client):
    book = exported(client)
    sheet = book.worksheets[0]
    for number in range(MAX_ROWS + 1):
        sheet.cell(HEADER + 10 + number, 1).value = f"{number:04}-01"
        sheet.cell(HEADER + 10 + number, PLACES["version"]).value = 1

    assert refused(saved(book)) == "表里超过 5000 行，请分成几次导入，只留要改的行。"


def test_refuses_too_many_columns(refused, client):
    book = exported(client)
    book.worksheets[0].cell(HEADER, 61).value = "第六十一列"

    assert "表里超过 60 列" in refused(saved(book))


def test_names_missing_and_doubled_columns(refused, client):
    book = exported(client)
    sheet = book.worksheets[0]
    sheet.cell(HEADER, PLACES["lead"]).value = "谁牵头"
    sheet.cell(HEADER, PLACES["version"]).value = None
    assert refused(saved(book)) == "表里缺少这些列：版本、牵头单位，请用台账导出的表填写。"

    book = exported(client)
    book.worksheets[0].cell(HEADER, PLACES["bearers"]).value = "备注"
    assert refused(saved(book)) == "表里有重复的列：备注，请删去多余的一列。"


def test_refuses_a_workbook_without_the_table(refused, client):
    book = openpyxl.Workbook()
    book.active["A1"] = "随便什么"

    assert "没有找到“任务分解表”" in refused(saved(book))


def test_refuses_a_table_without_rows(refused, client):
    book = exported(client)
    book.worksheets[0].delete_rows(HEADER + 1, 50)

    assert "没有任务行" in refused(saved(book))


def test_finds_the_table_on_a_renamed_sheet(client):
    book = exported(client)
    book.worksheets[0].title = "Sheet1"

    assert upload(client, saved(book)).context["found"].read == 4


def test_refuses_a_file_beyond_the_limit(refused):
    assert "超过 10 MB 的上限" in refused(b"PK" + bytes(10 * 1024 * 1024))


def test_asks_for_a_file(client):
    from django.urls import reverse

    response = client.post(reverse("responsibilities:obligation_import"))

    assert response.status_code == 422
    assert "请选择填好的 Excel 表。" in response.content.decode()
