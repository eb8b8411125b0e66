"""任务分解表: every row of the ledger in the office's own columns, as an annex to a short letter.

Source: 方案（三十）分解任务、（三十一）逐项落实责任单位和完成时限。
"""

from collections.abc import Sequence

from documents.content import Annex, Content, Paragraph, Table
from documents.kinds import Subject
from organizations.models import Unit
from qinnan_safety.papers.bulletin import quarter_words
from qinnan_safety.papers.figures import Quarter, read_quarter
from qinnan_safety.papers.letterhead import CENTRE, TOWNS_AND_MEMBERS, columns, letterhead
from responsibilities.as_of import PastRow

ROWS_A_TABLE = 300  # 一张表排得下的行数，再多另起一表


def breakdown(subject: Subject) -> Content:
    """Draft the letter that sends out the breakdown as it stands at the end of a quarter."""
    quarter = read_quarter(subject.period, subject.today)
    return letterhead(
        "关于印发安全生产领域改革发展任务分解表的通知",
        day=subject.today,
        addressees=TOWNS_AND_MEMBERS,
        paragraphs=(
            Paragraph(
                "现将《钦南区推进安全生产领域改革发展的实施方案》任务分解表（【季度】，共【任务总数】项）印发给你们。"
                "请对照责任清单和时间表，逐项落实责任人和完成时限。"
            ),
            Paragraph("任务、责任单位或时限有调整的，以区安委办平台登记为准。"),
        ),
        figures={"季度": quarter_words(quarter), "任务总数": str(len(quarter.rows))},
        annexes=(_annex(quarter),),
    )


def _annex(quarter: Quarter) -> Annex:
    rows = [_row(place, row) for place, row in enumerate(quarter.rows, 1)]
    parts = [rows[start : start + ROWS_A_TABLE] for start in range(0, len(rows), ROWS_A_TABLE)]
    tables = [
        Table(
            columns=columns(
                ("序号", 5, CENTRE),
                ("编号", 7, CENTRE),
                ("任务", 17),
                ("具体措施", 22),
                ("成果形式", 11),
                ("牵头单位", 17),
                ("配合单位", 11),
                ("完成时限", 10, CENTRE),
            ),
            rows=tuple(part),
        )
        for part in parts
    ]
    return Annex("安全生产领域改革发展任务分解表", tables=tuple(tables), is_wide=True)


def _row(place: int, row: PastRow) -> tuple[str, ...]:
    return (
        str(place),
        row.obligation.code,
        row.obligation.title,
        row.obligation.measure or "—",
        row.obligation.expected_result or "—",
        _all(row.leads) or "未定",
        _all(row.assists) or "—",
        row.when,
    )


def _all(units: Sequence[Unit]) -> str:
    """Name every unit: a paper that gives out duties leaves none of them under 等."""
    return "、".join(unit.short_name for unit in units)
