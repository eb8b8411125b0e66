"""From a file to its text, or one clear sentence why not.

A plan arrives as .txt in UTF-8 (with or without a mark) or GB18030, or as .docx.  The name says
which; the bytes must agree.  Line ends of any system become ``\\n``, as Python reads text.
"""

import re
from pathlib import Path

from clauses.reading.characters import is_chinese
from clauses.reading.errors import UnreadablePlan
from clauses.reading.word import docx_text

MAX_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 300_000  # three times the longest national plan; read in some seconds
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
# The commonest characters of official Chinese; a wrongly decoded text has hardly any of them.
_COMMON = frozenset("的一是在不和有人中大为国以要时来用工作对分行政部门和发展安全管理责任全法及施")
_COMMON_SHARE = 0.04


def read_file(path: Path | str) -> str:
    """Return the text of a .txt or .docx file.

    Raises: UnreadablePlan with one Chinese sentence.
    """
    path = Path(path)
    if path.is_dir():
        raise UnreadablePlan(f"{path.name} 是文件夹，请指定 .txt 或 .docx 文件。")
    if not path.exists():
        raise UnreadablePlan(f"找不到文件 {path.name}，请检查路径。")
    _check_suffix(path.name)
    if not path.is_file():  # a pipe or a device: reading it might never end
        raise UnreadablePlan(f"{path.name} 不是普通文件，请指定保存好的 .txt 或 .docx 文件。")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadablePlan(f"{path.name} 超过 20 MB，不像一份方案，请检查文件。")
        data = path.read_bytes()
    except OSError as error:
        raise UnreadablePlan(f"无法打开 {path.name}，请检查文件权限。") from error
    return read_bytes(path.name, data)


def read_bytes(name: str, data: bytes) -> str:
    """Return the text of an uploaded file, given its name and content.

    Raises: UnreadablePlan with one Chinese sentence.
    """
    suffix = _check_suffix(name)
    if len(data) > MAX_BYTES:
        raise UnreadablePlan(f"{name} 超过 20 MB，不像一份方案，请检查文件。")
    if not data.strip():
        raise UnreadablePlan(f"{name} 是空文件，没有可以读取的内容。")
    if data.startswith(OLE_MAGIC):
        raise UnreadablePlan(_ole_message(name, data))
    text = docx_text(name, data) if suffix == ".docx" else _plain_text(name, data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise UnreadablePlan(f"{name} 里没有文字，可能是扫描图片，请换成可以复制文字的文件。")
    if len(text) > MAX_CHARACTERS:
        raise UnreadablePlan(
            f"{name} 有 {len(text) / 10_000:.0f} 万字，最多能读取 {MAX_CHARACTERS // 10_000} 万字，"
            "请只保留方案正文后再导入。"
        )
    return text


def _check_suffix(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix in {".doc", ".wps"}:
        raise UnreadablePlan(f"{name} 是旧版格式，请在 Word 或 WPS 中另存为 .docx 后再导入。")
    if suffix not in {".txt", ".docx"}:
        raise UnreadablePlan(f"只能读取 .txt 和 .docx 文件，请将 {name} 另存为其中一种格式。")
    return suffix


def _ole_message(name: str, data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return f"{name} 设有打开密码，请在 Word 中取消密码后再导入。"
    return f"{name} 是旧版 Word 文档，请在 Word 或 WPS 中另存为 .docx 后再导入。"


def _plain_text(name: str, data: bytes) -> str:
    if data.startswith(ZIP_MAGIC):
        raise UnreadablePlan(f"{name} 不是文本文件，如为 Word 文档请将扩展名改回 .docx。")
    text = _decode(data)
    if text is None or _CONTROL.search(text):
        raise UnreadablePlan(
            f"{name} 不是 UTF-8 或 GB18030 编码的文本，请另存为这两种编码之一后再导入。"
        )
    return text


def _decode(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try(data, "utf-16")
    text = _try(data, "utf-8-sig")
    if text is not None:
        return text
    text = _try(data, "gb18030")
    return text if text is not None and _reads_as_chinese(text) else None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _reads_as_chinese(text: str) -> bool:
    chinese = [char for char in text if is_chinese(char)]
    common = sum(char in _COMMON for char in chinese)
    return bool(chinese) and common >= _COMMON_SHARE * len(chinese)
