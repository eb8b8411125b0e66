"""The scorecard of a unit (成绩单) as plain values: what the page shows and a document typesets."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from assessments.enums import Grade, LineKind, Part, Stage
from assessments.models import Assessment, Computation, ScoreLine, UnitScore
from common.errors import DomainError
from organizations.enums import AssessmentClass
from organizations.models import Unit

# 在各指标之后单列的行。
EXTRA_KINDS = (LineKind.SCALING, LineKind.BONUS, LineKind.CRITICISM, LineKind.VETO)


@dataclass(frozen=True)
class Evidence:
    """The record behind a line: ``kind`` and ``key`` find it, ``label`` names it."""

    kind: str
    key: str
    label: str


@dataclass(frozen=True)
class CardLine:
    """One reason for points lost or won; ``pk`` names it where somebody objects to it.

    ``mark`` tells the loss apart in every computation of the period.
    """

    pk: int
    number: int
    kind: LineKind
    title: str
    cause: str
    points: Decimal
    evidence: tuple[Evidence, ...]
    mark: str


@dataclass(frozen=True)
class CardItem:
    """One indicator: its full marks and what it lost."""

    number: int
    part: Part
    heading: str
    title: str
    full: Decimal
    expected: int | None
    performed: int | None
    applies: bool
    note: str
    losses: tuple[CardLine, ...]

    @property
    def lost(self) -> Decimal:
        return -sum((line.points for line in self.losses), Decimal(0))

    @property
    def earned(self) -> Decimal:
        return self.full - self.lost


@dataclass(frozen=True)
class Scorecard:
    """Everything that a scorecard says about one unit; ``lines`` of all items and ``extras`` sum
    to ``total``."""

    period: str
    period_label: str
    state: str
    stage: str
    edition: int
    corrections: int
    as_of: datetime
    unit_code: str
    unit_name: str
    unit_full_name: str
    class_label: str
    scheme: str
    scheme_id: int
    total: Decimal
    grade: Grade
    process: Decimal
    process_full: Decimal
    result: Decimal
    result_full: Decimal
    rank: int | None
    out_of: int
    median: Decimal
    items: tuple[CardItem, ...]
    extras: tuple[CardLine, ...]
    result_sha256: str

    @property
    def losses(self) -> list[CardLine]:
        """Every deduction, the heaviest first."""
        own = [line for item in self.items for line in item.losses if line.points]
        own += [line for line in self.extras if line.points < 0 and line.kind != LineKind.SCALING]
        return sorted(own, key=lambda line: (line.points, line.number))

    @property
    def spared(self) -> list[CardLine]:
        """What fell short and cost nothing: taken back by an objection, or past the full marks."""
        return [line for item in self.items for line in item.losses if not line.points]

    @property
    def lost(self) -> Decimal:
        return -sum((line.points for line in self.losses), Decimal(0))

    @property
    def heaviest(self) -> Decimal:
        """The full marks of the heaviest indicator: the longest bar."""
        return max((item.full for item in self.items), default=Decimal(0))

    @property
    def set_aside(self) -> list[CardItem]:
        """The indicators that do not apply in this period."""
        return [item for item in self.items if not item.applies]

    @property
    def gains(self) -> list[CardLine]:
        return self.lines_of(LineKind.BONUS)

    def lines_of(self, kind: str) -> list[CardLine]:
        """Return the lines after the indicators that are of one kind: bonus, criticism, veto."""
        return [line for line in self.extras if line.kind == kind]


def scorecard_of(assessment: Assessment, unit: Unit) -> Scorecard:
    """Return the scorecard of a unit in the newest computation of an assessment.

    Raises: DomainError when the unit was not scored.
    """
    computation = assessment.current()
    score = UnitScore.objects.of_computation(computation).filter(unit=unit).first()
    if score is None:
        raise DomainError(f"{unit}不在{assessment}的范围内。")
    return card_of(assessment, computation, score)


def card_of(assessment: Assessment, computation: Computation, score: UnitScore) -> Scorecard:
    """Return the scorecard that a stored score stands for."""
    lines = list(score.lines.all())
    totals = UnitScore.objects.filter(
        computation=computation, assessment_class=score.assessment_class
    ).exclude(grade=Grade.NONE)
    corrections = assessment.computations.filter(
        stage=Stage.CORRECTION, number__lte=computation.number
    ).count()
    peers = sorted(totals.values_list("total", flat=True))
    return Scorecard(
        period=assessment.period,
        period_label=assessment.label,
        state=assessment.get_state_display(),
        stage=computation.get_stage_display(),
        edition=computation.number,
        corrections=corrections,
        as_of=computation.as_of,
        unit_code=score.unit.code,
        unit_name=score.unit.name,
        unit_full_name=score.unit.full_name or score.unit.name,
        class_label=AssessmentClass(score.assessment_class).label,
        scheme=str(score.scheme),
        scheme_id=score.scheme_id,
        total=score.total,
        grade=Grade(score.grade),
        process=score.process,
        process_full=score.process_full,
        result=score.result,
        result_full=score.result_full,
        rank=score.rank,
        out_of=len(peers),
        median=median(peers) if peers else Decimal(0),
        items=_items(lines),
        extras=tuple(_line(line) for line in lines if line.kind in EXTRA_KINDS),
        result_sha256=computation.result_sha256,
    )


def _items(lines: list[ScoreLine]) -> tuple[CardItem, ...]:
    losses: dict[int | None, list[CardLine]] = {}
    for line in lines:
        if line.kind == LineKind.DEDUCTION:
            losses.setdefault(line.indicator, []).append(_line(line))
    return tuple(
        CardItem(
            number=line.indicator or 0,
            part=Part(line.part),
            heading=line.heading,
            title=line.title,
            full=line.points,
            expected=line.expected,
            performed=line.performed,
            applies=line.kind == LineKind.FULL,
            note="" if line.cause == line.get_kind_display() else line.cause,
            losses=tuple(losses.get(line.indicator, ())),
        )
        for line in lines
        if line.kind in {LineKind.FULL, LineKind.NOT_APPLICABLE}
    )


def _line(line: ScoreLine) -> CardLine:
    return CardLine(
        pk=line.pk,
        number=line.number,
        kind=LineKind(line.kind),
        title=line.title,
        cause=line.cause,
        points=line.points,
        evidence=tuple(Evidence(**ref) for ref in line.refs),
        mark=line.mark or line.cause,
    )
