"""季度通报: 总体情况, 存在问题 named to the item, 要求, and two annexes.

Source: 方案（三十三）“及时通报”；各地通报的通行写法：先件数和比率，再点名到项，后提要求。
"""

from collections.abc import Sequence
from datetime import timedelta

from common.days import short_day
from common.templatetags.display import chinese_number
from documents.content import Annex, Content, Paragraph, Table
from documents.kinds import Subject
from organizations.models import Unit
from qinnan_safety.papers.field_work import FieldWork, read_field_work
from qinnan_safety.papers.figures import (
    LatePart,
    LateRow,
    Quarter,
    Tally,
    per_cent,
    read_quarter,
    tenths,
)
from qinnan_safety.papers.letterhead import (
    CENTRE,
    RIGHT,
    TOWNS_AND_MEMBERS,
    columns,
    letterhead,
    period_words,
    tight,
)
from responsibilities.enums import LampKind
from responsibilities.rules import few_units

NAMED = 10  # 正文点名的任务数，其余见附件
CODES = 5  # 一个单位点名的任务编号数
PARTS = 3  # 正文里一项任务分几个到期日点名
ANNEX_ROWS = 300


def quarter_words(quarter: Quarter) -> str:
    return period_words(quarter.period)


def bulletin(subject: Subject) -> Content:
    """Draft the bulletin of a quarter with its figures named in the text."""
    quarter = read_quarter(subject.period, subject.today)
    work = read_field_work(quarter.period, quarter.day)
    work_of = "安全生产重点" if quarter.has_several_plans else "安全生产领域改革发展"
    title = f"关于{quarter_words(quarter)}{work_of}任务推进情况的通报"
    return letterhead(
        title,
        day=subject.today,
        addressees=TOWNS_AND_MEMBERS,
        paragraphs=_wording(quarter, work),
        figures=figures(quarter) | work.figures,
        annexes=(_tally_annex(quarter), *_late_annexes(quarter)),
        copies_to="区委办公室，区人大常委会办公室，区政府办公室，区政协办公室",
    )


def figures(quarter: Quarter) -> dict[str, str]:
    """The figures by the names under which the text calls them."""
    lamps, due, on_time = quarter.lamps, len(quarter.due()), quarter.on_time()
    return {
        "季度": quarter_words(quarter),
        "截止日": short_day(quarter.day),
        "任务总数": str(len(quarter.rows)),
        "各方案任务": quarter.counts_by_plan,
        "办结": str(lamps[LampKind.CLOSED]),
        "正常推进": str(lamps[LampKind.NORMAL]),
        "临期": str(lamps[LampKind.DUE_SOON]),
        "逾期": str(lamps[LampKind.OVERDUE]),
        "未启动": str(lamps[LampKind.NOT_STARTED]),
        "到期件数": str(due),
        "按期办结件数": str(on_time),
        "按期办结率": per_cent(on_time, due),
        "与上季度相比": _change(quarter),
        "逾期单位数": str(len({unit.pk for row in quarter.late_rows for unit in row.units})),
        "逾期任务": "；".join(_named(row) for row in quarter.late_rows[:NAMED]) or "无",
        "未报单位": "；".join(_silent(*item) for item in quarter.silent_units.items()) or "无",
        "整改期限": _deadline(quarter),
    }


def _wording(quarter: Quarter, work: FieldWork) -> tuple[Paragraph, ...]:
    return (
        Paragraph(_opening(quarter)),
        Paragraph("一、总体情况", 1),
        Paragraph(
            f"{_rows_sentence(quarter)}截至【截止日】，办结【办结】项，正常推进【正常推进】项，临期【临期】项，"
            "逾期【逾期】项，未启动【未启动】项。"
        ),
        Paragraph(_due_sentence(quarter)),
        *(Paragraph(sentence) for sentence in work.sentences),
        Paragraph("二、存在问题", 1),
        *_problems(quarter, work),
        Paragraph("三、工作要求", 1),
        *_demands(quarter),
    )


def _opening(quarter: Quarter) -> str:
    if quarter.has_several_plans:
        return f"现将{quarter.named_plans}【季度】推进情况通报如下。"
    return (
        "按照《钦南区推进安全生产领域改革发展的实施方案》第三十三条“及时通报安全生产领域改革进展情况”"
        "的要求，现将【季度】推进情况通报如下。"
    )


def _rows_sentence(quarter: Quarter) -> str:
    if quarter.has_several_plans:
        return "分解任务共【任务总数】项（【各方案任务】）。"
    return "方案分解任务【任务总数】项。"


def _due_sentence(quarter: Quarter) -> str:
    if not quarter.due():
        return "本季度没有到期的办理件。"
    return (
        "本季度到期办理件【到期件数】件，按期办结【按期办结件数】件，按期办结率【按期办结率】，【与上季度相比】。"
        "各单位办理情况见附件1。"
    )


def _problems(quarter: Quarter, work: FieldWork) -> tuple[Paragraph, ...]:
    found = [("逾期任务", _late_sentence(quarter))] if quarter.late_rows else []
    if quarter.late_rows and quarter.silent_units:
        found.append(("到期未报送进展", "下列单位有到期任务从未报送进展：【未报单位】。"))
    if work.missing:
        found.append(
            ("主要负责人带队检查未确认", "下列单位截至【截止日】尚未确认：【未带队检查单位】。")
        )
    paragraphs = [
        paragraph
        for place, (heading, sentence) in enumerate(found, 1)
        for paragraph in (
            Paragraph(f"（{chinese_number(place)}）{heading}", 2),
            Paragraph(sentence),
        )
    ]
    if not quarter.late_rows:
        paragraphs.insert(0, Paragraph("截至【截止日】没有逾期任务。"))
    return tuple(paragraphs)


