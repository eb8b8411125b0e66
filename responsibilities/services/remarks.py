"""Remarks (配合说明): a unit that assists tells the lead and the office; it is never asked to."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from notices.services.posting import Message, post_notice
from organizations.enums import PostKind
from organizations.models import Appointment, Unit, User
from responsibilities.enums import AssignmentRole, FulfilmentMode, ObligationState
from responsibilities.models import Assignment, Obligation, Remark
from responsibilities.permissions import can_remark
from responsibilities.services.locking import lock_obligation

TOLD = 24  # 提醒里引得下的字数


@dataclass(frozen=True)
class Said:
    """What was typed, and the mark of the page: the same page sent twice is one remark."""

    words: str
    token: str


def add_remark(
    obligation: Obligation, unit: Unit, said: Said, *, actor: User, at: datetime
) -> Remark:
    """Keep what a unit that assists says about a row, and tell the liaison of the one that leads.

    Source: 《督查工作流程》“主办、协办”：协办单位配合，由主办单位汇总报送。
    Raises: NotAllowed; DomainError for the lead itself, and when the row is void, closed or not
    said anything about.
    """
    with transaction.atomic():
        row = lock_obligation(obligation)
        require(can_remark(actor, unit, today=day_of(at)))
        known = Remark.objects.filter(author=actor, submit_token=said.token).first()
        if known is not None:
            if (known.obligation_id, known.words) != (row.pk, said.words.strip()):
                raise DomainError("这一页已经提交过别的内容，请刷新页面后再填。")
            return known
        _check(row, unit, said)
        remark = Remark(
            obligation=row,
            unit=unit,
            words=said.words.strip(),
            author=actor,
            written_at=at,
            submit_token=said.token,
        )
        save_with_history(remark, actor=actor, reason=f"配合说明：{remark.words}", at=at)
        _tell_lead(remark, " ".join(remark.words.split()), actor=actor, at=at)
    return remark


def withdraw_remark(remark: Remark, *, actor: User, at: datetime) -> Remark:
    """Take a remark back (撤回); the pages no longer show its words, the history keeps them.

    Raises: NotAllowed for other units; DomainError when it was taken back before.
    """
    with transaction.atomic():
        remark = Remark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
        require(can_remark(actor, remark.unit, today=day_of(at)), "配合说明由写它的单位撤回。")
        if remark.is_withdrawn:
            raise DomainError("这条配合说明已经撤回，不用重复办理。")
        remark.is_withdrawn = True
        fields = ["is_withdrawn"]
        save_with_history(remark, actor=actor, reason="撤回配合说明", at=at, fields=fields)
        _tell_lead(remark, "撤回了一条配合说明", actor=actor, at=at)
    return remark


def _check(row: Obligation, unit: Unit, said: Said) -> None:
    held = Assignment.objects.filter(obligation=row, unit=unit).first()
    if held is not None and held.role == AssignmentRole.LEAD:
        raise DomainError("本单位牵头，直接报进展，不用另写配合说明。")
    require(held is not None and held.role == AssignmentRole.ASSIST, "配合说明由配合单位填写。")
    if refusal := why_closed(row):
        raise DomainError(refusal)
    if not said.words.strip():
        raise DomainError("配合说明要写一句话：本单位做了什么，或者有什么要牵头单位知道。")


def why_closed(row: Obligation) -> str:
    """Return why nothing more is said about a row, as a sentence; empty while it is open."""
    if row.state == ObligationState.VOID:
        return f"{row.code} 已撤销，不用再写配合说明。"
    if row.state == ObligationState.DRAFT:
        return f"{row.code} 还没有下发，下发后再写。"
    if row.task_count and not row.open_count:
        return f"{row.code} 已办结，不能再写配合说明；确有补充的，请告诉牵头单位。"
    return ""


def _tell_lead(remark: Remark, words: str, *, actor: User, at: datetime) -> None:
    """Tell the liaison of the unit that leads joint work; in separate work nobody sums up."""
    row = remark.obligation
    if row.mode != FulfilmentMode.JOINT:
        return
    leads = Assignment.objects.filter(obligation=row, role=AssignmentRole.LEAD).values("unit")
    liaisons = Appointment.objects.on(day_of(at)).filter(
        post__unit__in=leads, post__kind=PostKind.LIAISON
    )
    short = words if len(words) <= TOLD else f"{words[: TOLD - 1]}…"
    message = Message(
        subject=f"row:{row.pk}",
        text=f"【配合说明】{row.code} {remark.unit.short_name[:12]}：{short}",
        url=row.get_absolute_url(),
        kind="remark",
    )
    people = [held.user for held in liaisons.with_people() if held.user_id != actor.pk]
    post_notice(people, message, actor=actor, at=at)
