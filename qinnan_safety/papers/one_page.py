"""领导一页纸: figures, what waits for a decision, the latest rows, hazards and the assessment.

One sheet whatever the names are: every table lists a fixed number of rows of a fixed length.
"""

from collections.abc import Sequence

from django.db.models import F

from assessments.leaders import newest_assessment
from common.clock import day_of
from documents.content import HEADING, SHEET, Content, Paragraph, Table
from documents.kinds import Subject
from inspections.enums import HazardGrade, HazardStage
from inspections.models import Hazard
from organizations.models import Unit
from qinnan_safety.papers.bulletin import figures
from qinnan_safety.papers.field_work import FieldWork, read_field_work
from qinnan_safety.papers.figures import Quarter, read_quarter, seeing_all
from qinnan_safety.papers.letterhead import CENTRE, RIGHT, columns, letterhead, period_words, tight
from responsibilities.as_of import as_it_was, records
from responsibilities.enums import CoordinationState
from responsibilities.models import Coordination, Task
from responsibilities.rules import few_units

LATE, MATTERS, HAZARDS = 8, 4, 3  # 一页上列得下的行数
NAMED = 5  # 一句话里点名的单位数


def one_page(subject: Subject) -> Content:
    """Draft the sheet of a quarter as the records stood on its last day, or today."""
    quarter = read_quarter(subject.period, subject.today)
    work = read_field_work(quarter.period, quarter.day)
    majors, matters = _major_hazards(quarter), _matters(quarter)
    return letterhead(
        f"{period_words(quarter.period)}安全生产改革推进情况（领导一页纸）",
        day=subject.today,
        layout=SHEET,
        paragraphs=_wording(quarter, work),
        figures=figures(quarter)
        | work.figures
        | {
            "未带队检查单位": _few(work.missing),
            "未销号重大隐患": str(len(majors)),
            "待决定事项": str(len(matters)),
            "考核": _scores(quarter),
        },
        tables=(
            _strip(quarter),
            *_matters_table(matters),
            *_late_table(quarter),
            *_hazards_table(majors),
        ),
    )


def _wording(quarter: Quarter, work: FieldWork) -> tuple[Paragraph, ...]:
    said = [
        (
            "任务",
            f"{_plans(quarter)}截至【截止日】，逾期【逾期】项，涉及【逾期单位数】个单位；本季度到期办理件【到期件数】件，"
            "按期办结【按期办结件数】件，【与上季度相比】。需区领导决定的事项【待决定事项】件。",
        )
    ]
    if work.owing:
        said.append(
            (
                "带队检查",
                "应由主要负责人带队检查的单位【应带队检查单位数】个，已确认【已带队检查单位数】个；"
                "未确认：【未带队检查单位】。",
            )
        )
    said.append(
        (
            "隐患",
            "本季度登记【登记隐患数】处；治理到期【到期隐患数】处，按期销号【按期销号隐患数】处；"
            "未销号的重大隐患【未销号重大隐患】处。",
        )
    )
    said.append(("考核", "【考核】。"))
    return tuple(
        paragraph
        for label, sentence in said
        for paragraph in (Paragraph(label, HEADING), Paragraph(sentence))
    )


def _plans(quarter: Quarter) -> str:
    return f"{quarter.named_plans}共【任务总数】项。" if quarter.has_several_plans else ""


def _few(names: Sequence[str]) -> str:
    if len(names) <= NAMED:
        return "、".join(names) or "无"
    return f"{'、'.join(names[:NAMED])}等{len(names)}个"


def _scores(quarter: Quarter) -> str:
    """The newest assessment of a period that was over by then, and whether it is published."""
    found = newest_assessment(seeing_all(), until=quarter.period.last_day)
    if found is None:
        return "还没有测算"
    grades = "、".join(f"{label}{count}个" for label, count in found.grades)
    failed = f"；不合格：{_few(found.failed)}" if found.failed else ""
    return f"{found.label}（{found.state}）：{grades}{failed}；一票否决{found.vetoed}个"


