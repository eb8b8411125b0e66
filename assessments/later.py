"""What the office entered or voided since a result was computed, and what it may have forgotten."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F

from assessments.enums import FactKind, LineKind, RuleKind
from assessments.models import Assessment, EnteredFact, ScoreLine, UnitScore, VetoDecision
from assessments.services.facts import Scope, concerns, held_by
from organizations.models import Unit

# 《生产安全事故报告和调查处理条例》第三条：造成3人以上死亡的为较大以上事故，“以上”含本数。
MAJOR_DEATHS = 3


@dataclass(frozen=True)
class Suspicion:
    """A unit that a veto may be due for, and why; whether it is, a paper decides."""

    unit: Unit
    words: str


def facts_since(assessment: Assessment) -> Sequence[EnteredFact]:
    """Return the facts that the newest result does not show yet, or shows though voided since."""
    computation = assessment.current()
    known = computation.known_at or computation.as_of
    scope = Scope(assessment.span, computation.as_of, known)
    touched = EnteredFact.history.filter(history_date__gt=known).values("id")
    scored = UnitScore.objects.filter(computation=computation).values("unit")
    found = EnteredFact.objects.filter(pk__in=touched, unit__in=scored).select_related("unit")
    return [
        fact for fact in found.exclude(is_void=True, entered_at__gt=known) if concerns(fact, scope)
    ]


def suspected(assessment: Assessment) -> Sequence[Suspicion]:
    """Return the units with deaths for which a veto is usual and none was entered.

    Source: 方案（六）“严格落实安全生产‘一票否决’制度”；各地考核细则惯例。
    """
    judged = VetoDecision.objects.filter(is_void=False, period__in=held_by(assessment.span))
    scores = UnitScore.objects.filter(computation=assessment.current())
    free = set(scores.exclude(unit__in=judged.values("unit")).values_list("unit", flat=True))
    found = [*_major_accidents(assessment), *_deaths_above(assessment)]
    return [item for item in found if item.unit.pk in free]


def _major_accidents(assessment: Assessment) -> Iterator[Suspicion]:
    span = assessment.span
    facts = EnteredFact.objects.valid().filter(
        kind=FactKind.ACCIDENT,
        count__gte=MAJOR_DEATHS,
        happened_on__range=(span.first_day, span.last_day),
    )
    for fact in facts.select_related("unit").order_by("happened_on", "pk"):
        yield Suspicion(fact.unit, f"{fact.title}，死亡 {fact.count} 人，属较大以上事故")


def _deaths_above(assessment: Assessment) -> Iterator[Suspicion]:
    """The deaths stand on the line of their indicator, beside what was left of the limit."""
    lines = ScoreLine.objects.filter(
        score__computation=assessment.current(),
        kind=LineKind.FULL,
        performed__gt=F("expected"),
        score__scheme__indicators__rule=RuleKind.DEATHS,
        score__scheme__indicators__number=F("indicator"),
    )
    for line in lines.select_related("score__unit").order_by("score__unit__order", "pk"):
        words = f"死亡 {line.performed} 人，控制指标只余 {line.expected} 人"
        yield Suspicion(line.score.unit, words)
