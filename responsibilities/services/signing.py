"""The head's signature (签发): where a unit wants it, reports reach the office only after it."""

from datetime import datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, StaleVersion, require
from common.tracked import save_with_history
from organizations.models import Unit, User
from responsibilities.enums import ReportState
from responsibilities.models import ProgressReport, ReportingRule
from responsibilities.permissions import can_head_unit, can_sign_for_unit
from responsibilities.services.progress import hand_to_office, lock_task
from responsibilities.services.telling import tell_sent_back


def set_reporting_rule(unit: Unit, *, head_signs: bool, actor: User, at: datetime) -> ReportingRule:
    """Decide whether the unit's reports want its head's signature; only the head decides.

    Reports that wait for a signature go on waiting for it. Raises: NotAllowed.
    """
    with transaction.atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        require(
            can_head_unit(actor, unit, today=day_of(at)),
            "进展要不要签发，由本单位主要负责人定。",
        )
        rule = ReportingRule.objects.filter(unit=unit).first() or ReportingRule(unit=unit)
        if rule.pk and rule.head_signs == head_signs:
            return rule
        rule.head_signs = head_signs
        reason = "进展先由主要负责人签发" if head_signs else "进展不用签发，直接报送"
        save_with_history(rule, actor=actor, reason=reason, at=at)
    return rule


def sign_report(
    report: ProgressReport, *, seen_sha256: str, actor: User, at: datetime
) -> ProgressReport:
    """Sign a report (签发); only now it reaches the office, and this is the day it was submitted.

    Source: 《督查工作流程》办理报告由主要负责人签发。
    Raises: NotAllowed; StaleVersion when the content is not the one seen; DomainError when it
    waits for no signature; TransitionNotAllowed.
    """
    with transaction.atomic():
        task = lock_task(report.task)
        report = _waiting(report, actor=actor, at=at)
        if report.current_sha256 != seen_sha256:
            raise StaleVersion("进展在您打开之后有变动，请看过最新内容再签发。")
        report.state, report.submitted_at = ReportState.SUBMITTED, at
        report.signed_at, report.signed_by = at, actor
        save_with_history(report, actor=actor, reason="签发", at=at)
        hand_to_office(report, task, actor=actor, at=at, reason="签发")
    return report


def send_back_report(
    report: ProgressReport, *, reason: str, actor: User, at: datetime
) -> ProgressReport:
    """Give a report back to the liaison (退给联络员), who is told what is to be changed.

    Raises: NotAllowed; DomainError without a reason or when it waits for no signature.
    """
    with transaction.atomic():
        report = _waiting(report, actor=actor, at=at)
        if not reason.strip():
            raise DomainError("退给联络员要写一句改什么。")
        report.state, report.sent_back_for = ReportState.WITHDRAWN, reason.strip()
        said = f"退给联络员：{report.sent_back_for}"
        save_with_history(report, actor=actor, reason=said, at=at)
        tell_sent_back(report, actor=actor, at=at)
    return report


def _waiting(report: ProgressReport, *, actor: User, at: datetime) -> ProgressReport:
    """Return the report locked; refuses all but the head, and what waits for no signature."""
    report = ProgressReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    require(
        can_sign_for_unit(actor, report.task, today=day_of(at)),
        "签发由本单位主要负责人办。",
    )
    if report.state != ReportState.SIGNING:
        raise DomainError("这份进展不在等签发，请刷新页面查看最新状态。")
    return report
