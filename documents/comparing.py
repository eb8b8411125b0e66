"""Where the office's own words stand apart from what the system would write now.

Figures that the office still names stay live by themselves.  A figure that it wrote out, or left
out, counts with its value: when that moves, the place has to be looked at again.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from documents.content import Content, Paragraph
from documents.rules import FIGURE, fill


@dataclass(frozen=True)
class Place:
    """One place of the body: what stands there, and what the system would write instead.

    ``said`` are the system's paragraphs with the value of each figure that ``own`` does not name.
    """

    start: int
    own: Sequence[Paragraph]
    system: Sequence[Paragraph]
    said: Sequence[str]

    @property
    def key(self) -> str:
        """The fingerprint of both sides: a decision holds for these words and no others."""
        both = f"{[item.text for item in self.own]}{list(self.said)}"
        return hashlib.sha256(both.encode()).hexdigest()[:32]


def unseen_places(
    own: Sequence[Paragraph], content: Content, looked_at: Collection[str]
) -> list[Place]:
    """Return the places at which the system says what nobody has looked at beside ``own``.

    That is a paragraph that is not among those looked at, or one that the office left as the
    system had written it and that the system does not write any more.
    """
    system, said = content.paragraphs, _said(own, content)
    stands, written = [item.text for item in own], [item.text for item in system]
    is_new = [text not in looked_at for text in said]
    is_gone = [text in looked_at and text not in written for text in stands]
    places = []
    matcher = SequenceMatcher(None, stands, written, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        # What was looked at on both sides is no part of the place, at its beginning or its end.
        while start < end and first < last and not (is_gone[start] or is_new[first]):
            start, first = start + 1, first + 1
        while start < end and first < last and not (is_gone[end - 1] or is_new[last - 1]):
            end, last = end - 1, last - 1
        if tag != "equal" and (any(is_gone[start:end]) or any(is_new[first:last])):
            places.append(Place(start, own[start:end], system[first:last], said[first:last]))
    return places


def looked_at_after(
    own: Sequence[Paragraph], content: Content, *, before: Collection[str], unseen: Sequence[Place]
) -> list[str]:
    """Return what has been looked at once the office has edited its words to ``own``.

    ``unseen`` are the places that nobody had looked at when the edit began: they stay so.
    """
    closed = {item.text for place in unseen for item in place.system}
    said = zip(content.paragraphs, _said(own, content), strict=True)
    kept = {item.text for item in own} & set(before)
    return sorted(kept | {text for item, text in said if item.text not in closed})


def _said(own: Sequence[Paragraph], content: Content) -> list[str]:
    """Return the system's paragraphs with the value of each figure that ``own`` does not name."""
    named = {name for item in own for name in FIGURE.findall(item.text)}
    values = {name: value for name, value in content.figures.items() if name not in named}
    return [fill(item.text, values) for item in content.paragraphs]
