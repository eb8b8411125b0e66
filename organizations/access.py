"""What a signed-in person may see and do, worked out from the posts held on a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from organizations.enums import UNIT_POSTS, PostKind, UnitKind
from organizations.models import Appointment, Unit, User
from organizations.succession import heirs_on


@dataclass(frozen=True)
class Access:
    """The rights of one person on one day; every scoped read takes one.

    ``sees_all`` holds for the office, district leaders and auditors; only the office writes
    across units.  ``unit_ids`` are the units in which the person holds a unit post,
    ``answered_ids`` also those that are gone and that these took over.
    """

    user: User | None = None
    appointments: tuple[Appointment, ...] = field(default=(), repr=False)
    today: date = date.max

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None

    def _holds(self, kind: PostKind) -> bool:
        return any(held.post.kind == kind for held in self.appointments)

    @property
    def is_office(self) -> bool:
        return self._holds(PostKind.OFFICE)

    @property
    def is_leader(self) -> bool:
        """District leaders, and whoever leads the committee office itself."""
        return self._holds(PostKind.LEADER) or any(
            held.post.kind in {PostKind.HEAD, PostKind.DEPUTY}
            and held.post.unit.kind == UnitKind.COMMITTEE_OFFICE
            for held in self.appointments
        )

    @property
    def is_auditor(self) -> bool:
        return self._holds(PostKind.AUDITOR)

    @property
    def sees_all(self) -> bool:
        return self.is_office or self.is_leader or self.is_auditor

    @property
    def units(self) -> tuple[Unit, ...]:
        return tuple(
            dict.fromkeys(
                held.post.unit for held in self.appointments if held.post.kind in UNIT_POSTS
            )
        )

    @property
    def unit_ids(self) -> frozenset[int]:
        return frozenset(unit.pk for unit in self.units)

    @cached_property
    def _inherited(self) -> Mapping[int, int]:
        """Id of every unit that is gone → the person's own unit that stands for it.

        One query, and only for people of units when a record is asked for that may be inherited.
        """
        own = self.unit_ids
        heirs = heirs_on(self.today) if own else {}
        return {pk: heir for pk, heir in heirs.items() if heir in own and pk not in own}

    @property
    def answered_ids(self) -> frozenset[int]:
        return self.unit_ids | self._inherited.keys()

    def holds_in(self, unit_id: int, *kinds: PostKind) -> bool:
        """Whether the person holds one of the posts ``kinds`` in the unit."""
        return any(
            held.post.unit_id == unit_id and held.post.kind in kinds for held in self.appointments
        )

    def holds_for(self, unit_id: int, *kinds: PostKind) -> bool:
        """Whether the person holds one of the posts in the unit or in the one that took it over."""
        if self.holds_in(unit_id, *kinds):
            return True
        heir = self._inherited.get(unit_id)
        return heir is not None and self.holds_in(heir, *kinds)

    @property
    def main_post(self) -> Appointment | None:
        """The appointment shown beside the name: district-wide posts before unit posts."""
        ranked = sorted(self.appointments, key=lambda held: held.post.kind in UNIT_POSTS)
        return ranked[0] if ranked else None

    @property
    def shell_kind(self) -> str:
        """Which frame of pages the person works in: staff, leader, unit or public."""
        if self.is_office or self.is_auditor:
            return "staff"
        if self.is_leader:
            return "leader"
        return "unit" if self.appointments else "public"


NOBODY = Access()


def access_of(user: User, *, today: date) -> Access:
    """Return the rights of ``user`` on ``today``: one query."""
    if not user.is_authenticated:
        return NOBODY
    held = Appointment.objects.on(today).filter(user=user).with_people()
    return Access(user=user, appointments=tuple(held), today=today)


def access_here(user: User, *, today: date) -> Access:
    """Return the rights of the person of a request; they come along with the account."""
    read: Access = getattr(user, "access", NOBODY)
    return read if read.today == today else access_of(user, today=today)
