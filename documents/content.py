"""What a document says, apart from how it is set: plain values that make the round trip to JSON.

A draft's content is worked out anew from the figures; issuing freezes it as canonical JSON.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from documents.rules import FIGURE, blank_date, fill, printable, title_lines

LONGEST_TEXT = 5000  # 字；更长的一段不进公文
BODY, HEADING, SUBHEADING, NUMBERED = 0, 1, 2, 3
RUN_IN = "　\n"  # 单元格里小标题和正文的分界
ACROSS = "across"  # 横贯全表的一格
LONG_TABLE = 120  # 行；这么长的表用小五号
SHORT_PART = 20  # 字；这么短的一处，变了就连同原来的一起说
PART_LABELS = {"title": "标题", "addressees": "主送机关", "paragraphs": "正文", "tables": "表格"}
SHEET = "sheet"  # 一页纸：紧凑排法，只排一页


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body; ``level`` 1, 2, 3 are the headings 一、 （一） 1."""

    text: str
    level: int = BODY


@dataclass(frozen=True)
class Column:
    """A column of a table; ``share`` is its part of the width."""

    label: str
    share: int = 10
    align: str = "left"


def headed(heading: str, text: str) -> str:
    """Return the text of a cell that begins with a heading, which is set in black type."""
    return f"{heading}{RUN_IN}{text}" if text else heading


def cell_parts(text: str) -> tuple[str, str]:
    """Return the heading of a cell, if it has one, and its text."""
    heading, mark, rest = text.partition(RUN_IN)
    return (heading, rest) if mark else ("", text)


@dataclass(frozen=True)
class Table:
    """A table; ``total`` is its last row, kept apart.

    A row of one cell is a heading within the table and runs across it.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    caption: str = ""

    @property
    def has_heading(self) -> bool:
        """Whether the caption is a heading such as 一、各项得分, not a mere note."""
        return re.match("[一二三四五六七八九十]+、", self.caption) is not None

    @property
    def is_long(self) -> bool:
        """Whether the table is set in smaller type, as one that fills many pages is."""
        return len(self.rows) >= LONG_TABLE

    @property
    def cells(self) -> list[list[tuple[str, str]]]:
        """The rows with the alignment of each cell."""
        aligned = [column.align for column in self.columns]
        return [
            list(zip(row, aligned, strict=True)) if len(row) > 1 else [(row[0], ACROSS)]
            for row in self.rows
        ]

    @property
    def total_cells(self) -> list[tuple[str, str]]:
        """The last row with the alignment of each cell."""
        return [(text, c.align) for text, c in zip(self.total, self.columns, strict=True)]

    @property
    def widths(self) -> list[str]:
        """The columns' widths in per cent."""
        whole = sum(column.share for column in self.columns)
        return [f"{column.share / whole * 100:.3f}" for column in self.columns]


@dataclass(frozen=True)
class Annex:
    """附件：另面排，宽表用横版。"""

    title: str
    paragraphs: Sequence[Paragraph] = ()
    tables: Sequence[Table] = ()
    is_wide: bool = False

    @property
    def is_long(self) -> bool:
        return any(table.is_long for table in self.tables)


@dataclass(frozen=True)
class Slip:
    """回执：由收文单位填写后退回的一栏。"""

    title: str
    fields: Sequence[str]


@dataclass(frozen=True)
class Content:
    """A whole document. ``mark`` is the red head; ``number`` is empty until it is issued."""

    title: str
    mark: str
    number_prefix: str
    year: int
    issuer: str
    addressees: str = ""
    paragraphs: Sequence[Paragraph] = ()
    tables: Sequence[Table] = ()
    annexes: Sequence[Annex] = ()
    slip: Slip | None = None
    number: int | None = None
    dated: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: str = ""
    colour: str = ""  # 督办单的颜色
    layout: str = ""  # 空为 GB/T 9704 的公文，SHEET 为一页纸
    figures: Mapping[str, str] = field(default_factory=dict)  # 正文里【名称】处自动带入的数字

    @property
    def title_lines(self) -> list[str]:
        return title_lines(self.title)

    @property
    def date_words(self) -> str:
        """成文日期 as it is printed; whoever signs fills in what a draft leaves open."""
        return self.dated or blank_date(self.year)

    @property
    def print_words(self) -> str:
        return self.printed_on or self.date_words

    def filled(self) -> "Content":
        """Return the content with the figures put where the text names them."""
        return replace(
            self,
            paragraphs=tuple(
                replace(item, text=fill(item.text, self.figures)) for item in self.paragraphs
            ),
        )

    def printable(self) -> "Content":
        """Return the content with every text as it can be printed."""
        return Content.from_dict(_printable(self.as_dict()))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values. The ordinary layout is left out: what was issued before there
        were layouts keeps its fingerprint."""
        values = asdict(self)
        if not self.layout:
            del values["layout"]
        return values

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Content":
        """Rebuild the content from what :meth:`as_dict` gave."""
        values = dict(stored)
        values["paragraphs"] = _paragraphs(values["paragraphs"])
        values["tables"] = _tables(values["tables"])
        values["annexes"] = tuple(
            Annex(
                annex["title"],
                _paragraphs(annex["paragraphs"]),
                _tables(annex["tables"]),
                annex["is_wide"],
            )
            for annex in values["annexes"]
        )
        slip = values["slip"]
        values["slip"] = Slip(slip["title"], tuple(slip["fields"])) if slip else None
        return cls(**values)

    def parts(self) -> dict[str, str]:
        """What each part says, a long one by its fingerprint: to tell what changed since.

        Figures count where the text names them.
        """
        values = self.as_dict()
        figures, annexes = values.pop("figures"), values.pop("annexes")
        named = {name for item in self.paragraphs for name in FIGURE.findall(item.text)}
        told = {f"【{name}】": text for name, text in figures.items() if name in named}
        told |= {label: values.pop(name) for name, label in PART_LABELS.items()}
        told |= {f"附件{place}": annex for place, annex in enumerate(annexes, 1)}
        told["其他栏目"] = values
        return {label: _brief(part) for label, part in told.items()}

    def canonical(self) -> bytes:
        """The one byte form of this content."""
        return canonical_json(self.as_dict())

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()


def _brief(part: Any) -> str:
    if isinstance(part, str) and len(part) <= SHORT_PART:
        return part
    return hashlib.sha256(canonical_json(part)).hexdigest()


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: _printable(item) for name, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list | tuple) else value


def canonical_json(value: Any) -> bytes:
    """Return UTF-8 JSON with sorted keys and no spare blanks."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _paragraphs(stored: Sequence[Mapping[str, Any]]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(**item) for item in stored)


def _tables(stored: Sequence[Mapping[str, Any]]) -> tuple[Table, ...]:
    return tuple(
        Table(
            columns=tuple(Column(**column) for column in item["columns"]),
            rows=tuple(tuple(row) for row in item["rows"]),
            total=tuple(item["total"]),
            caption=item["caption"],
        )
        for item in stored
    )
