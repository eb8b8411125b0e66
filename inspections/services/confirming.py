"""The head's side of the record: confirm exactly what is shown, or say honestly that it is not so.

A confirmation binds to a fingerprint of the content: it must be the one on the page and the one
on record at the moment of confirming, both read under the record's lock.
"""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from common.clock import day_of
from common.days import full_day, short_day
from common.errors import DomainError, StaleVersion, require
from common.tracked import save_with_history
from inspections.enums import InspectionState, LeaderKind
from inspections.models import Inspection
from inspections.permissions import can_confirm, confirming_post
from inspections.services.recording import lock_inspection, move, tell_holders
from inspections.services.settling import settle_quarter
from notices.services.posting import Message
from organizations.enums import PostKind
from organizations.models import Appointment, User
from responsibilities.periods import Period

STALE = "记录在您打开之后有改动，下面是最新内容，请看过再确认。"
ONLY_HEADS = "只有本单位主要负责人可以确认带队检查。"


def declaration_of(inspection: Inspection, held: Appointment | None = None) -> str:
    """Return the sentence under which the head confirms, in the post ``held``.

    The head of a unit that took another over did not lead: they say what they have verified.
    """
    day = inspection.inspected_on
    if held is not None and held.post.unit_id != inspection.unit_id:
        return (
            f"{inspection.unit}于{full_day(day)}由{inspection.leader_name}"
            f"带队检查{inspection.field}安全生产工作，经{held.post.unit}核实，以上记录属实。"
        )
    return f"本人于{full_day(day)}带队检查{inspection.field}安全生产工作，以上记录属实。"


def confirm_inspection(
    inspection: Inspection,
    *,
    seen_sha256: str,
    declared: bool,
    authenticated_at: datetime,
    actor: User,
    at: datetime,
) -> Inspection:
    """Confirm that the actor led the inspection and that the record is true (确认).

    Only somebody who heads the unit now and headed it on the day of the inspection can say so;
    for a unit that is gone, the head of the one that took it over says what they have verified.
    ``authenticated_at`` is when the actor last proved who they are, by their password.
    Source: 方案(四)“各有关部门主要负责人每季度至少带队检查1次本行业领域安全生产工作”.
    Raises: NotAllowed; StaleVersion when the content is not the one that was shown;
    TransitionNotAllowed; DomainError without the declaration.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection)
        require(can_confirm(actor, inspection, today=day_of(at)), ONLY_HEADS)
        now_sha256 = inspection.content().sha256
        if not now_sha256 == seen_sha256 == inspection.content_sha256:
            raise StaleVersion(STALE)
        if not declared:
            raise DomainError("请先勾选声明，再提交。")
        held = confirming_post(actor, inspection, today=day_of(at))
        if held is None:
            raise DomainError(_not_yet_head(inspection))
        move(inspection, InspectionState.CONFIRMED)
        inspection.confirmed_sha256 = now_sha256
        inspection.declaration = declaration_of(inspection, held)
        inspection.confirmed_at, inspection.confirmed_on = at, day_of(at)
        inspection.confirmed_by, inspection.confirmed_post = actor, held.post
        inspection.authenticated_at = authenticated_at
        reason = "主要负责人确认"
        save_with_history(inspection, actor=actor, reason=reason, at=at)
        settle_quarter(inspection.unit, inspection.quarter, actor=actor, at=at, reason=reason)
    return inspection


def decline_inspection(
    inspection: Inspection,
    *,
    seen_sha256: str,
    led_by: str,
    actor: User,
    at: datetime,
    reason: str = "",
) -> Inspection:
    """Say that the record is not so: another led (“不是我带队”), or the facts are wrong.

    With ``led_by`` the record is kept under that person's name and counts for nothing, so the
    quarter still wants an inspection led by the head; without, it goes back to the liaison.
    Raises: NotAllowed; StaleVersion; TransitionNotAllowed; DomainError without a reason.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection)
        require(can_confirm(actor, inspection, today=day_of(at)), ONLY_HEADS)
        if inspection.content().sha256 != seen_sha256:
            raise StaleVersion(STALE)
        if led_by.strip():
            said = f"不是我带队，由{led_by.strip()}带队"
            move(inspection, InspectionState.RECORDED)
            inspection.leader_kind, inspection.leader_name = LeaderKind.DEPUTY, led_by.strip()
            inspection.content_sha256 = inspection.content().sha256
        elif reason.strip():
            said = f"退回修改：{reason.strip()}"
            move(inspection, InspectionState.RETURNED)
        else:
            raise DomainError("退给联络员改的，要写明哪里不符；由他人带队的，要写明是谁。")
        inspection.answer = reason.strip() or said
        save_with_history(inspection, actor=actor, reason=said, at=at)
        _tell_liaisons(inspection, actor=actor, at=at)
    return inspection


def _tell_liaisons(inspection: Inspection, *, actor: User, at: datetime) -> None:
    """Send the unit's liaisons the answer of the head, and the link to the record."""
    todo = "登记为他人带队，不计入"
    if inspection.state == InspectionState.RETURNED:
        todo = "退回，请按意见修改后再报"
    elif day_of(at) <= Period.parse(inspection.quarter).last_day:
        todo += "，请另行安排"
    message = Message(
        subject=f"inspection:{inspection.pk}",
        text=f"【区安委办】{inspection.quarter_label}带队检查已由{str(actor)[:10]}{todo}。",
        url=reverse("inspections:inspection_detail", args=[inspection.pk]),
        unit=inspection.unit,
        kind="inspection-declined",
    )
    tell_holders(inspection, PostKind.LIAISON, message, actor=actor, at=at)


def _not_yet_head(inspection: Inspection) -> str:
    day = inspection.inspected_on
    return (
        f"{short_day(day)}您还没有担任本单位主要负责人，不能确认是您带队。"
        "请按“不是我带队”写明带队的人。"
    )
