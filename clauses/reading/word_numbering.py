"""Numbers that Word makes itself: counters per list and level, written as the page shows them."""

from collections import defaultdict
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
_SILENT = frozenset(("bullet", "none"))


class _Level:
    def __init__(self, element: Element) -> None:
        self.form = _value(element, "numFmt") or "decimal"
        self.pattern = _value(element, "lvlText") or ""
        self.start = int(_value(element, "start") or 1)


class Numbering:
    """The lists of one document and how far each has counted."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[tuple[str, int]] = set()
        self._styles = _style_lists(styles)
        if numbering is not None:
            self._load(numbering)

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
            self._levels[abstract.get(f"{W}abstractNumId", "")] = {
                int(level.get(f"{W}ilvl", "0")): _Level(level)
                for level in abstract.findall(f"{W}lvl")
            }
        for number in numbering.findall(f"{W}num"):
            number_id = number.get(f"{W}numId", "")
            self._lists[number_id] = _value(number, "abstractNumId") or ""
            for override in number.findall(f"{W}lvlOverride"):
                start = _value(override, "startOverride")
                if start is not None:
                    self._starts[(number_id, int(override.get(f"{W}ilvl", "0")))] = int(start)


def _style_lists(styles: Element | None) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for style in styles.findall(f"{W}style") if styles is not None else ():
        properties = style.find(f"{W}pPr")
        place = _number_properties(properties) if properties is not None else None
        if place is not None:
            found[style.get(f"{W}styleId", "")] = place
    return found


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
