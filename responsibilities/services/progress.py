"""The loop that units and the office live in: receive, report, review, close."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from django.db import transaction

from common.clock import day_of
from common.days import short_day
from common.errors import (
    DomainError,
    StaleVersion,
    TransitionNotAllowed,
    ensure_transition,
    require,
)
from common.tracked import create_many_with_history, save_with_history
from organizations.models import User
from responsibilities.enums import (
    TASK_TRANSITIONS,
    ExtensionState,
    ObligationState,
    ReportKind,
    ReportState,
    ReviewDecision,
    TaskState,
)
from responsibilities.exceptions import NeedsProof
from responsibilities.fingerprint import fingerprint
from responsibilities.models import (
    Evidence,
    Milestone,
    MilestoneTick,
    Obligation,
    ProgressReport,
    ReportEvidence,
    ReportingRule,
    Review,
    Task,
)
from responsibilities.models.progress import ProgressReportQuerySet
from responsibilities.permissions import (
    can_review,
    can_sign_for_unit,
    can_work_on_task,
    has_head,
)
from responsibilities.rules import few_units
from responsibilities.services.recalling import lapse_requests
from responsibilities.services.rollup import refresh_rollup
from responsibilities.services.telling import leads_of, tell_return, tell_signer


@dataclass(frozen=True)
class ReportContent:
    """What a unit says about a task; the document number alone can be proof enough.

    ``evidence`` holds the hashes of files that the unit has handed in before, ``milestones`` the
    names of those that it ticks off.
    """

    kind: ReportKind
    summary: str
    problems: str = ""
    coordination: str = ""
    next_steps: str = ""
    document_no: str = ""
    happened_on: date | None = None
    is_unchanged: bool = False
    evidence: tuple[str, ...] = ()
    milestones: tuple[str, ...] = ()

    @property
    def words(self) -> dict[str, Any]:
        """What stands in the report's own columns."""
        words = asdict(self)
        del words["evidence"], words["milestones"]
        return words

    @property
    def sha256(self) -> str:
        """The fingerprint of the content that a review binds to."""
        return fingerprint(self.words, self.evidence, self.milestones)


def lock_task(task: Task) -> Task:
    """Return the task locked for this transaction, after its row, whose roll-up follows it.

    Every act locks in this order, and reports and extensions last: none waits for another's turn.
    """
    rows = Obligation.objects.select_for_update(no_key=True).order_by()
    rows.values_list("pk").get(pk=task.obligation_id)
    return Task.objects.locked().get(pk=task.pk)


def receive_task(task: Task, *, actor: User, at: datetime) -> Task:
    """Stamp the receipt of a task by its unit (签收).

    Source: 《督查工作流程》交办—签收;方案(三十三)“全程跟踪”。
    Raises: NotAllowed; TransitionNotAllowed when it was received before.
    """
    with transaction.atomic():
        task = lock_task(task)
        require(can_work_on_task(actor, task, today=day_of(at)))
        if task.state != TaskState.AWAITING_RECEIPT:
            now_it_is = f"现在已经是“{task.get_state_display()}”，不用签收，请刷新页面查看。"
            is_void = task.state == TaskState.VOID
            raise TransitionNotAllowed(_why_void(task) if is_void else now_it_is)
        task.move_to(TaskState.IN_PROGRESS)
        task.received_at, task.received_by = at, actor
        save_with_history(task, actor=actor, reason="签收", at=at)
    return task


def submit_report(
    task: Task, content: ReportContent, *, token: str, actor: User, at: datetime
) -> ProgressReport:
    """Report progress on a task, or ask to close it (报进展、申请办结).

    The same ``token`` with the same content is the same submission and returns what is there,
    unless that was withdrawn or returned since: nobody is told that what does not stand was filed.
    Raises: NotAllowed; TransitionNotAllowed; DomainError when the token comes back with other
    content, a file or a milestone is not there, a closing has neither a document number nor a
    file, the period has not begun, or no report fulfils the task.
    """
    with transaction.atomic():
        task = lock_task(task)
        require(can_work_on_task(actor, task, today=day_of(at)))
        known = ProgressReport.objects.filter(author=actor, submit_token=token).first()
        if known is not None:
            return _acknowledged(known, task, content)
        check_content(task, content, today=day_of(at))
        if task.state == TaskState.AWAITING_RECEIPT:
            task.move_to(TaskState.IN_PROGRESS)
            task.received_at, task.received_by = at, actor
        ensure_transition(TaskState(task.state), TaskState.UNDER_REVIEW, TASK_TRANSITIONS)
        report = ProgressReport(
            task=task,
            round=_next_round(task),
            author=actor,
            submitted_at=at,
            submit_token=token,
            content_sha256=content.sha256,
            **content.words,
        )
        if waits_for_signature(task, actor, today=day_of(at)):
            report.state = ReportState.SIGNING
        save_with_history(report, actor=actor, reason=content.kind.label, at=at)
        _attach(report, content, actor=actor, at=at)
        _tick_off(report, content, actor=actor, at=at)
        hand_to_office(report, task, actor=actor, at=at, reason=content.kind.label)
        if report.state == ReportState.SIGNING:
            tell_signer(report, actor=actor, at=at)
    return report


