"""Compute an assessment and keep what came out, with the facts that it came from."""

from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.enums import AssessmentState, LineKind, Part, Stage
from assessments.models import Assessment, Computation, Scheme, ScoreLine, UnitScore
from assessments.permissions import can_manage_assessments
from assessments.rules.canonical import canonical_json, fingerprint, from_json
from assessments.rules.facts import EDITION, SchemeRules, Snapshot
from assessments.rules.scoring import Line, UnitResult, ranks, score_all
from assessments.services.announced import announced_computation
from assessments.services.facts import Scope, read_snapshot
from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import create_many_with_history, save_with_history
from organizations.models import Unit, User
from responsibilities.periods import Period

# 按季、按年考核。
ASSESSED_MONTHS = (3, 12)
FIRST_YEAR = 2000
# 一次按下最多等这么久；比它还晚的测算，是时钟拨回过，不是有人抢先。
LONGEST_WAIT = timedelta(minutes=10)
COMPUTED_MEANWHILE = "刚刚有人测算过，请看过最新结果；还要再算的，再按一次。"


def compute_assessment(period: str, *, actor: User, at: datetime, reason: str) -> Computation:
    """Compute the assessment of a quarter or year as of ``at`` (测算), the first or once more.

    Every computation is kept; the newest counts until the assessment is published.
    Raises: NotAllowed; DomainError for other periods, before a day of it is over, or when it
    has been published.
    """
    span = assessed_span(period)
    with transaction.atomic():
        require(can_manage_assessments(actor, today=day_of(at)))
        assessment = Assessment.objects.select_for_update().filter(period=span.code).first()
        if assessment is None:
            assessment = _begin(span, actor=actor, at=at)
        if assessment.state == AssessmentState.PUBLISHED:
            raise DomainError(f"{assessment}已经发布，结果不再变动；确需更正的，按更正办理。")
        is_final = assessment.state == AssessmentState.FINAL
        stage = Stage.FINAL if is_final else Stage.PRELIMINARY
        schemes = rules_shown(assessment)
        who: Any = {"actor": actor, "at": at}
        return keep_computation(assessment, stage, schemes, reason=reason, **who)


def _begin(span: Period, *, actor: User, at: datetime) -> Assessment:
    assessment = Assessment(period=span.code)
    try:
        save_with_history(assessment, actor=actor, reason="开始考核", at=at)
    except ValidationError as error:
        raise DomainError(COMPUTED_MEANWHILE) from error
    return assessment


def assessed_span(period: str) -> Period:
    """Return the quarter or year that a code names. Raises: DomainError for anything else."""
    try:
        span = Period.parse(period)
    except ValueError as error:
        raise DomainError("考核期应形如 2019Q3（一个季度）或 2019（一年）。") from error
    if span.months not in ASSESSED_MONTHS or not FIRST_YEAR <= span.year <= 2100:
        raise DomainError("考核期应形如 2019Q3（一个季度）或 2019（一年）。")
    return span


def rules_shown(assessment: Assessment) -> tuple[SchemeRules, ...]:
    """Return the rules that units were shown (公示); before that, those in force now.

    What is put in force while units may object, or after, waits for the next 公示; what is
    published keeps its own.
    """
    if assessment.state == AssessmentState.PRELIMINARY:
        return rules_in_force()
    is_out = assessment.state == AssessmentState.PUBLISHED
    shown = assessment.current() if is_out else announced_computation(assessment)
    return from_json(Snapshot, shown.snapshot).schemes


def keep_computation(
    assessment: Assessment,
    stage: Stage,
    schemes: tuple[SchemeRules, ...],
    *,
    actor: User,
    at: datetime,
    reason: str,
) -> Computation:
    """Compute and store; the caller holds the transaction and has checked the right.

    Of two presses at one time the later one counts, whichever got hold of the assessment first.
    A correction reads the ledger at the instant of the published result and keeps its rules:
    only what the office has entered or decided since can move it.
    """
    if assessment.computations.filter(known_at__gt=at, known_at__lte=at + LONGEST_WAIT).exists():
        raise DomainError(COMPUTED_MEANWHILE)
    scope = _scope(assessment, stage, at)
    snapshot = read_snapshot(scope, schemes)
    results = score_all(snapshot)
    text = canonical_json(snapshot)
    computation = Computation(
        assessment=assessment,
        number=assessment.computations.count() + 1,
        stage=stage,
        reason=reason.strip(),
        as_of=scope.as_of,
        known_at=at,
        computed_by=actor,
        snapshot=text,
        snapshot_sha256=fingerprint(text),
        result_sha256=fingerprint(result_text(results)),
    )
    save_with_history(computation, actor=actor, reason=f"{stage.label}测算", at=at)
    _keep_scores(computation, results, actor=actor, at=at)
    return computation


