"""任务分解表: every row of the ledger under the plan's own headings, as an annex to a short letter.

Source: 方案（三十）分解任务、（三十一）逐项落实责任单位和完成时限；各地分解表的通行栏目。
"""

from collections.abc import Iterator, Sequence

from clauses.models import Clause
from common.templatetags.display import fullwidth
from documents.content import Annex, Content, Paragraph, Table, headed
from documents.kinds import Subject
from qinnan_safety.papers.figures import Quarter, read_quarter
from qinnan_safety.papers.letterhead import (
    CENTRE,
    TOWNS_AND_MEMBERS,
    columns,
    letterhead,
    period_words,
)
from qinnan_safety.papers.unit_phrases import Names, read_names
from responsibilities.as_of import PastRow

ROWS_A_TABLE = 300  # 一张表排得下的行数，再多另起一表


def breakdown(subject: Subject) -> Content:
    """Draft the letter that sends out the breakdown as it stands at the end of a quarter."""
    quarter = read_quarter(subject.period, subject.today)
    names = read_names(quarter.rows, quarter.day)
    annexes = list(_annexes(quarter, names))
    named = f"表内称谓和名单所指的单位见附件{len(annexes) + 1}。" if names.listed else ""
    if names.listed:
        annexes.append(_names_annex(names))
    work_of = "重点" if quarter.has_several_plans else "领域改革发展"
    return letterhead(
        f"关于印发安全生产{work_of}任务分解表的通知",
        day=subject.today,
        addressees=TOWNS_AND_MEMBERS,
        paragraphs=_wording(quarter, named),
        figures={"季度": period_words(quarter.period), "任务总数": str(len(quarter.rows))},
        annexes=tuple(annexes),
    )


def _annexes(quarter: Quarter, names: Names) -> Iterator[Annex]:
    """One table for each plan in force."""
    for plan in quarter.plans:
        several = quarter.has_several_plans
        title = f"《{plan.title}》任务分解表" if several else "安全生产领域改革发展任务分解表"
        rows = quarter.rows_of(plan) if several else quarter.rows
        yield Annex(title, tables=tuple(_tables(rows, names)), is_wide=True)


def _wording(quarter: Quarter, named: str) -> tuple[Paragraph, ...]:
    plans = "、".join(f"《{plan.title}》" for plan in quarter.plans)
    return (
        Paragraph(
            f"现将{plans}任务分解表（【季度】，共【任务总数】项）印发给你们。"
            "请对照责任清单和时间表，逐项落实责任人和完成时限。" + named
        ),
        Paragraph("任务、责任单位或时限有调整的，以区安委办平台登记为准。"),
    )


def _tables(shown: Sequence[PastRow], names: Names) -> Iterator[Table]:
    rows = list(_rows(shown, names))
    described = columns(
        ("编号", 11, CENTRE),
        ("任务和具体措施", 113),
        ("成果形式", 34),
        ("责任单位", 49),
        ("完成时限", 18, CENTRE),
    )
    for start in range(0, len(rows), ROWS_A_TABLE):
        yield Table(columns=described, rows=tuple(rows[start : start + ROWS_A_TABLE]))


def _rows(shown: Sequence[PastRow], names: Names) -> Iterator[tuple[str, ...]]:
    """The rows of the ledger, each clause's under its heading."""
    clauses = Clause.objects.select_related("section").in_bulk(
        {row.obligation.clause_id for row in shown}
    )
    above: Clause | None = None
    for row in shown:
        clause = clauses[row.obligation.clause_id]
        if clause != above:
            yield (_heading(clause, above),)
            above = clause
        yield _row(row, names)


def _heading(clause: Clause, above: Clause | None) -> str:
    """The clause's number and name, after its part's where a part begins."""
    name = f"{clause.mark}{clause.title}"
    if clause.section is None or (above is not None and above.section == clause.section):
        return fullwidth(name)
    return fullwidth(f"{clause.section}　{name}")


def _row(row: PastRow, names: Names) -> tuple[str, ...]:
    return (
        row.obligation.code,
        headed(row.obligation.title, row.obligation.measure),
        row.obligation.expected_result or "—",
        _units(row, names),
        row.when,
    )


def _units(row: PastRow, names: Names) -> str:
    """Name every unit: who leads, and who assists."""
    leads = names.name(row.leads, row.assists)
    assists = names.name(row.assists, row.leads)
    said = [f"{leads}牵头" if leads else "牵头未定", f"{assists}配合" if assists else ""]
    return "，".join(filter(None, said))


def _names_annex(names: Names) -> Annex:
    rows = [
        (words, str(len(units)), "、".join(unit.short_name for unit in units))
        for words, units in names.listed
    ]
    described = columns(("称谓或名单", 24), ("家数", 8, CENTRE), ("单位", 68))
    return Annex("任务分解表所称单位", tables=(Table(described, rows),))
