"""An assessment as a whole, for whoever reports on it: each class by itself, never mixed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessments.enums import AssessmentState, Grade, LineKind, ObjectionState, Stage
from assessments.models import (
    Assessment,
    Computation,
    Objection,
    ScoreLine,
    UnitScore,
    VetoDecision,
)
from assessments.ranking import assessment_before, ranked, scores_of
from assessments.rules.scoring import cents
from assessments.trend import totals_by_rules_of
from common.clock import day_of
from common.days import full_day
from organizations.enums import AssessmentClass
from organizations.models import Unit

NOTHING = Decimal(0)
CAUSES = 2  # 一个单位列出的主要扣分


@dataclass(frozen=True)
class Standing:
    """A unit's score with its total of the period before by the rules of now, if it had one."""

    score: UnitScore
    before: Decimal | None
    causes: tuple[str, ...]

    @property
    def moved(self) -> Decimal | None:
        return None if self.before is None else self.score.total - self.before


@dataclass(frozen=True)
class ItemAverage:
    """One indicator over the units of a class to which it applies."""

    title: str
    full: Decimal
    units: int
    losses: int
    lost: Decimal

    @property
    def average(self) -> Decimal:
        return cents(self.full - self.lost / self.units)


@dataclass(frozen=True)
class ClassDigest:
    """One class: its units by place, its indicators by number."""

    label: str
    standings: Sequence[Standing]
    items: Sequence[ItemAverage]

    @property
    def totals(self) -> list[Decimal]:
        """The totals of the units that were graded, the highest first."""
        graded = [s.score.total for s in self.standings if s.score.grade != Grade.NONE]
        return sorted(graded, reverse=True)

    @property
    def average(self) -> Decimal:
        return cents(sum(self.totals, NOTHING) / len(self.totals)) if self.totals else NOTHING

    @property
    def grades(self) -> Counter[Grade]:
        return Counter(Grade(s.score.grade) for s in self.standings)

    def units_of(self, grade: Grade) -> list[Unit]:
        """Return the units of one grade in official order: places tell nothing here."""
        found = [s.score.unit for s in self.standings if s.score.grade == grade]
        return sorted(found, key=lambda unit: (unit.order, unit.pk))


@dataclass(frozen=True)
class Cause:
    """What cost points all over the district: one indicator, or 通报批评."""

    title: str
    units: int
    losses: int
    lost: Decimal


@dataclass(frozen=True)
class Digest:
    """Everything that a report on an assessment says."""

    assessment: Assessment
    computation: Computation
    classes: Sequence[ClassDigest]
    causes: Sequence[Cause]
    vetoes: Sequence[VetoDecision]
    objections: Sequence[Objection]
    computations: Sequence[Computation]
    before: Assessment | None

    @property
    def standings(self) -> list[Standing]:
        return [standing for kind in self.classes for standing in kind.standings]

    @property
    def corrections(self) -> list[Computation]:
        return [found for found in self.computations if found.stage == Stage.CORRECTION]

    def answered(self, state: ObjectionState) -> int:
        return sum(item.state == state for item in self.objections)


def digest_of(assessment: Assessment) -> Digest:
    """Gather the newest computation of an assessment and what was said and decided about it."""
    computation, before = assessment.current(), assessment_before(assessment)
    totals = totals_by_rules_of(computation, before.current()) if before else {}
    lines = ScoreLine.objects.filter(score__computation=computation).order_by("pk")
    found = list(lines.select_related("score"))
    objections = assessment.objections.with_lines().order_by("unit__order", "submitted_at", "pk")
    return Digest(
        assessment=assessment,
        computation=computation,
        classes=_classes(scores_of(computation), found, totals),
        causes=_causes(found),
        vetoes=_vetoes(found),
        objections=list(objections),
        computations=list(assessment.computations.defer("snapshot").order_by("number")),
        before=before if totals else None,
    )


def _classes(
    scores: Sequence[UnitScore], lines: Sequence[ScoreLine], totals: dict[str, Decimal]
) -> list[ClassDigest]:
    digests = []
    for kind in AssessmentClass:
        own = [score for score in scores if score.assessment_class == kind]
        if own:
            standings = [
                Standing(row.score, totals.get(row.score.unit.code), row.causes)
                for row in ranked(own, {}, CAUSES)
            ]
            items = _items([line for line in lines if line.score.assessment_class == kind])
            digests.append(ClassDigest(kind.label, standings, items))
    return digests


def _items(lines: Sequence[ScoreLine]) -> list[ItemAverage]:
    by_number: dict[int, list[ScoreLine]] = {}
    for line in lines:
        if line.indicator is not None:
            by_number.setdefault(line.indicator, []).append(line)
    averages = []
    for _, own in sorted(by_number.items()):
        full = [line for line in own if line.kind == LineKind.FULL]
        lost = [line for line in own if line.kind == LineKind.DEDUCTION and line.points]
        if full:
            points = sum((line.lost for line in lost), NOTHING)
            averages.append(
                ItemAverage(full[0].title, full[0].points, len(full), len(lost), points)
            )
    return averages


def _causes(lines: Sequence[ScoreLine]) -> list[Cause]:
    """Return what cost points, the dearest first; 折算 and vetoes are no causes."""
    by_title: dict[str, list[ScoreLine]] = {}
    for line in lines:
        if line.points < 0 and line.kind in {LineKind.DEDUCTION, LineKind.CRITICISM}:
            by_title.setdefault(line.title, []).append(line)
    causes = [
        Cause(
            title,
            len({line.score_id for line in own}),
            len(own),
            sum((line.lost for line in own), NOTHING),
        )
        for title, own in by_title.items()
    ]
    return sorted(causes, key=lambda cause: (-cause.lost, cause.title))


def _vetoes(lines: Sequence[ScoreLine]) -> list[VetoDecision]:
    """Return the decisions that the computation rests on, in official order of the units."""
    keys = {
        ref["key"]
        for line in lines
        if line.kind == LineKind.VETO
        for ref in line.refs
        if ref["kind"] == "veto"
    }
    found = VetoDecision.objects.filter(pk__in=keys).select_related("unit")
    return list(found.order_by("unit__order", "decided_on", "pk"))


def how_settled(assessment: Assessment, computation: Computation) -> str:
    """Say how settled a result is, in words that a document can print."""
    if assessment.state == AssessmentState.PRELIMINARY:
        return "初评，尚未公示，可能变动"
    if assessment.state == AssessmentState.OBJECTIONS:
        return "初评，正在公示、受理申诉，可能变动"
    if assessment.published_at is None:
        return "终评，尚未发布"
    if computation.stage == Stage.CORRECTION:
        number = assessment.computations.filter(
            stage=Stage.CORRECTION, number__lte=computation.number
        ).count()
        return f"已发布结果的第{number}号更正"
    return f"终评，已于{full_day(day_of(assessment.published_at))}发布"