def _reviewed(task: Task) -> ProgressReportQuerySet:
    """Return the reports on which the office has decided, the newest first."""
    reviewed = ProgressReport.objects.filter(
        task=task, state__in=[ReportState.ACCEPTED, ReportState.RETURNED]
    )
    return reviewed.order_by("-submitted_at", "-pk")


def _next_round(task: Task) -> int:
    """Return the round of the next report: the first, and one more for each return since a pass."""
    states = _reviewed(task).values_list("state", flat=True)
    return 1 + sum(1 for _ in takewhile(lambda state: state == ReportState.RETURNED, states))


def _acknowledged(known: ProgressReport, task: Task, content: ReportContent) -> ProgressReport:
    """Return what came in before under the token, if it is this and stands."""
    if known.content_sha256 != content.sha256 or known.task_id != task.pk:
        raise DomainError("这一页已经提交过别的内容，请刷新页面后再填。")
    if known.state in {ReportState.WITHDRAWN, ReportState.RETURNED}:
        now_it_is = known.get_state_display()
        raise DomainError(f"这一页报过的进展{now_it_is}；要再报一次，请核对后再按一次。")
    return known


def hand_to_office(
    report: ProgressReport, task: Task, *, actor: User, at: datetime, reason: str
) -> None:
    """Let the task follow its report, if that lies with the office now; call with the lock held."""
    if report.state == ReportState.SUBMITTED:
        task.move_to(TaskState.UNDER_REVIEW)
        task.last_reported_on = day_of(at)
    save_with_history(task, actor=actor, reason=reason, at=at)
    refresh_rollup([task.obligation_id])


def waits_for_signature(task: Task, actor: User, *, today: date) -> bool:
    """Whether the unit wants its head to sign, has one, and the actor is not the head."""
    wanted = ReportingRule.objects.filter(unit=task.unit_id, head_signs=True).exists()
    may_sign = can_sign_for_unit(actor, task, today=today)
    return wanted and not may_sign and has_head(task.unit_id, today=today)


def review_report(
    report: ProgressReport,
    decision: ReviewDecision,
    *,
    seen_sha256: str,
    actor: User,
    at: datetime,
    reason: str = "",
) -> Review:
    """Pass or return a report (核验), bound to exactly the content that was seen.

    A passed closing closes the task as of the day it was submitted; late stays late.
    Raises: NotAllowed, also for its author and its signer; StaleVersion when the content is not
    the one seen; DomainError when it does not wait for a review, and for a return without a reason.
    """
    with transaction.atomic():
        task = lock_task(report.task)
        report = ProgressReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        require(can_review(actor, report, today=day_of(at)))
        if refusal := why_not_reviewed(report):
            raise DomainError(refusal)
        passed = decision == ReviewDecision.PASS
        _check_review(report, seen_sha256, passed=passed, reason=reason)
        _settle(task, report, passed=passed, actor=actor, at=at)
        said = decision.label if passed else f"{decision.label}：{reason.strip()}"
        review = Review(
            report=report,
            decision=decision,
            reason=reason.strip(),
            reviewer=actor,
            reviewed_at=at,
            seen_sha256=seen_sha256,
        )
        report.state = ReportState.ACCEPTED if passed else ReportState.RETURNED
        for record in (review, report, task):
            save_with_history(record, actor=actor, reason=said, at=at)
        refresh_rollup([task.obligation_id])
        if not passed:
            tell_return(task, review.reason, actor=actor, at=at)
    return review


def why_not_reviewed(report: ProgressReport) -> str:
    """Return why a report does not wait for a review, as a sentence; empty when it does."""
    return {
        ReportState.SIGNING: "这份进展还在等本单位主要负责人签发，签发后才报到区安委办。",
        ReportState.WITHDRAWN: "这份进展已撤回，不用核验；单位再报的在“等我核验”里。",
        ReportState.ACCEPTED: "这份进展已通过，不用重复核验，结论见“核验结论”。",
        ReportState.RETURNED: "这份进展已退回补正，不用重复核验，结论见“核验结论”。",
    }.get(ReportState(report.state), "")


def _check_review(report: ProgressReport, seen_sha256: str, *, passed: bool, reason: str) -> None:
    if report.current_sha256 != seen_sha256:
        raise StaleVersion("进展在您打开之后有变动，请看过最新内容再核验。")
    if not passed and not reason.strip():
        raise DomainError("退回补正要写明理由，让单位知道补什么。")
    if passed and report.kind == ReportKind.CLOSING and not report.has_proof:
        raise DomainError("这份申请办结的佐证材料已经作废，也没有文号，请退回补正。")


def _settle_time(task: Task, report: ProgressReport, *, actor: User, at: datetime) -> None:
    """Let a request for more time lapse when its task was done in time; what came late waits for
    the decision on it, for whether it is late depends on that."""
    is_late = task.due_on is not None and day_of(report.submitted_at) > task.due_on
    if is_late and task.extensions.filter(state=ExtensionState.REQUESTED).exists():
        raise DomainError("这件任务到期前申请过延期，还没有批：先批延期，再通过办结。")
    lapse_requests([task], actor=actor, at=at, reason="办结")


