"""Every form that a person can reach, ready to be filled with anything."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from bs4 import Tag
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.security.crawling import Page, form_values

TYPED = "input:not([type]), input[type=text], input[type=search], input[type=tel], textarea"


@dataclass(frozen=True)
class PostForm:
    """Where a form goes and what it holds as served."""

    url: str
    values: dict[str, str] = field(hash=False)
    typed: tuple[str, ...]
    files: tuple[str, ...]

    def with_everything(self, value: str) -> dict[str, Any]:
        """Return the form with ``value`` in every control, hidden ones and lists included."""
        return dict.fromkeys(self.values, value) | self._upload(value)

    def with_words(self, value: str) -> dict[str, Any]:
        """Return the form with ``value`` wherever a person types words."""
        return self.values | dict.fromkeys(self.typed, value) | self._upload(value)

    def _upload(self, value: str) -> dict[str, Any]:
        content = value.encode("utf-8", "replace")
        return {name: SimpleUploadedFile("x.txt", content) for name in self.files}


def post_forms(pages: Iterable[Page]) -> list[PostForm]:
    """Return the posting forms of the pages, one for each address and set of controls."""
    found: dict[tuple[str, tuple[str, ...]], PostForm] = {}
    for page in pages:
        if page.is_html:
            for form in page.forms("post"):
                made = _form_of(page, form)
                found.setdefault((made.url, tuple(sorted(made.values))), made)
    return [form for form in found.values() if form.url != "/logout/"]


def _form_of(page: Page, form: Tag) -> PostForm:
    radios = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("[type=radio]")}
    boxes = {str(tag["name"]): "on" for tag in form.select("input[type=checkbox][name]")}
    buttons = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("button[name]")}
    return PostForm(
        url=urljoin(page.url, str(form.get("action") or page.url)),
        values=radios | boxes | buttons | dict(form_values(form)),
        typed=tuple(str(tag["name"]) for tag in form.select(TYPED) if tag.has_attr("name")),
        files=tuple(str(tag["name"]) for tag in form.select("input[type=file][name]")),
    )
