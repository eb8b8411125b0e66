"""What units say to their scores: 自评 before they are final, 申诉 line by line."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from assessments.enums import AssessmentState, LineKind, ObjectionState
from assessments.models import (
    Assessment,
    EnteredFact,
    Objection,
    ScoreLine,
    SelfScore,
    UnitScore,
)
from assessments.permissions import can_manage_assessments, can_speak_for_unit
from assessments.services.telling import tell_author, tell_office
from common.clock import day_of
from common.days import short_day
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import Unit, User

# 能逐笔申诉的行。
OBJECTIONABLE = (LineKind.DEDUCTION, LineKind.CRITICISM)


def score_oneself(
    assessment: Assessment,
    unit: Unit,
    scores: Mapping[int, tuple[Decimal, str]],
    *,
    actor: User,
    at: datetime,
) -> None:
    """Keep what a unit gives itself for each indicator (自评); it is compared, never counted.

    ``scores`` maps the number of an indicator to points and a note.
    Raises: NotAllowed; DomainError once the assessment is final, or for points above the full.
    """
    with transaction.atomic():
        require(can_speak_for_unit(actor, unit.pk, today=day_of(at)))
        assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
        if not assessment.takes_self_scores:
            raise DomainError(f"{assessment}已经终评，不再自评。")
        full = {number: marks for number, (_, marks) in applying(assessment, unit).items()}
        known = {item.indicator: item for item in assessment.self_scores.filter(unit=unit)}
        for number, (points, note) in sorted(scores.items()):
            if number not in full or points > full[number]:
                raise DomainError(f"第 {number} 项的自评分不能超过满分 {full.get(number, 0)} 分。")
            item = known.get(number) or SelfScore(
                assessment=assessment, unit=unit, indicator=number
            )
            if item.pk and (item.points, item.note) == (points, note.strip()):
                continue
            item.points, item.note, item.author, item.scored_at = points, note.strip(), actor, at
            save_with_history(item, actor=actor, reason="自评", at=at)


def applying(assessment: Assessment, unit: Unit) -> dict[int, tuple[str, Decimal]]:
    """Return number → title and full marks of the indicators that apply to a unit."""
    lines = ScoreLine.objects.filter(
        score__computation=assessment.current(), score__unit=unit, kind=LineKind.FULL
    )
    return {
        line.indicator: (line.title, line.points) for line in lines if line.indicator is not None
    }


def submit_objection(
    line: ScoreLine, *, reason: str, document_no: str, actor: User, at: datetime
) -> Objection:
    """Object to one line of points (申诉), while objections are taken.

    Raises: NotAllowed; DomainError when it is too late, the line is not of the newest
    computation, or the same loss was objected to before.
    """
    with transaction.atomic():
        score = UnitScore.objects.select_related("computation", "unit").get(pk=line.score_id)
        require(can_speak_for_unit(actor, score.unit_id, today=day_of(at)))
        assessment = Assessment.objects.select_for_update().get(pk=score.computation.assessment_id)
        _check_time(assessment, at)
        if line.kind not in OBJECTIONABLE or not line.points:
            raise DomainError("这一行没有扣分，不用申诉。")
        if score.computation_id != assessment.current().pk:
            raise DomainError("成绩单刚刚重新测算过，请看过最新的扣分再申诉。")
        if not reason.strip():
            raise DomainError("申诉要写明理由。")
        same = assessment.objections.filter(
            unit=score.unit, line__indicator=line.indicator, line__mark=line.mark
        )
        if same.filter(line__kind=line.kind, line__cause=line.cause).exists():
            raise DomainError("这笔扣分已经申诉过，请等待答复。")
        objection = Objection(
            assessment=assessment,
            unit=score.unit,
            line=line,
            reason=reason.strip(),
            document_no=document_no.strip(),
            author=actor,
            submitted_at=at,
        )
        save_with_history(objection, actor=actor, reason="申诉", at=at)
        tell_office(objection, actor=actor, at=at)
    return objection


def _check_time(assessment: Assessment, at: datetime) -> None:
    if assessment.state != AssessmentState.OBJECTIONS:
        raise DomainError("现在不在申诉期内，如有异议请联系区安委办。")
    until = assessment.objections_until
    if until is not None and day_of(at) > until:
        raise DomainError(f"申诉已于{short_day(until)}截止，如有异议请联系区安委办。")


def answer_objection(
    objection: Objection, *, is_upheld: bool, answer: str, actor: User, at: datetime
) -> Objection:
    """Answer an objection with a reason (答复); what is upheld is not deducted any more.

    Raises: NotAllowed; DomainError when it was answered before, without a reason, or when an
    upheld 通报批评 still stands in the entered facts.
    """
    with transaction.atomic():
        require(can_manage_assessments(actor, today=day_of(at)))
        objection = (
            Objection.objects.select_for_update(of=("self",))
            .select_related("line", "assessment", "unit", "author")
            .get(pk=objection.pk)
        )
        if objection.state != ObjectionState.SUBMITTED:
            raise DomainError("这件申诉已经答复，请刷新页面查看结果。")
        if not answer.strip():
            raise DomainError("答复申诉要写明理由。")
        if is_upheld and objection.line.kind == LineKind.CRITICISM:
            _require_voided(objection.line)
        objection.state = ObjectionState.UPHELD if is_upheld else ObjectionState.REJECTED
        objection.answer, objection.answered_by, objection.answered_at = answer.strip(), actor, at
        said = f"{objection.get_state_display()}：{objection.answer}"
        save_with_history(objection, actor=actor, reason=said, at=at)
        tell_author(objection, actor=actor, at=at)
    return objection


def _require_voided(line: ScoreLine) -> None:
    keys = [ref["key"] for ref in line.refs if ref["kind"] == "fact"]
    if EnteredFact.objects.valid().filter(pk__in=keys).exists():
        raise DomainError("采纳这件申诉前，请先作废相应的通报批评登记。")
