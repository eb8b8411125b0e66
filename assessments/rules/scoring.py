"""From a snapshot to lines of points that sum exactly to the total of each unit.

Order of the lines: each indicator with its losses, 折算, 加分, 通报批评, and 一票否决 last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from assessments.enums import (
    HUNDRED,
    SHARED_RULES,
    BonusCategory,
    BonusLevel,
    FactKind,
    Grade,
    LineKind,
    Part,
    VetoEffect,
)
from assessments.rules.facts import (
    Entered,
    IndicatorRule,
    Ref,
    SchemeRules,
    Snapshot,
    UnitFacts,
    Veto,
    Waiver,
)
from assessments.rules.losses import Finding, Loss, entered, find, in_order
from common.days import short_day

CENT = Decimal("0.01")
NOTHING = Decimal(0)
GRADES_DOWN = (Grade.EXCELLENT, Grade.GOOD, Grade.PASS, Grade.FAIL)


@dataclass(frozen=True)
class Line:
    """One line of a scorecard: why, what was expected and done, the records, and the points."""

    kind: LineKind
    title: str
    cause: str
    points: Decimal
    indicator: int | None = None
    part: Part | None = None
    heading: str = ""
    expected: int | None = None
    performed: int | None = None
    refs: tuple[Ref, ...] = ()
    mark: str = ""


@dataclass(frozen=True)
class UnitResult:
    """The score of one unit; ``total`` is the sum of the points of ``lines``."""

    code: str
    name: str
    order: int
    scheme: SchemeRules
    lines: tuple[Line, ...]
    grade: Grade
    is_vetoed: bool = False

    @property
    def total(self) -> Decimal:
        return sum((line.points for line in self.lines), NOTHING)


def cents(value: Decimal) -> Decimal:
    """Round points half up to two places."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def score_all(snapshot: Snapshot) -> list[UnitResult]:
    """Score every unit whose class has a scheme, in official order."""
    schemes = {scheme.assessment_class: scheme for scheme in snapshot.schemes}
    return [
        score_unit(facts, schemes[facts.assessment_class], snapshot)
        for facts in sorted(snapshot.units, key=lambda facts: (facts.order, facts.code))
        if facts.assessment_class in schemes
    ]


def score_unit(facts: UnitFacts, scheme: SchemeRules, snapshot: Snapshot) -> UnitResult:
    """Score one unit by its scheme.

    Source: 方案（六）过程考核与结果考核相结合、一票否决；《考核细则》惯例“逐项扣分，扣完为止”。
    """
    lines: list[Line] = []
    for rule in sorted(scheme.indicators, key=lambda rule: rule.number):
        lines += _indicator_lines(rule, find(rule, facts, snapshot), _waived(rule, facts))
    full = _sum(line.points for line in lines if line.kind == LineKind.FULL)
    if not full:
        return UnitResult(facts.code, facts.name, facts.order, scheme, tuple(lines), Grade.NONE)
    lines += _scaling(lines, full, scheme)
    lines += _bonus_lines(scheme, entered(facts, FactKind.BONUS))
    lines += _criticism_lines(scheme, entered(facts, FactKind.CRITICISM), _points(lines))
    grade = grade_of(_points(lines), scheme)
    vetoes = sorted(in_order(facts.vetoes), key=lambda veto: list(VetoEffect).index(veto.effect))
    lines += _veto_lines(vetoes, _points(lines))
    return UnitResult(
        facts.code,
        facts.name,
        facts.order,
        scheme,
        tuple(lines),
        _after_vetoes(grade, vetoes),
        is_vetoed=any(v.effect in {VetoEffect.ZERO, VetoEffect.FAIL} for v in vetoes),
    )


def grade_of(total: Decimal, scheme: SchemeRules) -> Grade:
    """Return the grade of a total: 以上包括本数，以下不包括本数。"""
    if total >= scheme.excellent_from:
        return Grade.EXCELLENT
    if total >= scheme.good_from:
        return Grade.GOOD
    return Grade.PASS if total >= scheme.pass_from else Grade.FAIL


