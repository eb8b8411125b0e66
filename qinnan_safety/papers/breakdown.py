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

NAMED = 6  # 表内逐个写出的单位数，再多列入表后名单

Lists = dict[str, tuple[int, int]]  # 单位名单 → 名单号、家数


def breakdown(subject: Subject) -> Content:
    """Draft the letter that sends out the breakdown as it stands at the end of a quarter."""
    quarter = read_quarter(subject.period, subject.today)
    work_of = "重点" if quarter.has_several_plans else "领域改革发展"
    plans = "、".join(f"《{plan.title}》" for plan in quarter.plans)
    return letterhead(
        f"关于印发安全生产{work_of}任务分解表的通知",
        day=subject.today,
        addressees=TOWNS_AND_MEMBERS,
        paragraphs=(
            Paragraph(
                f"现将{plans}任务分解表（【季度】，共【任务总数】项）印发给你们。"
                "请对照责任清单和时间表，逐项落实责任人和完成时限。"
            ),
            Paragraph("任务、责任单位或时限有调整的，以区安委办平台登记为准。"),
        ),
        figures={"季度": quarter_words(quarter), "任务总数": str(len(quarter.rows))},
        annexes=_annexes(quarter),
    )


def _annexes(quarter: Quarter) -> tuple[Annex, ...]:
    """One table for each plan in force."""
    if not quarter.has_several_plans:
        return (_annex("安全生产领域改革发展任务分解表", quarter.rows),)
    return tuple(
        _annex(f"《{plan.title}》任务分解表", quarter.rows_of(plan)) for plan in quarter.plans
    )


def _annex(title: str, shown: Sequence[PastRow]) -> Annex:
    lists: Lists = {}
    rows = [_row(place, row, lists) for place, row in enumerate(shown, 1)]
    parts = [rows[start : start + ROWS_A_TABLE] for start in range(0, len(rows), ROWS_A_TABLE)]
    tables = [
        Table(
            columns=columns(
                ("序号", 5, CENTRE),
                ("编号", 7, CENTRE),
                ("任务", 13),
                ("具体措施", 31),
                ("成果形式", 12),
                ("牵头单位", 13),
                ("配合单位", 9),
                ("完成时限", 10, CENTRE),
            ),
            rows=tuple(part),
        )
        for part in parts
    ]
    return Annex(title, tables=(*tables, *_lists_table(lists)), is_wide=True)


def _row(place: int, row: PastRow, lists: Lists) -> tuple[str, ...]:
    return (
        str(place),
        row.obligation.code,
        row.obligation.title,
        row.obligation.measure or "—",
        row.obligation.expected_result or "—",
        _units(row.leads, lists) or "未定",
        _units(row.assists, lists) or "—",
        row.when,
    )


def _units(units: Sequence[Unit], lists: Lists) -> str:
    """Name every unit, or the numbered list below the table that names them: none is left out."""
    names = "、".join(unit.short_name for unit in units)
    if len(units) <= NAMED:
        return names
    number, _ = lists.setdefault(names, (len(lists) + 1, len(units)))
    return f"{units[0].short_name}等{len(units)}家（名单{number}）"


def _lists_table(lists: Lists) -> list[Table]:
    if not lists:
        return []
    described = columns(("名单", 8, CENTRE), ("家数", 8, CENTRE), ("单位", 84))
    rows = [(str(number), str(count), names) for names, (number, count) in lists.items()]
    return [Table(described, rows, caption="上表所称名单的单位")]
