"""Numbers that Word makes itself: counters per list and level, written as the page shows them."""

from collections import defaultdict
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from clauses.reading.numerals import chinese_numeral

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = frozenset(
    [
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanDigital2",
        "japaneseDigitalTenThousand",
    ]
)
_CIRCLED = frozenset(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"))
_LONGEST_CHAIN = 20
_SILENT = frozenset(("bullet", "none"))


class _Level:
    def __init__(self, element: Element) -> None:
        self.form = _value(element, "numFmt") or "decimal"
        self.pattern = _value(element, "lvlText") or ""
        self.start = int(_value(element, "start") or 1)
        self.style = _value(element, "pStyle") or ""


class Numbering:
    """The lists of one document and how far each has counted."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()
        self._linked: dict[str, int] = {}
        if numbering is not None:
            self._load(numbering)
        self._styles = _style_lists(styles, self._linked)

    def label(self, paragraph: Element) -> str:
        """Return the number in front of ``paragraph`` and count on; "" when it has none."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number_id, depth = place
        abstract = self._lists.get(number_id, "")
        levels = self._levels.get(abstract, {})
        if depth not in levels or levels[depth].form in _SILENT:
            return ""
        counts = self._counts[abstract]
        self._count(number_id, depth, counts, levels[depth].start)
        text = levels[depth].pattern
        for index in range(depth + 1):
            level = levels.get(index)
            value = counts.get(index, level.start if level else 1)
            text = text.replace(f"%{index + 1}", _written(value, level.form if level else ""))
        return text

    def _count(self, number_id: str, depth: int, counts: dict[int, int], start: int) -> None:
        override = self._starts.get((number_id, depth))
        if override is not None and (number_id, depth) not in self._begun:
            counts[depth] = override
        else:
            counts[depth] = counts.get(depth, start - 1) + 1
        self._begun.add((number_id, depth))
        for deeper in [index for index in counts if index > depth]:
            del counts[deeper]

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        own = _number_properties(properties)
        style = _value(properties, "pStyle")
        if own is None or own[0] == "":
            inherited = self._styles.get(style or "")
            own = inherited if own is None or inherited is None else (inherited[0], own[1])
        return None if own is None or own[0] in {"", "0"} else own

    def _load(self, numbering: Element) -> None:
        for abstract in numbering.findall(f"{W}abstractNum"):
            levels = {int(x.get(f"{W}ilvl", "0")): _Level(x) for x in abstract.findall(f"{W}lvl")}
            self._levels[abstract.get(f"{W}abstractNumId", "")] = levels
            self._linked |= {level.style: depth for depth, level in levels.items() if level.style}
        for number in numbering.findall(f"{W}num"):
            number_id = number.get(f"{W}numId", "")
            self._lists[number_id] = _value(number, "abstractNumId") or ""
            for override in number.findall(f"{W}lvlOverride"):
                start = _value(override, "startOverride")
                if start is not None:
                    self._starts[(number_id, int(override.get(f"{W}ilvl", "0")))] = int(start)


class _Style:
    """What a style says of numbers itself, and the style that it is based on."""

    def __init__(self, element: Element) -> None:
        properties = element.find(f"{W}pPr")
        numbers = properties.find(f"{W}numPr") if properties is not None else None
        self.number_id = _value(numbers, "numId") if numbers is not None else None
        self.depth = _value(numbers, "ilvl") if numbers is not None else None
        self.base = _value(element, "basedOn")


def _style_lists(styles: Element | None, linked: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Return the list and level of each style; what it does not say its base says.

    ``linked`` are the levels of the lists that name a style themselves.
    """
    elements = styles.findall(f"{W}style") if styles is not None else []
    known = {element.get(f"{W}styleId", ""): _Style(element) for element in elements}
    found: dict[str, tuple[str, int]] = {}
    for name in known:
        chain = _chain(known, name)
        number_id = next((s.number_id for _, s in chain if s.number_id is not None), None)
        depths = (s.depth if s.depth is not None else linked.get(n) for n, s in chain)
        depth = next((level for level in depths if level is not None), 0)
        if number_id is not None:
            found[name] = number_id, int(depth)
    return found


def _chain(known: Mapping[str, _Style], name: str) -> list[tuple[str, _Style]]:
    """Return the style and those it is based on, the nearest first; a circle ends."""
    chain: dict[str, _Style] = {}
    while name in known and name not in chain and len(chain) < _LONGEST_CHAIN:
        chain[name] = known[name]
        name = known[name].base or ""
    return list(chain.items())


def _number_properties(properties: Element) -> tuple[str, int] | None:
    element = properties.find(f"{W}numPr")
    if element is None:
        return None
    return _value(element, "numId") or "", int(_value(element, "ilvl") or 0)


def _value(element: Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _written(value: int, form: str) -> str:
    if form in _CHINESE:
        return chinese_numeral(value)
    if form in _CIRCLED and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    return str(value)
