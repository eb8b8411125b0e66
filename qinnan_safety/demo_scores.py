"""Demonstration of the assessment: facts with papers, published quarters and a draft."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from assessments.enums import BonusCategory, BonusLevel, FactKind, LineKind
from assessments.models import Assessment, ScoreLine
from assessments.services.computing import compute_assessment
from assessments.services.entering import FactContent, enter_fact
from assessments.services.objections import (
    answer_objection,
    applying,
    score_oneself,
    submit_objection,
)
from assessments.services.publishing import (
    finalize_assessment,
    open_objections,
    publish_assessment,
)
from common.clock import morning_of
from organizations.models import Unit, User
from qinnan_safety.demo import Story
from qinnan_safety.demo_dice import dice
from responsibilities.enums import Frequency
from responsibilities.periods import Period, periods_between

# 每季登记的事实，以及百分之几的单位这一季没有。
EVERY_QUARTER = ((FactKind.MEETING, 12), (FactKind.EDUCATION, 9))
ONCE_A_YEAR = ((FactKind.BREAKDOWN, 2), (FactKind.DRILL, 5), (FactKind.FOUNDATION, 11))


def load_demo_scores(story: Story) -> int:
    """Enter facts and assess every quarter of the story. Returns: the number of assessments."""
    office = User.objects.get(username="office")
    quarters = list(periods_between(story.dispatched_on, story.today, Frequency.QUARTERLY))
    quarters = [span for span in quarters if span.first_day < story.today]
    with transaction.atomic():
        for span in quarters:
            _enter_facts(span, story, office)
            _assess(span, story, office)
    return len(quarters)


def _assess(span: Period, story: Story, office: User) -> None:
    """Publish a quarter that ended long enough ago; leave the running one as a first draft."""
    computed = min(span.last_day + timedelta(days=8), story.today)
    at = morning_of(computed, 9)
    found = compute_assessment(span.code, actor=office, at=at, reason="（演示）季度考核").assessment
    published = span.last_day + timedelta(days=25)
    if published > story.today:
        return
    until = span.last_day + timedelta(days=18)
    found = open_objections(
        found, until=until, version=found.version, actor=office, at=at + timedelta(hours=1)
    )
    _speak(found, office, at + timedelta(days=2))
    closing = morning_of(published, 9)
    found = finalize_assessment(found, version=found.version, actor=office, at=closing)
    publish_assessment(found, version=found.version, actor=office, at=closing + timedelta(hours=1))


def _speak(assessment: Assessment, office: User, at: datetime) -> None:
    """Let 区住建局 score itself and object to its heaviest loss; the office answers."""
    unit, head = Unit.objects.get(code="zjj"), User.objects.get(username="head-zjj")
    full = applying(assessment, unit)
    scores = {number: (points, "（演示）自评满分") for number, (_, points) in full.items()}
    score_oneself(assessment, unit, scores, actor=head, at=at)
    lines = ScoreLine.objects.filter(
        score__computation=assessment.current(), score__unit=unit, kind=LineKind.DEDUCTION
    )
    line = lines.filter(points__lt=0).order_by("points", "number").first()
    if line is None:
        return
    reason = "（演示）当时已口头报告，请核实。"
    objection = submit_objection(line, reason=reason, document_no="", actor=head, at=at)
    answer = "（演示）没有文号佐证，维持原扣分。"
    answered = at + timedelta(days=1)
    answer_objection(objection, is_upheld=False, answer=answer, actor=office, at=answered)


def _enter_facts(span: Period, story: Story, office: User) -> None:
    last = min(span.last_day, story.today - timedelta(days=1))
    units = Unit.objects.on(last).exclude(assessment_class="")
    for unit in units:
        for content in _facts_of(unit, span, last):
            at = morning_of(content.happened_on, 16)
            enter_fact(unit, content, actor=office, at=max(at, _open(story)))


def _open(story: Story) -> datetime:
    """The office has its accounts from the day on which the demonstration was loaded."""
    return morning_of(story.loaded_on, 12)


def _facts_of(unit: Unit, span: Period, last: date) -> Iterator[FactContent]:
    """Yield what the unit has papers for; everything follows from codes and the quarter."""
    kinds = list(EVERY_QUARTER) + (list(ONCE_A_YEAR) if span.index == 2 else [])
    for kind, without in kinds:
        roll = dice("fact", kind, unit.code, span.code)
        if roll >= without:
            yield _fact(kind, f"（演示）{kind.label}", span, last, roll)
    roll = dice("event", unit.code, span.code)
    if roll < 4:
        title = "（演示）一般生产安全责任事故"
        yield _fact(FactKind.ACCIDENT, title, span, last, roll, count=roll % 2)
    elif roll < 8:
        yield _fact(FactKind.CRITICISM, "（演示）工作推进迟缓被通报", span, last, roll)
    elif roll < 12:
        bonus = {"category": BonusCategory.EXPERIENCE, "level": BonusLevel.CITY}
        yield _fact(FactKind.BONUS, "（演示）做法在全市推广", span, last, roll, **bonus)


def _fact(
    kind: FactKind, title: str, span: Period, last: date, roll: int, **more: object
) -> FactContent:
    day = min(span.first_day + timedelta(days=10 + roll * 2 // 3), last)
    paper = f"（演示）钦南发〔{span.year}〕{1 + roll}号"
    return FactContent(kind, day, title, paper, **more)  # type: ignore[arg-type]
