"""From content to markup: our own templates with every text escaped, nothing else."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from django.template.loader import render_to_string

from documents.content import HEADING, SHEET, Content, Table, cell_parts
from documents.rules import document_number, grouped
from documents.typesetting.renderer import Markup

HERE = Path(__file__).parent
TEXT_WIDTH = 441.0  # pt，28 个 3 号字
LARGEST_MARK = 46.0
# 一页纸排不下时依次收紧：正文、表格的字号和行距。
TIGHTER = tuple(
    f"html{{font-size:{size}pt;line-height:{pitch}pt}}"
    f"table,.body p.caption{{font-size:{size - 0.5}pt;line-height:{pitch - 2.5}pt}}"
    f"th,td{{padding-top:0.4mm;padding-bottom:0.4mm}}"
    for size, pitch in ((10.5, 16), (10, 14.5), (9.5, 13.5), (9, 12.5))
)
# 版记不在偶数面上时加上的样式：另起一面；其前有空白页的，这一面不编页码（GB/T 9704-2012 7.5）。
LAST_SIDE = (".ending{break-before:left}", ".ending{break-before:left;page:last-side}")
# 版记要空一面另起时，先把表格的行距调紧试一次，容得下就不多费一张纸。
CLOSER = "table:not(.long){line-height:13pt}th,td{padding-top:.5mm;padding-bottom:.5mm}"


@dataclass(frozen=True)
class Proof:
    """What a reader needs to check a document: its code and the address of the check."""

    code: str
    url: str

    @property
    def host(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.netloc}/verify/"

    def qr(self, kind: str = "svg") -> bytes:
        import segno  # only where documents are built

        picture = BytesIO()
        marks = {"svgns": True} if kind == "svg" else {}
        segno.make(self.url, error="m").save(picture, kind=kind, border=0, scale=4, **marks)
        return picture.getvalue()


@dataclass(frozen=True)
class Cell:
    """A cell; ``heading`` is set in black type before its text."""

    text: str
    align: str
    heading: str = ""


@dataclass(frozen=True)
class Line:
    cells: list[Cell]
    is_total: bool = False


@dataclass(frozen=True)
class DrawnTable:
    """A table with its cells paired with their columns."""

    table: Table

    @property
    def caption(self) -> str:
        return self.table.caption

    @property
    def has_heading(self) -> bool:
        return self.table.has_heading

    @property
    def is_long(self) -> bool:
        return self.table.is_long

    @property
    def widths(self) -> list[str]:
        return self.table.widths

    @property
    def columns(self) -> list[str]:
        return [column.label for column in self.table.columns]

    @property
    def lines(self) -> list[Line]:
        lines = [Line([_cell(*cell) for cell in cells]) for cells in self.table.cells]
        if self.table.total:
            cells = [Cell(text, align) for text, align in self.table.total_cells]
            lines.append(Line(cells, is_total=True))
        return lines


def _cell(text: str, align: str) -> Cell:
    heading, rest = cell_parts(text)
    return Cell(rest, align, heading)


@cache
def style_sheet(layout: str = "") -> str:
    """Return the style sheet of official documents, or of one of their layouts."""
    names = ("official.css", "sheet.css") if layout == SHEET else ("official.css",)
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


def _mark_size(content: Content) -> str:
    """Return the size in which the head fills its width and no more."""
    largest, width = (20.0, 320.0) if content.layout == SHEET else (LARGEST_MARK, TEXT_WIDTH)
    return f"{min(largest, width / max(len(content.mark), 1)):.2f}"


def _labelled(content: Content) -> list[tuple[str, str]]:
    """Return the paragraphs, each with the heading right before it as its label."""
    said, label = list[tuple[str, str]](), ""
    for item in content.paragraphs:
        if item.level == HEADING:
            label = f"{label}　{item.text}" if label else item.text
        else:
            said.append((label, item.text))
            label = ""
    return [*said, (label, "")] if label else said


def _ends_in_table(content: Content) -> bool:
    """Whether closer tables can make room for the imprint on the last side of the text."""
    last = content.annexes[-1] if content.annexes else None
    return bool(content.tables) if last is None else bool(last.tables) and not last.is_wide


def make_markup(content: Content, *, stamped: str, proof: Proof | None = None) -> Markup:
    """Return everything that sets ``content``; a document without ``proof`` is a draft."""
    data, content = content.canonical(), content.printable()
    context = {
        "content": content,
        "number": document_number(content.number_prefix, content.year, content.number),
        "mark_size": _mark_size(content),
        "stamped": stamped,
        "tables": [DrawnTable(table) for table in content.tables],
        "annexes": [
            {
                "title": annex.title,
                "paragraphs": annex.paragraphs,
                "is_wide": annex.is_wide,
                "tables": [DrawnTable(table) for table in annex.tables],
            }
            for annex in content.annexes
        ],
        "said": _labelled(content),
        "has_wide": any(annex.is_wide for annex in content.annexes),
        "code": grouped(proof.code) if proof else "",
        "verify_host": proof.host if proof else "",
    }
    is_sheet = content.layout == SHEET
    return Markup(
        html=render_to_string(f"documents/pdf/{'sheet' if is_sheet else 'official'}.html", context),
        css=style_sheet(content.layout),
        tighter=TIGHTER if is_sheet else (),
        last_side=() if is_sheet else LAST_SIDE,
        closer=CLOSER if not is_sheet and _ends_in_table(content) else "",
        stamped=stamped,
        resources={"qr": ("image/svg+xml", proof.qr())} if proof else {},
        data=data,
    )
