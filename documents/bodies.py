"""The body of a document as one text to type in: a line is a paragraph, its beginning its level."""

import re
from collections.abc import Iterable, Sequence

from documents.content import BODY, HEADING, NUMBERED, SUBHEADING, Paragraph

LEVELS = (
    (re.compile(r"[一二三四五六七八九十]+、"), HEADING),
    (re.compile(r"[（(][一二三四五六七八九十]+[）)]"), SUBHEADING),
    (re.compile(r"\d+[.．]"), NUMBERED),
)
LONGEST_HEADING = 40


def read_body(typed: str) -> list[Paragraph]:
    """Return the paragraphs of a typed body.

    A short line that begins 一、, （一） or 1. and does not end as a sentence is a heading.
    """
    lines = (line.strip() for line in typed.splitlines())
    return [Paragraph(line, _level(line)) for line in lines if line]


def show_body(paragraphs: Sequence[Paragraph]) -> str:
    """Return the paragraphs as one text to type in."""
    return "\n".join(item.text for item in paragraphs)


def _level(line: str) -> int:
    if len(line) > LONGEST_HEADING or line.endswith(("。", "；", "！", "？")):
        return BODY
    return next((level for pattern, level in LEVELS if pattern.match(line)), BODY)


def figure_parts(text: str, names: Iterable[str]) -> list[tuple[str, bool]]:
    """Split a text at the names of figures; True marks a name."""
    known = set(names)
    found = []
    for place, part in enumerate(re.split(r"【([^【】]{1,30})】", text)):
        is_figure = place % 2 == 1 and part in known
        shown = part if place % 2 == 0 or is_figure else f"【{part}】"
        if shown:
            found.append((shown, is_figure))
    return found
