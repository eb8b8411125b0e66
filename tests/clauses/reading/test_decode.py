"""Files that can be read, and one clear sentence for those that cannot."""

import os

import pytest

from clauses.reading import UnreadablePlan, read_bytes, read_file, read_plan
from tests.clauses.reading.samples import reference_text

TEXT = "某区安全生产方案\n一、责任\n各部门要落实责任。\n二、监管\n各部门要加强监管。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_reads_the_encodings_that_offices_use(encoding):
    assert read_bytes("方案.txt", TEXT.encode(encoding)) == TEXT


def test_reads_the_reference_plan_in_gb18030():
    text = reference_text()
    assert read_bytes("plan.TXT", text.encode("gb18030")) == text


def test_line_ends_of_windows_become_plain_ones():
    assert read_bytes("a.txt", TEXT.replace("\n", "\r\n").encode("gb18030")) == TEXT


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "空文件"),
        ("a.txt", b" \r\n\t ", "空文件"),
        ("a.txt", bytes(range(256)) * 8, "UTF-8 或 GB18030"),
        ("a.txt", "方案一、责任".encode() + b"\xff\xfe\x00", "UTF-8 或 GB18030"),
        ("a.txt", "réclamation à l'été, déjà prévu".encode("latin-1") * 20, "UTF-8 或 GB18030"),
        ("a.txt", TEXT.encode() * 8_000, "有 31 万字，最多能读取 30 万字"),
        ("a.txt", b"PK\x03\x04 something", "不是文本文件"),
        ("a.pdf", b"%PDF-1.7", "只能读取"),
        ("a", b"x", "只能读取"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "旧版"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "旧版 Word"),
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "打开密码",
        ),
        ("a.docx", b"PK\x03\x04 damaged", "已损坏"),
        ("a.docx", "一、责任".encode(), "已损坏"),
    ],
)
def test_says_in_one_sentence_what_is_wrong(name, data, message):
    with pytest.raises(UnreadablePlan, match=message) as caught:
        read_bytes(name, data)
    assert caught.value.message.endswith("。")
    assert "\n" not in caught.value.message


def test_missing_file_and_folder_are_named(tmp_path):
    with pytest.raises(UnreadablePlan, match="找不到文件 none"):
        read_file(tmp_path / "none.txt")
    with pytest.raises(UnreadablePlan, match="是文件夹"):
        read_file(tmp_path)


def test_mark_at_the_start_of_the_file_does_not_shift_offsets():
    plan = read_plan(read_bytes("a.txt", TEXT.encode("utf-8-sig")))
    assert plan.text[plan.body_start :].startswith("某区安全生产方案")


def test_what_is_no_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "方案.txt")
    (tmp_path / "长.txt").symlink_to("/dev/zero")
    for name in ("方案.txt", "长.txt"):
        with pytest.raises(UnreadablePlan, match="不是普通文件"):
            read_file(tmp_path / name)
