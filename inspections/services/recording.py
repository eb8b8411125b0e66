"""Prepare, edit and send an inspection: the liaison's side of the record."""

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from common.clock import day_of
from common.days import short_day
from common.errors import DomainError, StaleVersion, ensure_transition, require
from common.tracked import delete_with_history, save_with_history
from inspections.content import FindingLine, InspectionContent
from inspections.enums import (
    INSPECTION_TRANSITIONS,
    Handling,
    InspectionState,
    LeaderKind,
)
from inspections.models import Finding, Inspection, Photo
from inspections.models.inspection import CONFIRMATION, quarter_of
from inspections.permissions import can_edit, can_prepare, can_void
from inspections.services.settling import settle_quarter
from notices.services.posting import Message, post_notice
from organizations.enums import PostKind
from organizations.models import Appointment, Unit, User
from organizations.succession import heirs_on
from responsibilities.models import Evidence
from responsibilities.periods import Period

MOST_FINDINGS, MOST_PHOTOS = 30, 9
HEAD_VOIDS = "负责人确认过的记录，要由主要负责人或区安委办作废；内容有误的，可以修改后重新报确认。"
WORDS = ("leader_name", "team", "field", "places", "checked", "opinion")


def lock_inspection(inspection: Inspection, *, version: int | None = None) -> Inspection:
    """Return the record locked for this transaction; refuses when it is no longer ``version``."""
    found = Inspection.objects.select_for_update(of=("self",)).get(pk=inspection.pk)
    if version is not None and found.version != version:
        raise StaleVersion
    return found


def prepare_inspection(
    unit: Unit, content: InspectionContent, *, token: str, actor: User, at: datetime
) -> Inspection:
    """Write down an inspection as a draft (填报); nobody else sees it before it is sent.

    The same ``token`` is the same submission and returns what is there.
    Raises: NotAllowed; DomainError for a content that cannot be.
    """
    with transaction.atomic():
        require(can_prepare(actor, unit, today=day_of(at)))
        known = Inspection.objects.filter(prepared_by=actor, submit_token=token).first()
        if known is not None:
            return known
        content = checked_content(content, today=day_of(at))
        inspection = Inspection(
            unit=unit,
            quarter=quarter_of(content.inspected_on),
            content_sha256=content.sha256,
            submit_token=token,
            prepared_by=actor,
            prepared_at=at,
            **content.columns,
        )
        save_with_history(inspection, actor=actor, reason="填报带队检查", at=at)
        _write_findings(inspection, content.findings, actor=actor, at=at, reason="填报带队检查")
        _write_photos(inspection, content.photos, actor=actor, at=at, reason="填报带队检查")
    return inspection