def _late_sentence(quarter: Quarter) -> str:
    more = len(quarter.late_rows) - NAMED
    tail = f"等{len(quarter.late_rows)}项，其余见附件2。" if more > 0 else "。"
    return f"【逾期单位数】个单位有任务逾期：【逾期任务】{tail}"


def _demands(quarter: Quarter) -> tuple[Paragraph, ...]:
    steady = Paragraph(
        "各责任单位对照责任清单和时间表，按期推进并如实报送进展；以文号、成果作为办结依据，不以留痕代替落实。"
    )
    if not quarter.late_rows:
        return (steady,)
    late = Paragraph(
        "逾期任务的牵头单位于【整改期限】前书面说明原因和办结时限；需要区安委会协调的事项一并提出。"
        "连续两个季度逾期的，按规定约谈主要负责人。"
    )
    return (late, steady)


def _named(row: LateRow) -> str:
    told = [_owing(part) for part in row.by_unit[:PARTS]]
    shorter = sum(len(part.units) for part in row.by_unit[PARTS:])
    more = [f"另有{shorter}个单位逾期时间较短"] if shorter else []
    return f"{row.title.rstrip('。')}（{'，'.join([row.code, *told, *more])}）"


def _owing(part: LatePart) -> str:
    units = few_units([unit.short_name for unit in part.units], most=3)
    return f"{tight(units)}逾期{part.days}天"


def _change(quarter: Quarter) -> str:
    """Compare the rate with the quarter before, in percentage points to one decimal."""
    before = len(quarter.due(quarter.previous))
    now = len(quarter.due())
    if not before or not now:
        return "上季度没有可比数"
    moved = tenths(quarter.on_time(), now) - tenths(quarter.on_time(quarter.previous), before)
    if not moved:
        return "与上季度持平"
    return f"比上季度{'上升' if moved > 0 else '下降'}{abs(moved) / 10:.1f}个百分点"


def _deadline(quarter: Quarter) -> str:
    """Fifteen days after the quarter's end, or after today if that comes later."""
    return short_day(max(quarter.period.last_day, quarter.today) + timedelta(days=15))


def _silent(unit: Unit, codes: Sequence[str]) -> str:
    more = f"等{len(codes)}项" if len(codes) > CODES else ""
    return f"{unit.short_name}（{'、'.join(codes[:CODES])}{more}）"


def _tally_annex(quarter: Quarter) -> Annex:
    tallies = quarter.tallies
    more = len(tallies) - ANNEX_ROWS
    until = short_day(quarter.day)
    caption = (
        f"单位按行文次序排列，不是排名。数据截至{until}，此后办结的不计。"
        "到期件数＝按期办结＋迟办结＋逾期未办＋当日到期；当日到期指截止日当天到期、还没有办结。"
    )
    return Annex(
        title=f"{quarter_words(quarter)}各单位到期任务办理情况",
        tables=(
            Table(
                columns=columns(
                    ("序号", 7, CENTRE),
                    ("单位", 30),
                    ("到期", 8, RIGHT),
                    ("按期办结", 12, RIGHT),
                    ("迟办结", 9, RIGHT),
                    ("逾期未办", 12, RIGHT),
                    ("当日到期", 12, RIGHT),
                    ("按期率", 10, RIGHT),
                ),
                rows=[
                    (str(place), tally.unit.name, *_tally_cells(tally))
                    for place, tally in enumerate(tallies[:ANNEX_ROWS], 1)
                ],
                total=("", "合计", *_tally_cells(*tallies)),
                caption=f"{caption}另有{more}个单位未列，已计入合计。" if more > 0 else caption,
            ),
        ),
    )


def _tally_cells(*tallies: Tally) -> tuple[str, ...]:
    """The figures of one unit, or of several together."""
    due, on_time = sum(t.due for t in tallies), sum(t.on_time for t in tallies)
    closed, late = sum(t.closed for t in tallies), sum(t.late for t in tallies)
    due_today = sum(t.due_today for t in tallies)
    counts = (due, on_time, closed - on_time, late, due_today)
    return (*map(str, counts), per_cent(on_time, due))


def _late_annexes(quarter: Quarter) -> tuple[Annex, ...]:
    late = quarter.late_rows
    if not late:
        return ()
    parts = [(row, part) for row in late for part in row.parts]
    rows = [
        (
            str(place),
            row.code,
            row.title,
            "、".join(unit.short_name for unit in part.units),
            part.due_on.isoformat(),
            str(part.days),
        )
        for place, (row, part) in enumerate(parts[:ANNEX_ROWS], 1)
    ]
    caption = "同一任务到期日不同的，分行列出；天数对所列每个单位都一样。"
    more = len(parts) - len(rows)
    return (
        Annex(
            title="逾期任务清单",
            tables=(
                Table(
                    columns=columns(
                        ("序号", 7, CENTRE),
                        ("编号", 9, CENTRE),
                        ("任务", 33),
                        ("责任单位", 25),
                        ("到期日", 14, CENTRE),
                        ("逾期天数", 12, RIGHT),
                    ),
                    rows=rows,
                    caption=f"{caption}另有{more}行未列，见任务台账。" if more > 0 else caption,
                ),
            ),
        ),
    )
