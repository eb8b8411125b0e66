"""The fenced process that turns markup into PDF.  Run as a script, it knows nothing of Django.

Requests and answers are JSON lines on standard input and output.  Before the first request the
process gives up memory (the first argument, in MB), files and the network, and ties its life to the
caller's (the second argument, its process id); each request brings its own share of CPU time.
Exactly the resources that came with a request can be fetched, under names that begin ``qinnan:``.
"""

import base64
import ctypes
import gc
import json
import logging
import os
import resource
import signal
import sys
import threading
import time
from datetime import datetime
from typing import Any

CLONE_NEWUSER, CLONE_NEWNET, PR_SET_PDEATHSIG = 0x10000000, 0x40000000, 1
WRITTEN = 32 * 1024 * 1024
OUT_OF_MEMORY = 77  # exit code
SCHEME = "qinnan:"
RIGHT_AFTER, AFTER_A_BLANK = 0, 1  # a side of the imprint's own
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.system",
    "ftplib.",
)


def fence(memory: int, parent: int) -> None:
    """Limit memory and files, leave the network, and die with the process that asked."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # it was gone before the tie was made
    library.unshare(CLONE_NEWUSER | CLONE_NEWNET)  # refused in some containers; the hook stays


def watch_memory(limit: int) -> None:
    """End in good order shortly before the limit, where native code would crash without a word."""
    pages = os.open("/proc/self/statm", os.O_RDONLY)
    most = limit * 9 // 10 // resource.getpagesize()

    def watch() -> None:
        while int(os.pread(pages, 64, 0).split()[0]) < most:
            time.sleep(0.02)
        os._exit(OUT_OF_MEMORY)

    threading.Thread(target=watch, daemon=True).start()


def close_door(readable: tuple[str, ...]) -> None:
    """Refuse, for good, every connection, every process and every file but those of the program."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} is not allowed here.")
        if event == "open" and isinstance(arguments[0], str):
            path, mode = os.path.realpath(arguments[0]), arguments[1]
            writes = isinstance(mode, str) and set(mode) & set("wax+")
            if writes or not path.startswith(readable):
                raise PermissionError("This file is not allowed here.")

    sys.addaudithook(hook)


def make_fetcher(resources: dict[str, list[str]]) -> Any:
    """Return a fetcher that serves ``resources`` (name → media type, base64) and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class NamedOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(SCHEME)
            if not url.startswith(SCHEME) or name not in resources:
                raise FatalURLFetchingError("outside resource refused")
            kind, data = resources[name]
            return URLFetcherResponse(url, base64.b64decode(data), {"Content-Type": kind})

    return NamedOnly(allow_redirects=False, fail_on_errors=True)


class TooLong(Exception):
    """What must fit one page does not."""


class NoGlyph(Exception):
    """No typeface has these characters: a paper would show a box in their place."""


class Boxes(logging.Handler):
    """Notes the characters that the renderer says it drew as boxes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[int] = set()

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith(".notdef glyph") and isinstance(record.args, tuple):
            self.found.add(int(str(record.args[1])))


class Taken:
    """How the imprint came to an even side in earlier papers, by their length.

    A paper is as long as its tables have rows; characters tell apart what has as many rows.
    """

    MOST = 200

    def __init__(self) -> None:
        self.sides: dict[tuple[int, int], int | None] = {}

    def note(self, html: str, side: int | None) -> None:
        self.sides[self._length(html)] = side
        if len(self.sides) > self.MOST:
            del self.sides[next(iter(self.sides))]

    def nearest(self, html: str) -> int | None:
        rows, characters = self._length(html)
        like = min(
            self.sides,
            key=lambda one: (abs(one[0] - rows), abs(one[1] - characters)),
            default=(0, 0),
        )
        return self.sides.get(like)

    def _length(self, html: str) -> tuple[int, int]:
        return html.count("<tr"), len(html)


