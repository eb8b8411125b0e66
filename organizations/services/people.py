"""People and their posts."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from common.clock import day_of
from common.days import full_day
from common.errors import DomainError, require
from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.models import Appointment, Post, Unit, User
from organizations.permissions import SYSTEM_USERNAME, can_manage_people


def get_system_user() -> User:
    """Return the account under which jobs and reference data act; it can never sign in.

    Of several processes that open it at the very first start, one does and the others find it.
    """
    existing = _system_user()
    if existing is not None:
        return existing
    user = User(username=SYSTEM_USERNAME, full_name="系统", is_active=False)
    user.set_unusable_password()
    user._change_reason = "建立系统账号"  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        return User.objects.get(username=SYSTEM_USERNAME)
    return user


def _system_user() -> User | None:
    return User.objects.filter(username=SYSTEM_USERNAME).first()


def create_user(
    *,
    username: str,
    full_name: str,
    password: str | None,
    phone: str = "",
    is_demo: bool = False,
    actor: User,
    at: datetime,
) -> User:
    """Open an account (开通账号); what it may do follows from the posts given to it later.

    Without a password the account exists for the record and cannot sign in.
    """
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        user = User(username=username, full_name=full_name, phone=phone, is_demo=is_demo)
        user.set_password(password)
        save_with_history(user, actor=actor, reason="开通账号", at=at)
    return user


def ensure_post(unit: Unit, kind: PostKind, *, title: str, actor: User, at: datetime) -> Post:
    """Return the unit's post of that kind and title, set up if it is not there yet."""
    existing = Post.objects.filter(unit=unit, kind=kind, title=title).first()
    if existing is not None:
        return existing
    post = Post(unit=unit, kind=kind, title=title)
    save_with_history(post, actor=actor, reason="设立岗位", at=at)
    return post


def appoint(
    user: User,
    post: Post,
    *,
    starts_on: date,
    actor: User,
    at: datetime,
    reason: str = "任职",
) -> Appointment:
    """Put a person into a post from ``starts_on`` (任职); the duty of the post comes with it."""
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        if not user.is_active:
            raise DomainError(f"{user}的账号已停用，请先恢复账号再任职。")
        held = Appointment.objects.select_for_update(of=("self",)).filter(user=user, post=post)
        if held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)).exists():
            raise DomainError(f"{user}在{full_day(starts_on)}已担任{post}，不用重复登记。")
        appointment = Appointment(user=user, post=post, starts_on=starts_on)
        save_with_history(appointment, actor=actor, reason=reason, at=at)
    return appointment


def end_appointment(
    appointment: Appointment, *, last_day: date, actor: User, at: datetime, reason: str
) -> Appointment:
    """Take a person out of a post after ``last_day`` (免职); the record stays.

    A wrong last day is put right the same way. The office never loses its last person: nobody
    could let anybody back in.
    """
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        ended = _end(appointment, last_day=last_day, actor=actor, at=at, reason=reason)
        if ended.post.kind == PostKind.OFFICE:
            ensure_office_remains(last_day + timedelta(days=1))
    return ended


def hand_over(
    appointment: Appointment,
    successor: User,
    *,
    starts_on: date,
    actor: User,
    at: datetime,
    reason: str = "",
) -> Appointment:
    """Let ``successor`` take over a post on ``starts_on`` (交接).

    The predecessor leaves the day before.
    """
    with transaction.atomic():
        require(can_manage_people(actor, today=day_of(at)))
        said = f"岗位交接给{successor}" + (f"：{reason}" if reason else "")
        last_day = starts_on - timedelta(days=1)
        _end(appointment, last_day=last_day, actor=actor, at=at, reason=said)
        return appoint(
            successor,
            appointment.post,
            starts_on=starts_on,
            actor=actor,
            at=at,
            reason=f"接任：{reason}" if reason else "任职",
        )


def take_up(
    user: User,
    post: Post,
    *,
    starts_on: date,
    replaces: Appointment | None,
    actor: User,
    at: datetime,
    reason: str,
) -> Appointment:
    """Put a person into a post in the place of one who holds it (接任), or beside them (并列)."""
    if replaces is None:
        return appoint(user, post, starts_on=starts_on, actor=actor, at=at, reason=reason)
    return hand_over(replaces, user, starts_on=starts_on, actor=actor, at=at, reason=reason)


def ensure_office_remains(day: date) -> None:
    """Refuse to leave the platform with nobody who can manage it on ``day``.

    Of two acts at one moment, the second counts what the first has left.
    """
    posts = Post.objects.select_for_update(of=("self",)).filter(kind=PostKind.OFFICE)
    list(posts.order_by("pk").values("pk"))
    office = Appointment.objects.on(day).filter(post__kind=PostKind.OFFICE, user__is_active=True)
    if not office.exists():
        raise DomainError("安委办至少要有一名在岗的经办人，请先安排接任人员再办理。")


def _end(
    appointment: Appointment, *, last_day: date, actor: User, at: datetime, reason: str
) -> Appointment:
    current = (
        Appointment.objects.select_for_update(of=("self",)).with_people().get(pk=appointment.pk)
    )
    if current.ends_on == last_day:
        raise DomainError(f"{current}的免职日期已经登记为{full_day(last_day)}，不用重复登记。")
    current.ends_on = last_day
    save_with_history(current, actor=actor, reason=reason, at=at, fields=["ends_on"])
    return current
