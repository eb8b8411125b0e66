"""单位考核成绩单: every point lost, its cause and its record, as the unit's own paper.

Source: 方案（六）过程考核与结果考核相结合；每一分都能说清出处。
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from assessments.digest import how_settled
from assessments.enums import SHOWN_TO_UNITS, AssessmentState, LineKind
from assessments.models import Assessment, UnitScore
from assessments.services.scorecards import CardItem, CardLine, Scorecard, scorecard_of
from common.days import full_day
from common.errors import DomainError
from documents.content import Content, Paragraph, Table
from documents.exceptions import NotYet
from documents.kinds import Subject
from organizations.models import Unit
from qinnan_safety.papers.letterhead import (
    CENTRE,
    RIGHT,
    columns,
    letterhead,
    period_words,
    points_table,
    tight,
)

SCALED = "折算"
VETOED = "对你单位作出一票否决决定【否决件数】件：【否决决定】。上述等次已按决定执行。"
NO_RESULT = "结果考核本期没有适用的项目"
EVIDENCE = "扣分均可在平台上点开查看所依据的记录。"


def assessment_of(period: str) -> Assessment:
    """Return the assessment of a period. Raises: NotYet when nothing is computed."""
    assessment = Assessment.objects.filter(period=period).first()
    if assessment is None:
        raise NotYet(f"{period} 的考核还没有测算，先在“考核”里测算。")
    return assessment


def require_shown(period: str, _today: date) -> None:
    """Refuse to number what no unit has been shown yet. Raises: NotYet."""
    assessment = assessment_of(period)
    if assessment.state not in SHOWN_TO_UNITS:
        raise NotYet(f"{assessment}还是初评、没有公示，可以起草，公示以后才能签发。")


def scored_units(period: str, _today: date) -> Sequence[Unit]:
    """The units that the newest computation of the period scores, in official order."""
    computation = assessment_of(period).current()
    scored = UnitScore.objects.of_computation(computation).values("unit")
    return list(Unit.objects.filter(pk__in=scored))


def scorecard(subject: Subject) -> Content:
    """Draft a unit's scorecard from the newest computation."""
    if subject.unit is None:
        raise DomainError("成绩单按单位起草，请选定单位。")
    assessment = assessment_of(subject.period)
    card = scorecard_of(assessment, subject.unit)
    return letterhead(
        f"{period_words(assessment.span)}安全生产工作考核成绩单",
        day=subject.today,
        addressees=card.unit_full_name,
        paragraphs=_wording(card, assessment),
        figures=_figures(card)
        | {
            "考核期": period_words(assessment.span),
            "阶段": how_settled(assessment, assessment.current()),
        },
        tables=(_items_table(card), *_loss_tables(card)),
    )


def _figures(card: Scorecard) -> dict[str, str]:
    return {
        "类别": card.class_label,
        "总分": points(card.total),
        "等次": card.grade.label,
        "过程得分": points(card.process),
        "过程满分": points(card.process_full),
        "结果得分": points(card.result),
        "结果满分": points(card.result_full),
        "同类单位数": str(card.out_of),
        "同类中位数": points(card.median),
        "扣分合计": points(card.lost),
        "扣分项数": str(len(card.losses)),
        "否决件数": str(len(card.lines_of(LineKind.VETO))),
        "否决决定": "；".join(tight(line.cause) for line in card.lines_of(LineKind.VETO)) or "无",
        "办法": card.scheme,
    }


def _objecting(assessment: Assessment) -> str:
    """Say what a unit can do about a loss at the stage that the assessment has reached."""
    if assessment.state == AssessmentState.PRELIMINARY:
        return "公示以后，对扣分有异议的，可在公示期内登录平台逐项申诉并写明依据。"
    until = assessment.objections_until
    if assessment.state == AssessmentState.OBJECTIONS and until is not None:
        return (
            f"对扣分有异议的，可在{full_day(until)}以前（含当日）登录平台逐项申诉并写明依据，"
            "区安委办逐条答复。"
        )
    return "申诉已经截止，对扣分仍有疑问的，请联系区安委办。"


