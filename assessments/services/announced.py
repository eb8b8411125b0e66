"""What units were shown (公示), against what has been computed since."""

from collections import defaultdict
from decimal import Decimal

from assessments.enums import AssessmentState, LineKind
from assessments.models import Assessment, Computation, ScoreLine, UnitScore
from common.errors import DomainError

# 单位应当先看到、能说话，才能算数的行。
CHARGES = frozenset({LineKind.DEDUCTION, LineKind.CRITICISM, LineKind.VETO})
# 提示里最多点名的单位数。
NAMED = 8


def require_announced(assessment: Assessment, announced: Computation) -> None:
    """Units must have seen every loss and had the days to object to it.

    Raises: DomainError naming the units whose newest scores have a charge that they were not
    shown, or earn less than they were shown, by item or in all.
    """
    newest = assessment.current()
    shown, found = _marks_of(announced), _marks_of(newest)
    scores = UnitScore.objects.of_computation(newest).order_by("unit__order", "unit_id")
    names = [
        score.unit.short_name
        for score in scores
        if score.unit_id not in shown or found[score.unit_id].is_worse_than(shown[score.unit_id])
    ]
    if names:
        more = f"等 {len(names)} 个单位" if len(names) > NAMED else ""
        raise DomainError(
            f"公示以后又有扣分，或得分比公示的低，单位还没有看到：{'、'.join(names[:NAMED])}{more}。"
            "请先重新公示，定出新的申诉截止日，再终评、发布。"
        )


def announced_computation(assessment: Assessment) -> Computation:
    """Return the computation that units were shown when objections were last opened."""
    opened = assessment.history.filter(state=AssessmentState.OBJECTIONS)
    at = opened.latest("history_date", "history_id").history_date
    known = assessment.computations.defer("snapshot").filter(as_of__lte=at)
    return known.order_by("-number")[0]


class _Marks:
    """The charges of one unit, and what it earns in all and by item."""

    def __init__(self) -> None:
        self.charges: set[tuple[str, int | None, str]] = set()
        self.earned: dict[int | None, Decimal] = defaultdict(Decimal)

    @property
    def total(self) -> Decimal:
        return sum(self.earned.values(), Decimal(0))

    def add(self, line: ScoreLine) -> None:
        if line.kind in CHARGES and (line.points or line.kind == LineKind.VETO):
            self.charges.add((line.kind, line.indicator, line.mark or line.cause))
        self.earned[line.indicator] += line.points

    def is_worse_than(self, shown: "_Marks") -> bool:
        if self.charges - shown.charges or self.total < shown.total:
            return True
        items = (item for item in shown.earned if item is not None)
        return any(self.earned[item] < shown.earned[item] for item in items)


def _marks_of(computation: Computation) -> dict[int, _Marks]:
    """Return unit id → the marks that a computation came to."""
    lines = ScoreLine.objects.filter(score__computation=computation).select_related("score")
    found: dict[int, _Marks] = defaultdict(_Marks)
    for line in lines.order_by("score", "number"):
        found[line.score.unit_id].add(line)
    return found
