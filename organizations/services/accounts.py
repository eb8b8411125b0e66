"""Accounts: opening, passwords, closing. What an account may do follows from posts alone."""

import secrets
import string
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.models import Appointment, Post, User
from organizations.permissions import can_manage_people, is_system
from organizations.services.people import ensure_office_remains, take_up
from organizations.services.versions import ensure_unchanged

PASSWORD_LENGTH = 14
# 不用容易看错的 0O1lI，口令要能在电话里念。
LETTERS = "".join(set(string.ascii_letters + string.digits) - set("0O1lI"))


@dataclass(frozen=True)
class Person:
    """Who an account belongs to."""

    username: str
    full_name: str
    phone: str = ""


@dataclass(frozen=True)
class Entry:
    """A post to be taken up together with a new account, in whose place if anybody's."""

    post: Post
    starts_on: date
    replaces: Appointment | None = None


def ensure_may_sign_in(user: User, *, demo_allowed: bool) -> None:
    """Refuse an account that is closed, or made for demonstrations where none are given.

    Raises: DomainError with the sentence for the person at the sign-in page.
    """
    if not user.is_active:
        raise DomainError("该账号已停用，如需使用请联系区安委办。")
    if user.is_demo and not demo_allowed:
        raise DomainError("演示账号只能在演示环境使用，请用本人账号登录。")


def new_password() -> str:
    """Return a random password that passes every rule of the platform."""
    while True:
        password = "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LENGTH))
        try:
            validate_password(password)
        except ValidationError:
            continue
        return password


def open_account(
    person: Person,
    *,
    password: str,
    entry: Entry | None = None,
    actor: User,
    at: datetime,
    reason: str,
) -> User:
    """Open an account with its first password, and put the person into a post at once if named."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        user = User(username=person.username, full_name=person.full_name, phone=person.phone)
        user.set_password(password)
        save_with_history(user, actor=actor, reason=reason, at=at)
        if entry is not None:
            take_up(
                user,
                entry.post,
                starts_on=entry.starts_on,
                replaces=entry.replaces,
                actor=actor,
                at=at,
                reason=reason,
            )
    return user


def update_person(
    user: User, *, full_name: str, phone: str, seen: int, actor: User, at: datetime, reason: str
) -> User:
    """Correct a person's name or telephone."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        current = _locked(user)
        ensure_unchanged(current, seen)
        current.full_name, current.phone = full_name, phone
        fields = ["full_name", "phone"]
        save_with_history(current, actor=actor, reason=reason, at=at, fields=fields)
    return current


def reset_password(user: User, *, password: str, actor: User, at: datetime, reason: str) -> User:
    """Give an account a new password; whoever is signed in with the old one is signed out."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        current = _locked(user)
        current.set_password(password)
        save_with_history(
            current, actor=actor, reason=f"重置密码：{reason}", at=at, fields=["password"]
        )
    return current


def change_own_password(user: User, *, password: str, at: datetime) -> User:
    """Let a person choose a new password of their own."""
    with transaction.atomic():
        user.set_password(password)
        save_with_history(user, actor=user, reason="本人修改密码", at=at, fields=["password"])
    return user


def deactivate_account(user: User, *, actor: User, at: datetime, reason: str) -> User:
    """Close an account (停用); its records stay, and sessions end with the next request."""
    with transaction.atomic():
        today = day_of(at)
        require(can_manage_people(actor, today=today))
        current = _locked(user)
        if not current.is_active:
            raise DomainError("该账号已经停用，不用重复办理。")
        if current.pk == actor.pk:
            raise DomainError("不能停用自己的账号，请由另一名经办人办理。")
        current.is_active = False
        save_with_history(current, actor=actor, reason=reason, at=at, fields=["is_active"])
        held = Appointment.objects.on(today).filter(user=current, post__kind=PostKind.OFFICE)
        if held.exists():
            ensure_office_remains(today)
    return current


def reactivate_account(user: User, *, actor: User, at: datetime, reason: str) -> User:
    """Open a closed account again; the system's own account stays closed."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        current = _locked(user)
        if current.is_active:
            raise DomainError("该账号正在使用，不用恢复。")
        current.is_active = True
        save_with_history(current, actor=actor, reason=reason, at=at, fields=["is_active"])
    return current


def _locked(user: User) -> User:
    """Return the account as stored, locked; the system's own account is nobody's to change."""
    current = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    require(not is_system(current), "系统账号由平台自己使用，不能修改。")
    return current
