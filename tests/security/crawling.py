"""Walk through the site as a person would: every link, every filter, every fragment, every file."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from zipfile import ZipFile

from bs4 import BeautifulSoup, SoupStrainer, Tag
from django.test import Client
from lxml.etree import Element
from lxml.html import HtmlElement, document_fromstring
from openpyxl import load_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
# Filters combine without end: what a query string may hold, and how often one page is asked for.
MAX_PARAMETERS = 2
MAX_VISITS = 15
MAX_FRAGMENTS = 3
ONE_TIME = re.compile(
    r'(name="(?:csrfmiddlewaretoken|token)" value="|X-CSRFToken&quot;: &quot;|X-CSRFToken": "'
    r"|/calendar/)"
    r"[\w-]+"
)


@dataclass(frozen=True)
class Page:
    """One answer: where it was got, by htmx or not, and what it says."""

    url: str
    is_fragment: bool
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def is_html(self) -> bool:
        return self.media_type == "text/html"

    @property
    def has_fragment(self) -> bool:
        """Whether htmx would be answered with a part of the page."""
        return "HX-Request" in self.headers.get("Vary", "")

    @property
    def text(self) -> str:
        """All that a reader could find in it, without marks that differ from answer to answer."""
        if self.media_type == XLSX:
            return _cells_of(self.body)
        if self.media_type == ZIP:
            return raw_text(self)
        text = self.body.decode()
        return ONE_TIME.sub(r"\1…", text) if self.is_html else text

    def forms(self, method: str) -> list[Tag]:
        """Return the forms that are sent by ``method``; nothing else of the page is read."""
        only = SoupStrainer("form")
        found = BeautifulSoup(self.body.decode(), "lxml", parse_only=only)("form")
        return [form for form in found if form.get("method", "get") == method]

    @property
    def tags(self) -> Iterator[HtmlElement]:
        """Every tag as a browser would take it, without its text: much quicker than the soup."""
        return document_fromstring(self.body.decode() or "<p>").iter(Element)


def read(response: Any) -> bytes:
    """Return the body; read to its end a file closes itself, and the database stays open."""
    return b"".join(response) if response.streaming else bytes(response.content)


def page_of(response: Any, url: str, *, is_fragment: bool = False) -> Page:
    """Read a response to its end."""
    body = read(response)
    return Page(url, is_fragment, response.status_code, dict(response.headers), body)


def crawl(client: Client, starts: Iterable[str] = ("/",)) -> dict[tuple[str, bool], Page]:
    """Visit everything that can be reached from ``starts``; (address, is fragment) → page."""
    found: dict[tuple[str, bool], Page] = {}
    waiting, visits, planned = list(dict.fromkeys(starts)), Counter[str](), Counter[str]()
    known = set(waiting)
    for url in waiting:  # grows while it is read
        visits[path := urlsplit(url).path] += 1
        pages = [page_of(client.get(url), url)]
        if pages[0].has_fragment and visits[path] <= MAX_FRAGMENTS:
            fragment = client.get(url, headers={"HX-Request": "true"})
            pages.append(page_of(fragment, url, is_fragment=True))
        for page in pages:
            found[url, page.is_fragment] = page
            for link in _links(page):
                to = urlsplit(link).path
                if link not in known and planned[to] < MAX_VISITS:
                    known.add(link)
                    planned[to] += 1
                    waiting.append(link)
    return found


def _links(page: Page) -> Iterator[str]:
    if "Location" in page.headers:
        yield from _inside(page.url, page.headers["Location"])
    if not page.is_html:
        return
    for tag in page.tags:
        for name in ("href", "hx-get"):
            if name in tag.attrib and tag.tag != "link":
                yield from _inside(page.url, tag.attrib[name])
    for form in page.forms("get"):
        for values in _choices(form):
            yield from _inside(page.url, f"{form.get('action') or ''}?{urlencode(values)}")


def _choices(form: Tag) -> Iterator[list[tuple[str, str]]]:
    """Yield what the form sends untouched, and with each option of each list in turn."""
    plain = dict(form_values(form))
    yield list(plain.items())
    for field in form.select("select[name]"):
        for option in field.select("option[value]"):
            yield list((plain | {str(field["name"]): str(option["value"])}).items())


def form_values(form: Tag) -> Iterator[tuple[str, str]]:
    """Yield name and value of each control as the page was served."""
    for field in form.select("input[name], select[name], textarea[name]"):
        name, kind = str(field["name"]), field.get("type")
        if field.name == "textarea":
            yield name, field.get_text()
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            yield name, str(chosen.get("value", "")) if chosen else ""
        elif kind not in {"checkbox", "radio", "file"} or field.has_attr("checked"):
            yield name, str(field.get("value", ""))


def _inside(base: str, target: str) -> Iterator[str]:
    """Yield the address if it leads to a page of the platform worth a visit."""
    parts = urlsplit(urljoin(base, target))
    pairs = [(name, value) for name, value in parse_qsl(parts.query) if value]
    if parts.netloc or parts.scheme or len(pairs) > MAX_PARAMETERS:
        return
    if not parts.path.startswith(("/static/", "/logout/", "/login/")):
        yield f"{parts.path}?{urlencode(pairs)}" if pairs else parts.path


def _cells_of(body: bytes) -> str:
    """Return every cell of a workbook, and every word of its parts that are no cells."""
    book = load_workbook(io.BytesIO(body), read_only=False)
    rows = io.StringIO()
    for sheet in book.worksheets:
        csv.writer(rows).writerows([[sheet.title], *sheet.iter_rows(values_only=True)])
    book.close()
    return rows.getvalue()


def raw_text(page: Page) -> str:
    """Return everything that the file holds, unpacked, hidden sheets and properties too."""
    if page.media_type not in {XLSX, ZIP}:
        return page.body.decode()
    with ZipFile(io.BytesIO(page.body)) as parts:
        return "".join(parts.read(name).decode() for name in parts.namelist())
