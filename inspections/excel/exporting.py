"""Write the ledger of hazards to an .xlsx workbook or a .csv file."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import BinaryIO

from inspections.enums import StampKind
from inspections.excel.columns import COLUMNS, NOTES, SHEET
from inspections.models import Hazard, HazardStamp
from inspections.models.hazard import HazardQuerySet
from responsibilities.excel.lines import Line, Value, lamp_words
from responsibilities.excel.writing import Table, write_csv, write_workbook

MOST = 5000  # 一次导出的处数；更多的按范围、单位分几次


def export_hazards(
    found: HazardQuerySet, *, today: date, at: datetime, as_csv: bool = False
) -> BinaryIO:
    """Return the file at its beginning; whoever takes it closes it."""
    hazards = list(found.with_units().nearest_first()[:MOST])
    table = Table(
        sheet=SHEET,
        title="隐患排查治理台账",
        info=f"截至 {today:%Y-%m-%d}，共 {len(hazards)} 处",
        columns=COLUMNS,
        notes=NOTES,
    )
    out = TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        if as_csv:
            write_csv(out, table, hazard_lines(hazards, today))
        else:
            write_workbook(out, table, hazard_lines(hazards, today), at=at)
        out.seek(0)
    except BaseException:
        out.close()
        raise
    return out


def hazard_lines(hazards: Iterable[Hazard], today: date) -> Iterator[Line]:
    """Yield a line for each hazard: two statements for all."""
    rows = list(hazards)
    checked = HazardStamp.objects.filter(hazard__in=rows, kind=StampKind.RECHECKED)
    by = {
        stamp.hazard_id: str(stamp.actor)
        for stamp in checked.select_related("actor").order_by("pk")
    }
    for hazard in rows:
        lamp = hazard.lamp_on(today)
        yield Line(
            _values(hazard, by.get(hazard.pk, "")) | {"lamp": lamp_words(lamp.kind, lamp.text)},
            lamp=lamp.kind,
        )


def _values(hazard: Hazard, rechecked_by: str) -> dict[str, Value]:
    listed = " ".join(filter(None, (hazard.listed_no, hazard.delisted_no and "已摘牌")))
    return {
        "number": hazard.number,
        "unit": hazard.unit.name,
        "title": hazard.title,
        "place": hazard.place,
        "enterprise": hazard.enterprise,
        "grade": hazard.get_grade_display(),
        "found_on": hazard.found_on,
        "found_by": hazard.found_by,
        "description": hazard.description,
        "measures": hazard.measures,
        "responsible": hazard.responsible,
        "funds": hazard.funds,
        "due_on": hazard.due_on,
        "emergency_plan": hazard.emergency_plan,
        "original_due_on": hazard.original_due_on,
        "reopened": hazard.reopened or "",
        "stage": hazard.get_stage_display(),
        "rechecked_by": rechecked_by,
        "accepted": f"{hazard.third_party} {hazard.third_party_no}".strip(),
        "listed": listed,
        "reported": _reported(hazard),
        "closed_on": hazard.closed_on,
    }


def _reported(hazard: Hazard) -> str:
    told = (("部门", hazard.department_told_on), ("职代会", hazard.workers_told_on))
    return "；".join(f"{whom} {day:%Y-%m-%d}" for whom, day in told if day is not None)
