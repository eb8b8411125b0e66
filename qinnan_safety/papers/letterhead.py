"""What every paper of the office has in common."""

from datetime import date

from django.conf import settings

from documents.content import Column, Content

TOWNS_AND_MEMBERS = "各镇人民政府、街道办事处，丽光华侨农场，区安委会各成员单位"
CENTRE, RIGHT = "center", "right"


def letterhead(title: str, *, day: date, **rest: object) -> Content:
    """Return a content under the office's own head; the number is for the one who signs."""
    return Content(
        title=title,
        mark=settings.DOCUMENT_ISSUER,
        issuer=settings.DOCUMENT_ISSUER,
        number_prefix=settings.DOCUMENT_NUMBER_PREFIX,
        year=day.year,
        dated=f"{day.year}年{day.month}月　日",
        printed_by=settings.DOCUMENT_ISSUER,
        **rest,  # type: ignore[arg-type]
    )


def columns(*described: tuple[str, int] | tuple[str, int, str]) -> tuple[Column, ...]:
    """Return columns from their labels, shares and alignments."""
    return tuple(Column(*item) for item in described)