def edit_inspection(
    inspection: Inspection, content: InspectionContent, *, version: int, actor: User, at: datetime
) -> Inspection:
    """Change a record. What was confirmed goes back to the head and needs a new confirmation.

    The same content again changes nothing and keeps its confirmation.
    Raises: NotAllowed; StaleVersion; DomainError for a void record or an impossible content.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection, version=version)
        require(can_edit(actor, inspection, today=day_of(at)))
        if inspection.is_void:
            raise DomainError("这份记录已作废，不能再改；另行检查的，请新填一份。")
        content = checked_content(content, today=day_of(at))
        if content == inspection.content():
            return inspection
        quarter, before = inspection.quarter, inspection.state
        was_confirmed = before == InspectionState.CONFIRMED
        reason = "改动已确认的内容，退回待确认" if was_confirmed else "修改带队检查"
        for name, value in content.columns.items():
            setattr(inspection, name, value)
        inspection.quarter = quarter_of(content.inspected_on)
        inspection.content_sha256 = content.sha256
        if inspection.is_sent:
            inspection.state = _sent_state(content.leader_kind)
        clear_confirmation(inspection)
        inspection.version += 1
        save_with_history(inspection, actor=actor, reason=reason, at=at)
        _write_findings(inspection, content.findings, actor=actor, at=at, reason=reason)
        _write_photos(inspection, content.photos, actor=actor, at=at, reason=reason)
        for touched in {quarter, inspection.quarter}:
            settle_quarter(inspection.unit, touched, actor=actor, at=at, reason=reason)
        if inspection.state == InspectionState.AWAITING != before:
            _tell_heads(inspection, actor=actor, at=at)
    return inspection


def submit_inspection(
    inspection: Inspection, *, version: int, actor: User, at: datetime
) -> Inspection:
    """Send a record to the head for confirmation; one led by a deputy is kept, not counted.

    Raises: NotAllowed; StaleVersion; TransitionNotAllowed when it was sent before.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection, version=version)
        require(can_edit(actor, inspection, today=day_of(at)))
        move(inspection, _sent_state(LeaderKind(inspection.leader_kind)))
        inspection.submitted_by, inspection.submitted_at = actor, at
        inspection.answer = ""
        save_with_history(inspection, actor=actor, reason="报负责人确认", at=at)
        if inspection.state == InspectionState.AWAITING:
            _tell_heads(inspection, actor=actor, at=at)
    return inspection


def _tell_heads(inspection: Inspection, *, actor: User, at: datetime) -> None:
    """Send the unit's heads the link to the page on which they confirm."""
    today, due_on = day_of(at), Period.parse(inspection.quarter).last_day
    quarter = inspection.quarter_label.removeprefix(f"{due_on.year}年")
    until = f"{short_day(due_on)}前" if due_on >= today else "已过季度末"
    message = Message(
        subject=f"inspection:{inspection.pk}",
        text=f"【区安委办】{quarter}带队检查待您确认，{until}。{str(actor)[:10]}已填好。",
        url=reverse("inspections:inspection_confirm", args=[inspection.pk]),
        unit=inspection.unit,
        kind="inspection-confirm",
    )
    tell_holders(inspection, PostKind.HEAD, message, actor=actor, at=at)


def tell_holders(
    inspection: Inspection, kind: PostKind, message: Message, *, actor: User, at: datetime
) -> None:
    """Tell everybody else who holds such a post in the unit, or in the one that stands for it."""
    today = day_of(at)
    standing = heirs_on(today)[inspection.unit_id]
    held = Appointment.objects.on(today).filter(post__unit=standing, post__kind=kind)
    others = [one.user for one in held.with_people() if one.user_id != actor.pk]
    post_notice(others, message, actor=actor, at=at)


def void_inspection(
    inspection: Inspection, *, version: int, actor: User, at: datetime, reason: str
) -> Inspection:
    """Take a record out of the count for good (作废); its words and its confirmation stay.

    Raises: NotAllowed; StaleVersion; DomainError without a reason.
    """
    with transaction.atomic():
        inspection = lock_inspection(inspection, version=version)
        words = HEAD_VOIDS if can_edit(actor, inspection, today=day_of(at)) else None
        require(can_void(actor, inspection, today=day_of(at)), words)
        if not reason.strip():
            raise DomainError("作废要写明理由，记录和理由一并留存。")
        move(inspection, InspectionState.VOID)
        inspection.answer = reason.strip()
        said = f"作废：{reason.strip()}"
        save_with_history(inspection, actor=actor, reason=said, at=at)
        settle_quarter(inspection.unit, inspection.quarter, actor=actor, at=at, reason=said)
    return inspection


def move(inspection: Inspection, target: InspectionState) -> None:
    """Take one step of the state table; the caller saves."""
    ensure_transition(InspectionState(inspection.state), target, INSPECTION_TRANSITIONS)
    inspection.state = target
    inspection.version += 1


def clear_confirmation(inspection: Inspection) -> None:
    """Forget the confirmation: it was for other words."""
    for name in CONFIRMATION:
        setattr(inspection, name, None)
    inspection.confirmed_sha256 = inspection.declaration = ""


