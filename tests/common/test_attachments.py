"""What is taken as proof is told from its content; every refusal says what to do instead."""

import io
import zipfile
import zlib

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import Image, ImageFile

from common.attachments import examine, shown_name
from common.spreadsheets import MEBIBYTE, UnreadableFile

LIMIT = MEBIBYTE
PDF = b"%PDF-1.4\ntrailer<</Size 1>>\n%%EOF\n"
OUTSIDE = (
    '<Relationship Id="rId99" TargetMode="External" Target="{target}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
)


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, kind)
    return file.getvalue()


def word() -> bytes:
    file = io.BytesIO()
    document = Document()
    document.add_paragraph("已印发。")
    document.save(file)
    return file.getvalue()


def excel() -> bytes:
    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()


def package(**parts: str) -> bytes:
    """A package with parts named like ``word__document_xml``."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def changed(original: bytes, name: str, content: bytes | None = None, **swap: str) -> bytes:
    """Return a package with one part added or one text in a part replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(original)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            part = old.read(member)
            if member == name and swap:
                part = part.replace(swap["old"].encode(), swap["new"].encode())
            new.writestr(member, part)
        if content is not None:
            new.writestr(name, content)
    return file.getvalue()


def with_link(kind: str, target: str) -> bytes:
    link = OUTSIDE.format(kind=kind, target=target) + "</Relationships>"
    part = "word/_rels/document.xml.rels"
    return changed(word(), part, old="</Relationships>", new=link)


def look(content: bytes, *, limit: int = LIMIT) -> str:
    return examine(io.BytesIO(content), limit=limit)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (picture("JPEG"), "jpg"),
        (picture("PNG"), "png"),
        (word(), "docx"),
        (excel(), "xlsx"),
        (with_link("hyperlink", "https://www.gov.cn/"), "docx"),
    ],
    ids=["pdf", "jpg", "png", "docx", "xlsx", "docx with a link to click"],
)
def test_plain_files_are_known_by_their_content(content: bytes, kind: str) -> None:
    assert look(content) == kind


REFUSALS = {
    "nothing": (b"", "空文件"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为 .docx"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(60), "兼容性最佳"),
    "video": (b"\0\0\0\x18ftypisom" + bytes(60), "视频"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(60), "解开后逐个上传"),
    "zip": (package(photo_xml="x"), "解开后逐个上传"),
    "ofd": (package(OFD_xml="<x/>"), "另存为 PDF"),
    "html": (b"\xef\xbb\xbf\n<!DOCTYPE html><p>", "打印成 PDF"),
    "svg": (b'<?xml version="1.0"?><svg xmlns="x" onload="a()"/>', "打印成 PDF"),
    "program": (b"MZ\x90\x00" + bytes(60), "是程序"),
    "text": ("装机清单".encode(), "不是能收的文件类型"),
    "cut pdf": (b"%PDF-1.4\n" + bytes(3000), "没有传完"),
    "cut jpeg": (picture("JPEG", (400, 400))[:700], "图片已损坏"),
    "cut png": (picture("PNG", (400, 400))[:60], "图片已损坏"),
    "cut docx": (word()[:-200], "另存一份"),
    "macro": (changed(word(), "word/vbaProject.bin", b"x"), "不带宏"),
    "embedded": (changed(word(), "word/embeddings/a.bin", b"x"), "嵌有"),
    "far template": (with_link("attachedTemplate", "http://x.example/t.dotm"), "外部"),
    "far picture": (with_link("image", "http://x.example/p.png"), "外部"),
    "bomb": (changed(word(), "word/media/a.bin", bytes(3 * MEBIBYTE)), "展开后过大"),
    "entity": (
        changed(word(), "word/_rels/a.rels", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        "已损坏",
    ),
}


def test_cut_picture_is_refused_although_a_library_lets_all_pictures_be_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(UnreadableFile, match="图片已损坏"):
        look(REFUSALS["cut jpeg"][0])


@pytest.mark.parametrize("name", REFUSALS)
def test_everything_else_is_refused_with_advice(name: str) -> None:
    content, advice = REFUSALS[name]

    with pytest.raises(UnreadableFile, match=advice):
        look(content)


def test_a_file_at_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    assert look(PDF, limit=len(PDF)) == "pdf"
    with pytest.raises(UnreadableFile, match="超过 0 MB"):
        look(PDF, limit=len(PDF) - 1)


def test_a_picture_of_too_many_pixels_is_refused_unread() -> None:
    """The size stands in the first bytes; the pixels need not be there."""
    small = picture("PNG")
    head, width = small[:16], (10_001).to_bytes(4)
    header = b"IHDR" + width + (5_000).to_bytes(4) + small[24:29]
    claimed = head[:12] + header + zlib.crc32(header).to_bytes(4) + small[33:]

    with pytest.raises(UnreadableFile, match="像素过大"):
        look(claimed)


def test_a_directory_that_claims_too_much_is_refused_before_it_is_read() -> None:
    content = bytearray(word())
    content[-10:-6] = (900_000).to_bytes(4, "little")

    with pytest.raises(UnreadableFile, match="部件过多"):
        look(bytes(content))


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("月报.pdf", "pdf", "月报.pdf"),
        ("照片.JPEG", "jpg", "照片.jpg"),
        ("月报.exe", "pdf", "月报.exe.pdf"),
        ("..\\..\\a/b.png", "png", "b.png"),
        ("fdp\u202e.exe\x00.docx", "docx", "fdp.exe.docx"),
        ("", "pdf", "材料.pdf"),
        ("长" * 300 + ".pdf", "pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_shown(name: str, kind: str, shown: str) -> None:
    assert shown_name(name, kind) == shown
