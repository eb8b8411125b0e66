"""全区考核报告（领导版）: points, places inside each class, causes, vetoes, objections, trend.

For district leaders. Source: 方案（六）；名次只在同类内排列，不混排。
"""

from decimal import Decimal

from assessments.digest import ClassDigest, Digest, Standing, digest_of, how_settled
from assessments.enums import Grade, ObjectionState
from common.clock import day_of
from common.days import full_day
from common.templatetags.display import chinese_number
from documents.content import Annex, Content, Paragraph, Table
from documents.kinds import Subject
from qinnan_safety.papers.figures import per_cent
from qinnan_safety.papers.letterhead import (
    CENTRE,
    RIGHT,
    columns,
    letterhead,
    period_words,
    points_table,
    tight,
)
from qinnan_safety.papers.scorecard import assessment_of, points
from responsibilities.periods import Period

TOP_CAUSES = 5  # 正文写出的失分原因
LONGEST_CAUSE = 34  # 表格里一条扣分缘由的字数
ANNEX_ROWS = 300


def standings_report(subject: Subject) -> Content:
    """Draft the leaders' edition from the newest computation, published or not, and say which."""
    digest = digest_of(assessment_of(subject.period))
    return letterhead(
        f"{period_words(digest.assessment.span)}安全生产工作考核情况报告",
        day=subject.today,
        addressees="区安委会主任、副主任",
        paragraphs=_wording(digest),
        figures=_figures(digest),
        annexes=tuple(_annexes(digest)),
    )


def _figures(digest: Digest) -> dict[str, str]:
    as_of = day_of(digest.computation.as_of)
    found = {
        "考核期": period_words(digest.assessment.span),
        "结果": how_settled(digest.assessment, digest.computation),
        "截止日": full_day(as_of),
        "单位数": str(len(digest.standings)),
        "主要失分": "；".join(
            f"{cause.title}（{cause.units}个单位、{cause.losses}处，共扣{points(cause.lost)}分）"
            for cause in digest.causes[:TOP_CAUSES]
        )
        or "没有扣分",
        "否决": "；".join(
            f"{veto.unit.short_name}{veto.get_reason_display()}，{veto.get_effect_display()}"
            f"（{period_words(Period.parse(veto.period))}，{veto.document_no}）"
            for veto in digest.vetoes
        )
        or "没有",
        "申诉数": str(len(digest.objections)),
        "更正": "；".join(
            f"第{place}号（{full_day(day_of(found.known_at or found.as_of))}），{found.reason}"
            for place, found in enumerate(digest.corrections, 1)
        )
        or "没有",
        **{state.label: str(digest.answered(state)) for state in ObjectionState},
    }
    for kind in digest.classes:
        found |= _class_figures(kind)
    return found | _trend_figures(digest)


def _class_figures(kind: ClassDigest) -> dict[str, str]:
    failed = "、".join(unit.short_name for unit in kind.units_of(Grade.FAIL))
    return {
        f"{kind.label}等次": "、".join(
            f"{grade.label}{kind.grades[grade]}个" for grade in Grade if kind.grades[grade]
        ),
        f"{kind.label}均分": points(kind.average),
        f"{kind.label}高低": (
            f"最高{points(kind.totals[0])}分、最低{points(kind.totals[-1])}分"
            if kind.totals
            else "无"
        ),
        f"{kind.label}不合格": failed or "无",
    }


def _trend_figures(digest: Digest) -> dict[str, str]:
    if digest.before is None:
        return {}
    moved = [s.moved for s in digest.standings if s.moved is not None]
    return {
        "上期": period_words(digest.before.span),
        "可比单位": str(len(moved)),
        "上升": str(sum(move > 0 for move in moved)),
        "下降": str(sum(move < 0 for move in moved)),
        "持平": str(sum(move == 0 for move in moved)),
    }


def _wording(digest: Digest) -> tuple[Paragraph, ...]:
    parts = [
        ("各类情况", _class_paragraphs(digest)),
        ("主要失分", ["扣分较多的依次是：【主要失分】。各项平均得分见附件2。"]),
        ("一票否决", ["一票否决：【否决】。"]),
        (
            "申诉和更正",
            [
                "受理申诉【申诉数】件，采纳【采纳】件，不采纳【不采纳】件，待答复【受理中】件。"
                "发布后的更正：【更正】。"
            ],
        ),
    ]
    if digest.before is not None:
        parts.append(
            (
                "与上期相比",
                [
                    "按本期的规则重算【上期】，可比的【可比单位】个单位中，【上升】个上升，【下降】个下降，"
                    "【持平】个持平，逐个列在附件1。"
                ],
            )
        )
    return (
        Paragraph(
            "按照《钦南区推进安全生产领域改革发展的实施方案》第六条，区安委办对【单位数】个单位【考核期】的"
            "安全生产工作进行了考核。本报告所据的是【结果】，数据截至【截止日】。"
            "报告含得分和名次，供区领导参阅；名次只在同类内排列。"
        ),
        *(
            paragraph
            for place, (heading, sentences) in enumerate(parts, 1)
            for paragraph in (
                Paragraph(f"{chinese_number(place)}、{heading}", 1),
                *map(Paragraph, sentences),
            )
        ),
    )


