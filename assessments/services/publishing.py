"""From computed to published: 初评, 公示申诉, 终评, 发布; what is published is frozen."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from assessments.enums import ASSESSMENT_TRANSITIONS, AssessmentState, ObjectionState, Stage
from assessments.models import Assessment
from assessments.permissions import can_manage_assessments
from assessments.services.announced import announced_computation, require_announced
from assessments.services.computing import (
    keep_computation,
    recompute,
    renew_computation,
    reread,
    rules_shown,
)
from assessments.services.telling import tell_units
from common.clock import day_of
from common.days import full_day, short_day
from common.errors import DomainError, StaleVersion, ensure_transition, require
from common.tracked import save_with_history
from organizations.models import User

# 受理申诉最长的天数：年份填错一位，结果就定不下来。
OBJECTIONS_AT_MOST = 60


def open_objections(
    assessment: Assessment, *, until: date, version: int, actor: User, at: datetime
) -> Assessment:
    """Show every unit its own scorecard and take objections until a day (公示申诉).

    Where the records have moved since the last computation, what is shown is computed anew.
    Before publication it may be shown once more (重新公示), for no fewer days than units were told.
    """
    with transaction.atomic():
        assessment = _lock(assessment, version, AssessmentState.OBJECTIONS, actor=actor, at=at)
        if until < day_of(at):
            raise DomainError("申诉截止日不能早于今天，请改选今天或以后的日期。")
        if until > (latest := day_of(at) + timedelta(days=OBJECTIONS_AT_MOST)):
            raise DomainError(
                f"申诉截止日最迟定在{full_day(latest)}：截止以前不能终评，定下以后不能提前。"
            )
        told = assessment.objections_until
        if told is not None and until < told:
            raise DomainError(
                f"已告知单位可以申诉到{short_day(told)}，重新公示不能早于这一天截止。"
            )
        renew_computation(assessment, actor=actor, at=at)
        assessment.objections_until = until
        act = "公示" if told is None else "重新公示"
        save_with_history(assessment, actor=actor, reason=f"{act}，受理申诉", at=at)
        words = f"已{act}，{short_day(until)}以前（含当日）可申诉。"
        tell_units(assessment, words, actor=actor, at=at)
    return assessment


def finalize_assessment(
    assessment: Assessment, *, version: int, actor: User, at: datetime
) -> Assessment:
    """Compute once more after the objections (终评), by the rules that units were shown.

    Raises: DomainError while units may still object, an objection waits for its answer or was
    answered since the press, or a unit would lose what it was not shown.
    """
    with transaction.atomic():
        assessment = _lock(assessment, version, AssessmentState.FINAL, actor=actor, at=at)
        waiting = assessment.objections.filter(state=ObjectionState.SUBMITTED).count()
        if waiting:
            raise DomainError(f"还有 {waiting} 件申诉没有答复，答复以后才能终评。")
        if assessment.objections.filter(answered_at__gt=at).exists():
            # 终评排着队时有人答复：按按下的那一刻算，采纳的就漏了。
            raise DomainError("刚刚有申诉答复，请看过答复再按一次“终评”。")
        _require_objections_over(assessment, at)
        announced = announced_computation(assessment)
        save_with_history(assessment, actor=actor, reason="终评", at=at)
        rules, reason = rules_shown(assessment), "申诉处理后终评"
        keep_computation(assessment, Stage.FINAL, rules, actor=actor, at=at, reason=reason)
        require_announced(assessment, announced)
    return assessment


def publish_assessment(
    assessment: Assessment, *, version: int, seen: int | None = None, actor: User, at: datetime
) -> Assessment:
    """Publish the final result and freeze it (发布).

    ``seen`` is the number of the computation that the page showed.
    Raises: StaleVersion when it was computed anew since; DomainError when the history does not
    give the stored facts, or they do not give the stored result, or a unit would lose what it was
    not shown.
    """
    with transaction.atomic():
        assessment = _lock(assessment, version, AssessmentState.PUBLISHED, actor=actor, at=at)
        computation = assessment.computations.order_by("-number")[0]
        if seen not in {None, computation.number}:
            raise StaleVersion("刚刚重新测算过，请看过最新结果再发布。")
        if reread(computation) != computation.snapshot:
            # 测算时正在保存的登记、台账，留痕写着测算以前的时刻，测算却没有看到。
            raise DomainError("测算的那一刻有登记或台账正在保存，没有计入；请重新测算再发布。")
        if recompute(computation) != computation.result_sha256:
            raise DomainError("按留存的事实重算，结果与留存的不一致，不能发布；请重新测算。")
        require_announced(assessment, announced_computation(assessment))
        assessment.published_at, assessment.published_by = at, actor
        save_with_history(assessment, actor=actor, reason="发布考核结果", at=at)
        tell_units(assessment, "结果已发布。", actor=actor, at=at)
    return assessment


def correct_assessment(
    assessment: Assessment, *, reason: str, version: int, actor: User, at: datetime
) -> Assessment:
    """Correct a published result (更正): a new numbered computation beside the published one.

    Raises: DomainError without a reason, before publication, or when nothing would change.
    """
    with transaction.atomic():
        require(can_manage_assessments(actor, today=day_of(at)))
        locked = _unchanged(assessment, version)
        if locked.state != AssessmentState.PUBLISHED:
            raise DomainError("还没有发布的考核不用更正，重新测算即可。")
        if not reason.strip():
            raise DomainError("更正要写明原因。")
        before = locked.current().result_sha256
        who: Any = {"actor": actor, "at": at, "reason": reason}
        found = keep_computation(locked, Stage.CORRECTION, rules_shown(locked), **who)
        if found.result_sha256 == before:
            raise DomainError("没有需要更正的：发布以后登记的事实没有改变结果。")
        locked.version += 1
        save_with_history(locked, actor=actor, reason=f"更正：{reason.strip()}", at=at)
        tell_units(locked, "结果有更正，请查看。", actor=actor, at=at)
    return locked


def _unchanged(assessment: Assessment, version: int) -> Assessment:
    """Return the assessment locked, if it is still the one that was shown."""
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if locked.version != version:
        raise StaleVersion("考核在您打开之后有变动，请看过最新结果再办理。")
    return locked


def _lock(
    assessment: Assessment, version: int, target: AssessmentState, *, actor: User, at: datetime
) -> Assessment:
    """Lock the assessment and move it to ``target``; the caller saves it."""
    require(can_manage_assessments(actor, today=day_of(at)))
    locked = _unchanged(assessment, version)
    ensure_transition(AssessmentState(locked.state), target, ASSESSMENT_TRANSITIONS)
    _require_period_over(locked, at)
    locked.state = target
    locked.version += 1
    return locked


def _require_period_over(assessment: Assessment, at: datetime) -> None:
    """A period may be computed while it runs, but nothing beyond a 初评 comes of it."""
    last = assessment.span.last_day
    if day_of(at) <= last:
        raise DomainError(
            f"{assessment.label}到{short_day(last)}才结束，现在只能初评；"
            "期满以后重新测算，再公示、终评和发布。"
        )


def _require_objections_over(assessment: Assessment, at: datetime) -> None:
    """Units were told a day: they may object until it ends."""
    until = assessment.objections_until
    if until is not None and day_of(at) <= until:
        raise DomainError(f"申诉到{short_day(until)}截止，单位还可以申诉，截止以后才能终评。")
