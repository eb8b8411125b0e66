"""The result of an assessment as a workbook: a sheet of places for each class, and all lines."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone

from assessments.enums import LineKind
from assessments.models import Assessment, Computation, ScoreLine, UnitScore
from common.spreadsheets import cell_text
from organizations.enums import AssessmentClass

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT = "宋体"
PLACES = (
    ("名次", 6),
    ("单位", 26),
    ("得分", 9),
    ("过程得分", 10),
    ("过程满分", 10),
    ("结果得分", 10),
    ("结果满分", 10),
    ("等次", 9),
)
LINES = (
    ("考核类别", 18),
    ("单位", 26),
    ("一级指标", 20),
    ("考核指标", 20),
    ("缘由", 60),
    ("分数", 9),
    ("来自", 30),
)


def result_workbook(assessment: Assessment, computation: Computation, *, at: datetime) -> BytesIO:
    """Return the newest result as .xlsx, at its beginning; nothing in it is a formula."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "remove_timezone": True})
    book.set_properties({"title": str(assessment), "created": timezone.make_naive(at)})
    formats = {
        "head": book.add_format({"bold": True, "font_name": FONT, "bottom": 1}),
        "text": book.add_format({"font_name": FONT, "text_wrap": True, "valign": "top"}),
    }
    scores = list(UnitScore.objects.of_computation(computation).order_by("rank", "unit__order"))
    info = f"{assessment}（{assessment.get_state_display()}，第 {computation.number} 次测算）"
    for kind in AssessmentClass:
        own = [score for score in scores if score.assessment_class == kind]
        if own:
            _sheet(book, kind.label, info, PLACES, map(_place, own), formats)
    _sheet(book, "得分明细", info, LINES, _lines(scores), formats)
    book.close()
    out.seek(0)
    return out


def _place(score: UnitScore) -> list[Any]:
    return [
        score.rank,
        score.unit.name,
        score.total,
        score.process,
        score.process_full,
        score.result,
        score.result_full,
        score.get_grade_display(),
    ]


def _lines(scores: Sequence[UnitScore]) -> Iterable[list[Any]]:
    """Yield every line that moves points, class by class and unit by unit in official order."""
    by_pk = {score.pk: score for score in scores}
    lines = ScoreLine.objects.filter(score__in=by_pk).exclude(kind=LineKind.FULL)
    ordered = lines.exclude(kind=LineKind.NOT_APPLICABLE).order_by("score__unit__order", "number")
    for line in sorted(
        ordered, key=lambda line: AssessmentClass.place_of(by_pk[line.score_id].assessment_class)
    ):
        score = by_pk[line.score_id]
        kind, sources = AssessmentClass(score.assessment_class).label, line.refs
        where = "、".join(ref["label"] for ref in sources)
        yield [kind, score.unit.name, line.heading, line.title, line.cause, line.points, where]


def _sheet(
    book: Any,
    name: str,
    info: str,
    columns: Sequence[tuple[str, int]],
    rows: Iterable[list[Any]],
    formats: dict[str, Any],
) -> None:
    sheet = book.add_worksheet(name[:31])
    sheet.write_string(0, 0, info, formats["head"])
    for place, (heading, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(1, place, heading, formats["head"])
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, place, cell_text(value), formats["text"])
            elif value is not None:
                sheet.write_number(number, place, value, formats["text"])
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