def _sum(points: Iterable[Decimal]) -> Decimal:
    return sum(points, NOTHING)


def _points(lines: Iterable[Line]) -> Decimal:
    return _sum(line.points for line in lines)


def _waived(rule: IndicatorRule, facts: UnitFacts) -> dict[str, Waiver]:
    """Return the marks about which an objection was upheld."""
    return {
        item.mark: item
        for item in in_order(facts.waivers)
        if item.rule == rule.rule and item.record in {None, rule.record}
    }


def _is_taken_back(loss: Loss, waived: Mapping[str, Waiver]) -> bool:
    """Whether an upheld objection covers the loss: it does not cover what was still open when a
    later quarter ended."""
    waiver = waived.get(loss.mark)
    if waiver is None:
        return False
    return waiver.until is None or loss.open_on is None or loss.open_on <= waiver.until


def _indicator_lines(
    rule: IndicatorRule, finding: Finding | None, waived: Mapping[str, Waiver]
) -> Iterator[Line]:
    """Yield the full marks and the losses of an indicator; the losses stop at zero."""
    kind = LineKind.FULL if finding else LineKind.NOT_APPLICABLE

    def line(
        kind: LineKind, cause: str, points: Decimal, refs: tuple[Ref, ...] = (), mark: str = ""
    ) -> Line:
        return Line(
            kind=kind,
            title=rule.title,
            cause=cause,
            points=points,
            indicator=rule.number,
            part=rule.part,
            heading=rule.heading,
            expected=finding.expected if finding else None,
            performed=finding.performed if finding else None,
            refs=refs,
            mark=mark,
        )

    if finding is None:
        yield line(kind, kind.label, NOTHING)
        return
    yield line(kind, finding.note or kind.label, rule.points)
    for loss, points in zip(finding.losses, _amounts(rule, finding, waived), strict=True):
        refs, cause = loss.refs, loss.cause
        if _is_taken_back(loss, waived):
            refs, cause = (*refs, waived[loss.mark].ref), f"{cause}（申诉采纳，不扣）"
        elif not points:
            cause = f"{cause}（本项已扣完）"
        elif (waiver := waived.get(loss.mark)) and waiver.until:
            refs, cause = (*refs, waiver.ref), f"{cause}（{_covered(waiver.until)}）"
        yield line(LineKind.DEDUCTION, cause, -points, refs, loss.mark)


def _covered(until: date) -> str:
    return f"申诉采纳管到{short_day(until)}，此后期末仍没有办，照扣"


def _amounts(
    rule: IndicatorRule, finding: Finding, waived: Mapping[str, Waiver]
) -> Iterator[Decimal]:
    """Yield the points of each loss. Shares are rounded as running totals, so that everything
    missing takes exactly the full marks."""
    taken, shares = NOTHING, NOTHING
    for loss in finding.losses:
        if _is_taken_back(loss, waived):
            upto = taken
        elif rule.rule in SHARED_RULES:
            shares += loss.share
            upto = cents(rule.points * shares / Decimal(finding.expected or 1))
        else:
            upto = taken + loss.points
        upto = min(upto, rule.points)
        yield upto - taken
        taken = upto


def _scaling(lines: Sequence[Line], full: Decimal, scheme: SchemeRules) -> Iterator[Line]:
    """Bring the total to 100 points where items do not apply (折算).

    By the rate earned on the items that do; a scheme that does not scale gives the rest in full.
    """
    if full == HUNDRED:
        return
    earned = _points(lines)
    if scheme.is_scaled:
        words = f"适用项目满分 {number(full)} 分，得 {number(earned)} 分，折算为百分制"
        yield Line(LineKind.SCALING, "折算", words, cents(earned * HUNDRED / full) - earned)
    else:
        words = f"不适用的项目共 {number(HUNDRED - full)} 分，按满分计"
        yield Line(LineKind.SCALING, "不适用项目", words, HUNDRED - full)


