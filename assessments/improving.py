"""还能怎么提高: what a unit can still do about a score, from the records as they stand now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from assessments.enums import OPEN_TO_SELF_SCORES, AssessmentState, Grade
from assessments.models import Assessment
from assessments.rules.mending import Mend, mends
from assessments.rules.scoring import score_unit
from assessments.services.computing import rules_shown
from assessments.services.facts import Scope, read_snapshot
from assessments.services.objections import OBJECTIONABLE
from assessments.services.scorecards import CardLine, Scorecard
from common.clock import day_of
from organizations.models import Unit
from responsibilities.models import Task

LISTED = 5  # 列出的没到期任务


@dataclass(frozen=True)
class Improvements:
    """What can still be done: ``total`` is what computing once more today would give."""

    total: Decimal | None = None
    mends: Sequence[Mend] = ()
    objectionable: Sequence[CardLine] = ()
    until: date | None = None
    due: Sequence[Task] = field(default_factory=list)
    due_by: date | None = None
    due_count: int = 0

    @property
    def contestable(self) -> Decimal:
        """The points of the losses that nobody has objected to yet."""
        return -sum((line.points for line in self.objectionable), Decimal(0))

    @property
    def more_due(self) -> int:
        return self.due_count - len(self.due)

    def __bool__(self) -> bool:
        return bool(self.mends or self.objectionable or self.due)


def improvements_of(
    assessment: Assessment,
    unit: Unit,
    card: Scorecard,
    objected: set[tuple[str, str]],
    *,
    at: datetime,
) -> Improvements:
    """Return what the unit can still do; a result that is final can only be corrected.

    ``objected`` are the titles and causes of the lines that were objected to: a later computation
    has the same losses in other lines.
    """
    if assessment.state not in OPEN_TO_SELF_SCORES:
        return Improvements()
    today = day_of(at)
    total, found = _mends(assessment, unit, at)
    lines: list[CardLine] = []
    until = assessment.objections_until
    if assessment.state == AssessmentState.OBJECTIONS and until and today <= until:
        lines = [
            line
            for line in card.losses
            if line.kind in OBJECTIONABLE and (line.title, line.cause) not in objected
        ]
    due = Task.objects.open().filter(unit=unit, due_on__range=(today, assessment.span.last_day))
    return Improvements(
        total=total,
        mends=found,
        objectionable=lines,
        until=until,
        due=list(due.with_obligations().order_by("due_on", "obligation__code", "pk")[:LISTED]),
        due_by=assessment.span.last_day,
        due_count=due.count(),
    )


def _mends(
    assessment: Assessment, unit: Unit, at: datetime
) -> tuple[Decimal | None, Sequence[Mend]]:
    """Read the unit's facts as a computation of this moment would."""
    scope = Scope(assessment.span, at, known_at=at, assessment_id=assessment.pk)
    if scope.due_until < scope.first:
        return None, ()
    snapshot = read_snapshot(scope, rules_shown(assessment), only=unit.code)
    if not snapshot.units:
        return None, ()
    (facts,) = snapshot.units
    schemes = {scheme.assessment_class: scheme for scheme in snapshot.schemes}
    scheme = schemes[facts.assessment_class]
    result = score_unit(facts, scheme, snapshot)
    if result.grade == Grade.NONE:
        return None, ()
    return result.total, mends(facts, scheme, snapshot, today=day_of(at))
