"""The units of a row in their roles, with the people who answer for them today."""

from dataclasses import dataclass
from datetime import date

from organizations.access import Access
from organizations.enums import PostKind
from organizations.models import Appointment, Unit, UnitAlias
from responsibilities.enums import AssignmentRole
from responsibilities.models import Assignment

CONTACTS = (PostKind.HEAD, PostKind.LIAISON)
# 同一称谓下的单位多于这个数，折叠起来。
FOLDED = 3


@dataclass(frozen=True)
class Owner:
    """A unit in its role, with the people who hold its posts today."""

    unit: Unit
    people: tuple[Appointment, ...]
    is_mine: bool


@dataclass(frozen=True)
class OwnerGroup:
    """Units that stand on a row for one and the same reason: a phrase of the text, or by name."""

    role: AssignmentRole
    alias: UnitAlias | None
    owners: tuple[Owner, ...]
    is_rest: bool = False

    @property
    def is_folded(self) -> bool:
        return len(self.owners) > FOLDED

    @property
    def has_mine(self) -> bool:
        return any(owner.is_mine for owner in self.owners)


@dataclass(frozen=True)
class RoleOwners:
    """All units of one role, in groups."""

    role: AssignmentRole
    groups: tuple[OwnerGroup, ...]

    @property
    def label(self) -> str:
        return self.role.label


def owner_groups(held: list[Assignment], access: Access, today: date) -> tuple[OwnerGroup, ...]:
    """Group the units by role and by the phrase that brought them; the own unit comes first."""
    people: dict[int, list[Appointment]] = {}
    for appointment in (
        Appointment.objects.on(today)
        .with_people()
        .filter(post__unit__in=[item.unit_id for item in held], post__kind__in=CONTACTS)
        .order_by("starts_on", "pk")
    ):
        people.setdefault(appointment.post.unit_id, []).append(appointment)
    grouped: dict[tuple[str, int | None], list[Assignment]] = {}
    for item in held:
        key = item.alias_id if item.unit_id not in access.unit_ids else -item.unit_id
        grouped.setdefault((item.role, key), []).append(item)
    mine = {(item.role, item.alias_id) for item in held if item.unit_id in access.unit_ids}
    groups = [
        OwnerGroup(
            AssignmentRole(role),
            items[0].alias,
            tuple(_owner(item, people, access) for item in items),
            is_rest=key is not None and (role, key) in mine,
        )
        for (role, key), items in grouped.items()
    ]
    order = list(AssignmentRole)
    return tuple(sorted(groups, key=lambda g: (order.index(g.role), not g.owners[0].is_mine)))


def _owner(item: Assignment, people: dict[int, list[Appointment]], access: Access) -> Owner:
    held = tuple(sorted(people.get(item.unit_id, []), key=_rank))
    return Owner(item.unit, held, item.unit_id in access.unit_ids)


def _rank(held: Appointment) -> int:
    return CONTACTS.index(PostKind(held.post.kind))
