"""Who is told: the holders of posts on a day, one rung after the other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from notices.enums import Rung
from notices.facts import Kind
from notices.models import NoticePreference
from organizations.enums import NEVER_CHASED_KINDS, UNIT_POSTS, PostKind, UnitKind
from organizations.models import Appointment, Unit
from organizations.rules import heirs_among

# 岗位空缺时由上一级接：联络员→分管负责人→主要负责人。
UPWARD = (PostKind.LIAISON, PostKind.DEPUTY, PostKind.HEAD)
POST_OF_RUNG = {
    Rung.LIAISON: PostKind.LIAISON,
    Rung.DEPUTY: PostKind.DEPUTY,
    Rung.HEAD: PostKind.HEAD,
}


@dataclass
class Directory:
    """The people in post on a day: read once for a whole run, a few hundred entries."""

    holders: dict[tuple[int, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    names: dict[int, str] = field(default_factory=dict)
    heirs: Mapping[int, int] = field(default_factory=dict)
    never: set[int] = field(default_factory=set)
    clerks: list[int] = field(default_factory=list)
    chiefs: list[int] = field(default_factory=list)

    @classmethod
    def on(cls, day: date) -> "Directory":
        """Read the units, their posts and those of the committee office: three queries.

        The office's chiefs are the head and the deputies of its unit. Where none is registered
        its clerks stand in for them. Somebody who does not receive just now counts as
        away: the post above answers. For a unit that is gone the one that took it over answers.
        """
        units = list(Unit.objects.order_by("order", "pk"))
        found = cls(
            names={unit.pk: unit.short_name for unit in units},
            heirs=heirs_among(units, day),
            never={unit.pk for unit in units if unit.kind in NEVER_CHASED_KINDS},
        )
        held = Appointment.objects.on(day).with_people().filter(user__is_active=True)
        away = NoticePreference.objects.muted_on(day).values("user")
        held = held.exclude(user__in=away)
        for each in held.filter(post__kind__in=[*UNIT_POSTS, PostKind.OFFICE]):
            found._add(each)
        return found

    def _add(self, held: Appointment) -> None:
        unit, kind = held.post.unit, held.post.kind
        if kind == PostKind.OFFICE:
            self.clerks.append(held.user_id)
            return
        self.holders[unit.pk, kind].append(held.user_id)
        if unit.kind == UnitKind.COMMITTEE_OFFICE and kind in {PostKind.HEAD, PostKind.DEPUTY}:
            self.chiefs.append(held.user_id)

    def answering(self, unit_id: int) -> int:
        """Return the unit that answers for ``unit_id``: itself, or the one that took it over."""
        return self.heirs.get(unit_id, unit_id)

    def of(self, unit_id: int, kind: Kind, rule: str) -> tuple[int, ...]:
        """Return the people whom a reminder of ``rule`` goes to; nobody in a body never chased."""
        unit_id = self.answering(unit_id)
        if unit_id in self.never:
            return ()
        if rule == Rung.OFFICE:
            return _once(self.chiefs or self.clerks)
        if rule == Rung.ORDER:
            return _once(self.clerks)
        posts = (POST_OF_RUNG[Rung(rule)],) if rule in POST_OF_RUNG else kind.audience
        people = _once(person for post in posts for person in self._upward(unit_id, post))
        if not people and rule in POST_OF_RUNG:
            return _once(self.clerks)
        return people

    def _upward(self, unit_id: int, post: PostKind) -> list[int]:
        for kind in UPWARD[UPWARD.index(post) :]:
            if self.holders.get((unit_id, kind)):
                return self.holders[unit_id, kind]
        return []


def _once(people: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(people))
