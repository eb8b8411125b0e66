"""Put what a person typed back into the form of a page that was made afresh."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

LEFT_ALONE = frozenset({"password", "file", "submit", "button", "image", "reset"})
TICKED = frozenset({"checkbox", "radio"})
Typed = Mapping[str, list[str]]
Attributes = dict[str, str | None]


@dataclass
class Control:
    """A field of a form, and where its tag and its content stand in the page."""

    tag: str
    attributes: Attributes
    start: int
    end: int
    close: int = 0
    options: "list[Control]" = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def kind(self) -> str:
        return (self.attributes.get("type") or "text").lower()


@dataclass
class Form:
    """A form that sends something: where it may send it, and its fields."""

    targets: set[str]
    controls: list[Control] = field(default_factory=list)


class Forms(HTMLParser):
    """Find the forms of a page with the places of their fields."""

    def __init__(self, page: str, *, path: str) -> None:
        super().__init__(convert_charrefs=False)
        self.path = path
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.line_starts = [0]
        for line in page.split("\n"):
            self.line_starts.append(self.line_starts[-1] + len(line) + 1)
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form" and (attributes.get("method") or "").lower() == "post":
            self.form = Form({self._target(attributes.get("action"))})
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag in {"button", "input"} and attributes.get("formaction"):
            self.form.targets.add(self._target(attributes["formaction"]))
        elif tag in {"input", "textarea", "select", "option"}:
            self._add(self.form, tag, attributes)

    def _add(self, form: Form, tag: str, attributes: Attributes) -> None:
        start = self._here()
        control = Control(tag, attributes, start, start + len(self.get_starttag_text() or ""))
        if tag == "option" and form.controls:
            form.controls[-1].options.append(control)
        elif tag != "option":
            form.controls.append(control)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.form and self.form.controls:
            self.form.controls[-1].close = self._here()

    def _here(self) -> int:
        line, column = self.getpos()
        return self.line_starts[line - 1] + column

    def _target(self, action: str | None) -> str:
        return urlsplit(urljoin(self.path, action or self.path)).path


def refill(page: str, *, path: str, action: str, typed: Typed) -> str:
    """Return ``page`` with ``typed`` in the form that sends to ``action``; else as it was.

    Hidden fields come back too: what a form was begun on decides whether it is stale.
    """
    fitting = [form for form in Forms(page, path=path).forms if action in form.targets]
    if not fitting:
        return page
    best = max(
        fitting, key=lambda form: len({control.name for control in form.controls} & typed.keys())
    )
    pieces, here = [], 0
    for start, end, text in _changes(best, typed):
        pieces += [page[here:start], text]
        here = end
    return "".join([*pieces, page[here:]])


def _changes(form: Form, typed: Typed) -> Iterator[tuple[int, int, str]]:
    """Yield what to write instead of which part of the page; the n-th field of a name takes the
    n-th value."""
    left = {name: iter(values) for name, values in typed.items() if name != "csrfmiddlewaretoken"}
    for control in form.controls:
        name = control.name
        if control.tag == "select":
            yield from _chosen(control, typed, left)
        elif control.kind in TICKED and control.tag == "input":
            if name:
                is_on = (control.attributes.get("value") or "on") in typed.get(name, [])
                yield control.start, control.end, _marked(control, "checked", is_on=is_on)
        elif (
            control.kind not in LEFT_ALONE
            and (value := next(left.get(name, iter(())), None)) is not None
        ):
            yield _written(control, value)


def _chosen(
    control: Control, typed: Typed, left: Mapping[str, Iterator[str]]
) -> Iterator[tuple[int, int, str]]:
    name = control.name
    if name not in left:
        return
    many = "multiple" in control.attributes
    wanted = typed[name] if many else [next(left[name], None)]
    for option in control.options:
        if "value" in option.attributes:
            is_on = (option.attributes["value"] or "") in wanted
            yield option.start, option.end, _marked(option, "selected", is_on=is_on)


def _written(control: Control, value: str) -> tuple[int, int, str]:
    if control.tag == "textarea":
        return control.end, control.close, "\n" + escape(value)
    return control.start, control.end, _tag(control.tag, control.attributes | {"value": value})


def _marked(control: Control, mark: str, *, is_on: bool) -> str:
    attributes = {name: value for name, value in control.attributes.items() if name != mark}
    return _tag(control.tag, attributes | ({mark: None} if is_on else {}))


def _tag(tag: str, attributes: Attributes) -> str:
    written = [
        name if value is None else f'{name}="{escape(value)}"' for name, value in attributes.items()
    ]
    return f"<{' '.join([tag, *written])}>"
