"""The caller's side of the fenced renderer: one child process, its limits, its end."""

import base64
import hashlib
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from documents.exceptions import RenderFailed
from documents.typesetting import child
from documents.typesetting.fonts import font_environment

logger = logging.getLogger(__name__)
CHILD = Path(child.__file__)
WALL_SECONDS, CPU_SECONDS, MEMORY_MB = 120, 90, 1536
MAX_MARKUP = 8 * 1024 * 1024
OUT_OF_MEMORY = "排版所用内存超过 {limit} MB 的限制，已停止，请减少表格行数或另附电子表格后重试。"
NAMED_CHARACTERS = 5
REASONS = {
    "resource": "文件里引用了平台以外的资源，已拒绝载入。",
    "pages": "内容超过一页，排不下，请删减正文后重试。",
}


@dataclass(frozen=True)
class Markup:
    """Everything a rendering needs: no name in it is ever looked up outside of it."""

    html: str
    css: str
    stamped: str  # 签发或生成的时刻，写入文件属性
    resources: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    data: bytes = b""  # 随文附带的数据（规范化 JSON）
    tighter: Sequence[str] = ()  # 只能排一页的：排不下时依次加上的样式；空为不限页数
    last_side: Sequence[str] = ()  # 版记落在单数面上时加上的样式：其前没有、有空白页的
    closer: str = ""  # 版记要空一面另起时先试的样式；空为不试

    @property
    def identifier(self) -> str:
        """The PDF's identity follows from its content: the same content is the same file."""
        return hashlib.sha256(self.html.encode() + self.css.encode() + self.data).hexdigest()[:32]

    def request(self, cpu_seconds: int) -> str:
        attachments = (
            [
                {
                    "name": "data.json",
                    "description": "本文所依据的数据",
                    "data": base64.b64encode(self.data).decode(),
                }
            ]
            if self.data
            else []
        )
        return json.dumps(
            {
                "html": self.html,
                "css": self.css,
                "identifier": self.identifier,
                "stamped": self.stamped,
                "cpu_seconds": cpu_seconds,
                "resources": {
                    name: [kind, base64.b64encode(data).decode()]
                    for name, (kind, data) in self.resources.items()
                },
                "attachments": attachments,
                "tighter": list(self.tighter),
                "last_side": list(self.last_side),
                "closer": self.closer,
            }
        )