def _scope(assessment: Assessment, stage: Stage, at: datetime) -> Scope:
    if stage != Stage.CORRECTION:
        return Scope(assessment.span, at, at, assessment.pk, EDITION)
    published = assessment.computations.order_by("-number")[0]
    edition = from_json(Snapshot, published.snapshot).edition
    return Scope(assessment.span, published.as_of, at, assessment.pk, edition)


def renew_computation(assessment: Assessment, *, actor: User, at: datetime) -> None:
    """Compute once more if the records of this moment give another result than was computed last.

    The caller holds the transaction and has checked the right.
    """
    newest = assessment.current()
    scope = Scope(assessment.span, at, at, assessment.pk, EDITION)
    schemes, reason = rules_in_force(), "公示前按此刻的事实重算"
    found = result_text(score_all(read_snapshot(scope, schemes)))
    if fingerprint(found) != newest.result_sha256:
        who: Any = {"actor": actor, "at": at}
        keep_computation(assessment, Stage.PRELIMINARY, schemes, reason=reason, **who)


def rules_in_force() -> tuple[SchemeRules, ...]:
    """Return the rules of every class that are in force now."""
    schemes = Scheme.objects.in_force().with_indicators().order_by("assessment_class")
    return tuple(scheme.rules() for scheme in schemes)


def result_text(results: list[UnitResult]) -> str:
    """Return the canonical text of results: the same facts give the same bytes."""
    places = ranks(results)
    return canonical_json(
        [
            {
                "unit": result.code,
                "scheme": result.scheme.version,
                "total": result.total,
                "grade": result.grade,
                "rank": places.get(result.code),
                "lines": result.lines,
            }
            for result in results
        ]
    )


def reread(computation: Computation) -> str:
    """Return the canonical facts of a computation, read from the history once more."""
    kept = from_json(Snapshot, computation.snapshot)
    scope = Scope(
        computation.assessment.span,
        computation.as_of,
        known_at=computation.known_at or computation.as_of,
        assessment_id=computation.assessment_id,
        edition=kept.edition,
    )
    return canonical_json(read_snapshot(scope, kept.schemes))


def recompute(computation: Computation) -> str:
    """Return the sha256 of the results that the stored facts give now."""
    snapshot = from_json(Snapshot, computation.snapshot)
    return fingerprint(result_text(score_all(snapshot)))


def _keep_scores(
    computation: Computation, results: list[UnitResult], *, actor: User, at: datetime
) -> None:
    """Store the scores and lines of all units, in batches."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    schemes = {(item.assessment_class, item.version): item for item in Scheme.objects.all()}
    places, reason = ranks(results), "考核测算"
    scores = []
    for result in results:
        part_of = _parts(result)
        scores.append(
            UnitScore(
                computation=computation,
                unit=units[result.code],
                scheme=schemes[result.scheme.assessment_class, result.scheme.version],
                assessment_class=result.scheme.assessment_class,
                total=result.total,
                grade=result.grade,
                rank=places.get(result.code),
                **part_of,
            )
        )
    scores = create_many_with_history(scores, actor=actor, reason=reason, at=at)
    lines = [
        _row(score, number, line)
        for score, result in zip(scores, results, strict=True)
        for number, line in enumerate(result.lines, start=1)
    ]
    create_many_with_history(lines, actor=actor, reason=reason, at=at)


def _parts(result: UnitResult) -> dict[str, Decimal]:
    """Return what the process part and the result part earned, and of how much."""
    sums = dict.fromkeys(("process", "process_full", "result", "result_full"), Decimal(0))
    for line in result.lines:
        if line.part is not None:
            name = "process" if line.part == Part.PROCESS else "result"
            sums[name] += line.points
            if line.kind == LineKind.FULL:
                sums[f"{name}_full"] += line.points
    return sums


def _row(score: UnitScore, number: int, line: Line) -> ScoreLine:
    refs: list[dict[str, Any]] = [asdict(ref) for ref in line.refs]
    return ScoreLine(
        score=score,
        number=number,
        kind=line.kind,
        indicator=line.indicator,
        part=line.part or "",
        heading=line.heading,
        title=line.title,
        cause=line.cause[:400],
        expected=line.expected,
        performed=line.performed,
        refs=refs,
        mark=line.mark[:200],
        points=line.points,
    )