def _strip(quarter: Quarter) -> Table:
    told = figures(quarter)
    names = ("任务总数", "办结", "正常推进", "临期", "逾期", "未启动")
    labels = (*names, "本季按期办结率")
    return Table(
        columns=columns(*((label, 10, CENTRE) for label in labels)),
        rows=[(*(told[name] for name in names), told["按期办结率"])],
    )


def _matters(quarter: Quarter) -> list[tuple[Coordination, Unit]]:
    """What waited for a leader's decision on the day, the oldest first, with the unit it is of."""
    found = as_it_was(Coordination, quarter.day).filter(state=CoordinationState.RAISED)
    matters = list(records(found.order_by("raised_at", "id")))
    tasks = Task.objects.select_related("unit").in_bulk([item.task_id for item in matters])
    shown = {row.obligation.pk for row in quarter.rows}
    return [
        (item, tasks[item.task_id].unit)
        for item in matters
        if tasks[item.task_id].obligation_id in shown
    ]


def _matters_table(matters: Sequence[tuple[Coordination, Unit]]) -> list[Table]:
    rows = [
        (
            _cut(unit.short_name, 9),
            _cut(item.matter, 50),
            _cut(item.proposal, 30) or "—",
            day_of(item.raised_at).isoformat(),
        )
        for item, unit in matters[:MATTERS]
    ]
    described = (("单位", 17), ("事项", 43), ("建议", 27), ("提请日", 13, CENTRE))
    return _listed("需区领导决定", "件", len(matters), Table(columns(*described), rows))


def _late_table(quarter: Quarter) -> list[Table]:
    late = quarter.late_rows
    rows = [
        (
            row.code,
            _cut(row.title, 48),
            _cut(tight(few_units([unit.short_name for unit in row.units], most=1)), 14),
            str(row.days),
        )
        for row in late[:LATE]
    ]
    described = (("编号", 9, CENTRE), ("任务", 54), ("责任单位", 21), ("最长逾期天数", 16, RIGHT))
    return _listed("逾期任务", "项", len(late), Table(columns(*described), rows), "最久的")


def _major_hazards(quarter: Quarter) -> list[Hazard]:
    """The major hazards that were not closed on the day, the nearest date first."""
    over = [HazardStage.CLOSED, HazardStage.VOID]
    found = as_it_was(Hazard, quarter.day).filter(grade=HazardGrade.MAJOR).exclude(stage__in=over)
    return list(records(found.order_by(F("due_on").asc(nulls_last=True), "id")))


def _hazards_table(majors: Sequence[Hazard]) -> list[Table]:
    units = Unit.objects.in_bulk([hazard.unit_id for hazard in majors])
    rows = [
        (
            hazard.number,
            _cut(f"{hazard.title}（{hazard.enterprise}）", 44),
            _cut(units[hazard.unit_id].short_name, 9),
            hazard.due_on.isoformat() if hazard.due_on else "未定",
            HazardStage(hazard.stage).label,
        )
        for hazard in majors[:HAZARDS]
    ]
    described = columns(
        ("编号", 11, CENTRE),
        ("重大隐患", 46),
        ("督促单位", 17),
        ("时限", 14, CENTRE),
        ("已办到", 12, CENTRE),
    )
    return _listed("未销号的重大隐患", "处", len(majors), Table(described, rows))


def _listed(name: str, counter: str, count: int, table: Table, which: str = "其中") -> list[Table]:
    """Head a table by how many there are and how many of them it lists; leave out an empty one."""
    if not count:
        return []
    shown = len(table.rows)
    more = f"，列{which}{shown}{counter}" if count > shown else ""
    return [Table(table.columns, table.rows, caption=f"{name}（{count}{counter}{more}）")]


def _cut(text: str, length: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= length else f"{plain[: length - 1]}…"
