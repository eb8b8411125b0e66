"""People as the office looks them up: by name, account, telephone, unit or post."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from organizations.models import Appointment, Post, User
from organizations.permissions import SYSTEM_USERNAME


@dataclass
class PersonLine:
    """A person with the posts held now, to come, and held before."""

    user: User
    now: list[Appointment] = field(default_factory=list)
    coming: list[Appointment] = field(default_factory=list)
    before: list[Appointment] = field(default_factory=list)


def name_of(person: str) -> Coalesce:
    """The name of the account at the end of the path ``person``, as ``str`` of it would be."""
    name: Coalesce = Coalesce(NullIf(f"{person}__full_name", Value("")), F(f"{person}__username"))
    return name


def people_found(words: str, *, shows_closed: bool) -> "QuerySet[User]":
    """Return the people whose name, account, telephone or posts hold every word.

    The system's own account is nobody and is left out.
    """
    people = User.objects.exclude(username=SYSTEM_USERNAME).order_by("full_name", "pk")
    if not shows_closed:
        people = people.filter(is_active=True)
    for word in words.split():
        posts = Appointment.objects.filter(
            Q(post__title__icontains=word)
            | Q(post__unit__name__icontains=word)
            | Q(post__unit__short_name__icontains=word)
        )
        people = people.filter(
            Q(full_name__icontains=word)
            | Q(username__icontains=word)
            | Q(phone__icontains=word)
            | Q(pk__in=posts.values("user"))
        )
    held = Appointment.objects.with_people().order_by("-starts_on")
    return people.prefetch_related(Prefetch("appointments", queryset=held))


def person_line(user: User, day: date) -> PersonLine:
    """Sort the appointments that :func:`people_found` fetched by the day."""
    line = PersonLine(user)
    for held in user.appointments.all():
        if held.starts_on > day:
            line.coming.append(held)
        elif held.ends_on is not None and held.ends_on < day:
            line.before.append(held)
        else:
            line.now.append(held)
    return line


def holders_of(post: Post | None, day: date) -> "QuerySet[Appointment]":
    """Return who holds the post on ``day`` or is to take it up, and has not left it."""
    held = Appointment.objects.filter(post=post).with_people()
    return held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