class Renderer:
    """A warm child process.  It is started at the first document and ends with the ``with``."""

    def __init__(
        self,
        *,
        wall_seconds: float = WALL_SECONDS,
        cpu_seconds: int = CPU_SECONDS,
        memory_mb: int = MEMORY_MB,
    ) -> None:
        self.wall_seconds, self.cpu_seconds = wall_seconds, cpu_seconds
        self.memory_mb = memory_mb
        self.peak_kb = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def render(self, markup: Markup) -> bytes:
        """Return the PDF of ``markup``. Raises: RenderFailed with a Chinese reason."""
        if len(markup.html) > MAX_MARKUP:
            raise RenderFailed("文件内容过长，无法一次排成 PDF，请拆分后重试。")
        process = self._process or self._start()
        line = (markup.request(self.cpu_seconds) + "\n").encode()
        try:
            reply = self._exchange(process, line)
        except TimeoutError:
            self.close()
            raise RenderFailed(
                f"排版超过 {self.wall_seconds:.0f} 秒未完成，已停止，请减少内容后重试。"
            ) from None
        except (BrokenPipeError, EOFError, json.JSONDecodeError):
            raise RenderFailed(_why_dead(self.close(), self.memory_mb)) from None
        if "error" in reply:
            self.close()
            logger.error("Rendering failed: %s", reply["error"])
            if reply["error"] == "memory":
                raise RenderFailed(OUT_OF_MEMORY.format(limit=self.memory_mb))
            if reply["error"].startswith("glyphs:"):
                raise RenderFailed(_without_glyph(reply["error"].partition(":")[2]))
            raise RenderFailed(REASONS.get(reply["error"], "排版程序出错，未能生成文件。"))
        self.peak_kb = max(self.peak_kb, reply["peak_kb"])
        return base64.b64decode(reply["pdf"])

    def close(self) -> int | None:
        """End the child, by force if it must be; return its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue
        try:
            process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if self._scratch is not None:
            self._scratch.cleanup()
            self._scratch = None
        return process.returncode

    def _start(self) -> subprocess.Popen[bytes]:
        self._scratch = tempfile.TemporaryDirectory(prefix="qinnan-pdf-")
        environment = {
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "HOME": self._scratch.name,
            "SOURCE_DATE_EPOCH": "0",
            "MALLOC_ARENA_MAX": "1",  # else a thread reserves memory that it never uses
            **font_environment(),
        }
        self._process = subprocess.Popen(  # noqa: S603 - our own script by its path
            [sys.executable, "-I", str(CHILD), str(self.memory_mb), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch.name,
            env=environment,
            close_fds=True,
        )
        return self._process

    def _exchange(self, process: subprocess.Popen[bytes], line: bytes) -> dict[str, Any]:
        """Send one request and read one answer, all of it before the wall."""
        assert process.stdin is not None  # noqa: S101 - piped
        assert process.stdout is not None  # noqa: S101 - piped
        deadline = time.monotonic() + self.wall_seconds
        os.set_blocking(process.stdin.fileno(), False)
        unsent, received = memoryview(line), bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdin, selectors.EVENT_WRITE)
            selector.register(process.stdout, selectors.EVENT_READ)
            while not received.endswith(b"\n"):
                left = deadline - time.monotonic()
                ready = {key.fd for key, _ in selector.select(left)} if left > 0 else None
                if not ready:
                    raise TimeoutError
                if process.stdin.fileno() in ready:
                    unsent = unsent[os.write(process.stdin.fileno(), unsent) :]
                    if not unsent:
                        selector.unregister(process.stdin)
                if process.stdout.fileno() in ready:
                    received += _read(process.stdout.fileno())
        reply: dict[str, Any] = json.loads(received)
        return reply


def _read(source: int) -> bytes:
    """Return the next bytes. Raises: EOFError when the child is gone."""
    chunk = os.read(source, 1 << 20)
    if not chunk:
        raise EOFError
    return chunk


def _without_glyph(codes: str) -> str:
    """Name the characters that no typeface has, and say what to do."""
    named = [f"“{chr(int(code, 16))}”（U+{code}）" for code in codes.split(",")]
    more = f"等 {len(named)} 个" if len(named) > NAMED_CHARACTERS else ""
    return (
        f"现有字体里没有{'、'.join(named[:NAMED_CHARACTERS])}{more}字，印出来会是空框，已停止；"
        "请改用别的写法，或者把收有这些字的字体放进字体目录后重试。"
    )


def _why_dead(code: int | None, memory_mb: int) -> str:
    """Say why a child ended that gave no answer.

    What ends it by a fault of its own (ILL, TRAP, ABRT, BUS, SEGV) is native code whose allocation
    failed faster than the child could watch; its markup comes from our templates alone.
    """
    if code == child.OUT_OF_MEMORY:
        return OUT_OF_MEMORY.format(limit=memory_mb)
    reasons: dict[int, str] = {
        signal.SIGKILL: "被系统终止（内存不足），未能生成文件，可稍后重试。",
        signal.SIGXCPU: "用时超过限制，未能生成文件，请减少内容后重试。",
    }
    faults = (signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGSEGV)
    crash = f"异常中止，多半是内存超过 {memory_mb} MB 的限制，请减少内容后重试。"
    reasons |= dict.fromkeys(faults, crash)
    number = -code if code is not None and code < 0 else 0
    return "排版进程" + reasons.get(number, "意外退出，未能生成文件，可稍后重试。")