class Renderer:
    """Keeps fonts and parsed style sheets between documents."""

    def __init__(self) -> None:
        from weasyprint.text.fonts import FontConfiguration

        self.fonts = FontConfiguration()
        self.sheets: dict[str, Any] = {}
        self.taken = Taken()
        self.boxes = Boxes()
        logging.getLogger("weasyprint").addHandler(self.boxes)

    def render(self, request: dict[str, Any]) -> bytes:
        """Set one document."""
        from weasyprint import HTML, Attachment

        fetcher = make_fetcher(request["resources"])
        stamp = datetime.fromisoformat(request["stamped"])
        page = HTML(string=request["html"], base_url="qinnan:", url_fetcher=fetcher)
        attachments = [
            Attachment(
                string=base64.b64decode(item["data"]),
                name=item["name"],
                description=item["description"],
                relationship="Data",
                created=stamp,
                modified=stamp,
                url_fetcher=fetcher,
            )
            for item in request.get("attachments", [])
        ]
        options = {
            "attachments": attachments,
            "pdf_variant": "pdf/a-3a",
            "pdf_identifier": request["identifier"].encode(),
            "custom_metadata": False,
        }
        sheets = [self._sheet(text, fetcher) for text in (request["css"], *request["tighter"])]
        if request["last_side"]:
            sheets += [self._sheet(text, fetcher) for text in request["last_side"]]
            document = self._set_on_even_side(page, sheets, request["html"], options)
            if request["closer"] and imprint_side(document) == AFTER_A_BLANK:
                closer = [sheets[0], self._sheet(request["closer"], fetcher)]
                document = self._set_closer(page, closer, options) or document
        else:
            document = self._set_tight(page, sheets, options)
        self.boxes.found.clear()
        result: bytes = document.write_pdf(finisher=plain_metadata, **options)
        if self.boxes.found:
            raise NoGlyph(",".join(f"{code:X}" for code in sorted(self.boxes.found)))
        return result

    def _set_tight(self, page: Any, sheets: list[Any], options: dict[str, Any]) -> Any:
        """Lay out with one tighter sheet after the other, until one page holds it if it must."""
        document = self._set(page, sheets[:1], options)
        for tighter in sheets[1:]:
            if len(document.pages) > 1:
                document = self._set(page, [sheets[0], tighter], options)
        if sheets[1:] and len(document.pages) > 1:
            raise TooLong
        return document

    def _set_on_even_side(
        self, page: Any, sheets: list[Any], html: str, options: dict[str, Any]
    ) -> Any:
        """Lay out with the imprint on an even side.

        Which sheet that takes is known only once the text is laid out: the first attempt is made
        with the one that the paper nearest in length took, the second with the right one.
        """
        guess = self.taken.nearest(html)
        document = self._set(page, _with_side(sheets, guess), options)
        side = imprint_side(document)
        self.taken.note(html, side)
        return document if side == guess else self._set(page, _with_side(sheets, side), options)

    def _set_closer(self, page: Any, sheets: list[Any], options: dict[str, Any]) -> Any:
        """Lay out with closer tables; return nothing if the imprint needs its own side even so."""
        document = self._set(page, sheets, options)
        return document if imprint_side(document) is None else None

    def _set(self, page: Any, sheets: list[Any], options: dict[str, Any]) -> Any:
        return page.render(stylesheets=sheets, font_config=self.fonts, **options)

    def _sheet(self, text: str, fetcher: Any) -> Any:
        from weasyprint import CSS

        if text not in self.sheets:
            self.sheets[text] = CSS(string=text, font_config=self.fonts, url_fetcher=fetcher)
        return self.sheets[text]


def _with_side(sheets: list[Any], side: int | None) -> list[Any]:
    return sheets[:1] if side is None else [sheets[0], sheets[1 + side]]


def imprint_side(document: Any) -> int | None:
    """Return whether the imprint needs a side of its own: right after the text, or after a blank.

    None where it stands, or has room to stand, below the text and on an even side. The answer is
    the same whichever of the three the document was laid out for.
    """
    ends = max(place for place, page in enumerate(document.pages, 1) if "end" in page.anchors)
    if ends % 2:
        return RIGHT_AFTER
    text, last = document.pages[ends - 1], document.pages[-1]
    bottom, top = text.anchors["end"][3], last.anchors["imprint"][1]
    return None if text is last or (text.width == last.width and bottom <= top) else AFTER_A_BLANK


def plain_metadata(_document: Any, pdf: Any) -> None:
    """Store the XMP packet as it is, so that archives can read it without unpacking."""
    for item in pdf.objects:
        if getattr(item, "extra", {}).get("Type") == "/Metadata":
            item.compress = False


def grant_time(seconds: int) -> None:
    """Allow ``seconds`` more of CPU time from now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def answer(renderer: Renderer, request: dict[str, Any]) -> dict[str, Any]:
    """Render one request; what goes wrong is named by its kind alone, never by document text."""
    from weasyprint.urls import FatalURLFetchingError

    grant_time(request["cpu_seconds"])
    try:
        pdf = renderer.render(request)
    except FatalURLFetchingError:  # no Exception: WeasyPrint lets it through
        return {"error": "resource"}
    except TooLong:
        return {"error": "pages"}
    except NoGlyph as error:
        return {"error": f"glyphs:{error}"}
    except MemoryError:
        return {"error": "memory"}
    except Exception as error:  # noqa: BLE001 - whatever fails here must reach the parent as a line
        return {"error": f"failed:{type(error).__name__}"}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"pdf": base64.b64encode(pdf).decode(), "peak_kb": peak}


def main() -> None:
    output = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # a stray print must not break the protocol
    memory = int(sys.argv[1]) * 1024 * 1024
    fence(memory, int(sys.argv[2]))
    watch_memory(memory)
    renderer = Renderer()
    gc.freeze()  # modules and fonts stay for good: looking through them again costs a tenth
    gc.disable()  # a paper's own rings go at its end, in one pass
    font_places = tuple(json.loads(os.environ.get("QINNAN_FONT_PLACES", "[]")))
    places = (*sys.path, sys.prefix, sys.base_prefix, "/usr/share", "/usr/lib", *font_places)
    close_door(tuple(os.path.realpath(place) for place in places))
    for line in sys.stdin:
        output.write(json.dumps(answer(renderer, json.loads(line))) + "\n")
        output.flush()
        gc.collect()


if __name__ == "__main__":
    sys.path = [place for place in sys.path if place]
    main()