def _wording(card: Scorecard, assessment: Assessment) -> tuple[Paragraph, ...]:
    result = "结果考核得【结果得分】分（满分【结果满分】分）" if card.result_full else NO_RESULT
    lost = "共扣【扣分合计】分，计【扣分项数】处，逐项列明如下。" if card.losses else "没有扣分。"
    return (
        Paragraph(
            "按照《【办法】》，你单位属【类别】，【考核期】考核（【阶段】）得【总分】分，等次为【等次】。"
            f"其中过程考核得【过程得分】分（满分【过程满分】分），{result}；"
            "同类【同类单位数】个单位的中位数为【同类中位数】分。"
        ),
        Paragraph(lost + _objecting(assessment) + EVIDENCE),
        *([Paragraph(VETOED)] if card.lines_of(LineKind.VETO) else []),
    )


def _items_table(card: Scorecard) -> Table:
    return points_table(
        columns(
            ("序号", 8, CENTRE),
            ("指标", 42),
            ("应做", 10, RIGHT),
            ("已做", 10, RIGHT),
            ("满分", 10, RIGHT),
            ("扣分", 10, RIGHT),
            ("得分", 10, RIGHT),
        ),
        (
            *(_item_row(place, item) for place, item in enumerate(card.items, 1)),
            *(_extra_row(line, card) for line in card.extras),
        ),
        total=("", "总分", "", "", "", "", points(card.total)),
        caption="一、各项得分（得分一栏自上而下相加即为总分）",
    )


def _item_row(place: int, item: CardItem) -> tuple[str, ...]:
    if not item.applies:
        return (str(place), f"{item.title}（本期不适用）", "", "", "—", "—", "—")
    return (
        str(place),
        item.title,
        _count(item.expected),
        _count(item.performed),
        points(item.full),
        points(item.lost),
        points(item.earned),
    )


def _extra_row(line: CardLine, card: Scorecard) -> tuple[str, ...]:
    """What comes on top of the indicators, so that the points add up to the total."""
    words = f"{line.title}：{tight(line.cause)}"
    if line.title == SCALED:
        full = sum((item.full for item in card.items if item.applies), Decimal(0))
        words += f"（×100÷{points(full)}）"
    return ("", words, "", "", "", "", points(line.points))


def _loss_tables(card: Scorecard) -> tuple[Table, ...]:
    """Detail every loss, every gain, and each veto; also what was listed and costs no points."""
    vetoes = [line for line in card.lines_of(LineKind.VETO) if not line.points]
    lines = [*card.losses, *card.spared, *card.gains, *vetoes]
    if not lines:
        return ()
    return (
        points_table(
            columns(("指标", 24), ("原因", 51), ("所依据的记录", 16), ("分值", 9, RIGHT)),
            tuple(_loss_row(line) for line in lines),
            caption="二、扣分、加分和一票否决明细",
        ),
    )


def _loss_row(line: CardLine) -> tuple[str, ...]:
    shown = "；".join(evidence.label for evidence in line.evidence[:3])
    more = len(line.evidence) - 3
    return (
        line.title,
        tight(line.cause),
        f"{shown}等{more + 3}条" if more > 0 else shown or "—",
        points(line.points),
    )


def _count(value: int | None) -> str:
    return "" if value is None else str(value)


def points(value: Decimal) -> str:
    """Write points without idle noughts and with a true minus sign: 92.50 → 92.5, 30.00 → 30.

    >>> points(Decimal("92.50")), points(Decimal("30.00")), points(Decimal("-0.29"))
    ('92.5', '30', '−0.29')
    """
    text = f"{value:.2f}".replace("-", "−")
    return text.rstrip("0").rstrip(".")