def number(value: Decimal) -> str:
    """Write points without trailing zeros.

    >>> number(Decimal("12.50")), number(Decimal("100.00"))
    ('12.5', '100')
    """
    return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"


def _bonus_lines(scheme: SchemeRules, facts: Sequence[Entered]) -> Iterator[Line]:
    """Add points (加分): a topic once, at its highest level, each category and the sum capped."""
    worth = {
        BonusLevel.NATIONAL: scheme.national_points,
        BonusLevel.PROVINCIAL: scheme.provincial_points,
        BonusLevel.CITY: scheme.city_points,
    }
    left = {
        BonusCategory.HONOUR: scheme.honour_cap,
        BonusCategory.EXPERIENCE: scheme.experience_cap,
        BonusCategory.INNOVATION: scheme.innovation_cap,
    }
    total_left, seen = scheme.bonus_cap, set()
    graded = [(worth[f.level], f.level, f.category, f) for f in facts if f.level and f.category]
    for points, level, category, fact in sorted(graded, key=lambda item: -item[0]):
        topic = ("topic", fact.topic) if fact.topic else ("record", fact.ref.key)
        words = f"{fact.title}（{level.label}，{fact.document_no}）"
        points = min(points, left[category], total_left)
        if topic in seen:
            points, words = NOTHING, f"{words}：同一事项已按最高级别计"
        elif not points:
            words = f"{words}：已到加分上限"
        seen.add(topic)
        left[category] -= points
        total_left -= points
        yield Line(LineKind.BONUS, category.label, words, points, refs=(fact.ref,))


def _criticism_lines(
    scheme: SchemeRules, facts: Sequence[Entered], earned: Decimal
) -> Iterator[Line]:
    """Take points off for each criticism (通报批评), until the total is gone."""
    for fact in facts:
        points = min(scheme.criticism_points, earned)
        earned -= points
        words = f"{fact.title}（{fact.document_no}）"
        yield Line(LineKind.CRITICISM, "通报批评", words, -points, refs=(fact.ref,))


def _veto_lines(vetoes: Sequence[Veto], earned: Decimal) -> Iterator[Line]:
    for veto in vetoes:
        points = earned if veto.effect == VetoEffect.ZERO else NOTHING
        earned -= points
        words = f"{veto.reason.label}，{veto.effect.label}（{veto.document_no}）"
        yield Line(LineKind.VETO, "一票否决", words, -points, refs=(veto.ref,))


def _after_vetoes(grade: Grade, vetoes: Sequence[Veto]) -> Grade:
    """Apply the decisions to the grade, the heaviest first."""
    for veto in vetoes:
        place = GRADES_DOWN.index(grade)
        if veto.effect in {VetoEffect.ZERO, VetoEffect.FAIL}:
            return Grade.FAIL
        if veto.effect == VetoEffect.DOWNGRADE:
            grade = GRADES_DOWN[min(place + 1, len(GRADES_DOWN) - 1)]
        elif grade == Grade.EXCELLENT:
            grade = Grade.GOOD
    return grade


def ranks(results: Sequence[UnitResult]) -> dict[str, int]:
    """Return unit code → place inside its own class; equal totals share a place.

    Units failed by a veto come after all others, units that cannot be scored have no place.
    """
    placed: dict[str, int] = {}
    classes: dict[str, list[tuple[bool, Decimal, str]]] = {}
    for result in results:
        if result.grade != Grade.NONE:
            key = (result.is_vetoed, -result.total, result.code)
            classes.setdefault(result.scheme.assessment_class, []).append(key)
    for keys in classes.values():
        for vetoed, total, code in keys:
            placed[code] = 1 + sum((v, t) < (vetoed, total) for v, t, _ in keys)
    return placed