def _class_paragraphs(digest: Digest) -> list[str]:
    return [
        f"{kind.label}{len(kind.standings)}个：【{kind.label}等次】；平均【{kind.label}均分】分，"
        f"【{kind.label}高低】。"
        + (f"不合格：【{kind.label}不合格】。" if kind.grades[Grade.FAIL] else "")
        for kind in digest.classes
    ]


def _annexes(digest: Digest) -> list[Annex]:
    found = [_places_annex(digest), _items_annex(digest), _steps_annex(digest)]
    if digest.vetoes:
        found.append(_vetoes_annex(digest))
    if digest.objections:
        found.append(_objections_annex(digest))
    return found


def _places_annex(digest: Digest) -> Annex:
    return Annex(
        "各单位得分和名次",
        tables=tuple(
            points_table(
                columns(
                    ("名次", 5, CENTRE),
                    ("单位", 16),
                    ("得分", 7, RIGHT),
                    ("过程考核", 9, RIGHT),
                    ("结果考核", 9, RIGHT),
                    ("等次", 7, CENTRE),
                    ("上期得分", 8, RIGHT),
                    ("增减", 7, RIGHT),
                    ("主要扣分", 34),
                ),
                [_place_row(standing) for standing in kind.standings],
                caption=f"{kind.label}。上期得分按本期的规则重算。",
            )
            for kind in digest.classes
        ),
        is_wide=True,
    )


def _place_row(standing: Standing) -> tuple[str, ...]:
    score = standing.score
    result = f"{points(score.result)}/{points(score.result_full)}" if score.result_full else "—"
    return (
        "—" if score.rank is None else str(score.rank),
        score.unit.name,
        points(score.total),
        f"{points(score.process)}/{points(score.process_full)}",
        result,
        score.get_grade_display(),
        _or_dash(standing.before),
        "—" if standing.moved is None else _signed(standing.moved),
        "；".join(_short(cause) for cause in standing.causes) or "没有扣分",
    )


def _items_annex(digest: Digest) -> Annex:
    tables = []
    for kind in digest.classes:
        rows = [
            (
                str(place),
                item.title,
                str(item.units),
                points(item.full),
                points(item.average),
                per_cent(int(item.average * 100), int(item.full * 100)),
                str(item.losses),
                points(item.lost),
            )
            for place, item in enumerate(kind.items, 1)
        ]
        tables.append(
            points_table(
                columns(
                    ("序号", 6, CENTRE),
                    ("指标", 34),
                    ("适用单位", 10, RIGHT),
                    ("满分", 10, RIGHT),
                    ("平均得分", 10, RIGHT),
                    ("得分率", 10, RIGHT),
                    ("扣分处数", 10, RIGHT),
                    ("共扣分", 10, RIGHT),
                ),
                rows,
                caption=f"{kind.label}（折算前）",
            )
        )
    return Annex("各项指标平均得分", tables=tuple(tables), is_wide=True)


def _steps_annex(digest: Digest) -> Annex:
    rows = [
        (
            str(found.number),
            found.get_stage_display(),
            full_day(day_of(found.as_of)),
            full_day(day_of(found.known_at or found.as_of)),
            found.reason,
        )
        for found in digest.computations
    ]
    return Annex(
        "测算和更正记录",
        tables=(
            Table(
                columns=columns(
                    ("次序", 8, CENTRE),
                    ("阶段", 12, CENTRE),
                    ("台账截至", 20, CENTRE),
                    ("登记截至", 20, CENTRE),
                    ("缘由", 40),
                ),
                rows=rows,
            ),
        ),
    )


def _vetoes_annex(digest: Digest) -> Annex:
    rows = [
        (
            veto.unit.name,
            veto.get_reason_display(),
            veto.get_effect_display(),
            period_words(Period.parse(veto.period)),
            veto.document_no,
            full_day(veto.decided_on),
        )
        for veto in digest.vetoes
    ]
    described = (
        ("单位", 20),
        ("情形", 20),
        ("效果", 16),
        ("针对的考核期", 16, CENTRE),
        ("决定文号", 20),
        ("决定日期", 14, CENTRE),
    )
    return Annex("一票否决决定", tables=(Table(columns(*described), rows),))


def _objections_annex(digest: Digest) -> Annex:
    rows = [
        (
            item.unit.name,
            _short(item.line.cause),
            points(item.line.lost),
            item.get_state_display(),
            item.answer or "—",
        )
        for item in digest.objections[:ANNEX_ROWS]
    ]
    more = len(digest.objections) - len(rows)
    described = (
        ("单位", 20),
        ("扣分事项", 30),
        ("扣分", 8, RIGHT),
        ("结果", 10, CENTRE),
        ("答复", 32),
    )
    caption = f"另有{more}件未列，见平台。" if more > 0 else ""
    table = points_table(columns(*described), rows, caption=caption)
    return Annex("申诉办理情况", tables=(table,))


def _short(cause: str) -> str:
    words = tight(cause)
    return words if len(words) <= LONGEST_CAUSE else f"{words[: LONGEST_CAUSE - 1]}…"


def _or_dash(value: Decimal | None) -> str:
    return "—" if value is None else points(value)


def _signed(value: Decimal) -> str:
    return f"+{points(value)}" if value > 0 else points(value)