def withdraw_report(report: ProgressReport, *, actor: User, at: datetime) -> ProgressReport:
    """Take back a report that nobody has reviewed yet (撤回); the words stay on record.

    The task is again what it was before: returned if the last report was, told of when it was.
    """
    with transaction.atomic():
        task = lock_task(report.task)
        report = ProgressReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
        require(can_work_on_task(actor, task, today=day_of(at)))
        if report.state not in {ReportState.SUBMITTED, ReportState.SIGNING}:
            raise DomainError("这份进展已经核验，不能撤回；如有补充，请另报一次进展。")
        if report.state == ReportState.SUBMITTED:
            _step_back(task, report)
        report.state = ReportState.WITHDRAWN
        save_with_history(report, actor=actor, reason="撤回", at=at, fields=["state"])
        save_with_history(task, actor=actor, reason="撤回", at=at)
        refresh_rollup([task.obligation_id])
    return report


def _step_back(task: Task, report: ProgressReport) -> None:
    last = _reviewed(task).exclude(pk=report.pk).first()
    was_returned = last is not None and last.state == ReportState.RETURNED
    task.move_to(TaskState.RETURNED if was_returned else TaskState.IN_PROGRESS)
    task.last_reported_on = day_of(last.submitted_at) if last else None


def _settle(task: Task, report: ProgressReport, *, passed: bool, actor: User, at: datetime) -> None:
    """Move the task as the review says; a passed closing closes it on the day of submission."""
    if not passed:
        task.move_to(TaskState.RETURNED)
    elif report.kind == ReportKind.CLOSING:
        _settle_time(task, report, actor=actor, at=at)
        task.move_to(TaskState.CLOSED)
        task.closed_on = day_of(report.submitted_at)
        task.closed_at, task.closed_by = at, actor
    else:
        task.move_to(TaskState.IN_PROGRESS)


def _attach(report: ProgressReport, content: ReportContent, *, actor: User, at: datetime) -> None:
    """Tie the named files of the task's unit to the report."""
    files = Evidence.objects.standing().filter(
        unit=report.task.unit_id, sha256__in=content.evidence
    )
    links = [ReportEvidence(report=report, evidence=file) for file in files]
    if len(links) != len(set(content.evidence)):
        raise DomainError("所选的佐证材料有的已经作废，请重新勾选后再报。")
    create_many_with_history(links, actor=actor, reason=content.kind.label, at=at)


def _tick_off(report: ProgressReport, content: ReportContent, *, actor: User, at: datetime) -> None:
    """Tick off the named milestones of the row, under the names that they have now."""
    steps = Milestone.objects.standing().filter(
        obligation=report.task.obligation_id, title__in=content.milestones
    )
    ticks = [MilestoneTick(report=report, milestone=item, title=item.title) for item in steps]
    if len(ticks) != len(set(content.milestones)):
        raise DomainError("所勾的里程碑有的已改动，请重新勾选后再报。")
    create_many_with_history(ticks, actor=actor, reason=content.kind.label, at=at)


def why_not_reported(task: Task) -> str:
    """Return why the task takes no report as it stands, as a sentence; empty when it does."""
    if task.state == TaskState.VOID:
        return _why_void(task)
    after = {
        TaskState.UNDER_REVIEW: "要改，先到任务页撤回",
        TaskState.CLOSED: "有要更正的，请联系区安委办重新打开",
    }.get(TaskState(task.state))
    return f"现在已经是“{task.get_state_display()}”，不用再报；{after}。" if after else ""


def _why_void(task: Task) -> str:
    row = task.obligation
    leads = leads_of(row)
    if row.state == ObligationState.VOID or not leads:
        return f"{row.code} 已撤销，不用再办。"
    if task.unit not in leads:
        names = few_units([unit.short_name for unit in leads], most=2)
        return f"{row.code} 现由{names}牵头，{task.unit.short_name}不用再办。"
    return f"{row.code} 的这一件已撤销，不用再办。"


def check_content(task: Task, content: ReportContent, *, today: date) -> None:
    """Raise DomainError with the sentence why ``content`` cannot be reported on the task now."""
    if (way := task.other_way) is not None:
        raise DomainError(way.refusal)
    if shut := why_not_reported(task) or task.why_too_early(today):
        raise TransitionNotAllowed(shut)
    if task.reports.filter(state=ReportState.SIGNING).exists():
        raise DomainError("这件任务已有一份进展在等主要负责人签发，签发、退回或撤回后再报。")
    if not content.summary.strip():
        raise DomainError("进展情况要写一句话；没有变化的，可按“无变化，继续推进”。")
    if content.is_unchanged and task.state == TaskState.RETURNED:
        raise DomainError("退回补正的要写明补了什么，不能按“无变化”报。")
    if content.happened_on is not None and content.happened_on > today:
        raise DomainError(f"完成日期不能晚于今天（{short_day(today)}）。")
    has_proof = content.document_no.strip() or content.evidence
    if content.kind == ReportKind.CLOSING and not has_proof:
        raise NeedsProof
