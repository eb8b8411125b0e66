"""What every paper of the office has in common."""

import re
from collections.abc import Sequence
from datetime import date

from django.conf import settings

from common.decimals import even_decimals
from documents.content import Column, Content, Table
from documents.rules import blank_date
from responsibilities.periods import Period

TOWNS_AND_MEMBERS = "各镇人民政府、街道办事处，丽光华侨农场，区安委会各成员单位"
BLANK = re.compile(r"(?<=[^\x00-\x7f]) (?=\d)|(?<=\d) (?=[^\x00-\x7f])")
CENTRE, RIGHT = "center", "right"


def letterhead(title: str, *, day: date, **rest: object) -> Content:
    """Return a content under the office's own head; the number is for the one who signs."""
    return Content(
        title=title,
        mark=settings.DOCUMENT_ISSUER,
        issuer=settings.DOCUMENT_ISSUER,
        number_prefix=settings.DOCUMENT_NUMBER_PREFIX,
        year=day.year,
        dated=blank_date(day.year, day.month),
        printed_by=settings.DOCUMENT_ISSUER,
        **rest,  # type: ignore[arg-type]
    )


def columns(*described: tuple[str, int] | tuple[str, int, str]) -> tuple[Column, ...]:
    """Return columns from their labels, shares and alignments."""
    return tuple(Column(*item) for item in described)


def points_table(
    described: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    total: Sequence[str] = (),
    caption: str = "",
) -> Table:
    """Return a table whose figures stand point below point, those of the last row too."""
    lines = [*rows, total] if total else list(rows)
    by_column = [
        even_decimals(cells) if column.align == RIGHT else cells
        for column, cells in zip(described, zip(*lines, strict=True), strict=True)
    ]
    evened = list(zip(*by_column, strict=True))
    return Table(described, evened[: len(rows)], evened[-1] if total else (), caption)


def period_words(period: Period) -> str:
    """Name a period as official titles do.

    >>> period_words(Period(2019, 3, 3)), period_words(Period(2019, 1, 12))
    ('2019年第三季度', '2019年度')
    """
    return f"{period.year}年度" if period.months == 12 else period.label


def tight(text: str) -> str:
    """Take out the blanks that the screen puts between characters and figures.

    >>> tight("迟 5 天办结：Word 文件 3 份")
    '迟5天办结：Word 文件3份'
    """
    return BLANK.sub("", text)
