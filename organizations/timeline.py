"""Everything that ever happened to a unit, a person or a phrase, as sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from common.changes import Act, Entry, Trail, acts_of, entries_of_trails
from organizations.models import AliasMember, Appointment, Post, Unit, UnitAlias, User

OLDEST_FIRST = ("history_date", "history_id")


def unit_acts(unit: Unit) -> list[Act]:
    """Return the acts on a unit, its posts, its people and the phrases it falls under."""
    posts = Post.history.filter(unit_id=unit.pk)
    held = Appointment.history.filter(post_id__in=Post.objects.filter(unit=unit).values("pk"))
    phrases = AliasMember.history.filter(unit_id=unit.pk)
    titles = dict(Post.objects.filter(unit=unit).values_list("pk", "title"))
    entries = entries_of_trails(
        [
            Trail(Unit, _rows(Unit.history.filter(id=unit.pk)), frozenset()),
            Trail(Post, _rows(posts), frozenset({"title"})),
            Trail(Appointment, _rows(held), frozenset({"user"})),
            Trail(AliasMember, _rows(phrases), frozenset({"alias"})),
        ]
    )
    return acts_of(_with_titles(entries, titles))


def person_acts(user: User) -> list[Act]:
    """Return the acts on a person's account and posts."""
    held = Appointment.history.filter(user_id=user.pk)
    posts = Post.objects.filter(pk__in=held.values("post_id")).select_related("unit")
    titles = {post.pk: str(post) for post in posts}
    entries = entries_of_trails(
        [
            Trail(User, _rows(User.history.filter(id=user.pk)), frozenset()),
            Trail(Appointment, _rows(held), frozenset()),
        ]
    )
    return acts_of(_with_titles(entries, titles))


def alias_acts(alias: UnitAlias) -> list[Act]:
    """Return the acts on a phrase and the units it means."""
    members = AliasMember.history.filter(alias_id=alias.pk)
    return acts_of(
        entries_of_trails(
            [
                Trail(UnitAlias, _rows(UnitAlias.history.filter(id=alias.pk)), frozenset()),
                Trail(AliasMember, _rows(members), frozenset({"unit"})),
            ]
        )
    )


def _rows(found: Any) -> list[Any]:
    return list(found.select_related("history_user").order_by(*OLDEST_FIRST))


def _with_titles(entries: Iterable[Entry], titles: dict[int, str]) -> Iterator[Entry]:
    """Name the post in what is said of an appointment; posts are known already."""
    for entry in entries:
        if isinstance(entry.record, Appointment.history.model):
            title = titles.get(entry.record.post_id, "")
            yield replace(entry, told=f"{entry.told}（{title}）" if entry.told else title)
        else:
            yield entry
