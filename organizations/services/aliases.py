"""Phrases of the text (条文称谓) and the units they mean, from day to day."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.models import AliasMember, Unit, UnitAlias, User
from organizations.permissions import can_manage_people
from organizations.services.versions import ensure_unchanged


def create_alias(phrase: str, *, note: str, actor: User, at: datetime, reason: str) -> UnitAlias:
    """Register a phrase of a plan; units are added to it one by one."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        alias = UnitAlias(phrase=phrase, note=note)
        save_with_history(alias, actor=actor, reason=reason, at=at)
    return alias


def update_alias(
    alias: UnitAlias, *, note: str, seen: int, actor: User, at: datetime, reason: str
) -> UnitAlias:
    """Rewrite on what grounds the phrase means these units; the phrase itself is the text's."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        current = UnitAlias.objects.select_for_update(of=("self",)).get(pk=alias.pk)
        ensure_unchanged(current, seen)
        current.note = note
        save_with_history(current, actor=actor, reason=reason, at=at, fields=["note"])
    return current


def add_member(
    alias: UnitAlias,
    unit: Unit,
    *,
    valid_from: date | None,
    valid_to: date | None,
    actor: User,
    at: datetime,
    reason: str,
) -> AliasMember:
    """Let the phrase mean one more unit within the given days (both count, empty is open)."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        member = AliasMember(alias=alias, unit=unit, valid_from=valid_from, valid_to=valid_to)
        _ensure_sound(member)
        save_with_history(member, actor=actor, reason=reason, at=at)
    return member


def set_member_dates(
    member: AliasMember,
    *,
    valid_from: date | None,
    valid_to: date | None,
    actor: User,
    at: datetime,
    reason: str,
) -> AliasMember:
    """Say from when to when the phrase means the unit; an end date takes it out."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        rows = AliasMember.objects.select_for_update(of=("self",)).select_related("alias", "unit")
        current = rows.get(pk=member.pk)
        if (current.valid_from, current.valid_to) == (valid_from, valid_to):
            raise DomainError("起止日期没有改动，不用保存。")
        current.valid_from, current.valid_to = valid_from, valid_to
        _ensure_sound(current)
        fields = ["valid_from", "valid_to"]
        save_with_history(current, actor=actor, reason=reason, at=at, fields=fields)
    return current


def _ensure_sound(member: AliasMember) -> None:
    if member.valid_from and member.valid_to and member.valid_to < member.valid_from:
        raise DomainError("止日不能早于起日，请核对。")
    first = member.valid_from or date.min
    last = member.valid_to or date.max - timedelta(days=1)
    others = AliasMember.objects.filter(alias=member.alias, unit=member.unit).exclude(pk=member.pk)
    overlapping = others.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=last)).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=first)
    )
    if overlapping.exists():
        raise DomainError(f"{member.unit}在这段时间已在“{member.alias}”之内，请改起止日期。")
