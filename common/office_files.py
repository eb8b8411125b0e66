"""Word, Excel and PowerPoint files of today, looked at from outside before anybody opens them."""

import zipfile
from typing import BinaryIO

from defusedxml.ElementTree import fromstring

from common.spreadsheets import CHUNK, MEBIBYTE, UnreadableFile, refusing_malformed

MAX_MEMBERS = 2000
MAX_DIRECTORY = 400 * MAX_MEMBERS  # 目录每条 46 字节加上部件名
MAX_UNPACKED = 200 * MEBIBYTE
MAX_RATIO = 100
SMALL = MEBIBYTE
MAX_RELATIONS = 4 * MEBIBYTE
END, END_SIZE, ZIP64 = b"PK\x05\x06", 22, b"PK\x06\x07"
MAIN_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
DAMAGED = "已损坏，请用 Office 或 WPS 打开后另存一份再传。"
ARCHIVE = "是压缩包，核验时打不开，请解开后逐个上传。"


def office_kind(file: BinaryIO) -> str:
    """Return ``docx``, ``xlsx`` or ``pptx`` for a plain Office file.

    Raises: UnreadableFile for other packages and for macros, embedded files, links to outside
    other than those a reader follows on purpose, passwords, and packages that unpack beyond
    measure.
    """
    with refusing_malformed(DAMAGED):
        _check_directory(file)
        with zipfile.ZipFile(file) as package:
            members = package.infolist()
            kind = _kind_of(members)
            _check_members(members)
            _check_contents(package, members)
            _check_relations(package, members)
            return kind


def _check_directory(file: BinaryIO) -> None:
    """Read the size of the package's directory before a parser takes all of it into memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - END_SIZE - 0xFFFF))
    tail = file.read()
    last = len(tail) - END_SIZE
    plain = last >= 0 and tail[last : last + 4] == END and tail.endswith(b"\0\0")
    at = last if plain else tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise UnreadableFile(DAMAGED)
    members = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if ZIP64 in tail[max(0, at - 20) : at]:
        raise UnreadableFile(DAMAGED)
    if members > MAX_MEMBERS or directory > MAX_DIRECTORY:
        raise UnreadableFile("内部的部件过多，不像一份文稿，请另存一份再传。")
    file.seek(0)


def _kind_of(members: list[zipfile.ZipInfo]) -> str:
    names = {member.filename.lower() for member in members}
    if "ofd.xml" in names:
        raise UnreadableFile("是 OFD 版式文件，请用阅读器另存为 PDF 再传。")
    kinds = [kind for part, kind in MAIN_PARTS.items() if part in names]
    if len(kinds) != 1 or "[content_types].xml" not in names:
        raise UnreadableFile(ARCHIVE)
    return kinds[0]


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename.lower() for member in members]
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile("设了打开密码，请去掉密码后再传。")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise UnreadableFile("带有宏，请另存为不带宏的 .docx、.xlsx、.pptx 再传。")
    if any(part in name for name in names for part in ("/embeddings/", "/activex/")):
        raise UnreadableFile("里面嵌有别的文件或控件，请删去，或者打印成 PDF 再传。")
    plain = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if len(members) > MAX_MEMBERS or any(item.compress_type not in plain for item in members):
        raise UnreadableFile(DAMAGED)


def _check_contents(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Count what the members really hold: sizes written in the package are not believed."""
    unpacked = 0
    packed = max(1, sum(member.compress_size for member in members))
    for member in members:
        with package.open(member) as stream:
            while chunk := stream.read(CHUNK):
                unpacked += len(chunk)
                is_bomb = unpacked > SMALL and unpacked > packed * MAX_RATIO
                if unpacked > MAX_UNPACKED or is_bomb:
                    raise UnreadableFile("展开后过大，不予打开，请打印成 PDF 再传。")


def _check_relations(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Refuse what a program would fetch from elsewhere; a link that is clicked may stay."""
    for member in members:
        if not member.filename.lower().endswith(".rels"):
            continue
        if member.file_size > MAX_RELATIONS:
            raise UnreadableFile(DAMAGED)
        relations = fromstring(package.read(member), forbid_dtd=True)
        for relation in relations.iter():
            is_outside = relation.get("TargetMode", "").lower() == "external"
            if is_outside and not relation.get("Type", "").endswith("/hyperlink"):
                raise UnreadableFile(
                    "引用了外部的图片、模板或文件，请断开链接、改为嵌入图片，或者打印成 PDF 再传。"
                )
