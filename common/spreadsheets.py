"""Spreadsheets in and out: text that is never a formula, workbooks that are safe to open.

Out: :func:`guarded` text, always written as a string. In: :func:`checked_workbook` looks at the
package before any parser does, counts what it really unpacks to, and refuses in one sentence.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from common.errors import DomainError

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MEBIBYTE = 1024 * 1024
MAX_UPLOAD = 10 * MEBIBYTE
MAX_UNPACKED = 48 * MEBIBYTE
MAX_MARKS = 1_000_000  # “<”的个数：解析的时间随标记数增长，与字节数关系不大
MAX_OTHER_MARKS = 100_000  # 单元格和文字之外的部件（样式、关系、名称）另设上限
MAX_MEMBERS = 1000
MAX_RATIO = 100  # 解压后与压缩前之比；正常工作簿在 5 到 40 之间
SMALL = MEBIBYTE  # 小于此数的压缩比不论
MAX_CELL = 32_767  # 一个单元格的字数上限(Excel)
CHUNK = 64 * 1024

# 电子表格会当作公式执行的开头，含全角写法和会被跳过的空白符。
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\0＝＋－＠]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CODED = re.compile(rb"[^<]*<\?xml[^>]*encoding=[\"']([\w.-]+)")
_CELL_PARTS = ("xl/worksheets/sheet", "xl/sharedstrings.xml")
_XML_NAMES = (".xml", ".rels", ".vml")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")
# 损坏或故意做坏的工作簿在各层解析器里引出的错误。
_MALFORMED = (
    AttributeError,
    ArithmeticError,
    EOFError,
    InvalidFileException,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,  # ParseError of both XML parsers
    TypeError,
    ValueError,  # defusedxml, encodings and dates
    zipfile.BadZipFile,
    zlib.error,
)

DAMAGED = "文件已损坏或不是 Excel 工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"


class UnreadableFile(DomainError):
    """The file cannot be taken in; the message says why and what to do."""


def guarded(text: str) -> str:
    """Return ``text`` so that no spreadsheet runs it; :func:`unguarded` gives it back exactly."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Undo :func:`guarded`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def cell_text(text: str) -> str:
    """Return ``text`` as it stands in a cell: one kind of line ends, guarded, not too long."""
    return guarded(text.replace("\r\n", "\n").replace("\r", "\n"))[:MAX_CELL]


def text_of_cell(text: str) -> str:
    """Return what a person wrote into a text cell, without guards and file-format escapes."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return unguarded(plain.replace("\r\n", "\n").replace("\r", "\n"))


def checked_workbook(file: BinaryIO) -> "Workbook":
    """Open an .xlsx workbook for reading row by row, after looking at it from outside.

    Raises: UnreadableFile with one sentence for whatever is not a plain workbook of fair size.
    """
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml is missing: uploaded workbooks must not be parsed.")
    with refusing_malformed():
        check_package(file)
        file.seek(0)
        return openpyxl.load_workbook(file, read_only=True, keep_links=False)


@contextmanager
def refusing_malformed(message: str = DAMAGED) -> Iterator[None]:
    """Turn what parsers raise over a malformed file into one sentence."""
    try:
        yield
    except _MALFORMED as error:
        raise UnreadableFile(message) from error


def check_package(file: BinaryIO) -> None:
    """Refuse what is no .xlsx package, hides something in it, or unpacks beyond measure."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    if size > MAX_UPLOAD:
        raise UnreadableFile(
            f"文件有 {size / MEBIBYTE:.1f} MB，超过 10 MB 的上限，请删去图片和多余的行后再上传。"
        )
    _check_magic(file)
    with zipfile.ZipFile(file) as package:
        members = package.infolist()
        _check_members(members)
        _check_contents(package, members)


def _check_magic(file: BinaryIO) -> None:
    head = file.read(8)
    if not head:
        raise UnreadableFile("文件是空的，请重新选择。")
    if head == _OLD_OFFICE:
        if _ENCRYPTED in file.read():
            raise UnreadableFile("文件设了打开密码，请去掉密码后再上传。")
        raise UnreadableFile("这是旧版 .xls 格式，请用 Excel 或 WPS 另存为 .xlsx 再上传。")
    if not head.startswith(b"PK"):
        raise UnreadableFile(
            "这不是 .xlsx 工作簿，请上传本平台导出的 Excel 表；"
            "CSV 用 Excel 打开后编号会被改成日期，不能导回。"
        )
    file.seek(0)


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    names = {member.filename.lower() for member in members}
    if len(members) > MAX_MEMBERS:
        raise UnreadableFile("文件内部的部件过多，不像一张表格，请重新导出后再填。")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile("文件设了打开密码，请去掉密码后再上传。")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadableFile("文件里带有宏，不予导入，请另存为不带宏的 .xlsx 再上传。")
    if any("/externallinks/" in name for name in names):
        raise UnreadableFile("表里引用了别的工作簿，请断开外部链接、粘贴为数值后再上传。")
    if any(part in name for name in names for part in ("/embeddings/", "/activex/")):
        raise UnreadableFile("表里嵌有其他文件或控件，请删去后再上传。")
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise UnreadableFile("这不是 .xlsx 工作簿，请上传本平台导出的 Excel 表。")
    plain = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if any(member.compress_type not in plain for member in members):
        raise UnreadableFile(DAMAGED)


def _check_contents(package: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> None:
    """Count what the members really hold: sizes written in the package are not believed."""
    unpacked = marks = others = 0
    packed = max(1, sum(member.compress_size for member in members))
    for member in members:
        is_xml = member.filename.lower().endswith(_XML_NAMES)
        tail = b""
        with package.open(member) as stream:
            while chunk := stream.read(CHUNK):
                unpacked += len(chunk)
                found = chunk.count(b"<") if is_xml else 0
                marks += found
                others += 0 if member.filename.lower().startswith(_CELL_PARTS) else found
                if unpacked > MAX_UNPACKED or marks > MAX_MARKS or others > MAX_OTHER_MARKS:
                    raise UnreadableFile(
                        "表格展开后过大，不予打开，请删去多余的行、列和格式后再上传。"
                    )
                if unpacked > SMALL and unpacked > packed * MAX_RATIO:
                    raise UnreadableFile("文件的压缩比异常，不予打开，请重新导出后再填。")
                if is_xml:
                    _check_xml(tail + chunk, is_start=not tail)
                    tail = chunk[-16:]


def _check_xml(text: bytes, *, is_start: bool) -> None:
    """Refuse document types and entities, and encodings in which they could hide."""
    if _DECLARED.search(text) or (is_start and text.startswith(_WIDE_MARKS)):
        raise UnreadableFile("文件里有不允许的声明，不予打开，请重新导出后再填。")
    coded = _CODED.match(text) if is_start else None
    if coded and coded[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}:
        raise UnreadableFile(DAMAGED)