def checked_content(content: InspectionContent, *, today: date) -> InspectionContent:
    """Return the content as it is stored; raises DomainError for what cannot be."""
    words: dict[str, Any] = {
        name: re.sub(r"\r\n?", "\n", getattr(content, name)).strip() for name in WORDS
    }
    tidy = replace(
        content,
        **words,
        findings=tuple(_checked_line(line, content.inspected_on) for line in content.findings),
    )
    if tidy.inspected_on > today:
        raise DomainError(f"检查日期不能晚于今天（{short_day(today)}）。")
    for name, label in (
        ("leader_name", "带队人"),
        ("field", "行业领域"),
        ("places", "被检查单位和地点"),
        ("checked", "检查内容"),
    ):
        if not getattr(tidy, name):
            raise DomainError(f"{label}要填写。")
    if len(tidy.photos) > MOST_PHOTOS:
        raise DomainError(f"一份记录最多附 {MOST_PHOTOS} 张照片，请去掉几张。")
    if len(tidy.findings) > MOST_FINDINGS:
        raise DomainError(f"一份记录最多写 {MOST_FINDINGS} 个问题，其余另填一份。")
    return tidy


def _checked_line(line: FindingLine, inspected_on: date) -> FindingLine:
    line = replace(line, problem=line.problem.strip())
    if not line.problem:
        raise DomainError("发现的问题要写一句话；没有问题的，这一行留空。")
    if line.handling == Handling.ON_THE_SPOT:
        return replace(line, due_on=None)
    if line.due_on is None:
        raise DomainError(f"“{line.problem[:20]}”限期整改，要写整改期限。")
    if line.due_on < inspected_on:
        raise DomainError(f"“{line.problem[:20]}”的整改期限不能早于检查日期。")
    return line


def _sent_state(kind: LeaderKind) -> InspectionState:
    return InspectionState.AWAITING if kind == LeaderKind.HEAD else InspectionState.RECORDED


def _write_findings(
    inspection: Inspection,
    lines: tuple[FindingLine, ...],
    *,
    actor: User,
    at: datetime,
    reason: str,
) -> None:
    """Make the stored findings equal to ``lines``, in their order."""
    stored = {found.number: found for found in inspection.findings.all()}
    for number, line in enumerate(lines, start=1):
        found = stored.pop(number, None) or Finding(inspection=inspection, number=number)
        if found.pk and (found.problem, found.handling, found.due_on) == (
            line.problem,
            line.handling,
            line.due_on,
        ):
            continue
        found.problem, found.handling, found.due_on = line.problem, line.handling, line.due_on
        save_with_history(found, actor=actor, reason=reason, at=at)
    for found in stored.values():
        delete_with_history(found, actor=actor, reason=reason, at=at)


def _write_photos(
    inspection: Inspection, hashes: tuple[str, ...], *, actor: User, at: datetime, reason: str
) -> None:
    """Make the stored photos equal to the files of ``hashes``, in their order.

    Raises: DomainError for a file that the unit never handed in or has given up since.
    """
    stored = {photo.evidence.sha256: photo for photo in inspection.shown_photos()}
    missing = [sha256 for sha256 in hashes if sha256 not in stored]
    found = Evidence.objects.standing().filter(unit=inspection.unit_id, sha256__in=missing)
    files = {file.sha256: file for file in found}
    if len(files) < len(missing):
        raise DomainError("有的照片已经作废，请去掉后再保存。")
    for number, sha256 in enumerate(hashes, start=1):
        photo = stored.pop(sha256, None) or Photo(inspection=inspection, evidence=files[sha256])
        if photo.number != number:
            photo.number = number
            save_with_history(photo, actor=actor, reason=reason, at=at)
    for photo in stored.values():
        delete_with_history(photo, actor=actor, reason=reason, at=at)
