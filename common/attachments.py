"""Uploaded proof: what a file really is, told from its content; its name is only shown.

:func:`examine` takes PDF, JPEG, PNG and the three Office formats of today, and refuses everything
else in one sentence that says what to do instead.
"""

import unicodedata
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from PIL import Image, ImageFile

from common.office_files import office_kind
from common.spreadsheets import MEBIBYTE, UnreadableFile, refusing_malformed

MAX_PIXELS = 50_000_000
MAX_NAME = 120
HEAD, TAIL = 1024, 2048
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
ACCEPTED = "PDF、JPEG 和 PNG 图片、docx、xlsx、pptx"
OTHER = f"不是能收的文件类型，请换成 {ACCEPTED}。"
TOO_MANY_PIXELS = "像素过大（超过 5000 万），请缩小后再传。"
_SAME = {"jpeg": "jpg"}


@dataclass(frozen=True)
class Format:
    """A kind of file that is known by its first bytes, and what to say to it."""

    is_this: Callable[[bytes], bool]
    advice: str


def _begins(*starts: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(starts)


def _is_heic(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"heif", b"mif1", b"hevc"}


def _is_video(head: bytes) -> bool:
    return head[4:8] == b"ftyp" or head.startswith((b"\x1aE\xdf\xa3", b"FLV"))


def _is_markup(head: bytes) -> bool:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return text.startswith((b"<!doctype html", b"<html", b"<svg", b"<?xml", b"<script", b"<head"))


REFUSED = (
    Format(
        _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        "是旧版 Office 格式（.doc、.xls、.ppt）或设了打开密码，"
        "请用 Office 或 WPS 去掉密码、另存为 .docx、.xlsx、.pptx 再传。",
    ),
    Format(
        _is_heic,
        "是苹果手机的 HEIC 照片，请在“设置 - 相机 - 格式”里选“兼容性最佳”后重拍，"
        "或者另存为 JPEG 再传。",
    ),
    Format(_is_video, "是视频，暂不收，请截取关键画面存成 JPEG 再传。"),
    Format(
        _begins(b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"),
        "是压缩包，核验时打不开，请解开后逐个上传。",
    ),
    Format(_is_markup, "是网页或 SVG 图，可能带有程序，不收，请打印成 PDF 再传。"),
    Format(_begins(b"MZ", b"\x7fELF", b"#!"), f"是程序，不收，请换成 {ACCEPTED}。"),
    Format(
        _begins(b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF"),
        "是少用的图片格式，请另存为 JPEG 或 PNG 再传。",
    ),
)


def examine(file: BinaryIO, *, limit: int) -> str:
    """Return which of :data:`MEDIA_TYPES` the content is.

    Args:
        limit: The size in bytes beyond which a file is refused.
    Raises: UnreadableFile with one sentence that follows the name of the file.
    """
    size = file.seek(0, 2)
    if not size:
        raise UnreadableFile("是空文件，请重新选择。")
    if size > limit:
        raise UnreadableFile(
            f"超过 {limit // MEBIBYTE} MB，请压缩图片或拆成几份再传；已有文号的，只填文号也可以。"
        )
    file.seek(0)
    head = file.read(HEAD)
    for known in REFUSED:
        if known.is_this(head):
            raise UnreadableFile(known.advice)
    if head.startswith(b"%PDF-"):
        return _pdf(file, size)
    if head.startswith(b"PK"):
        return office_kind(file)
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _picture(file)
    raise UnreadableFile(OTHER)


def _pdf(file: BinaryIO, size: int) -> str:
    file.seek(max(0, size - TAIL))
    if b"%%EOF" not in file.read():
        raise UnreadableFile("不完整，可能没有传完或已损坏，请重新导出 PDF 再传。")
    return "pdf"


def _picture(file: BinaryIO) -> str:
    """Read a picture without ever holding all its pixels."""
    file.seek(0)
    try:
        with refusing_malformed("图片已损坏，请重新选择或重拍。"), warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=("JPEG", "PNG")) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise UnreadableFile(TOO_MANY_PIXELS)
                if picture.format == "PNG":
                    picture.verify()
                    return "png"
                ImageFile.LOAD_TRUNCATED_IMAGES = False  # a library that draws turns it on for all
                picture.draft("RGB", (max(1, width // 8), max(1, height // 8)))
                picture.load()
                return "jpg"
    except Image.DecompressionBombError as error:
        raise UnreadableFile(TOO_MANY_PIXELS) from error


def shown_name(name: str, kind: str) -> str:
    """Return a file's name as it may be shown and sent: plain text, ending as its content says.

    >>> shown_name("现场照片.pdf", "jpg")
    '现场照片.pdf.jpg'
    """
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    plain = "".join(c for c in plain if unicodedata.category(c)[0] != "C").strip(" .")
    ending = PurePath(plain).suffix.lower().lstrip(".")
    stem = plain[: -len(ending) - 1] if _SAME.get(ending, ending) == kind else plain
    return f"{stem.strip(' .')[: MAX_NAME - len(kind) - 1] or '材料'}.{kind}"
